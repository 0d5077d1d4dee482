//! Linear layers on 32-bit weights whose result for a row never depends on the rows beside it.
//!
//! A general matrix product orders its sums by the number of rows, so that a sentence would come out in other bits
//! beside other sentences. Here every sum runs over the inner dimension in order, on every kernel.

use super::int8::Kernel;
use super::int8_panels::PANEL;
use super::lanes::for_each_kernel;

/// Rows of one tile.
const ROWS: usize = 4;

/// `y = x W + b`.
pub struct FloatLinear {
    /// Panels of 16 columns, `[panel][inner][16]`, padded with zeros.
    values: Vec<f32>,
    inner: usize,
    outer: usize,
    bias: Vec<f32>,
    kernel: Kernel,
}

impl FloatLinear {
    /// From W transposed, `[outer, inner]`; `bias` has `outer` values.
    ///
    /// # Panics
    /// Where the lengths contradict each other.
    #[must_use]
    pub fn new(weights: &[f32], inner: usize, bias: &[f32], kernel: Kernel) -> Self {
        let outer = bias.len();
        assert_eq!(weights.len(), inner * outer, "weights are [outer, inner]");
        let mut values = vec![0.0; outer.next_multiple_of(PANEL) * inner];
        for (column, row) in weights.chunks_exact(inner).enumerate() {
            let start = column / PANEL * inner * PANEL + column % PANEL;
            for (k, &weight) in row.iter().enumerate() {
                values[start + k * PANEL] = weight;
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(outer.next_multiple_of(PANEL), 0.0);
        Self { values, inner, outer, bias, kernel }
    }

    /// Width of the output.
    #[must_use]
    pub fn outer(&self) -> usize {
        self.outer
    }

    /// `[rows, outer]` of `[rows, inner]`.
    ///
    /// # Panics
    /// Where `x` is not a whole number of rows.
    pub fn forward(&self, x: &[f32], out: &mut Vec<f32>) {
        let rows = x.len() / self.inner;
        assert_eq!(rows * self.inner, x.len(), "whole rows of {}", self.inner);
        out.resize(rows * self.outer, 0.0);
        multiply(self.kernel, x, &self.values, &self.bias, self.outer, out);
    }
}

for_each_kernel! {
    /// `[rows, inner]` by panels of `[inner][16]`.
    multiply = multiply_body(x: &[f32], values: &[f32], bias: &[f32], outer: usize, out: &mut [f32])
}

#[inline(always)]
fn multiply_body(x: &[f32], values: &[f32], bias: &[f32], outer: usize, out: &mut [f32]) {
    let inner = values.len() / bias.len();
    for (panel, (values, bias)) in values.chunks_exact(inner * PANEL).zip(bias.chunks_exact(PANEL)).enumerate() {
        let first = panel * PANEL;
        let width = PANEL.min(outer - first);
        for (tile, x) in x.chunks(inner * ROWS).enumerate() {
            let mut sums = [[0.0_f32; PANEL]; ROWS];
            let count = x.len() / inner;
            if count == ROWS {
                for (k, values) in values.chunks_exact(PANEL).enumerate() {
                    for (row, sums) in sums.iter_mut().enumerate() {
                        let x = x[row * inner + k];
                        for n in 0..PANEL {
                            sums[n] += x * values[n];
                        }
                    }
                }
            } else {
                for (x, sums) in x.chunks_exact(inner).zip(&mut sums) {
                    for (x, values) in x.iter().zip(values.chunks_exact(PANEL)) {
                        for n in 0..PANEL {
                            sums[n] += x * values[n];
                        }
                    }
                }
            }
            for (row, sums) in sums[..count].iter().enumerate() {
                let out = &mut out[(tile * ROWS + row) * outer + first..][..width];
                out.iter_mut().zip(sums).zip(bias).for_each(|((slot, sum), bias)| *slot = sum + bias);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn products_are_right_and_the_same_alone_and_on_every_kernel(
            rows in 1_usize..11, inner in 1_usize..40, outer in 1_usize..40, seed in 0_u32..1000,
        ) {
            let number = |n: usize| (n as u32 * 37 + seed) as f32 % 17.0 / 16.0 - 0.5;
            let x: Vec<f32> = (0..rows * inner).map(number).collect();
            let w: Vec<f32> = (0..outer * inner).map(|n| number(n * 3)).collect();
            let bias: Vec<f32> = (0..outer).map(number).collect();
            let layer = |kernel| FloatLinear::new(&w, inner, &bias, kernel);
            let (mut plain, mut wide, mut alone) = (Vec::new(), Vec::new(), Vec::new());
            layer(Kernel::Portable).forward(&x, &mut plain);
            layer(Kernel::best()).forward(&x, &mut wide);
            layer(Kernel::best()).forward(&x[(rows - 1) * inner..], &mut alone);
            prop_assert_eq!(&plain, &wide);
            prop_assert_eq!(&plain[(rows - 1) * outer..], &alone);
            for row in 0..rows {
                for column in 0..outer {
                    let products = x[row * inner..][..inner].iter().zip(&w[column * inner..]);
                    let right = products.map(|(a, b)| a * b).sum::<f32>() + bias[column];
                    prop_assert!((plain[row * outer + column] - right).abs() < 1e-4);
                }
            }
        }
    }
}
