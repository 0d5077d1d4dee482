//! T5's positions: a learned bias on attention scores by the distance of key and query, distances in buckets
//! (Raffel et al. 2020, section 2.1; `_relative_position_bucket` of mesh-tensorflow).

/// The biases of one side of a network.
pub struct Relative {
    /// `[bucket][head]`
    biases: Vec<f32>,
    heads: usize,
    buckets: usize,
    farthest: usize,
    /// Whether keys may follow the query.
    both_ways: bool,
}

impl Relative {
    /// `biases` is `[buckets, heads]`; distances from `farthest` on share a bucket.
    ///
    /// # Panics
    /// Where there are no whole rows of heads.
    #[must_use]
    pub fn new(biases: Vec<f32>, heads: usize, farthest: usize, both_ways: bool) -> Self {
        let buckets = biases.len() / heads;
        assert_eq!(buckets * heads, biases.len(), "biases are [buckets, heads]");
        Self { biases, heads, buckets, farthest, both_ways }
    }

    /// The bucket of a key that stands `distance` after the query (before it, where negative).
    fn bucket(&self, distance: i64) -> usize {
        let (mut first, mut buckets) = (0, self.buckets);
        if self.both_ways {
            buckets /= 2;
            first = if distance > 0 { buckets } else { 0 };
        }
        let off = if self.both_ways { distance.unsigned_abs() } else { (-distance).max(0) as u64 } as usize;
        let exact = buckets / 2;
        if off < exact {
            return first + off;
        }
        let share = (off as f32 / exact as f32).ln() / (self.farthest as f64 / exact as f64).ln() as f32;
        let far = exact + (share * (buckets - exact) as f32) as usize;
        first + far.min(buckets - 1)
    }

    /// Biases of a query at `position` towards `keys` keys from position 0 on, `[head][key]`.
    pub fn biases(&self, position: usize, keys: usize, out: &mut Vec<f32>) {
        out.clear();
        out.resize(self.heads * keys, 0.0);
        for key in 0..keys {
            let bucket = self.bucket(key as i64 - position as i64);
            for head in 0..self.heads {
                out[head * keys + key] = self.biases[bucket * self.heads + head];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_fall_into_the_buckets_of_the_paper() {
        let side = |both_ways| Relative::new(vec![0.0; 64], 2, 128, both_ways);
        let both = side(true);
        // Of `T5Attention._relative_position_bucket` in transformers 5.23.
        let distances = [0, -1, -7, -8, -12, -30, -64, -127, -128, -500, 1, 7, 8, 20, 90, 128, 1000];
        let found = distances.map(|distance| both.bucket(distance));
        assert_eq!(found, [0, 1, 7, 8, 9, 11, 14, 15, 15, 15, 17, 23, 24, 26, 30, 31, 31]);
        let back = side(false);
        let found = [5, 0, -1, -15, -16, -20, -64, -113, -128, -4000].map(|distance| back.bucket(distance));
        assert_eq!(found, [0, 0, 1, 15, 16, 17, 26, 31, 31, 31]);
    }
}
