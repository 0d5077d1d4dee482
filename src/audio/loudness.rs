//! Loudness after EBU R 128: measured, and brought to where a phone outdoors can be heard.
//!
//! One channel is measured as dual mono, since phones and headphones play it on both sides: measured as a single
//! channel it would read 3 LU too low.

use ebur128::{Channel, EbuR128, Mode};

use super::limiter::{limiting_gain, local_true_peaks};
use super::{AudioError, Sound};
use crate::domain::{Hertz, Lufs};

/// What a meter reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudness {
    pub integrated: Lufs,
    /// In dBTP.
    pub true_peak: f64,
}

/// What a sound is brought to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    pub integrated: Lufs,
    /// How far, in LU, the integrated loudness may miss.
    pub tolerance: f64,
    /// The highest true peak, in dBTP.
    pub true_peak: f64,
}

impl Default for Target {
    fn default() -> Self {
        Self { integrated: Lufs(-16.0), tolerance: 1.0, true_peak: -1.0 }
    }
}

impl Target {
    #[must_use]
    pub fn is_met(&self, loudness: &Loudness) -> bool {
        (loudness.integrated.0 - self.integrated.0).abs() <= self.tolerance && loudness.true_peak <= self.true_peak
    }
}

/// Good enough to stop turning the knob, in LU.
const CLOSE: f64 = 0.1;

/// Limiting takes loudness away, which asks for more gain, which asks for more limiting: speech settles in two or
/// three turns.
const TURNS: usize = 12;

/// Reads the loudness of a sound that comes piece by piece.
pub(super) struct Meter(EbuR128);

impl Meter {
    pub(super) fn new(rate: Hertz) -> Result<Self, AudioError> {
        let mut meter = EbuR128::new(1, rate.0, Mode::I | Mode::TRUE_PEAK)?;
        meter.set_channel(0, Channel::DualMono)?;
        Ok(Self(meter))
    }

    pub(super) fn add(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        Ok(self.0.add_frames_f32(samples)?)
    }

    pub(super) fn read(&self) -> Result<Loudness, AudioError> {
        let integrated = self.0.loudness_global()?;
        if !integrated.is_finite() {
            return Err(AudioError::NoLoudness);
        }
        Ok(Loudness { integrated: Lufs(integrated), true_peak: decibels(self.0.true_peak(0)?) })
    }
}

/// Integrated loudness and true peak.
///
/// # Errors
/// `NoLoudness` where the sound is silent or shorter than 400 ms; `Meter` where the rate cannot be measured.
pub fn measure(sound: &Sound) -> Result<Loudness, AudioError> {
    let mut meter = Meter::new(sound.rate)?;
    meter.add(&sound.samples)?;
    meter.read()
}

/// The sound at the target's loudness, its true peaks limited where the gain would take them past the ceiling.
///
/// # Errors
/// As [`measure`]; `OffTarget` where the sound is nothing but peaks, so that no gain brings both together.
pub fn normalize(sound: &Sound, target: &Target) -> Result<(Sound, Loudness), AudioError> {
    let peaks = local_true_peaks(&sound.samples);
    let mut result = Sound::new(sound.rate, Vec::new());
    let loudness = settle(target, measure(sound)?.integrated, |gain, ceiling| {
        let gains = limiting_gain(&peaks, gain, ceiling, sound.rate);
        result.samples = sound.samples.iter().zip(gains).map(|(sample, gain)| sample * gain).collect();
        measure(&result)
    })?;
    Ok((result, loudness))
}

/// Turns gain and ceiling, both ratios, until what `render` makes of them meets the target. The last thing rendered is
/// the one that does.
pub(super) fn settle(
    target: &Target,
    before: Lufs,
    mut render: impl FnMut(f32, f32) -> Result<Loudness, AudioError>,
) -> Result<Loudness, AudioError> {
    let mut gain = target.integrated.0 - before.0;
    let mut ceiling = target.true_peak;
    let mut turn = 0;
    loop {
        let loudness = render(ratio(gain), ratio(ceiling))?;
        let missing = target.integrated.0 - loudness.integrated.0;
        let above = loudness.true_peak - target.true_peak;
        turn += 1;
        if (missing.abs() <= CLOSE && above <= 0.0) || (turn >= TURNS && target.is_met(&loudness)) {
            return Ok(loudness);
        }
        if turn >= TURNS {
            return Err(off_target("sound", &loudness, target));
        }
        gain += missing;
        // The meter's filter differs from the limiter's in the last tenth of a decibel.
        if above > 0.0 {
            ceiling -= above + 0.01;
        }
    }
}

/// The error that says what was measured and what was wanted.
pub(super) fn off_target(what: &'static str, loudness: &Loudness, target: &Target) -> AudioError {
    AudioError::OffTarget {
        what,
        loudness: loudness.integrated,
        true_peak: loudness.true_peak,
        wanted: target.integrated,
        ceiling: target.true_peak,
    }
}

fn ratio(decibels: f64) -> f32 {
    10_f64.powf(decibels / 20.0) as f32
}

fn decibels(ratio: f64) -> f64 {
    20.0 * ratio.log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Hertz = Hertz(24_000);

    fn sine(frequency: f64, level: f64, seconds: usize) -> Sound {
        let step = std::f64::consts::TAU * frequency / f64::from(RATE.0);
        Sound::new(RATE, (0..seconds * 24_000).map(|i| (level * (i as f64 * step).sin()) as f32).collect())
    }

    /// Something as peaky as speech: a tone in syllables, with a knock twice a second.
    fn knocking(level: f64) -> Sound {
        let mut sound = sine(220.0, level, 10);
        for (i, sample) in sound.samples.iter_mut().enumerate() {
            *sample *= (i as f32 / 24_000.0 * 4.0 * std::f32::consts::PI).sin().abs();
            if i % 12_000 < 24 {
                *sample = if i % 6 < 3 { 9.0 * level as f32 } else { -9.0 * level as f32 };
            }
        }
        sound
    }

    #[test]
    fn a_full_scale_kilohertz_on_both_sides_reads_zero() {
        // BS.1770: a 997 Hz sine at full scale on one channel reads -3.01 LKFS, so on two it reads 0.
        let loudness = measure(&sine(997.0, 1.0, 5)).unwrap();
        assert!(loudness.integrated.0.abs() < 0.1, "{loudness:?}");
        assert!(loudness.true_peak.abs() < 0.1, "{loudness:?}");
    }

    #[test]
    fn quiet_and_loud_speech_come_to_the_target() {
        for level in [0.001, 0.02, 0.1] {
            let (sound, loudness) = normalize(&knocking(level), &Target::default()).unwrap();
            assert!((loudness.integrated.0 + 16.0).abs() <= 0.1, "{loudness:?}");
            assert!(loudness.true_peak <= -1.0, "{loudness:?}");
            assert_eq!(measure(&sound).unwrap(), loudness);
        }
    }

    #[test]
    fn without_peaks_in_the_way_all_samples_get_one_gain() {
        let quiet = sine(300.0, 0.01, 3);
        let (loud, _) = normalize(&quiet, &Target::default()).unwrap();
        let gain = loud.samples[20] / quiet.samples[20];
        assert!(loud.samples.iter().zip(&quiet.samples).all(|(a, b)| (a - gain * b).abs() < 1e-6));
    }

    #[test]
    fn silence_and_clicks_are_errors() {
        assert!(matches!(normalize(&sine(300.0, 0.0, 3), &Target::default()), Err(AudioError::NoLoudness)));
        assert!(matches!(measure(&Sound::new(RATE, vec![0.5; 2000])), Err(AudioError::NoLoudness)));
        let mut clicks = sine(300.0, 0.0, 3);
        for sample in clicks.samples.iter_mut().step_by(4000) {
            *sample = 0.9;
        }
        assert!(matches!(normalize(&clicks, &Target::default()), Err(AudioError::OffTarget { .. })));
    }
}
