//! The int8 kernels in plain Rust: what each product is defined to be, and what runs where no faster kernel does.

use super::int8_panels::{Finish, PANEL, Packed};

/// Every row of `x` times every panel.
pub(super) fn multiply(x: &[i16], weights: &Packed, finish: &mut impl Finish) {
    for panel in 0..weights.panels {
        let values = weights.panel(panel);
        for (row, x) in x.chunks_exact(weights.pairs * 2).enumerate() {
            let mut sums = [0_i32; PANEL];
            for (pair, values) in x.chunks_exact(2).zip(values.chunks_exact(PANEL * 2)) {
                for (sum, value) in sums.iter_mut().zip(values.chunks_exact(2)) {
                    *sum += i32::from(pair[0]) * i32::from(value[0]) + i32::from(pair[1]) * i32::from(value[1]);
                }
            }
            finish.finish(row, panel, &sums);
        }
    }
}

/// The sum of products of `x` with each wanted row, as f32 (exact below 2^24, rounded to nearest above).
pub(super) fn dot_rows(x: &[i16], table: &[i8], width: usize, wanted: &[u32], out: &mut [f32]) {
    for (slot, &row) in out.iter_mut().zip(wanted) {
        let row = &table[row as usize * width..][..width];
        *slot = x.iter().zip(row).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum::<i32>() as f32;
    }
}
