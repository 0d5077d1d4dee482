//! The inner kernel of a convolution: a small block of outputs, held in registers while all taps of some channels
//! pass by. One is chosen at run time for the CPU at hand.
//!
//! A kernel multiplies weights packed `[channel][tap][rows]` with rows of input that lie `stride` apart, each tap
//! `dilation` further along its row: the shifted reads are the convolution, and nothing is copied into columns.

use std::sync::OnceLock;

/// The input side of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// Input channels this call sums over.
    pub channels: usize,
    pub taps: usize,
    pub dilation: usize,
    /// Floats from one input row to the next.
    pub stride: usize,
}

/// What a kernel reads and writes.
///
/// Contract for `run`: `weights` points at `channels * taps * rows` floats; `input` at rows of at least
/// `columns + (taps - 1) * dilation` floats, `stride` apart; `out` at `rows` rows of `columns` floats, `out_stride`
/// apart, which are overwritten, or added to if `add`.
type Run =
    unsafe fn(window: Window, weights: *const f32, input: *const f32, out: *mut f32, out_stride: usize, add: bool);

/// A kernel and the size of the block it makes.
pub(super) struct Kernel {
    /// For the messages of tests.
    #[cfg_attr(not(test), expect(dead_code))]
    pub name: &'static str,
    pub rows: usize,
    pub columns: usize,
    pub run: Run,
}

pub(super) static PORTABLE: Kernel = Kernel { name: "portable", rows: 4, columns: 16, run: portable };

#[cfg(target_arch = "x86_64")]
pub(super) static AVX2: Kernel = Kernel { name: "avx2", rows: 6, columns: 16, run: avx2 };

#[cfg(target_arch = "x86_64")]
pub(super) static AVX512: Kernel = Kernel { name: "avx512", rows: 8, columns: 48, run: avx512 };

/// Every kernel this CPU can run, the fastest first.
pub(super) fn available() -> Vec<&'static Kernel> {
    let mut found = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            found.push(&AVX512);
        }
        if super::rows::has_avx2() {
            found.push(&AVX2);
        }
    }
    found.push(&PORTABLE);
    found
}

/// The kernel of this CPU.
pub(super) fn best() -> &'static Kernel {
    static BEST: OnceLock<&'static Kernel> = OnceLock::new();
    BEST.get_or_init(|| available()[0])
}

/// # Safety
/// The contract of [`Run`].
unsafe fn portable(
    window: Window,
    weights: *const f32,
    input: *const f32,
    out: *mut f32,
    out_stride: usize,
    add: bool,
) {
    const ROWS: usize = 4;
    const COLUMNS: usize = 16;
    let mut acc = [[0.0_f32; COLUMNS]; ROWS];
    let mut step = weights;
    for channel in 0..window.channels {
        for tap in 0..window.taps {
            // SAFETY: the contract gives `channels` rows, `stride` apart, long enough for the last tap's columns, and
            // as many steps of `ROWS` weights as the two loops take.
            let (x, w) = unsafe {
                let x = input.add(channel * window.stride + tap * window.dilation);
                (&*x.cast::<[f32; COLUMNS]>(), &*step.cast::<[f32; ROWS]>())
            };
            for (acc, w) in acc.iter_mut().zip(w) {
                for (acc, x) in acc.iter_mut().zip(x) {
                    *acc += w * x;
                }
            }
            step = step.wrapping_add(ROWS);
        }
    }
    for (row, acc) in acc.iter().enumerate() {
        // SAFETY: the contract gives `ROWS` output rows of `COLUMNS` floats, `out_stride` apart, ours alone.
        let out = unsafe { &mut *out.add(row * out_stride).cast::<[f32; COLUMNS]>() };
        for (out, acc) in out.iter_mut().zip(acc) {
            *out = if add { *out + acc } else { *acc };
        }
    }
}

/// A kernel of `$rows` by `$vectors` vectors, in the intrinsics of one instruction set. Sums, inputs and one weight
/// must leave a register free: with all of them taken the compiler spills a sum in every step, which doubles its time.
#[cfg(target_arch = "x86_64")]
macro_rules! vector_kernel {
    ($name:ident, $features:literal, $rows:literal, $vectors:literal, $lanes:literal, $zero:ident, $load:ident, $splat:ident, $fma:ident, $sum:ident, $store:ident) => {
        /// # Safety
        /// The contract of [`Run`], on a CPU with the named features.
        #[target_feature(enable = $features)]
        unsafe fn $name(
            window: Window,
            weights: *const f32,
            input: *const f32,
            out: *mut f32,
            out_stride: usize,
            add: bool,
        ) {
            use std::arch::x86_64::*;
            let mut acc = [[$zero(); $vectors]; $rows];
            let mut step = weights;
            for channel in 0..window.channels {
                let row = input.wrapping_add(channel * window.stride);
                for tap in 0..window.taps {
                    let x = row.wrapping_add(tap * window.dilation);
                    // SAFETY: the contract gives every input row the columns of its last tap, and `$rows` weights
                    // for each step of the two loops.
                    unsafe {
                        let mut columns = [$zero(); $vectors];
                        for (at, column) in columns.iter_mut().enumerate() {
                            *column = $load(x.add(at * $lanes));
                        }
                        for (row, acc) in acc.iter_mut().enumerate() {
                            let w = $splat(*step.add(row));
                            for (acc, column) in acc.iter_mut().zip(columns) {
                                *acc = $fma(w, column, *acc);
                            }
                        }
                    }
                    step = step.wrapping_add($rows);
                }
            }
            for (row, acc) in acc.iter().enumerate() {
                for (at, acc) in acc.iter().enumerate() {
                    // SAFETY: the contract gives `$rows` output rows of `$vectors` vectors, `out_stride` apart, ours alone.
                    unsafe {
                        let out = out.add(row * out_stride + at * $lanes);
                        $store(out, if add { $sum($load(out), *acc) } else { *acc });
                    }
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
vector_kernel!(
    avx2,
    "avx2,fma",
    6,
    2,
    8,
    _mm256_setzero_ps,
    _mm256_loadu_ps,
    _mm256_set1_ps,
    _mm256_fmadd_ps,
    _mm256_add_ps,
    _mm256_storeu_ps
);

#[cfg(target_arch = "x86_64")]
vector_kernel!(
    avx512,
    "avx512f",
    8,
    3,
    16,
    _mm512_setzero_ps,
    _mm512_loadu_ps,
    _mm512_set1_ps,
    _mm512_fmadd_ps,
    _mm512_add_ps,
    _mm512_storeu_ps
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_of_this_cpu_sums_the_taps() {
        let window = Window { channels: 5, taps: 3, dilation: 2, stride: 64 };
        let input: Vec<f32> = (0..5 * 64).map(|i| ((i * 29 % 97) as f32 - 48.0) / 10.0).collect();
        for kernel in available() {
            let (rows, columns) = (kernel.rows, kernel.columns);
            let weights: Vec<f32> = (0..5 * 3 * rows).map(|i| ((i * 31 % 89) as f32 - 44.0) / 20.0).collect();
            let mut out = vec![1.0; rows * columns];
            // SAFETY: the buffers above have the sizes of the contract: 48 + 2 * 2 columns fit into rows of 64.
            unsafe { (kernel.run)(window, weights.as_ptr(), input.as_ptr(), out.as_mut_ptr(), columns, true) };
            for row in 0..rows {
                for column in 0..columns {
                    let mut exact = 1.0_f64;
                    for channel in 0..5 {
                        for tap in 0..3 {
                            exact += f64::from(weights[(channel * 3 + tap) * rows + row])
                                * f64::from(input[channel * 64 + column + tap * 2]);
                        }
                    }
                    let got = f64::from(out[row * columns + column]);
                    assert!((got - exact).abs() < 1e-4, "{} at {row}, {column}: {got} {exact}", kernel.name);
                }
            }
        }
    }
}
