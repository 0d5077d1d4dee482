//! The int8 product in AVX-512 VNNI: activations in 8 bits without a sign, four inner values an instruction.
//!
//! `vpdpbusd` multiplies unsigned by signed bytes and adds four products to 32 bits without saturation. Activations
//! within ±127 are stored 128 higher; what that adds, 128 times the sum of a column's weights, is taken off at the
//! start, so the sums are exactly those of the other kernels.

use super::int8_panels::PANEL;

/// What a stored activation is higher than its value.
pub(super) const OFFSET: i32 = 128;
/// Inner values of one instruction.
pub(super) const QUAD: usize = 4;

/// Weights as `[panel][quad][16][4]`, padded with zeros, and what each column's sum begins with.
pub(super) struct Packed {
    pub values: Vec<i8>,
    pub start: Vec<i32>,
    pub quads: usize,
}

impl Packed {
    /// Packs `[outer, inner]`; the panels are even in number.
    pub fn new(weights: &[i8], inner: usize, outer: usize) -> Self {
        let (quads, panels) = (inner.div_ceil(QUAD), outer.div_ceil(PANEL).next_multiple_of(2));
        let mut values = vec![0; panels * quads * PANEL * QUAD];
        let mut start = vec![0; panels * PANEL];
        for (column, row) in weights.chunks_exact(inner).enumerate() {
            let at = column / PANEL * quads * PANEL * QUAD + column % PANEL * QUAD;
            for (k, &weight) in row.iter().enumerate() {
                values[at + k / QUAD * PANEL * QUAD + k % QUAD] = weight;
            }
            start[column] = -OFFSET * row.iter().map(|weight| i32::from(*weight)).sum::<i32>();
        }
        Self { values, start, quads }
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) fn runs_here() -> bool {
    super::int8_avx2::runs_here()
        && std::arch::is_x86_feature_detected!("avx512f")
        && std::arch::is_x86_feature_detected!("avx512bw")
        && std::arch::is_x86_feature_detected!("avx512vl")
        && std::arch::is_x86_feature_detected!("avx512vnni")
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn runs_here() -> bool {
    false
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{multiply, quantize};

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn quantize(_: &[f32], _: usize, _: &mut [u8], _: usize, _: &mut [f32]) {
    unreachable!("the VNNI kernel runs on x86-64 only");
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn multiply(_: &[u8], _: &Packed, _: &mut impl super::int8_panels::Finish) {
    unreachable!("the VNNI kernel runs on x86-64 only");
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__m512i, _mm512_dpbusd_epi32, _mm512_loadu_si512, _mm512_set1_epi32, _mm512_storeu_si512};

    use super::super::dynamic;
    use super::super::int8_panels::{Finish, PANEL};
    use super::{Packed, QUAD};

    /// Panels that are worked on side by side.
    const SIDE: usize = 2;
    /// Rows of one tile: 16 sums, 2 weights and 1 activation of 32 registers.
    const ROWS: usize = 8;

    /// As [`dynamic::quantize_bytes`].
    pub fn quantize(x: &[f32], width: usize, out: &mut [u8], stride: usize, scales: &mut [f32]) {
        #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
        fn wide(x: &[f32], width: usize, out: &mut [u8], stride: usize, scales: &mut [f32]) {
            dynamic::quantize_bytes(x, width, out, stride, scales);
        }
        assert!(super::runs_here(), "the VNNI kernel was chosen on a processor without it");
        // SAFETY: the processor has the features, as checked above.
        unsafe { wide(x, width, out, stride, scales) }
    }

    /// Every row of `x`, each of `quads * 4` bytes, times every panel.
    pub fn multiply(x: &[u8], weights: &Packed, finish: &mut impl Finish) {
        assert!(super::runs_here(), "the VNNI kernel was chosen on a processor without it");
        // SAFETY: the processor has the features, as checked above.
        unsafe { rows_by_panels(x, weights, finish) }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
    fn rows_by_panels(x: &[u8], weights: &Packed, finish: &mut impl Finish) {
        let stride = weights.quads * QUAD;
        let rows = x.len() / stride;
        let panels = weights.start.len() / PANEL;
        for panel in (0..panels).step_by(SIDE) {
            let mut row = 0;
            while row < rows {
                let rest = &x[row * stride..];
                row += match rows - row {
                    1 => tile::<1>(rest, weights, row, panel, finish),
                    2 => tile::<2>(rest, weights, row, panel, finish),
                    3 => tile::<3>(rest, weights, row, panel, finish),
                    4 => tile::<4>(rest, weights, row, panel, finish),
                    5 => tile::<5>(rest, weights, row, panel, finish),
                    6 => tile::<6>(rest, weights, row, panel, finish),
                    7 => tile::<7>(rest, weights, row, panel, finish),
                    _ => tile::<ROWS>(rest, weights, row, panel, finish),
                };
            }
        }
    }

    /// `N` rows by two panels; gives back `N`.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
    fn tile<const N: usize>(x: &[u8], weights: &Packed, row: usize, panel: usize, finish: &mut impl Finish) -> usize {
        let quads = weights.quads;
        let size = quads * PANEL * QUAD;
        let values = &weights.values[panel * size..(panel + SIDE) * size];
        let start = &weights.start[panel * PANEL..(panel + SIDE) * PANEL];
        assert!(x.len() >= N * quads * QUAD, "{N} rows of {quads} quads");
        // SAFETY: `start` holds two whole registers of 16 sums.
        let begin: [__m512i; SIDE] =
            std::array::from_fn(|side| unsafe { _mm512_loadu_si512(start.as_ptr().add(side * PANEL).cast()) });
        let mut sums = [begin; N];
        let (x, values) = (x.as_ptr(), values.as_ptr());
        for quad in 0..quads {
            // SAFETY: `values` holds two panels of `quads` groups of 64 bytes, of which these are whole ones.
            let group: [__m512i; SIDE] = std::array::from_fn(|side| unsafe {
                _mm512_loadu_si512(values.add(side * size + quad * PANEL * QUAD).cast())
            });
            for (n, sums) in sums.iter_mut().enumerate() {
                // SAFETY: `x` holds `N` rows of `quads` groups of 4 bytes (asserted above), read without alignment.
                let four = unsafe { x.add((n * quads + quad) * QUAD).cast::<i32>().read_unaligned() };
                let four = _mm512_set1_epi32(four);
                for (sum, group) in sums.iter_mut().zip(group) {
                    *sum = _mm512_dpbusd_epi32(*sum, four, group);
                }
            }
        }
        for (n, sums) in sums.iter().enumerate() {
            for (side, sum) in sums.iter().enumerate() {
                let mut out = [0_i32; PANEL];
                // SAFETY: 16 sums of 4 bytes are one whole register.
                unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), *sum) };
                finish.finish(row + n, panel + side, &out);
            }
        }
        N
    }
}
