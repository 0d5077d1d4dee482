//! Cuts the silence a voice leaves before and after a sentence, so that pauses are the narration's own.
//!
//! Invariant: everything louder than the threshold is kept whole, with the margins around it; soft consonants (f, s,
//! h, a final p) lie well below the vowels and live in the margins.

use super::Sound;
use crate::domain::Milliseconds;

/// How silence is told from speech.
#[derive(Clone, Debug, PartialEq)]
pub struct Trim {
    /// What stays below this, in decibels relative to the sentence's own peak, is silence.
    pub threshold_db: f64,
    /// Kept before the first and after the last loud window.
    pub margin_before: Milliseconds,
    pub margin_after: Milliseconds,
    /// The ends are faded over this length, inside the margins.
    pub fade: Milliseconds,
}

impl Default for Trim {
    fn default() -> Self {
        Self {
            threshold_db: -42.0,
            margin_before: Milliseconds(40),
            margin_after: Milliseconds(90),
            fade: Milliseconds(5),
        }
    }
}

/// A sound whose peak stays below this holds nothing (-80 dBFS).
const NOTHING: f32 = 1e-4;

/// Loudness is looked at in windows of this length.
const WINDOW: Milliseconds = Milliseconds(5);

/// The sentence without the silence around it. `None` where all of it is silent.
#[must_use]
pub fn trim(sound: &Sound, how: &Trim) -> Option<Sound> {
    let peak = sound.samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    if peak < NOTHING {
        return None;
    }
    let threshold = peak * 10_f64.powf(how.threshold_db.min(0.0) / 20.0) as f32;
    let window = sound.rate.samples(WINDOW).max(1);
    let is_loud = |samples: &[f32]| samples.iter().any(|sample| sample.abs() >= threshold);
    let first = sound.samples.chunks(window).position(is_loud)? * window;
    let last = sound.samples.chunks(window).rposition(is_loud)? * window + window;

    let start = first.saturating_sub(sound.rate.samples(how.margin_before));
    let end = (last + sound.rate.samples(how.margin_after)).min(sound.samples.len());
    let mut samples = sound.samples[start..end].to_vec();
    fade_ends(&mut samples, sound.rate.samples(how.fade));
    Some(Sound::new(sound.rate, samples))
}

/// Raised-cosine fades; a sound shorter than both has them meet in the middle.
fn fade_ends(samples: &mut [f32], length: usize) {
    let length = length.min(samples.len() / 2);
    let end = samples.len();
    for i in 0..length {
        let gain = 0.5 - 0.5 * (std::f32::consts::PI * i as f32 / length as f32).cos();
        samples[i] *= gain;
        samples[end - 1 - i] *= gain;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Hertz;

    const RATE: Hertz = Hertz(24_000);

    fn tone(milliseconds: u64, level: f32) -> Vec<f32> {
        (0..RATE.samples(Milliseconds(milliseconds))).map(|i| level * (i as f32 * 0.05).sin()).collect()
    }

    fn parts(parts: &[(u64, f32)]) -> Sound {
        Sound::new(RATE, parts.iter().flat_map(|(length, level)| tone(*length, *level)).collect())
    }

    #[test]
    fn silence_goes_and_the_margins_stay() {
        let sound = parts(&[(500, 0.0005), (300, 0.5), (700, 0.0005)]);
        let trimmed = trim(&sound, &Trim::default()).unwrap();
        let length = trimmed.duration().0;
        assert!((425..=445).contains(&length), "300 ms of speech, 40 + 90 ms of margin, got {length} ms");
    }

    #[test]
    fn a_soft_consonant_at_either_end_lives() {
        // 30 ms at -38 dB of the vowel, then one softer than the threshold inside the margin.
        let sound = parts(&[(400, 0.0), (30, 0.0063), (300, 0.5), (60, 0.003), (400, 0.0)]);
        let trimmed = trim(&sound, &Trim::default()).unwrap();
        let kept = |level: f32| trimmed.samples.iter().filter(|s| s.abs() > 0.5 * level && s.abs() <= level).count();
        assert!(kept(0.0063) > RATE.samples(Milliseconds(15)));
        assert!(kept(0.003) > RATE.samples(Milliseconds(30)));
    }

    #[test]
    fn the_ends_are_faded_and_the_middle_is_untouched() {
        let sound = parts(&[(200, 0.5)]);
        let trimmed = trim(&sound, &Trim::default()).unwrap();
        assert_eq!(trimmed.samples.len(), sound.samples.len());
        assert_eq!((trimmed.samples[0], trimmed.samples.last().copied()), (0.0, Some(0.0)));
        assert_eq!(trimmed.samples[200..4600], sound.samples[200..4600]);
    }

    #[test]
    fn what_is_silent_is_nothing() {
        assert_eq!(trim(&parts(&[(500, 0.00005)]), &Trim::default()), None);
        assert_eq!(trim(&Sound::new(RATE, Vec::new()), &Trim::default()), None);
    }

    #[test]
    fn the_shortest_sounds_do_no_harm() {
        for length in 1..5 {
            let sound = Sound::new(RATE, vec![0.5; length]);
            assert_eq!(trim(&sound, &Trim::default()).unwrap().samples.len(), length);
        }
    }
}
