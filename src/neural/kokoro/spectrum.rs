//! The short-time Fourier transform of 20 samples that Kokoro's generator thinks in, and its inverse.
//!
//! A periodic Hann window, hop a quarter of it, the ends reflected: as `torch.stft(center=True)`. The inverse divides
//! by the overlapping windows' squares, as `torch.istft` does.

use std::f32::consts::TAU;

use rayon::prelude::*;

use crate::neural::layers::signal::Signal;

/// Frames a thread works on at a time.
const CHUNK: usize = 256;

fn window(fft: usize) -> Vec<f32> {
    (0..fft).map(|n| 0.5 - 0.5 * (TAU * n as f32 / fft as f32).cos()).collect()
}

/// `cos` and `sin` of `2 pi k n / fft`, exact at the quarters.
fn turn(k: usize, n: usize, fft: usize) -> (f32, f32) {
    let angle = std::f64::consts::TAU * ((k * n) % fft) as f64 / fft as f64;
    let clean = |x: f64| if x.abs() < 1e-12 { 0.0 } else { x as f32 };
    (clean(angle.cos()), clean(angle.sin()))
}

/// Magnitudes above phases: `[2 * (fft / 2 + 1), samples / hop + 1]`.
///
/// # Panics
/// For fewer samples than half a window has, since nothing can be reflected.
#[must_use]
pub fn analyse(wave: &[f32], fft: usize, hop: usize) -> Signal {
    let (bins, half) = (fft / 2 + 1, fft / 2);
    assert!(wave.len() > half, "a wave of {} samples is shorter than half a window", wave.len());
    let mut padded = Vec::with_capacity(wave.len() + fft);
    padded.extend((1..=half).rev().map(|at| wave[at]));
    padded.extend_from_slice(wave);
    padded.extend((1..=half).map(|at| wave[wave.len() - 1 - at]));
    let basis = forward_basis(fft);
    let frames = wave.len() / hop + 1;
    let columns: Vec<f32> = (0..frames)
        .into_par_iter()
        .with_min_len(CHUNK)
        .flat_map_iter(|frame| spectrum_of(&padded[frame * hop..][..fft], &basis, bins))
        .collect();
    Signal::from_time_major(&columns, frames, 2 * bins)
}

/// `[fft][2 * bins]`: windowed cosines, then windowed negative sines.
fn forward_basis(fft: usize) -> Vec<f32> {
    let (bins, window) = (fft / 2 + 1, window(fft));
    let mut basis = Vec::with_capacity(fft * 2 * bins);
    for (n, weight) in window.iter().enumerate() {
        basis.extend((0..bins).map(|k| turn(k, n, fft).0 * weight));
        basis.extend((0..bins).map(|k| -turn(k, n, fft).1 * weight));
    }
    basis
}

/// Magnitudes, then phases of one frame.
fn spectrum_of(frame: &[f32], basis: &[f32], bins: usize) -> Vec<f32> {
    let mut sums = vec![0.0_f32; 2 * bins];
    for (x, row) in frame.iter().zip(basis.chunks_exact(2 * bins)) {
        sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum += x * weight);
    }
    for k in 0..bins {
        // Adding zero makes a negative zero positive: a negative real value then has phase +pi, as in PyTorch.
        let (real, imaginary) = (sums[k], sums[k + bins] + 0.0);
        sums[k] = real.hypot(imaginary);
        sums[k + bins] = imaginary.atan2(real);
    }
    sums
}

/// The inverse, from the generator's last layer: rows `0..bins` are logarithms of magnitudes, the rest are phases
/// before a sine. Gives `(frames - 1) * hop` samples.
#[must_use]
pub fn synthesise(last: &Signal, fft: usize, hop: usize) -> Vec<f32> {
    let (bins, frames) = (fft / 2 + 1, last.length);
    let (basis, window) = (inverse_basis(fft), window(fft));
    let pieces: Vec<f32> = (0..frames)
        .into_par_iter()
        .with_min_len(CHUNK)
        .flat_map_iter(|frame| {
            let mut piece = vec![0.0_f32; fft];
            for k in 0..bins {
                let magnitude = last.row(k)[frame].exp();
                let (sin, cos) = last.row(k + bins)[frame].sin().sin_cos();
                let (real, imaginary) = (magnitude * cos, magnitude * sin);
                let rows = basis[k * 2 * fft..][..2 * fft].split_at(fft);
                for ((piece, a), b) in piece.iter_mut().zip(rows.0).zip(rows.1) {
                    *piece += real * a + imaginary * b;
                }
            }
            piece
        })
        .collect();
    let length = (frames - 1) * hop + fft;
    let (mut out, mut weights) = (vec![0.0_f32; length], vec![0.0_f32; length]);
    for (frame, piece) in pieces.chunks_exact(fft).enumerate() {
        for (n, (value, weight)) in piece.iter().zip(&window).enumerate() {
            out[frame * hop + n] += value;
            weights[frame * hop + n] += weight * weight;
        }
    }
    out.iter().zip(&weights).skip(fft / 2).take((frames - 1) * hop).map(|(x, weight)| x / weight).collect()
}

/// `[bins][2][fft]`: what a real and an imaginary part of one add to a windowed frame.
fn inverse_basis(fft: usize) -> Vec<f32> {
    let window = window(fft);
    let mut basis = Vec::with_capacity((fft / 2 + 1) * 2 * fft);
    for k in 0..=fft / 2 {
        // A bin between the ends stands for its mirror image too.
        let share = if k == 0 || k == fft / 2 { 1.0 } else { 2.0 } / fft as f32;
        basis.extend((0..fft).map(|n| share * turn(k, n, fft).0 * window[n]));
        basis.extend((0..fft).map(|n| -share * turn(k, n, fft).1 * window[n]));
    }
    basis
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_of_a_steady_bin_is_a_steady_cosine() {
        let mut last = Signal::new(22, 41, vec![-60.0; 22 * 41]);
        last.data[11 * 41..].fill(0.0);
        // Bin 4 turns once in 5 samples, the hop: every frame has the same phase, 0.
        last.data[4 * 41..5 * 41].fill(2.0_f32.ln());
        let wave = synthesise(&last, 20, 5);
        assert_eq!(wave.len(), 200);
        let window = window(20);
        for (n, x) in wave.iter().enumerate() {
            // Frame 0 begins half a window (ten samples, two turns) before the first sample. Each frame is windowed
            // once, and the sum of squared windows is divided out.
            let reached = (0..41).filter_map(|frame| window.get((n + 10).checked_sub(5 * frame)?));
            let (once, twice) = reached.fold((0.0, 0.0), |(once, twice), w| (once + w, twice + w * w));
            let exact = 2.0 * 2.0 / 20.0 * (TAU * n as f32 / 5.0).cos() * once / twice;
            assert!((x - exact).abs() < 1e-5, "{n}: {x} {exact}");
        }
    }

    #[test]
    fn analysing_a_cosine_finds_its_bin() {
        let wave: Vec<f32> = (0..200).map(|n| (TAU * n as f32 / 5.0).cos()).collect();
        let spectrum = analyse(&wave, 20, 5);
        let column = |k: usize| spectrum.row(k)[20];
        assert!((column(4) - 5.0).abs() < 1e-4, "half the window's sum: {}", column(4));
        assert!(column(8) < 1e-4);
        assert!(spectrum.row(11 + 4)[20].abs() < 1e-4, "phase 0 where a frame begins with a turn");
    }
}
