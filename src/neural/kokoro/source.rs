//! The harmonic source: what the vocal folds would do, from the pitch curve alone (NSF, Wang et al. 2019).
//!
//! The network was trained with Gaussian noise in the source, and an unvoiced stretch is made from it. The noise here
//! comes from a counter, not from a generator with a state: sample `n` always gets the same value, so an utterance
//! always sounds the same, whatever was spoken before it and on however many threads. The nine harmonics' noises are
//! summed by one linear layer; since they are independent, their sum is drawn at once, with the norm of its weights.
//! The random first phases of the original never reach its output (they lie on a sample its resampling skips), so
//! there are none.

use rayon::prelude::*;

use super::config::SAMPLE_RATE;
use super::config::generator::{FFT, HARMONICS, HOP, SAMPLES_PER_PITCH};
use super::spectrum;
use crate::neural::layers::rows::sin_turns;
use crate::neural::layers::signal::Signal;

const AMPLITUDE: f32 = 0.1;
const VOICED_NOISE: f32 = 0.003;
/// Below this pitch a frame is unvoiced.
const VOICED_ABOVE: f32 = 10.0;

/// The layer that mixes the harmonics.
pub struct Source {
    weight: [f32; HARMONICS],
    bias: f32,
}

impl Source {
    #[must_use]
    pub fn new(weight: [f32; HARMONICS], bias: f32) -> Self {
        Self { weight, bias }
    }

    /// Magnitudes above phases of the source's spectrum: `[22, 60 * pitch values + 1]`.
    #[must_use]
    pub fn spectrum(&self, pitch: &[f32]) -> Signal {
        spectrum::analyse(&self.wave(pitch), FFT, HOP)
    }

    /// The source's samples: 300 for each value of the pitch curve.
    #[must_use]
    pub fn wave(&self, pitch: &[f32]) -> Vec<f32> {
        let phases: Vec<Vec<f64>> = (1..=HARMONICS).map(|harmonic| phases(pitch, harmonic)).collect();
        let norm = self.weight.iter().map(|w| w * w).sum::<f32>().sqrt();
        let mut out = vec![0.0; pitch.len() * SAMPLES_PER_PITCH];
        out.par_chunks_mut(SAMPLES_PER_PITCH).enumerate().for_each(|(frame, out)| {
            let voiced = pitch[frame] > VOICED_ABOVE;
            if voiced {
                for (phases, weight) in phases.iter().zip(self.weight) {
                    add_harmonic(phases, frame, weight * AMPLITUDE, out);
                }
            }
            let noise = norm * if voiced { VOICED_NOISE } else { AMPLITUDE / 3.0 };
            for (at, out) in out.iter_mut().enumerate() {
                *out = (*out + noise * gaussian((frame * SAMPLES_PER_PITCH + at) as u64) + self.bias).tanh();
            }
        });
        out
    }
}

/// The harmonic's phase at the middle of each frame, in turns.
fn phases(pitch: &[f32], harmonic: usize) -> Vec<f64> {
    let mut turns = 0.0;
    pitch
        .iter()
        .map(|pitch| {
            let a_sample = f64::from(pitch * harmonic as f32 / SAMPLE_RATE as f32);
            turns += a_sample - a_sample.floor();
            turns * SAMPLES_PER_PITCH as f64
        })
        .collect()
}

/// Adds one harmonic to one frame; its phase runs straight from middle to middle of neighbouring frames.
fn add_harmonic(phases: &[f64], frame: usize, weight: f32, out: &mut [f32]) {
    let (before, behind) = out.split_at_mut(SAMPLES_PER_PITCH / 2);
    let here = phases[frame];
    let previous = frame.checked_sub(1).map_or(here, |frame| phases[frame]);
    let next = phases.get(frame + 1).copied().unwrap_or(here);
    for (half, from, to, first) in [(before, previous, here, 0.5), (behind, here, next, 0.0)] {
        let slope = ((to - from) / SAMPLES_PER_PITCH as f64) as f32;
        // Whole turns go before single precision is enough.
        let start = (from - from.floor()) as f32;
        let offset = first * SAMPLES_PER_PITCH as f32 + 0.5;
        for (at, out) in half.iter_mut().enumerate() {
            let turns = start + slope * (at as f32 + offset);
            *out += weight * sin_turns(turns - turns.round_ties_even());
        }
    }
}

/// The `n`-th value of a fixed sequence of standard normal numbers: SplitMix64 (Steele et al. 2014) over the counter,
/// then Box and Muller's cosine.
#[must_use]
pub fn gaussian(n: u64) -> f32 {
    let mut z = n.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    const UNIT: f64 = 1.0 / 4_294_967_296.0;
    let (first, second) = (((z >> 32) as f64 + 0.5) * UNIT, (z & 0xFFFF_FFFF) as f64 * UNIT);
    ((-2.0 * first.ln()).sqrt() * (second * std::f64::consts::TAU).cos()) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noise_is_normal_and_always_the_same() {
        let count = 100_000_u64;
        let values: Vec<f64> = (0..count).map(|n| f64::from(gaussian(n))).collect();
        let mean = values.iter().sum::<f64>() / count as f64;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count as f64;
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        let tail = values.iter().filter(|x| x.abs() > 1.96).count() as f64 / count as f64;
        assert!((tail - 0.05).abs() < 0.005, "{tail}");
        assert_eq!(gaussian(12_345).to_bits(), gaussian(12_345).to_bits());
    }

    #[test]
    fn a_steady_pitch_gives_a_sine_of_that_pitch() {
        let mut weight = [0.0; HARMONICS];
        weight[0] = 1.0;
        let wave = Source::new(weight, 0.0).wave(&[240.0; 20]);
        // 240 Hz at 24 kHz: a turn is 100 samples.
        for at in 2000..4000 {
            assert!((wave[at] - wave[at + 100]).abs() < 0.03, "{at}");
        }
        let peak = wave[1000..5000].iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
        assert!((0.09..0.12).contains(&peak), "{peak}");
    }

    #[test]
    fn an_unvoiced_stretch_is_noise() {
        let wave = Source::new([0.5; HARMONICS], 0.0).wave(&[0.0; 100]);
        let power = wave.iter().map(|x| x * x).sum::<f32>() / wave.len() as f32;
        // 1.5 (the weights' norm) times a thirtieth.
        assert!((power.sqrt() - 0.05).abs() < 0.003, "{}", power.sqrt());
    }
}
