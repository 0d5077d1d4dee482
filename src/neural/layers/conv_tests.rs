//! Convolutions against their definition, written out as sums.

use proptest::prelude::*;

use super::*;

fn noise(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.0 - 1.0).collect()
}

/// `out[o][t] = bias[o] + sum over i, k of w[o][i][k] x[i][t * stride + k * dilation - padding]`.
fn by_definition(
    x: &Signal,
    weight: &[f32],
    [outs, ins, taps]: [usize; 3],
    bias: &[f32],
    dilation: usize,
    padding: usize,
) -> Signal {
    let length = x.length + 2 * padding - dilation * (taps - 1);
    let mut out = Signal::zeros(outs, length);
    for o in 0..outs {
        for t in 0..length {
            let mut sum = f64::from(bias[o]);
            for i in 0..ins {
                for k in 0..taps {
                    if let Some(value) = (t + k * dilation).checked_sub(padding).and_then(|at| x.row(i).get(at)) {
                        sum += f64::from(weight[(o * ins + i) * taps + k]) * f64::from(*value);
                    }
                }
            }
            out.data[o * length + t] = sum as f32;
        }
    }
    out
}

fn close(a: &Signal, b: &Signal, tolerance: f32) -> Result<(), String> {
    if (a.channels, a.length) != (b.channels, b.length) {
        return Err(format!("{}x{} against {}x{}", a.channels, a.length, b.channels, b.length));
    }
    match a.data.iter().zip(&b.data).position(|(a, b)| (a - b).abs() > tolerance) {
        Some(at) => Err(format!("at {at}: {} against {}", a.data[at], b.data[at])),
        None => Ok(()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_kernel_follows_the_definition(
        (ins, outs, taps, dilation) in (1..40_usize, 1..40_usize, 1..8_usize, 1..6_usize),
        (length, wide) in (1..600_usize, any::<bool>()),
    ) {
        let padding = dilation * (taps - 1) / 2 + usize::from(wide);
        prop_assume!(length + 2 * padding > dilation * (taps - 1));
        let x = Signal::new(ins, length, noise(ins * length, 1));
        let (weight, bias) = (noise(outs * ins * taps, 2), noise(outs, 3));
        let exact = by_definition(&x, &weight, [outs, ins, taps], &bias, dilation, padding);
        for kernel in conv_kernel::available() {
            let conv = Conv1d::with_kernel(kernel, &weight, [outs, ins, taps], &bias, dilation, padding);
            if let Err(why) = close(&conv.forward(&x), &exact, 2e-4) {
                return Err(TestCaseError::fail(format!("{}: {why}", kernel.name)));
            }
        }
    }
}

#[test]
fn what_stands_around_is_done_in_its_order() {
    let (ins, outs, length) = (19, 10, 1111);
    let x = Signal::new(ins, length, noise(ins * length, 4));
    let residual = Signal::new(outs, length, noise(outs * length, 5));
    let (weight, bias) = (noise(outs * ins * 3, 6), noise(outs, 7));
    let conv = Conv1d::new(&weight, [outs, ins, 3], &bias, 1, 1);
    let maps = |channel: usize| RowMap::AffineLeaky { scale: 1.0 + channel as f32 / 10.0, shift: 0.3, slope: 0.2 };
    let done = conv.forward_around(&x, Around { before: &maps, onto: Some(residual.clone()), scale: 0.5 });

    let mut mapped = x.clone();
    for channel in 0..ins {
        rows::map(maps(channel), x.row(channel), &mut mapped.data[channel * length..][..length]);
    }
    let mut exact = by_definition(&mapped, &weight, [outs, ins, 3], &bias, 1, 1);
    exact.add(&residual);
    exact.data.iter_mut().for_each(|x| *x *= 0.5);
    close(&done.signal, &exact, 1e-4).unwrap();
    let moments = exact.moments();
    for channel in 0..outs {
        assert!((done.moments.mean[channel] - moments.mean[channel]).abs() < 1e-5);
        assert!((done.moments.variance[channel] - moments.variance[channel]).abs() < 1e-4);
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let x = Signal::new(64, 3001, noise(64 * 3001, 8));
    let conv = Conv1d::new(&noise(64 * 64 * 7, 9), [64, 64, 7], &noise(64, 10), 3, 9);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| conv.forward_around(&x, Around::default()))
    };
    let (one, three) = (run(1), run(3));
    assert_eq!(one.signal, three.signal);
    assert_eq!(one.moments, three.moments);
}

#[test]
fn a_transposed_convolution_spreads_each_sample() {
    for (ins, outs, stride, padding, length) in [(3, 5, 6, 3, 17), (4, 2, 10, 5, 1), (2, 3, 1, 0, 9)] {
        let x = Signal::new(ins, length, noise(ins * length, 11));
        let (weight, bias) = (noise(ins * outs * 2 * stride, 12), noise(outs, 13));
        let out_length = (length + 1) * stride - 2 * padding;
        let mut exact = Signal::zeros(outs, out_length);
        for o in 0..outs {
            exact.data[o * out_length..][..out_length].fill(bias[o]);
            for i in 0..ins {
                for (t, value) in x.row(i).iter().enumerate() {
                    for k in 0..2 * stride {
                        if let Some(at) = (t * stride + k).checked_sub(padding).filter(|at| *at < out_length) {
                            exact.data[o * out_length + at] += weight[(i * outs + o) * 2 * stride + k] * value;
                        }
                    }
                }
            }
        }
        let conv = ConvTranspose1d::new(&weight, [ins, outs, 2 * stride], &bias, padding);
        close(&conv.forward(&x, RowMap::Identity), &exact, 1e-4).unwrap();
    }
}

#[test]
fn unfolding_gives_the_windows() {
    let x = Signal::new(1, 5, vec![1.0, 2.0, 3.0, 4.0, 5.0]);
    let windows = unfold(&x, 3, 2, 1);
    assert_eq!((windows.channels, windows.length), (3, 3));
    assert_eq!(windows.data, [0.0, 2.0, 4.0, 1.0, 3.0, 5.0, 2.0, 4.0, 0.0]);
}
