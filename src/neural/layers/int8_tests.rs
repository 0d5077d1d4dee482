//! Every int8 kernel against plain sums, and the layer against candle's own product of the same numbers.

use candle_core::{Device, Module, Tensor};
use proptest::prelude::*;

use super::int8::{Int8Linear, Int8Rows, Kernel, Quantized};

const KERNELS: [Kernel; 3] = [Kernel::Portable, Kernel::Avx2, Kernel::Avx512Vnni];

/// Kernels that run here; the portable one always does.
fn kernels() -> impl Iterator<Item = Kernel> {
    KERNELS.into_iter().filter(|kernel| kernel.runs_here())
}

/// Numbers that look random and are always the same, extremes among them.
fn weights(count: usize, seed: u32) -> Vec<i8> {
    let mut state = seed | 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as i8
    };
    (0..count).map(|_| next().max(-127)).collect()
}

fn activations(count: usize, seed: u32) -> Vec<f32> {
    weights(count, seed).into_iter().map(|value| f32::from(value) / 9.0).collect()
}

fn rows_of(kernel: Kernel, x: &[f32], width: usize, multiplier: f32) -> Quantized {
    let mut rows = Quantized::default();
    rows.fill(kernel, x, width, multiplier);
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn products_are_exact_on_every_kernel(
        rows in 1_usize..20, inner in 1_usize..70, outer in 1_usize..50, seed: u32,
    ) {
        let (w, x) = (weights(inner * outer, seed), activations(rows * inner, seed ^ 77));
        let bias: Vec<f32> = (0..outer).map(|n| n as f32).collect();
        for kernel in kernels() {
            let layer = Int8Linear::new(&w, inner, 4.0, 8.0, bias.clone(), kernel);
            let (mut quantized, mut out) = (Quantized::default(), Vec::new());
            layer.quantize(&x, &mut quantized);
            layer.forward_quantized(&quantized, &mut out);
            for row in 0..rows {
                for column in 0..outer {
                    let from = quantized.row(row)[..inner].iter().zip(&w[column * inner..][..inner]);
                    let sum: i32 = from.map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
                    prop_assert_eq!(out[row * outer + column], sum as f32 / 32.0 + column as f32);
                }
            }
        }
    }

    #[test]
    fn relu_and_rounding_for_the_next_layer_are_those_of_two_steps(
        rows in 1_usize..9, inner in 1_usize..40, outer in 1_usize..40, seed: u32,
    ) {
        let (w, x) = (weights(inner * outer, seed), activations(rows * inner, seed ^ 5));
        for kernel in kernels() {
            let layer = Int8Linear::new(&w, inner, 9.0, 8.0, vec![-0.5; outer], kernel);
            let next = Int8Linear::new(&w, outer, 9.0, 0.7, vec![0.0; inner], kernel);
            let (mut quantized, mut out, mut together) = (Quantized::default(), Vec::new(), Quantized::default());
            layer.quantize(&x, &mut quantized);
            layer.forward_quantized(&quantized, &mut out);
            out.iter_mut().for_each(|value| *value = value.max(0.0));
            let apart = rows_of(kernel, &out, outer, next.multiplier());
            layer.forward_relu(&quantized, &next, &mut together);
            for row in 0..rows {
                prop_assert_eq!(apart.row(row), together.row(row));
            }
        }
    }

    #[test]
    fn wanted_rows_are_exact_on_every_kernel(
        width in 1_usize..70, wanted in prop::collection::vec(0_u32..30, 0..14), seed: u32,
    ) {
        let table = weights(30 * width, seed);
        let x = activations(width, seed ^ 3);
        for kernel in kernels() {
            let rows = Int8Rows::new(table.clone(), width, 2.0, 8.0, vec![1.0; 30], kernel);
            let (mut quantized, mut out) = (Quantized::default(), Vec::new());
            rows.quantize(&x, &mut quantized);
            rows.products(quantized.row(0), &wanted, &mut out);
            let right: Vec<f32> = wanted.iter().map(|row| {
                let pairs = quantized.row(0).iter().zip(rows.row(*row as usize));
                pairs.map(|(a, b)| i32::from(*a) * i32::from(*b)).sum::<i32>() as f32 / 16.0 + 1.0
            }).collect();
            prop_assert_eq!(&out, &right);
        }
    }

    #[test]
    fn rounding_is_to_the_nearest_even_and_held(x in prop::collection::vec(-20.0_f32..20.0, 1..40), multiplier in 0.1_f32..20.0) {
        for kernel in kernels() {
            let rows = rows_of(kernel, &x, x.len(), multiplier);
            for (value, rounded) in x.iter().zip(rows.row(0)) {
                prop_assert_eq!(f32::from(*rounded), (value * multiplier).round_ties_even().clamp(-127.0, 127.0));
            }
        }
    }
}

#[test]
fn halves_go_to_the_even_neighbour() {
    for kernel in kernels() {
        let rows = rows_of(kernel, &[0.5, 1.5, 2.5, -0.5, -1.5, 1e9, -1e9], 7, 1.0);
        assert_eq!(rows.row(0), [0, 2, 2, 0, -2, 127, -127, 0]);
    }
}

#[test]
fn the_largest_sums_do_not_saturate() {
    for kernel in kernels() {
        let layer = Int8Linear::new(&[127; 1536], 1536, 1.0, 1.0, vec![0.0], kernel);
        let (mut quantized, mut out) = (Quantized::default(), Vec::new());
        layer.quantize(&[127.0; 1536], &mut quantized);
        layer.forward_quantized(&quantized, &mut out);
        assert_eq!(out, [(127 * 127 * 1536) as f32]);
    }
}

#[test]
fn the_module_is_candles_product_of_the_same_numbers() {
    let (inner, outer) = (64, 24);
    let w = weights(inner * outer, 3);
    let layer = Int8Linear::new(&w, inner, 32.0, 16.0, vec![0.25; outer], Kernel::best());
    // Multiples of 1/16 that the rounding keeps as they are.
    let x: Vec<f32> = (0..3 * inner).map(|n| (n % 15) as f32 / 16.0).collect();
    let x = Tensor::from_vec(x, (1, 3, inner), &Device::Cpu).unwrap();
    let wide: Vec<f32> = w.iter().map(|value| f32::from(*value) / 32.0).collect();
    let wide = Tensor::from_vec(wide, (outer, inner), &Device::Cpu).unwrap();
    let right = (x.reshape((3, inner)).unwrap().matmul(&wide.t().unwrap()).unwrap() + 0.25).unwrap();
    let found = layer.forward(&x).unwrap();
    assert_eq!(found.dims(), [1, 3, outer]);
    let off = (found.reshape((3, outer)).unwrap() - right).unwrap().abs().unwrap();
    assert!(off.max_all().unwrap().to_scalar::<f32>().unwrap() < 1e-4);
    assert!(layer.forward(&wide.t().unwrap()).is_err());
}
