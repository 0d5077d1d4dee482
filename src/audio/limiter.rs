//! A look-ahead limiter for true peaks: the gain comes down before the peak arrives and goes up after it has passed,
//! both over [`REACH`], so that a peak is turned down and not bent.
//!
//! True peaks are those of the wave between the samples, estimated as ITU-R BS.1770-4 annex 2 does: four times
//! oversampled by a polyphase filter of 12 taps a phase.
//!
//! Invariant: at every sample, gain x local true peak <= ceiling.

use std::collections::VecDeque;
use std::f64::consts::PI;

use super::{AudioError, Tape};
use crate::domain::{Hertz, Milliseconds};

/// Over this length the gain comes down, stays, stays, and goes up: two periods of a deep voice, so that its wave keeps
/// its shape.
const REACH: Milliseconds = Milliseconds(20);

const PHASES: usize = 4;
/// Samples on either side that a point between two samples is computed from.
const SIDE: usize = 6;

/// The true peak around each sample: of the sample itself and of the wave up to its two neighbours.
pub(super) fn local_true_peaks(samples: &[f32]) -> Vec<f32> {
    let filters = interpolators();
    let mut padded = vec![0.0; samples.len() + 2 * SIDE];
    padded[SIDE..SIDE + samples.len()].copy_from_slice(samples);
    let mut peaks: Vec<f32> = samples.iter().map(|sample| sample.abs()).collect();
    for i in 0..samples.len() {
        // The points between sample i and sample i + 1 weigh the SIDE samples up to i and the SIDE after it.
        let around = &padded[i + 1..i + 1 + 2 * SIDE];
        let between = filters
            .iter()
            .map(|filter| filter.iter().zip(around).map(|(weight, sample)| weight * sample).sum::<f32>().abs())
            .fold(0.0, f32::max);
        peaks[i] = peaks[i].max(between);
        if let Some(next) = peaks.get_mut(i + 1) {
            *next = next.max(between);
        }
    }
    peaks
}

/// Hann-windowed sinc filters for the points at 1/4, 2/4 and 3/4 between two samples, each of unit sum.
fn interpolators() -> [[f32; 2 * SIDE]; PHASES - 1] {
    std::array::from_fn(|phase| {
        let point = (phase + 1) as f64 / PHASES as f64 + (SIDE - 1) as f64;
        let weights: [f64; 2 * SIDE] = std::array::from_fn(|tap| {
            let x = tap as f64 - point;
            let window = (PI * x / (2 * SIDE) as f64).cos().powi(2);
            (PI * x).sin() / (PI * x) * window
        });
        let sum: f64 = weights.iter().sum();
        weights.map(|weight| (weight / sum) as f32)
    })
}

/// The gain for each sample, at most `gain`, that keeps the local true peaks `peaks` under `ceiling`.
pub(super) fn limiting_gain(peaks: &[f32], gain: f32, ceiling: f32, rate: Hertz) -> Vec<f32> {
    let allowed: Vec<f32> =
        peaks.iter().map(|peak| if gain * peak > ceiling { ceiling / peak } else { gain }).collect();
    if allowed.iter().all(|allowed| *allowed == gain) {
        return allowed;
    }
    let reach = rate.samples(REACH).max(2);
    // The mean of minima that all look far enough to see this sample never exceeds what this sample allows.
    let mut smooth = lowest_within(&allowed, reach);
    for half in [reach / 2, reach - reach / 2] {
        smooth = mean_within(&smooth, half);
    }
    smooth.iter().zip(&allowed).map(|(smooth, allowed)| smooth.min(*allowed)).collect()
}

/// How much of a long sound is limited at once.
const STRETCH: Milliseconds = Milliseconds(30_000);

/// A long sound with its true peaks limited: `gain` and `ceiling` as in [`limiting_gain`]. Gives the samples to `sink`
/// stretch by stretch; each is worked out with as much around it as the gain looks at.
pub(super) fn limit(
    tape: &mut Tape,
    gain: f32,
    ceiling: f32,
    mut sink: impl FnMut(&[f32]) -> Result<(), AudioError>,
) -> Result<(), AudioError> {
    let rate = tape.rate();
    let around = (2 * rate.samples(REACH).max(2) + 2 * SIDE) as u64;
    let stretch = rate.samples(STRETCH).max(1) as u64;
    let mut at = 0;
    while at < tape.samples() {
        let from = at.saturating_sub(around);
        let sound = tape.read(from, at + stretch + around)?;
        let gains = limiting_gain(&local_true_peaks(&sound.samples), gain, ceiling, rate);
        let inside = sound.samples.iter().zip(gains).skip((at - from) as usize).take(stretch as usize);
        let limited: Vec<f32> = inside.map(|(sample, gain)| sample * gain).collect();
        sink(&limited)?;
        at += stretch;
    }
    Ok(())
}

/// The least value within `reach` on either side.
fn lowest_within(values: &[f32], reach: usize) -> Vec<f32> {
    let mut rising: VecDeque<usize> = VecDeque::new();
    let mut lowest = Vec::with_capacity(values.len());
    for i in 0..values.len() + reach {
        if let Some(value) = values.get(i) {
            while rising.back().is_some_and(|last| values[*last] >= *value) {
                rising.pop_back();
            }
            rising.push_back(i);
        }
        if i >= reach {
            while rising.front().is_some_and(|first| first + 2 * reach < i) {
                rising.pop_front();
            }
            lowest.push(rising.front().map_or(f32::MAX, |first| values[*first]));
        }
    }
    lowest
}

/// The mean within `reach` on either side; past the ends the end values go on.
fn mean_within(values: &[f32], reach: usize) -> Vec<f32> {
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return Vec::new() };
    let at = |i: usize| f64::from(*values.get(i).unwrap_or(last));
    let before = |i: usize| if i > reach { at(i - reach - 1) } else { f64::from(*first) };
    let mut sum = f64::from(*first) * (reach + 1) as f64 + (0..reach).map(at).sum::<f64>();
    (0..values.len())
        .map(|i| {
            sum += at(i + reach) - before(i);
            (sum / (2 * reach + 1) as f64) as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATE: Hertz = Hertz(24_000);

    #[test]
    fn the_peak_between_samples_is_found() {
        // A quarter of the rate, sampled 45 degrees off its crests: every sample is 0.707 of the peak.
        let samples: Vec<f32> = (0..400).map(|i| ((f64::from(i) / 2.0 + 0.25) * PI).sin() as f32).collect();
        let peaks = local_true_peaks(&samples);
        assert!(samples.iter().all(|s| s.abs() < 0.708));
        assert!(peaks[50..350].iter().all(|p| (0.98..1.02).contains(p)), "{:?}", &peaks[100..110]);
    }

    #[test]
    fn quiet_sound_only_gets_the_gain() {
        assert_eq!(limiting_gain(&[0.1, 0.2, 0.1], 2.0, 0.8, RATE), [2.0, 2.0, 2.0]);
    }

    #[test]
    fn the_gain_comes_down_ahead_of_a_peak_and_recovers() {
        let mut peaks = vec![0.3; 4000];
        peaks[2000] = 1.0;
        let gain = limiting_gain(&peaks, 1.0, 0.5, RATE);
        assert_eq!(gain[2000], 0.5);
        assert!(gain[1000] == 1.0 && gain[3000] == 1.0);
        let steepest = gain.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(steepest < 0.005, "0.5 over 20 ms is gentle, the steepest step is {steepest}");
    }

    #[test]
    fn windows_are_what_they_say() {
        assert_eq!(lowest_within(&[5.0, 1.0, 4.0, 3.0, 6.0], 1), [1.0, 1.0, 1.0, 3.0, 3.0]);
        assert_eq!(mean_within(&[3.0, 6.0, 9.0], 1), [4.0, 6.0, 8.0]);
        assert!(mean_within(&[], 1).is_empty() && lowest_within(&[], 1).is_empty());
    }

    proptest! {
        #[test]
        fn no_peak_passes_the_ceiling(peaks in proptest::collection::vec(0.0_f32..3.0, 0..900), gain in 0.1_f32..20.0) {
            let gains = limiting_gain(&peaks, gain, 0.8, Hertz(8000));
            prop_assert_eq!(gains.len(), peaks.len());
            for (g, peak) in gains.iter().zip(&peaks) {
                prop_assert!(g * peak <= 0.8 + 1e-6 && *g <= gain && *g >= 0.0);
            }
        }
    }
}
