//! What row functions of several networks stand on: one body of plain Rust, compiled for each kernel, over lanes.
//!
//! Invariant: sums are taken over lanes in a fixed order and no multiplication is fused with an addition, so that every
//! kernel gives the same bits.

/// Lanes that sums are taken over.
pub const LANES: usize = 8;

/// Declares a function of the kernel that runs the one `inline(always)` body below it, for the processor at hand.
macro_rules! for_each_kernel {
    ($(#[$doc:meta])* $name:ident = $body:ident ($($arg:ident: $type:ty),*)) => {
        $(#[$doc])*
        pub fn $name(kernel: $crate::neural::layers::int8::Kernel, $($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn wide($($arg: $type),*) {
                    $body($($arg),*);
                }
                if kernel != $crate::neural::layers::int8::Kernel::Portable && std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: the processor has AVX2, as just asked.
                    return unsafe { wide($($arg),*) };
                }
            }
            let _ = kernel;
            $body($($arg),*);
        }
    };
}
pub(crate) use for_each_kernel;

/// The sum of the lanes.
#[inline(always)]
#[must_use]
pub fn total(lanes: [f32; LANES]) -> f32 {
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

/// e to the power of x, within 2 units in the last place (Cephes' `expf`); x is held within ±87.
#[inline(always)]
#[must_use]
pub fn exp(x: f32) -> f32 {
    const SHIFT: f32 = 12_582_912.0;
    const HIGH: f32 = 0.693_359_4;
    const LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 87.0);
    let shifted = x * std::f32::consts::LOG2_E + SHIFT;
    let n = shifted - SHIFT;
    let power = (shifted.to_bits() as i32).wrapping_sub(SHIFT.to_bits() as i32);
    let r = x - n * HIGH - n * LOW;
    let mut p = 1.987_569_1e-4;
    for term in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = p * r + term;
    }
    let y = p * r * r + r + 1.0;
    y * f32::from_bits((power.wrapping_add(127) << 23) as u32)
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn exp_is_right() {
        for n in -8700..=8700 {
            let x = n as f32 / 100.0;
            let right = f64::from(x).exp();
            assert!((f64::from(exp(x)) / right - 1.0).abs() < 3e-7, "{x}");
        }
        assert_eq!(exp(0.0), 1.0);
    }
}
