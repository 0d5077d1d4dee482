//! What happens to a row of samples before and after a convolution: affine, snake, leaky, sums.
//!
//! Every function exists once, in plain Rust, and is compiled a second time for AVX2 where the CPU has it; both give
//! the same bits, because neither reorders a sum nor contracts a product.

/// A row's map before it is convolved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RowMap {
    /// `x`
    Identity,
    /// `x` where positive, else `slope * x`.
    Leaky { slope: f32 },
    /// `y = scale * x + shift`, then leaky.
    AffineLeaky { scale: f32, shift: f32, slope: f32 },
    /// `y = scale * x + shift`, then snake: `y + sin²(alpha * y) / alpha` (Ziyin et al. 2020).
    AffineSnake { scale: f32, shift: f32, alpha: f32 },
}

/// Writes the map of `from` into `to`; both have one length.
pub fn map(map: RowMap, from: &[f32], to: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the CPU has just been asked for the features the function is compiled for.
        unsafe { map_avx2(map, from, to) };
        return;
    }
    map_plain(map, from, to);
}

/// Sum and sum of squares.
#[must_use]
pub fn sums(row: &[f32]) -> (f32, f32) {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: as in `map`.
        return unsafe { sums_avx2(row) };
    }
    sums_plain(row)
}

/// `(acc + bias) * scale` into `to`, onto what stands there if `onto`.
pub fn finish(acc: &[f32], bias: f32, scale: f32, onto: bool, to: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: as in `map`.
        unsafe { finish_avx2(acc, bias, scale, onto, to) };
        return;
    }
    finish_plain(acc, bias, scale, onto, to);
}

#[cfg(target_arch = "x86_64")]
pub(super) fn has_avx2() -> bool {
    std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn map_avx2(map: RowMap, from: &[f32], to: &mut [f32]) {
    map_plain(map, from, to);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn sums_avx2(row: &[f32]) -> (f32, f32) {
    sums_plain(row)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn finish_avx2(acc: &[f32], bias: f32, scale: f32, onto: bool, to: &mut [f32]) {
    finish_plain(acc, bias, scale, onto, to);
}

#[inline(always)]
fn map_plain(map: RowMap, from: &[f32], to: &mut [f32]) {
    let pairs = to.iter_mut().zip(from);
    match map {
        RowMap::Identity => to.copy_from_slice(from),
        RowMap::Leaky { slope } => pairs.for_each(|(to, x)| *to = leaky(*x, slope)),
        RowMap::AffineLeaky { scale, shift, slope } => pairs.for_each(|(to, x)| *to = leaky(x * scale + shift, slope)),
        RowMap::AffineSnake { scale, shift, alpha } => {
            let (turns, inverse) = (alpha / std::f32::consts::PI, 1.0 / alpha);
            pairs.for_each(|(to, x)| {
                let y = x * scale + shift;
                *to = y + inverse * sin_squared(y * turns);
            });
        }
    }
}

#[inline(always)]
fn leaky(x: f32, slope: f32) -> f32 {
    if x > 0.0 { x } else { x * slope }
}

/// `sin²(pi * t)`, for `t` up to four million; absolute error below 4e-7.
///
/// The sine is a Taylor-like polynomial of degree 11 on half a turn; rounding is done by adding and taking away
/// 1.5 * 2²³, which every CPU does in two instructions.
#[inline(always)]
pub(super) fn sin_squared(t: f32) -> f32 {
    let s = sin_half_turns(t - round(t));
    s * s
}

/// `sin(2 pi t)` for `t` within half a turn of zero; absolute error below 4e-7.
#[inline(always)]
#[must_use]
pub fn sin_turns(t: f32) -> f32 {
    // sin(2 pi t) has its turning points at a quarter: folded there, the polynomial's argument stays within pi / 2.
    let folded = if t > 0.25 {
        0.5 - t
    } else if t < -0.25 {
        -0.5 - t
    } else {
        t
    };
    sin_half_turns(2.0 * folded)
}

#[inline(always)]
fn round(t: f32) -> f32 {
    const MAGIC: f32 = 12_582_912.0;
    (t + MAGIC) - MAGIC
}

/// `sin(pi * r)` for `|r| <= 1/2`.
#[inline(always)]
fn sin_half_turns(r: f32) -> f32 {
    let x = r * std::f32::consts::PI;
    let z = x * x;
    let tail = -1.984_09e-4 + z * (2.752_556_2e-6 + z * -2.388_985_9e-8);
    x * (1.0 + z * (-1.666_666_7e-1 + z * (8.333_331e-3 + z * tail)))
}

/// Lanes that are summed apart, so that the sum is a vector's and its order the same on every CPU.
const LANES: usize = 16;

#[inline(always)]
fn sums_plain(row: &[f32]) -> (f32, f32) {
    let (mut sum, mut squares) = ([0.0_f32; LANES], [0.0_f32; LANES]);
    let chunks = row.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for lane in 0..LANES {
            sum[lane] += chunk[lane];
            squares[lane] += chunk[lane] * chunk[lane];
        }
    }
    for (lane, x) in rest.iter().enumerate() {
        sum[lane] += x;
        squares[lane] += x * x;
    }
    (sum.iter().sum(), squares.iter().sum())
}

#[inline(always)]
fn finish_plain(acc: &[f32], bias: f32, scale: f32, onto: bool, to: &mut [f32]) {
    if onto {
        to.iter_mut().zip(acc).for_each(|(to, a)| *to = (*to + (a + bias)) * scale);
    } else {
        to.iter_mut().zip(acc).for_each(|(to, a)| *to = (a + bias) * scale);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<f32> {
        (0..1003).map(|i| ((i * 37 % 211) as f32 - 105.0) / 13.0).collect()
    }

    #[test]
    fn the_polynomial_sines_follow_the_library() {
        for i in -40_000..40_000 {
            let t = i as f32 / 1000.0;
            let exact = (f64::from(t) * std::f64::consts::PI).sin().powi(2);
            assert!((f64::from(sin_squared(t)) - exact).abs() < 4e-7, "sin² at {t}");
        }
        for i in -500..=500 {
            let t = i as f32 / 1000.0;
            let exact = (f64::from(t) * std::f64::consts::TAU).sin();
            assert!((f64::from(sin_turns(t)) - exact).abs() < 4e-7, "sin at {t}");
        }
    }

    #[test]
    fn maps_do_what_they_say() {
        let row = sample();
        let mut out = vec![0.0; row.len()];
        map(RowMap::AffineSnake { scale: 0.7, shift: 0.1, alpha: 1.3 }, &row, &mut out);
        for (x, y) in row.iter().zip(&out) {
            let v = f64::from(x * 0.7 + 0.1);
            let exact = v + (1.3 * v).sin().powi(2) / 1.3;
            assert!((f64::from(*y) - exact).abs() < 3e-6, "{x}: {y} against {exact}");
        }
        map(RowMap::AffineLeaky { scale: 2.0, shift: 0.0, slope: 0.2 }, &[1.0, -1.0], &mut out[..2]);
        assert_eq!(out[..2], [2.0, -0.4]);
        map(RowMap::Leaky { slope: 0.5 }, &[1.0, -1.0], &mut out[..2]);
        assert_eq!(out[..2], [1.0, -0.5]);
    }

    #[test]
    fn the_chosen_versions_give_the_bits_of_the_plain_ones() {
        let row = sample();
        let (mut a, mut b) = (vec![0.5; row.len()], vec![0.5; row.len()]);
        for kind in [
            RowMap::Identity,
            RowMap::Leaky { slope: 0.1 },
            RowMap::AffineLeaky { scale: 0.3, shift: -0.2, slope: 0.2 },
            RowMap::AffineSnake { scale: 0.3, shift: -0.2, alpha: 0.9 },
        ] {
            map(kind, &row, &mut a);
            map_plain(kind, &row, &mut b);
            assert_eq!(a, b, "{kind:?}");
        }
        assert_eq!(sums(&row), sums_plain(&row));
        finish(&row, 0.3, 0.7, true, &mut a);
        finish_plain(&row, 0.3, 0.7, true, &mut b);
        assert_eq!(a, b);
    }
}
