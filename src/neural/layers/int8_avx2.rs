//! The int8 kernels in AVX2: tiles of 6 rows by 16 columns.
//!
//! Weights are widened to 16 bits as they are loaded and multiplied in pairs (`vpmaddwd`), which is exact; the 8-bit
//! product (`vpmaddubsw`) would saturate, and costs as many instructions once its sums are widened.

use super::int8_panels::{Finish, Packed};

#[cfg(target_arch = "x86_64")]
pub(super) fn runs_here() -> bool {
    std::arch::is_x86_feature_detected!("avx2")
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn runs_here() -> bool {
    false
}

#[cfg(target_arch = "x86_64")]
pub(super) fn multiply(x: &[i16], weights: &Packed, finish: &mut impl Finish) {
    assert!(runs_here(), "the AVX2 kernel was chosen on a processor without it");
    // SAFETY: the processor has AVX2, as checked above.
    unsafe { x86::multiply(x, weights, finish) }
}

#[cfg(target_arch = "x86_64")]
pub(super) fn quantize(x: &[f32], width: usize, multiplier: f32, out: &mut [i16], stride: usize) {
    assert!(runs_here(), "the AVX2 kernel was chosen on a processor without it");
    // SAFETY: the processor has AVX2, as checked above.
    unsafe { x86::quantize(x, width, multiplier, out, stride) }
}

#[cfg(target_arch = "x86_64")]
pub(super) fn dot_rows(x: &[i16], table: &[i8], width: usize, wanted: &[u32], out: &mut [f32]) {
    assert!(runs_here(), "the AVX2 kernel was chosen on a processor without it");
    // SAFETY: the processor has AVX2, as checked above.
    unsafe { x86::dot_rows(x, table, width, wanted, out) }
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) use super::int8_panels::quantize;
#[cfg(not(target_arch = "x86_64"))]
pub(super) use super::int8_portable::{dot_rows, multiply};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m128i, __m256i, _mm_add_epi32, _mm_loadu_si128, _mm_storeu_si128, _mm256_add_epi32, _mm256_castsi256_si128,
        _mm256_cvtepi8_epi16, _mm256_extracti128_si256, _mm256_hadd_epi32, _mm256_loadu_si256, _mm256_madd_epi16,
        _mm256_set1_epi32, _mm256_setzero_si256, _mm256_storeu_si256,
    };

    use super::super::int8_panels::{self, Finish, PANEL, Packed};

    /// Rows of one tile: 12 sums, 2 weights and 1 activation fill the 16 registers.
    const ROWS: usize = 6;

    #[target_feature(enable = "avx2")]
    pub fn quantize(x: &[f32], width: usize, multiplier: f32, out: &mut [i16], stride: usize) {
        int8_panels::quantize(x, width, multiplier, out, stride);
    }

    #[target_feature(enable = "avx2")]
    pub fn multiply(x: &[i16], weights: &Packed, finish: &mut impl Finish) {
        let stride = weights.pairs * 2;
        let rows = x.len() / stride;
        for panel in 0..weights.panels {
            let values = weights.panel(panel);
            let mut row = 0;
            while row < rows {
                let rest = &x[row * stride..];
                row += match rows - row {
                    1 => tile::<1>(rest, values, row, panel, finish),
                    2 => tile::<2>(rest, values, row, panel, finish),
                    3 => tile::<3>(rest, values, row, panel, finish),
                    4 => tile::<4>(rest, values, row, panel, finish),
                    5 => tile::<5>(rest, values, row, panel, finish),
                    _ => tile::<ROWS>(rest, values, row, panel, finish),
                };
            }
        }
    }

    /// `N` rows by one panel; gives back `N`.
    #[target_feature(enable = "avx2")]
    fn tile<const N: usize>(x: &[i16], values: &[i8], row: usize, panel: usize, finish: &mut impl Finish) -> usize {
        let pairs = values.len() / (PANEL * 2);
        assert!(x.len() >= N * pairs * 2, "{N} rows of {pairs} pairs");
        let mut low = [_mm256_setzero_si256(); N];
        let mut high = [_mm256_setzero_si256(); N];
        let (x, values) = (x.as_ptr(), values.as_ptr());
        for pair in 0..pairs {
            // SAFETY: `values` holds `pairs` groups of 32 bytes, of which this is one whole group.
            let (a, b) = unsafe {
                let group = values.add(pair * PANEL * 2).cast::<__m128i>();
                (_mm256_cvtepi8_epi16(_mm_loadu_si128(group)), _mm256_cvtepi8_epi16(_mm_loadu_si128(group.add(1))))
            };
            for n in 0..N {
                // SAFETY: `x` holds `N` rows of `pairs` pairs of 16-bit values (asserted above); a pair is read as
                // 4 bytes without alignment.
                let both = unsafe { x.add((n * pairs + pair) * 2).cast::<i32>().read_unaligned() };
                let both = _mm256_set1_epi32(both);
                low[n] = _mm256_add_epi32(low[n], _mm256_madd_epi16(both, a));
                high[n] = _mm256_add_epi32(high[n], _mm256_madd_epi16(both, b));
            }
        }
        for n in 0..N {
            let mut sums = [0_i32; PANEL];
            // SAFETY: 16 sums of 4 bytes are two whole registers.
            unsafe {
                let to = sums.as_mut_ptr().cast::<__m256i>();
                _mm256_storeu_si256(to, low[n]);
                _mm256_storeu_si256(to.add(1), high[n]);
            }
            finish.finish(row + n, panel, &sums);
        }
        N
    }

    /// Rows that are multiplied side by side, so that their last additions go together.
    const SIDE: usize = 4;

    #[target_feature(enable = "avx2")]
    pub fn dot_rows(x: &[i16], table: &[i8], width: usize, wanted: &[u32], out: &mut [f32]) {
        let whole = width / 16 * 16;
        assert!(x.len() >= width, "an activation row of {width}");
        for (wanted, out) in wanted.chunks(SIDE).zip(out.chunks_mut(SIDE)) {
            // A group that is not full repeats its first row.
            let rows: [&[i8]; SIDE] = std::array::from_fn(|n| {
                &table[wanted.get(n).map_or(wanted[0], |row| *row) as usize * width..][..width]
            });
            let mut sums = [_mm256_setzero_si256(); SIDE];
            for k in (0..whole).step_by(16) {
                // SAFETY: 16 values from `k` on lie within `x` and each row, since `k + 16 <= whole <= width`.
                let a = unsafe { _mm256_loadu_si256(x.as_ptr().add(k).cast()) };
                for (sum, row) in sums.iter_mut().zip(rows) {
                    // SAFETY: as above.
                    let b = unsafe { _mm256_cvtepi8_epi16(_mm_loadu_si128(row.as_ptr().add(k).cast())) };
                    *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(a, b));
                }
            }
            let pairs = _mm256_hadd_epi32(_mm256_hadd_epi32(sums[0], sums[1]), _mm256_hadd_epi32(sums[2], sums[3]));
            let four = _mm_add_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256::<1>(pairs));
            let mut totals = [0_i32; SIDE];
            // SAFETY: four sums of 4 bytes are one whole register.
            unsafe { _mm_storeu_si128(totals.as_mut_ptr().cast(), four) };
            for ((slot, total), row) in out.iter_mut().zip(totals).zip(rows) {
                let rest = x[whole..width].iter().zip(&row[whole..]);
                *slot = (total + rest.map(|(&a, &b)| i32::from(a) * i32::from(b)).sum::<i32>()) as f32;
            }
        }
    }
}
