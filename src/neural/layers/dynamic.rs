//! Linear layers on 8-bit weights for networks that were trained in f32: each row of activations and each column of
//! weights is scaled by its own greatest value.
//!
//! As CTranslate2 and `bitsandbytes` do it (Dettmers et al. 2022, "LLM.int8()", without outliers): a row becomes
//! `round_ties_even(x * 127 / max|x|)`, a column likewise when it is loaded, the products are summed exactly in 32
//! bits, and the sum times both scales plus the bias is the result.
//!
//! Invariant: every kernel gives the same bits, and a row's result never depends on its neighbours.

use super::int8::Kernel;
use super::int8_panels::{Finish, PANEL, Packed, round};
use super::lanes::for_each_kernel;
use super::{int8_avx2, int8_portable, int8_vnni};

/// The greatest whole number of either sign.
const GREATEST: f32 = 127.0;

/// Rows of activations as whole numbers, each with what one of its units is worth.
#[derive(Clone, Debug, Default)]
pub struct DynamicRows {
    /// For kernels that multiply 16-bit pairs.
    words: Vec<i16>,
    /// For kernels that multiply bytes: 128 above the value.
    bytes: Vec<u8>,
    scales: Vec<f32>,
    stride: usize,
}

/// A table of 8-bit rows with a scale each: embeddings, and what a linear layer is made of.
pub struct ScaledRows {
    values: Vec<i8>,
    scales: Vec<f32>,
    width: usize,
}

impl ScaledRows {
    /// Rounds rows of `width` values.
    #[must_use]
    pub fn new(rows: &[f32], width: usize) -> Self {
        let mut values = Vec::with_capacity(rows.len());
        let mut scales = Vec::with_capacity(rows.len() / width.max(1));
        for row in rows.chunks_exact(width) {
            let greatest = greatest(row);
            scales.push(greatest / GREATEST);
            let multiplier = multiplier(greatest);
            values.extend(row.iter().map(|value| round(value * multiplier) as i8));
        }
        Self { values, scales, width }
    }

    /// Writes one row times `scale`.
    ///
    /// # Panics
    /// Where the table has no such row.
    pub fn write(&self, row: usize, scale: f32, out: &mut [f32]) {
        let scale = self.scales[row] * scale;
        let values = &self.values[row * self.width..(row + 1) * self.width];
        out.iter_mut().zip(values).for_each(|(slot, value)| *slot = f32::from(*value) * scale);
    }
}

enum Weights {
    Pairs(Packed),
    Quads(int8_vnni::Packed),
}

/// `y = x W + b` with W in 8 bits, a scale for each column.
pub struct DynamicLinear {
    weights: Weights,
    inner: usize,
    outer: usize,
    /// Both padded to whole panels.
    scales: Vec<f32>,
    bias: Vec<f32>,
    kernel: Kernel,
}

impl DynamicLinear {
    /// From W transposed, `[outer, inner]`; `bias` has `outer` values.
    ///
    /// # Panics
    /// Where the lengths contradict each other.
    #[must_use]
    pub fn new(weights: &ScaledRows, bias: &[f32], kernel: Kernel) -> Self {
        let (inner, outer) = (weights.width, bias.len());
        assert_eq!(weights.values.len(), inner * outer, "weights are [outer, inner]");
        let padded = |values: &[f32]| {
            let mut values = values.to_vec();
            values.resize(outer.next_multiple_of(PANEL), 0.0);
            values
        };
        let (scales, bias) = (padded(&weights.scales), padded(bias));
        let weights = match kernel {
            Kernel::Avx512Vnni => Weights::Quads(int8_vnni::Packed::new(&weights.values, inner, outer)),
            Kernel::Portable | Kernel::Avx2 => Weights::Pairs(Packed::new(&weights.values, inner, outer)),
        };
        Self { weights, inner, outer, scales, bias, kernel }
    }

    /// Width of the output.
    #[must_use]
    pub fn outer(&self) -> usize {
        self.outer
    }

    /// Rounds rows of activations, for any layer of this inner width and kernel.
    ///
    /// # Panics
    /// Where `x` is not a whole number of rows.
    pub fn quantize(&self, x: &[f32], rows: &mut DynamicRows) {
        let count = x.len() / self.inner;
        assert_eq!(count * self.inner, x.len(), "whole rows of {}", self.inner);
        rows.scales.resize(count, 0.0);
        match &self.weights {
            Weights::Quads(packed) => {
                rows.stride = packed.quads * int8_vnni::QUAD;
                rows.bytes.resize(count * rows.stride, 0);
                int8_vnni::quantize(x, self.inner, &mut rows.bytes, rows.stride, &mut rows.scales);
            }
            Weights::Pairs(packed) => {
                rows.stride = packed.pairs * 2;
                rows.words.resize(count * rows.stride, 0);
                quantize_words(self.kernel, x, self.inner, &mut rows.words, rows.stride, &mut rows.scales);
            }
        }
    }

    /// `[rows, outer]` of rows that [`DynamicLinear::quantize`] made.
    ///
    /// # Panics
    /// Where the rows have another width.
    pub fn forward(&self, x: &DynamicRows, out: &mut Vec<f32>) {
        out.resize(x.scales.len() * self.outer, 0.0);
        let mut finish = Scale { layer: self, rows: &x.scales, out };
        match &self.weights {
            Weights::Quads(packed) => {
                assert_eq!(x.stride, packed.quads * int8_vnni::QUAD, "rows of {} values", self.inner);
                int8_vnni::multiply(&x.bytes, packed, &mut finish);
            }
            Weights::Pairs(packed) => {
                assert_eq!(x.stride, packed.pairs * 2, "rows of {} values", self.inner);
                match self.kernel {
                    Kernel::Portable => int8_portable::multiply(&x.words, packed, &mut finish),
                    Kernel::Avx2 | Kernel::Avx512Vnni => int8_avx2::multiply(&x.words, packed, &mut finish),
                }
            }
        }
    }
}

struct Scale<'a> {
    layer: &'a DynamicLinear,
    rows: &'a [f32],
    out: &'a mut [f32],
}

impl Finish for Scale<'_> {
    #[inline(always)]
    fn finish(&mut self, row: usize, panel: usize, sums: &[i32; PANEL]) {
        let (layer, first) = (self.layer, panel * PANEL);
        if first >= layer.outer {
            return;
        }
        let scale = self.rows[row];
        let out = &mut self.out[row * layer.outer..][first..layer.outer];
        let (scales, bias) = (&layer.scales[first..][..PANEL], &layer.bias[first..][..PANEL]);
        let value = |n: usize| sums[n] as f32 * (scale * scales[n]) + bias[n];
        // A whole panel has a size that the compiler knows, and so becomes vector code.
        if let Some(out) = out.first_chunk_mut::<PANEL>() {
            for (n, slot) in out.iter_mut().enumerate() {
                *slot = value(n);
            }
        } else {
            out.iter_mut().enumerate().for_each(|(n, slot)| *slot = value(n));
        }
    }
}

#[inline(always)]
fn greatest(row: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; PANEL];
    let chunks = row.chunks_exact(PANEL);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            let value = value.abs();
            *lane = if value > *lane { value } else { *lane };
        }
    }
    rest.iter().map(|value| value.abs()).chain(lanes).fold(0.0, f32::max)
}

#[inline(always)]
fn multiplier(greatest: f32) -> f32 {
    if greatest > 0.0 { GREATEST / greatest } else { 0.0 }
}

for_each_kernel! {
    /// Rounds rows of `width` values to 16 bits, `stride` apart, and says what a unit of each is worth.
    quantize_words = quantize_words_body(x: &[f32], width: usize, out: &mut [i16], stride: usize, scales: &mut [f32])
}

#[inline(always)]
fn quantize_words_body(x: &[f32], width: usize, out: &mut [i16], stride: usize, scales: &mut [f32]) {
    for ((from, to), scale) in x.chunks_exact(width).zip(out.chunks_exact_mut(stride)).zip(scales) {
        let greatest = greatest(from);
        let multiplier = multiplier(greatest);
        *scale = greatest / GREATEST;
        to.iter_mut().zip(from).for_each(|(slot, value)| *slot = round(value * multiplier));
        to[width..].fill(0);
    }
}

/// Rounds rows of `width` values to bytes 128 above the value, `stride` apart.
#[inline(always)]
pub(super) fn quantize_bytes(x: &[f32], width: usize, out: &mut [u8], stride: usize, scales: &mut [f32]) {
    for ((from, to), scale) in x.chunks_exact(width).zip(out.chunks_exact_mut(stride)).zip(scales) {
        let greatest = greatest(from);
        let multiplier = multiplier(greatest);
        *scale = greatest / GREATEST;
        let offset = int8_vnni::OFFSET as i16;
        to.iter_mut().zip(from).for_each(|(slot, value)| *slot = (round(value * multiplier) + offset) as u8);
        to[width..].fill(offset as u8);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn forward(kernel: Kernel, x: &[f32], weights: &[f32], inner: usize, bias: &[f32]) -> Vec<f32> {
        let layer = DynamicLinear::new(&ScaledRows::new(weights, inner), bias, kernel);
        let (mut rows, mut out) = (DynamicRows::default(), Vec::new());
        layer.quantize(x, &mut rows);
        layer.forward(&rows, &mut out);
        out
    }

    fn kernels() -> impl Iterator<Item = Kernel> {
        [Kernel::Portable, Kernel::Avx2, Kernel::Avx512Vnni].into_iter().filter(|kernel| kernel.runs_here())
    }

    /// Numbers that look random and are always the same.
    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed | 1;
        (0..count)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / 8_388_608.0 - 1.0
            })
            .collect()
    }

    #[test]
    fn the_largest_sums_do_not_saturate_and_zeros_stay_zeros() {
        for kernel in kernels() {
            let all = forward(kernel, &[127.0; 4096], &[127.0; 4096], 4096, &[0.0]);
            assert_eq!(all, [127.0 * 127.0 * 4096.0], "{kernel:?}");
            let opposed = forward(kernel, &[-127.0; 4096], &[127.0; 4096], 4096, &[0.0]);
            assert_eq!(opposed, [-127.0 * 127.0 * 4096.0], "{kernel:?}");
            assert_eq!(forward(kernel, &[0.0; 8], &[1.0; 16], 8, &[0.5, -1.0]), [0.5, -1.0], "{kernel:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_kernel_gives_the_bits_of_the_portable_one_near_the_true_product(
            rows in 1_usize..20, inner in 1_usize..150, outer in 1_usize..70, seed: u32,
        ) {
            let (x, w) = (numbers(rows * inner, seed), numbers(inner * outer, seed ^ 99));
            let bias = numbers(outer, seed ^ 7);
            let right = forward(Kernel::Portable, &x, &w, inner, &bias);
            for kernel in kernels() {
                prop_assert_eq!(&forward(kernel, &x, &w, inner, &bias), &right);
                let last = forward(kernel, &x[(rows - 1) * inner..], &w, inner, &bias);
                prop_assert_eq!(&last, &right[(rows - 1) * outer..], "a row alone");
            }
            for row in 0..rows {
                for column in 0..outer {
                    let products = x[row * inner..][..inner].iter().zip(&w[column * inner..][..inner]);
                    let exact: f32 = products.map(|(a, b)| a * b).sum::<f32>() + bias[column];
                    // Half a unit of either side, for every inner value.
                    let allowed = inner as f32 * (1.0 / 127.0 + 0.25 / 127.0 / 127.0);
                    prop_assert!((right[row * outer + column] - exact).abs() <= allowed);
                }
            }
        }
    }
}
