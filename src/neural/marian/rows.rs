//! What the network does to rows of f32 between its matrices: layer norm, attention, the SSRU cell.
//!
//! Invariant: each function is one piece of plain Rust, compiled twice (for any processor, and for AVX2), with sums
//! taken over 8 lanes in a fixed order and no fused multiply-add, so that both give the same bits.

pub use crate::neural::layers::lanes::LANES;
use crate::neural::layers::lanes::{exp, for_each_kernel, total};

/// Marian's layer norm adds this to the variance.
const EPSILON: f32 = 1e-6;

for_each_kernel! {
    /// `x = norm(x + y) * scale + bias` for every row of `scale.len()` values, a multiple of 8.
    add_norm = add_norm_body(x: &mut [f32], y: &[f32], scale: &[f32], bias: &[f32])
}

for_each_kernel! {
    /// One row of queries against a sentence, every head: softmax of the products with `keys` (as [`arrange_keys`]
    /// lays them out), then that mean of the rows of `values`.
    attend = attend_body(query: &[f32], keys: &[f32], values: &[f32], heads: usize, scores: &mut Vec<f32>, out: &mut [f32])
}

for_each_kernel! {
    /// The SSRU cell: `cell = g * cell + (1 - g) * candidate` with `g = sigmoid(gate)`; `out = relu(cell)`.
    ssru = ssru_body(cell: &mut [f32], candidate: &[f32], gate: &[f32], out: &mut [f32])
}

/// Lays the keys of one sentence (`rows` of `heads * size`) out as `[head][block of 8 rows][size][8]`, padded with
/// zeros, and scales them by `1 / sqrt(size)`.
pub fn arrange_keys(keys: &[f32], width: usize, heads: usize, out: &mut Vec<f32>) {
    let (rows, size) = (keys.len() / width, width / heads);
    let blocks = rows.div_ceil(LANES);
    let scale = 1.0 / (size as f32).sqrt();
    out.clear();
    out.resize(heads * blocks * size * LANES, 0.0);
    for (row, key) in keys.chunks_exact(width).enumerate() {
        for (head, key) in key.chunks_exact(size).enumerate() {
            let start = (head * blocks + row / LANES) * size * LANES + row % LANES;
            for (c, value) in key.iter().enumerate() {
                out[start + c * LANES] = value * scale;
            }
        }
    }
}

#[inline(always)]
fn add_norm_body(x: &mut [f32], y: &[f32], scale: &[f32], bias: &[f32]) {
    let width = scale.len();
    for (x, y) in x.chunks_exact_mut(width).zip(y.chunks_exact(width)) {
        let mut sum = [0.0; LANES];
        for (x, y) in x.chunks_exact_mut(LANES).zip(y.chunks_exact(LANES)) {
            for lane in 0..LANES {
                x[lane] += y[lane];
                sum[lane] += x[lane];
            }
        }
        let mean = total(sum) / width as f32;
        let mut squares = [0.0; LANES];
        for x in x.chunks_exact(LANES) {
            for lane in 0..LANES {
                let off = x[lane] - mean;
                squares[lane] += off * off;
            }
        }
        let inverse = 1.0 / (total(squares) / width as f32 + EPSILON).sqrt();
        for ((x, scale), bias) in x.iter_mut().zip(scale).zip(bias) {
            *x = (*x - mean) * inverse * scale + bias;
        }
    }
}

#[inline(always)]
fn attend_body(query: &[f32], keys: &[f32], values: &[f32], heads: usize, scores: &mut Vec<f32>, out: &mut [f32]) {
    let width = query.len();
    let (rows, size) = (values.len() / width, width / heads);
    let blocks = rows.div_ceil(LANES);
    scores.resize(blocks * LANES, 0.0);
    for head in 0..heads {
        let query = &query[head * size..][..size];
        let keys = &keys[head * blocks * size * LANES..][..blocks * size * LANES];
        for (keys, scores) in keys.chunks_exact(size * LANES).zip(scores.chunks_exact_mut(LANES)) {
            let mut sum = [0.0; LANES];
            for (q, keys) in query.iter().zip(keys.chunks_exact(LANES)) {
                for lane in 0..LANES {
                    sum[lane] += q * keys[lane];
                }
            }
            scores.copy_from_slice(&sum);
        }
        let inverse = 1.0 / exponentials(scores, rows);
        let out = &mut out[head * size..][..size];
        for (block, out) in out.chunks_exact_mut(LANES).enumerate() {
            let mut sum = [0.0; LANES];
            let from = head * size + block * LANES;
            for (score, value) in scores.iter().zip(values.chunks_exact(width)) {
                let value = &value[from..from + LANES];
                for lane in 0..LANES {
                    sum[lane] += score * value[lane];
                }
            }
            for lane in 0..LANES {
                out[lane] = sum[lane] * inverse;
            }
        }
    }
}

/// Replaces the first `count` scores by `exp(score - greatest)`, the rest by zeros; gives their sum.
#[inline(always)]
fn exponentials(scores: &mut [f32], count: usize) -> f32 {
    scores[count..].fill(f32::NEG_INFINITY);
    let mut greatest = [f32::NEG_INFINITY; LANES];
    for scores in scores.chunks_exact(LANES) {
        for lane in 0..LANES {
            greatest[lane] = if scores[lane] > greatest[lane] { scores[lane] } else { greatest[lane] };
        }
    }
    let greatest = greatest.into_iter().fold(f32::NEG_INFINITY, f32::max);
    for scores in scores.chunks_exact_mut(LANES) {
        for score in scores.iter_mut() {
            *score = exp(*score - greatest);
        }
    }
    scores[count..].fill(0.0);
    let mut sum = [0.0; LANES];
    for scores in scores.chunks_exact(LANES) {
        for lane in 0..LANES {
            sum[lane] += scores[lane];
        }
    }
    total(sum)
}

#[inline(always)]
fn ssru_body(cell: &mut [f32], candidate: &[f32], gate: &[f32], out: &mut [f32]) {
    for (((cell, candidate), gate), out) in cell.iter_mut().zip(candidate).zip(gate).zip(out) {
        let keep = 1.0 / (1.0 + exp(-gate));
        *cell = keep * *cell + (1.0 - keep) * candidate;
        *out = if *cell > 0.0 { *cell } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::neural::layers::int8::Kernel;

    fn near(a: f32, b: f32) -> bool {
        (a - b).abs() <= 1e-5 * (1.0 + b.abs())
    }

    #[test]
    fn layer_norm_has_mean_zero_and_variance_one() {
        let mut x: Vec<f32> = (0..32).map(|n| (n * n % 17) as f32).collect();
        add_norm(Kernel::Portable, &mut x, &[1.0; 32], &[1.0; 32], &[0.0; 32]);
        let mean = x.iter().sum::<f32>() / 32.0;
        assert!(mean.abs() < 1e-6 && near(x.iter().map(|x| x * x).sum::<f32>() / 32.0, 1.0));
    }

    #[test]
    fn a_saturated_gate_keeps_or_replaces_the_cell() {
        let (mut cell, mut out) = ([2.0, 2.0, -1.0], [9.0; 3]);
        ssru(Kernel::Portable, &mut cell, &[5.0, 5.0, 5.0], &[80.0, -80.0, 80.0], &mut out);
        assert_eq!((cell, out), ([2.0, 5.0, -1.0], [2.0, 5.0, 0.0]));
    }

    proptest! {
        #[test]
        fn attention_is_the_softmax_mean_and_the_same_on_every_kernel(
            rows in 1_usize..20,
            numbers in prop::collection::vec(-2.0_f32..2.0, 32 * 41),
        ) {
            let (width, heads, size) = (32, 2, 16);
            let query = &numbers[..width];
            let keys = &numbers[width..width * (1 + rows)];
            let values = &numbers[width * 21..width * (21 + rows)];
            let (mut laid, mut scores) = (Vec::new(), Vec::new());
            arrange_keys(keys, width, heads, &mut laid);
            let (mut out, mut wide) = (vec![0.0; width], vec![0.0; width]);
            attend(Kernel::Portable, query, &laid, values, heads, &mut scores, &mut out);
            attend(Kernel::best(), query, &laid, values, heads, &mut scores, &mut wide);
            prop_assert_eq!(&out, &wide);
            for c in 0..width {
                let head = c / size * size..c / size * size + size;
                let weight = |row: usize| {
                    let products = query[head.clone()].iter().zip(&keys[row * width..][head.clone()]);
                    (products.map(|(a, b)| a * b).sum::<f32>() / 4.0).exp()
                };
                let all: f32 = (0..rows).map(weight).sum();
                let right: f32 = (0..rows).map(|row| weight(row) / all * values[row * width + c]).sum();
                prop_assert!(near(out[c], right), "{} {}", out[c], right);
            }
        }
    }
}
