//! Features over time, channel first: the form every convolution of this house reads and writes.
//!
//! Invariant: `data.len() == channels * length`; channel `c` is the row `data[c * length..][..length]`.

use rayon::prelude::*;

use super::rows;

/// A batch of one: `[channels, length]`, row major.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    pub channels: usize,
    pub length: usize,
    pub data: Vec<f32>,
}

/// Mean and variance (over the whole length, divided by it) of each channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    pub mean: Vec<f32>,
    pub variance: Vec<f32>,
}

impl Signal {
    /// # Panics
    /// Where `data` has another size than the shape.
    #[must_use]
    pub fn new(channels: usize, length: usize, data: Vec<f32>) -> Self {
        assert_eq!(data.len(), channels * length, "a signal of {channels} x {length}");
        Self { channels, length, data }
    }

    #[must_use]
    pub fn zeros(channels: usize, length: usize) -> Self {
        Self { channels, length, data: vec![0.0; channels * length] }
    }

    #[must_use]
    pub fn row(&self, channel: usize) -> &[f32] {
        &self.data[channel * self.length..][..self.length]
    }

    /// Rows of several signals of one length, one below the other.
    ///
    /// # Panics
    /// Where the lengths differ.
    #[must_use]
    pub fn stack(parts: &[&Self]) -> Self {
        let length = parts.first().map_or(0, |part| part.length);
        assert!(parts.iter().all(|part| part.length == length), "stacked signals have one length");
        let channels = parts.iter().map(|part| part.channels).sum();
        let mut data = Vec::with_capacity(channels * length);
        for part in parts {
            data.extend_from_slice(&part.data);
        }
        Self { channels, length, data }
    }

    /// `[length, channels]`, row major.
    #[must_use]
    pub fn transposed(&self) -> Vec<f32> {
        transpose(&self.data, self.channels, self.length)
    }

    /// From `[length, channels]`, row major.
    #[must_use]
    pub fn from_time_major(data: &[f32], length: usize, channels: usize) -> Self {
        Self::new(channels, length, transpose(data, length, channels))
    }

    /// Every column `i` repeated `counts[i]` times.
    #[must_use]
    pub fn repeat_columns(&self, counts: &[usize]) -> Self {
        let length = counts.iter().sum();
        let mut data = Vec::with_capacity(self.channels * length);
        for channel in 0..self.channels {
            for (&value, &count) in self.row(channel).iter().zip(counts) {
                data.resize(data.len() + count, value);
            }
        }
        Self::new(self.channels, length, data)
    }

    /// Adds another signal of the same shape.
    ///
    /// # Panics
    /// Where the shapes differ.
    pub fn add(&mut self, other: &Self) {
        assert_eq!((self.channels, self.length), (other.channels, other.length), "added signals have one shape");
        self.data.par_chunks_mut(1 << 14).zip(other.data.par_chunks(1 << 14)).for_each(|(mine, theirs)| {
            for (a, b) in mine.iter_mut().zip(theirs) {
                *a += b;
            }
        });
    }

    #[must_use]
    pub fn moments(&self) -> Moments {
        let pairs: Vec<(f64, f64)> = (0..self.channels)
            .into_par_iter()
            .map(|channel| {
                self.row(channel)
                    .chunks(1 << 10)
                    .map(rows::sums)
                    .fold((0.0, 0.0), |(sum, squares), (s, q)| (sum + f64::from(s), squares + f64::from(q)))
            })
            .collect();
        Moments::from_sums(&pairs, self.length)
    }
}

impl Moments {
    /// From the sum and the sum of squares of each channel.
    #[must_use]
    pub fn from_sums(sums: &[(f64, f64)], length: usize) -> Self {
        let count = length.max(1) as f64;
        let mean = |sum: f64| sum / count;
        Self {
            mean: sums.iter().map(|(sum, _)| mean(*sum) as f32).collect(),
            variance: sums.iter().map(|(s, q)| (q / count - mean(*s) * mean(*s)).max(0.0) as f32).collect(),
        }
    }
}

/// `[rows, columns]` to `[columns, rows]`.
fn transpose(data: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut out = vec![0.0; data.len()];
    for (r, row) in data.chunks_exact(columns.max(1)).enumerate() {
        for (c, value) in row.iter().enumerate() {
            out[c * rows + r] = *value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_repeat_and_transposing_twice_changes_nothing() {
        let signal = Signal::new(2, 3, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(signal.repeat_columns(&[1, 0, 2]).data, [1.0, 3.0, 3.0, 4.0, 6.0, 6.0]);
        assert_eq!(signal.transposed(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        assert_eq!(Signal::from_time_major(&signal.transposed(), 3, 2), signal);
        assert_eq!(Signal::stack(&[&signal, &signal]).row(3), [4.0, 5.0, 6.0]);
    }

    #[test]
    fn moments_are_those_of_the_whole_row() {
        let signal = Signal::new(2, 4, vec![1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 5.0, 5.0]);
        let moments = signal.moments();
        assert_eq!(moments.mean, [2.5, 5.0]);
        assert_eq!(moments.variance, [1.25, 0.0]);
    }
}
