//! One-dimensional convolutions on the CPU, channel first, tile by tile.
//!
//! A tile of input is mapped (normalised, activated) once into a buffer that stays in the second-level cache; the
//! inner kernel then reads it shifted tap by tap, and the tile of output is finished (bias, residual, scale) and
//! measured (sums for the next normalisation) before it leaves the cache. So each convolution passes through memory
//! once. Tiles are shared out among the threads of the current rayon pool; their size depends on the shape alone, so
//! the result does not depend on the number of threads.

use rayon::prelude::*;

use super::conv_kernel::{self, Kernel, Window};
use super::rows::{self, RowMap};
use super::signal::{Moments, Signal};

/// Input floats and sums of one tile together: about half of a second-level cache of 512 KiB.
const TILE_FLOATS: usize = 64 << 10;
/// Products a kernel call sums before it stores: its weights and its input columns then stay in the first-level cache.
const STEPS: usize = 352;

/// A convolution of stride 1, weights packed for the kernel of this CPU.
pub struct Conv1d {
    in_channels: usize,
    out_channels: usize,
    taps: usize,
    dilation: usize,
    padding: usize,
    /// `[block of rows][in channel][tap][rows]`; rows past the last channel are zero.
    packed: Vec<f32>,
    bias: Vec<f32>,
    kernel: &'static Kernel,
}

/// What a convolution gives: the signal, and each channel's moments.
pub struct Convolved {
    pub signal: Signal,
    pub moments: Moments,
}

/// What happens around a convolution, within its one pass through memory.
pub struct Around<'a> {
    /// The map of each input channel; zeros of the padding stay zeros.
    pub before: &'a (dyn Fn(usize) -> RowMap + Sync),
    /// A signal of the output's shape the result is added to.
    pub onto: Option<Signal>,
    /// Multiplies the sum at the end.
    pub scale: f32,
}

impl Default for Around<'_> {
    fn default() -> Self {
        Self { before: &|_| RowMap::Identity, onto: None, scale: 1.0 }
    }
}

/// Output columns are written by many tiles, each to its own.
#[derive(Clone, Copy)]
struct Columns(*mut f32);
// SAFETY: tiles write disjoint columns (see `Conv1d::finish_tile`), so sharing the pointer shares no element.
unsafe impl Send for Columns {}
// SAFETY: as above.
unsafe impl Sync for Columns {}

/// Buffers a thread reuses from tile to tile.
#[derive(Default)]
struct Scratch {
    input: Vec<f32>,
    sums: Vec<f32>,
}

/// Where a tile lies and how its buffers are laid out.
#[derive(Clone, Copy)]
struct Tile {
    start: usize,
    length: usize,
    /// `length` rounded up to whole kernel columns.
    columns: usize,
    /// Floats from one row of the input buffer to the next.
    stride: usize,
}

impl Conv1d {
    /// `weight` is `[out, in, taps]` as PyTorch keeps it; `bias` is `[out]`, or empty for none.
    ///
    /// # Panics
    /// Where the sizes contradict each other.
    #[must_use]
    pub fn new(weight: &[f32], shape: [usize; 3], bias: &[f32], dilation: usize, padding: usize) -> Self {
        Self::with_kernel(conv_kernel::best(), weight, shape, bias, dilation, padding)
    }

    fn with_kernel(
        kernel: &'static Kernel,
        weight: &[f32],
        [out_channels, in_channels, taps]: [usize; 3],
        bias: &[f32],
        dilation: usize,
        padding: usize,
    ) -> Self {
        assert_eq!(weight.len(), out_channels * in_channels * taps, "weights of a convolution");
        let bias = if bias.is_empty() { vec![0.0; out_channels] } else { bias.to_vec() };
        assert_eq!(bias.len(), out_channels, "bias of a convolution");
        let steps = in_channels * taps;
        let mut packed = vec![0.0; out_channels.div_ceil(kernel.rows) * kernel.rows * steps];
        for (out, row) in weight.chunks_exact(steps).enumerate() {
            let block = (out / kernel.rows) * kernel.rows * steps;
            for (step, value) in row.iter().enumerate() {
                packed[block + step * kernel.rows + out % kernel.rows] = *value;
            }
        }
        Self { in_channels, out_channels, taps, dilation, padding, packed, bias, kernel }
    }

    /// Samples that come out for `length` samples that go in.
    #[must_use]
    pub fn out_length(&self, length: usize) -> usize {
        (length + 2 * self.padding).saturating_sub(self.reach())
    }

    /// How far the last tap lies from the first.
    fn reach(&self) -> usize {
        (self.taps - 1) * self.dilation
    }

    /// The convolution alone.
    #[must_use]
    pub fn forward(&self, input: &Signal) -> Signal {
        self.forward_around(input, Around::default()).signal
    }

    /// # Panics
    /// Where the input has another number of channels, or `onto` another shape than the output.
    #[must_use]
    pub fn forward_around(&self, input: &Signal, around: Around<'_>) -> Convolved {
        assert_eq!(input.channels, self.in_channels, "channels of a convolution");
        let length = self.out_length(input.length);
        let onto = around.onto.is_some();
        let mut out = around.onto.unwrap_or_else(|| Signal::zeros(self.out_channels, length));
        assert_eq!((out.channels, out.length), (self.out_channels, length), "what a convolution is added to");
        let maps: Vec<RowMap> = (0..self.in_channels).map(around.before).collect();
        let tiles = self.tiles(length);
        let columns = Columns(out.data.as_mut_ptr());
        let sums: Vec<Vec<(f32, f32)>> = tiles
            .par_iter()
            .map_init(Scratch::default, |scratch, tile| {
                self.load_tile(input, &maps, *tile, scratch);
                self.sum_tile(*tile, scratch);
                self.finish_tile(*tile, scratch, columns, length, onto, around.scale)
            })
            .collect();
        let mut totals = vec![(0.0_f64, 0.0_f64); self.out_channels];
        for tile in &sums {
            for (total, (sum, squares)) in totals.iter_mut().zip(tile) {
                total.0 += f64::from(*sum);
                total.1 += f64::from(*squares);
            }
        }
        Convolved { signal: out, moments: Moments::from_sums(&totals, length) }
    }

    fn tiles(&self, length: usize) -> Vec<Tile> {
        let unit = self.kernel.columns;
        let fitting = TILE_FLOATS / (self.in_channels + self.out_channels) / unit * unit;
        let size = fitting.clamp(2 * unit, 480 / unit * unit);
        (0..length.div_ceil(size))
            .map(|index| {
                let start = index * size;
                let length = size.min(length - start);
                let columns = length.div_ceil(unit) * unit;
                // A cache line more than a multiple of a cache line: rows then fall into different cache sets.
                let stride = (columns + self.reach()).next_multiple_of(32) + 16;
                Tile { start, length, columns, stride }
            })
            .collect()
    }

    /// The tile's input, mapped, with zeros where it reaches past the ends.
    fn load_tile(&self, input: &Signal, maps: &[RowMap], tile: Tile, scratch: &mut Scratch) {
        scratch.input.resize(self.in_channels * tile.stride, 0.0);
        let width = tile.columns + self.reach();
        let first = tile.start as isize - self.padding as isize;
        let left = first.min(0).unsigned_abs().min(width);
        let from = first.max(0) as usize;
        let until = ((first + width as isize).max(0) as usize).min(input.length).max(from.min(input.length));
        let inside = until.saturating_sub(from);
        for (channel, map) in maps.iter().enumerate() {
            let row = &mut scratch.input[channel * tile.stride..][..width];
            row[..left].fill(0.0);
            row[left + inside..].fill(0.0);
            if inside > 0 {
                rows::map(*map, &input.row(channel)[from..until], &mut row[left..left + inside]);
            }
        }
    }

    /// All products of the tile, into `scratch.sums` (`[out channels rounded up, columns]`).
    fn sum_tile(&self, tile: Tile, scratch: &mut Scratch) {
        let Kernel { rows, columns, run, .. } = *self.kernel;
        let blocks = self.out_channels.div_ceil(rows);
        scratch.sums.resize(blocks * rows * tile.columns, 0.0);
        let steps = self.in_channels * self.taps;
        let depth = (STEPS / self.taps).max(1);
        for channel in (0..self.in_channels).step_by(depth) {
            let channels = depth.min(self.in_channels - channel);
            let window = Window { channels, taps: self.taps, dilation: self.dilation, stride: tile.stride };
            for column in (0..tile.columns).step_by(columns) {
                let input = &scratch.input[channel * tile.stride + column..];
                debug_assert!(input.len() >= (channels - 1) * tile.stride + columns + self.reach());
                for block in 0..blocks {
                    let weights = &self.packed[(block * steps + channel * self.taps) * rows..];
                    let out = &mut scratch.sums[block * rows * tile.columns + column..];
                    debug_assert!(out.len() >= (rows - 1) * tile.columns + columns);
                    // SAFETY: the input rows hold `columns + reach` floats from `column` on (`load_tile` made them
                    // `tile.columns + reach` wide), the packed block holds `channels * taps * rows` weights from
                    // `channel` on, and `sums` holds `blocks * rows` rows of `tile.columns`. The CPU runs the kernel:
                    // it is one of `conv_kernel::available`.
                    unsafe {
                        run(window, weights.as_ptr(), input.as_ptr(), out.as_mut_ptr(), tile.columns, channel > 0);
                    }
                }
            }
        }
    }

    /// Bias, residual and scale, out of the cache into the output; gives sum and sum of squares of each channel.
    fn finish_tile(
        &self,
        tile: Tile,
        scratch: &Scratch,
        out: Columns,
        length: usize,
        onto: bool,
        scale: f32,
    ) -> Vec<(f32, f32)> {
        let finished = scratch.sums.chunks_exact(tile.columns).zip(&self.bias).enumerate();
        finished
            .map(|(channel, (sums, bias))| {
                // SAFETY: `out` holds `out_channels` rows of `length` floats, and only this tile touches its columns
                // `start..start + length` of any row.
                let row =
                    unsafe { std::slice::from_raw_parts_mut(out.0.add(channel * length + tile.start), tile.length) };
                rows::finish(&sums[..tile.length], *bias, scale, onto, row);
                rows::sums(row)
            })
            .collect()
    }
}

/// A transposed convolution whose kernel is twice its stride: each phase of the output is a convolution of two taps.
pub struct ConvTranspose1d {
    phases: Conv1d,
    out_channels: usize,
    stride: usize,
    padding: usize,
}

impl ConvTranspose1d {
    /// `weight` is `[in, out, 2 * stride]` as PyTorch keeps it.
    ///
    /// # Panics
    /// Where the sizes contradict each other.
    #[must_use]
    pub fn new(weight: &[f32], [inputs, outputs, taps]: [usize; 3], bias: &[f32], padding: usize) -> Self {
        assert_eq!(weight.len(), inputs * outputs * taps, "weights of a transposed convolution");
        assert_eq!(taps % 2, 0, "a transposed convolution's kernel is twice its stride");
        let stride = taps / 2;
        let mut phased = vec![0.0; weight.len()];
        for input in 0..inputs {
            for output in 0..outputs {
                for tap in 0..taps {
                    // The sample before gives the later half of the kernel, so that half is the first tap.
                    let (late, phase) = (tap / stride, tap % stride);
                    phased[((output * stride + phase) * inputs + input) * 2 + (1 - late)] =
                        weight[(input * outputs + output) * taps + tap];
                }
            }
        }
        let biases: Vec<f32> = bias.iter().flat_map(|bias| std::iter::repeat_n(*bias, stride)).collect();
        let phases = Conv1d::new(&phased, [outputs * stride, inputs, 2], &biases, 1, 1);
        Self { phases, out_channels: outputs, stride, padding }
    }

    /// `[in, length]` to `[out, (length + 1) * stride - 2 * padding]`; `before` maps the input.
    #[must_use]
    pub fn forward(&self, input: &Signal, before: RowMap) -> Signal {
        let phases = self.phases.forward_around(input, Around { before: &|_| before, ..Around::default() }).signal;
        let length = phases.length * self.stride - 2 * self.padding;
        let mut out = Signal::zeros(self.out_channels, length);
        out.data.par_chunks_mut(length).enumerate().for_each(|(channel, out)| {
            for phase in 0..self.stride {
                let row = phases.row(channel * self.stride + phase);
                let first = self.padding.saturating_sub(phase).div_ceil(self.stride);
                for (time, value) in row.iter().enumerate().skip(first) {
                    match out.get_mut(time * self.stride + phase - self.padding) {
                        Some(out) => *out = *value,
                        None => break,
                    }
                }
            }
        });
        out
    }
}

/// Windows of `taps` samples every `stride`, as rows `channel * taps + tap`: a strided convolution is then a product.
#[must_use]
pub fn unfold(input: &Signal, taps: usize, stride: usize, padding: usize) -> Signal {
    let length = (input.length + 2 * padding - taps) / stride + 1;
    let mut out = Signal::zeros(input.channels * taps, length);
    out.data.par_chunks_mut(length).enumerate().for_each(|(row, out)| {
        let (channel, tap) = (row / taps, row % taps);
        let from = input.row(channel);
        for (time, out) in out.iter_mut().enumerate() {
            let at = (time * stride + tap).checked_sub(padding);
            *out = at.and_then(|at| from.get(at)).copied().unwrap_or(0.0);
        }
    });
    out
}

#[cfg(test)]
#[path = "conv_tests.rs"]
mod tests;
