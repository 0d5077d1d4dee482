//! What the networks do to rows of f32 between their matrices: norms, activations, attention.
//!
//! Invariant: one body of plain Rust for every kernel, sums over lanes in a fixed order, so all give the same bits.

use crate::neural::layers::lanes::{LANES, exp, for_each_kernel, total};

/// What stands between the matrices of a feed-forward block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    Relu,
    /// `x * sigmoid(x)`, also called swish.
    Silu,
    /// `x * Φ(x)`, by the error function.
    Gelu,
    /// The same by a hyperbolic tangent (T5's `gelu_new`).
    GeluTanh,
}

/// The keys and values that a query may look at: rows of one width in two tables, and which rows of them.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    pub keys: &'a [f32],
    pub values: &'a [f32],
    pub slots: &'a [u32],
    /// Added to the scores, `[head][slot]`; empty for nothing.
    pub bias: &'a [f32],
}

/// How a query is cut into heads, and what its products are multiplied by.
#[derive(Clone, Copy, Debug)]
pub struct Heads {
    pub count: usize,
    pub scale: f32,
}

for_each_kernel! {
    /// `x = (x - mean) / deviation * scale + bias` for every row of `scale.len()` values.
    layer_norm = layer_norm_body(x: &mut [f32], scale: &[f32], bias: &[f32], epsilon: f32)
}

for_each_kernel! {
    /// `x = x / root(mean of squares) * scale` for every row of `scale.len()` values.
    root_norm = root_norm_body(x: &mut [f32], scale: &[f32], epsilon: f32)
}

for_each_kernel! {
    /// Every value through an activation.
    activate = activate_body(activation: Activation, x: &mut [f32])
}

for_each_kernel! {
    /// `out = activation(gate) * value` for rows of `gate` then `value`, each `width` wide.
    activate_gated = activate_gated_body(activation: Activation, x: &mut [f32], width: usize, out: &mut [f32])
}

for_each_kernel! {
    /// One query, every head: the mean of the values it sees, weighted by the softmax of its products with the keys.
    attend = attend_body(query: &[f32], sight: Sight<'_>, heads: Heads, scores: &mut Vec<f32>, out: &mut [f32])
}

for_each_kernel! {
    /// `x += y`.
    add = add_body(x: &mut [f32], y: &[f32])
}

for_each_kernel! {
    /// Into `sum` goes the logarithm of the sum of the exponentials of `scores`; minus infinities count nothing.
    log_sum_exp = log_sum_exp_body(scores: &[f32], sum: &mut f32)
}

#[inline(always)]
fn add_body(x: &mut [f32], y: &[f32]) {
    x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
}

/// Sums `f(x)` over lanes, whole chunks first.
#[inline(always)]
fn sum_of(x: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    let chunks = x.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] += f(chunk[lane]);
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane += f(*x);
    }
    total(lanes)
}

#[inline(always)]
fn greatest_of(x: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let chunks = x.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] = if chunk[lane] > lanes[lane] { chunk[lane] } else { lanes[lane] };
        }
    }
    lanes.into_iter().chain(rest.iter().copied()).fold(f32::NEG_INFINITY, f32::max)
}

#[inline(always)]
fn layer_norm_body(x: &mut [f32], scale: &[f32], bias: &[f32], epsilon: f32) {
    let width = scale.len();
    for x in x.chunks_exact_mut(width) {
        let mean = sum_of(x, |x| x) / width as f32;
        let variance = sum_of(x, |x| (x - mean) * (x - mean)) / width as f32;
        let inverse = 1.0 / (variance + epsilon).sqrt();
        for ((x, scale), bias) in x.iter_mut().zip(scale).zip(bias) {
            *x = (*x - mean) * inverse * scale + bias;
        }
    }
}

#[inline(always)]
fn root_norm_body(x: &mut [f32], scale: &[f32], epsilon: f32) {
    let width = scale.len();
    for x in x.chunks_exact_mut(width) {
        let inverse = 1.0 / (sum_of(x, |x| x * x) / width as f32 + epsilon).sqrt();
        x.iter_mut().zip(scale).for_each(|(x, scale)| *x = *x * inverse * scale);
    }
}

#[inline(always)]
fn activated(activation: Activation, x: f32) -> f32 {
    match activation {
        Activation::Relu => {
            if x > 0.0 {
                x
            } else {
                0.0
            }
        }
        Activation::Silu => x / (1.0 + exp(-x)),
        Activation::Gelu => 0.5 * x * (1.0 + error_function(x * std::f32::consts::FRAC_1_SQRT_2)),
        Activation::GeluTanh => {
            // (1 + tanh(y)) / 2 = 1 / (1 + exp(-2 y))
            let y = 0.797_884_6 * (x + 0.044_715 * x * x * x);
            x / (1.0 + exp(-2.0 * y))
        }
    }
}

/// Abramowitz and Stegun 7.1.26: absolute error below 2e-7.
#[inline(always)]
fn error_function(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let mut p = 1.061_405_4;
    for term in [-1.453_152, 1.421_413_8, -0.284_496_74, 0.254_829_6] {
        p = p * t + term;
    }
    let y = 1.0 - p * t * exp(-x * x);
    if x < 0.0 { -y } else { y }
}

#[inline(always)]
fn activate_body(activation: Activation, x: &mut [f32]) {
    // One loop an activation, so that each is vector code.
    match activation {
        Activation::Relu => x.iter_mut().for_each(|x| *x = activated(Activation::Relu, *x)),
        Activation::Silu => x.iter_mut().for_each(|x| *x = activated(Activation::Silu, *x)),
        Activation::Gelu => x.iter_mut().for_each(|x| *x = activated(Activation::Gelu, *x)),
        Activation::GeluTanh => x.iter_mut().for_each(|x| *x = activated(Activation::GeluTanh, *x)),
    }
}

#[inline(always)]
fn activate_gated_body(activation: Activation, x: &mut [f32], width: usize, out: &mut [f32]) {
    for (x, out) in x.chunks_exact_mut(2 * width).zip(out.chunks_exact_mut(width)) {
        let (gate, value) = x.split_at_mut(width);
        activate_body(activation, gate);
        out.iter_mut().zip(gate).zip(value).for_each(|((out, gate), value)| *out = *gate * *value);
    }
}

#[inline(always)]
fn attend_body(query: &[f32], sight: Sight<'_>, heads: Heads, scores: &mut Vec<f32>, out: &mut [f32]) {
    let width = query.len();
    let size = width / heads.count;
    let seen = sight.slots.len();
    scores.resize(seen, 0.0);
    for head in 0..heads.count {
        let part = head * size..(head + 1) * size;
        let query = &query[part.clone()];
        for (score, slot) in scores.iter_mut().zip(sight.slots) {
            let key = &sight.keys[*slot as usize * width..][part.clone()];
            *score = product(query, key) * heads.scale;
        }
        if !sight.bias.is_empty() {
            add_body(scores, &sight.bias[head * seen..][..seen]);
        }
        let greatest = greatest_of(scores);
        scores.iter_mut().for_each(|score| *score = exp(*score - greatest));
        let inverse = 1.0 / sum_of(scores, |score| score);
        let out = &mut out[part.clone()];
        out.fill(0.0);
        for (score, slot) in scores.iter().zip(sight.slots) {
            let value = &sight.values[*slot as usize * width..][part.clone()];
            let weight = score * inverse;
            out.iter_mut().zip(value).for_each(|(out, value)| *out += weight * value);
        }
    }
}

#[inline(always)]
fn product(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a.remainder().iter().zip(b.remainder());
    for (a, b) in a.zip(b) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    rest.zip(&mut lanes).for_each(|((a, b), lane)| *lane += a * b);
    total(lanes)
}

#[inline(always)]
fn log_sum_exp_body(scores: &[f32], sum: &mut f32) {
    let greatest = greatest_of(scores);
    // `exp` holds its argument above -87: what lies below adds less than one part in 10^37 and changes no bit.
    *sum = sum_of(scores, |score| exp(score - greatest)).ln() + greatest;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::neural::layers::int8::Kernel;

    fn near(a: f32, b: f64) -> bool {
        (f64::from(a) - b).abs() <= 2e-6 * (1.0 + b.abs())
    }

    #[test]
    fn norms_have_their_moments() {
        let numbers: Vec<f32> = (0..40).map(|n| (n * n % 17) as f32).collect();
        let mut x = numbers.clone();
        layer_norm(Kernel::best(), &mut x, &[2.0; 20], &[1.0; 20], 0.0);
        for row in x.chunks(20) {
            assert!(near(row.iter().sum::<f32>() / 20.0, 1.0));
            assert!(near(row.iter().map(|x| (x - 1.0) * (x - 1.0)).sum::<f32>() / 20.0, 4.0));
        }
        let mut x = numbers;
        root_norm(Kernel::best(), &mut x, &[3.0; 20], 0.0);
        x.chunks(20).for_each(|row| assert!(near(row.iter().map(|x| x * x).sum::<f32>() / 20.0, 9.0)));
    }

    #[test]
    fn activations_are_right() {
        // Values of the functions themselves, to 8 places.
        for (activation, x, right) in [
            (Activation::Relu, -1.0, 0.0),
            (Activation::Relu, 2.5, 2.5),
            (Activation::Silu, 1.0, 0.731_058_58),
            (Activation::Silu, -3.0, -0.142_277_62),
            (Activation::Gelu, 1.0, 0.841_344_75),
            (Activation::Gelu, -0.5, -0.154_268_77),
            (Activation::GeluTanh, 1.0, 0.841_191_99),
            (Activation::GeluTanh, -0.5, -0.154_285_99),
        ] {
            let mut one = [x];
            activate(Kernel::best(), activation, &mut one);
            assert!((f64::from(one[0]) - right).abs() < 5e-7, "{activation:?}({x}) = {}", one[0]);
        }
        let mut out = [0.0; 2];
        activate_gated(Kernel::best(), Activation::Relu, &mut [2.0, -2.0, 3.0, 4.0], 2, &mut out);
        assert_eq!(out, [6.0, 0.0]);
    }

    proptest! {
        #[test]
        fn attention_is_the_softmax_mean_and_the_same_on_every_kernel(
            slots in prop::collection::vec(0_u32..20, 1..30),
            numbers in prop::collection::vec(-2.0_f32..2.0, 24 * 41 + 60),
        ) {
            let (width, heads, size) = (24, 2, 12);
            let (query, bias) = (&numbers[..width], &numbers[24 * 41..][..2 * slots.len()]);
            let sight = Sight { keys: &numbers[24..24 * 21], values: &numbers[24 * 21..], slots: &slots, bias };
            let shape = Heads { count: heads, scale: 0.5 };
            let (mut out, mut wide, mut scores) = (vec![0.0; width], vec![0.0; width], Vec::new());
            attend(Kernel::Portable, query, sight, shape, &mut scores, &mut out);
            attend(Kernel::best(), query, sight, shape, &mut scores, &mut wide);
            prop_assert_eq!(&out, &wide);
            for (c, found) in out.iter().enumerate() {
                let head = c / size;
                let part = head * size..(head + 1) * size;
                let weight = |n: usize| {
                    let key = &sight.keys[slots[n] as usize * width..][part.clone()];
                    let sum: f64 = query[part.clone()].iter().zip(key).map(|(a, b)| f64::from(a * b)).sum();
                    (sum * 0.5 + f64::from(bias[head * slots.len() + n])).exp()
                };
                let all: f64 = (0..slots.len()).map(weight).sum();
                let value = |n: usize| f64::from(sight.values[slots[n] as usize * width + c]);
                let right: f64 = (0..slots.len()).map(|n| weight(n) / all * value(n)).sum();
                prop_assert!((f64::from(*found) - right).abs() < 1e-5, "{found} {right}");
            }
        }

        #[test]
        fn logarithms_of_sums_are_right(scores in prop::collection::vec(-30.0_f32..30.0, 1..40)) {
            let right = scores.iter().map(|score| f64::from(*score).exp()).sum::<f64>().ln();
            let mut sum = 0.0;
            log_sum_exp(Kernel::best(), &scores, &mut sum);
            prop_assert!(near(sum, right), "{sum} {right}");
        }
    }
}
