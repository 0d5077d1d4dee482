//! Whether a sound stops in the middle of speech: a voice dies away, a cut clip ends as loud as it was.
//!
//! A recogniser does not notice: it knows how sentences end, and writes down the syllables that the clip lacks.

use super::Sound;
use crate::domain::Milliseconds;

/// Loudness is looked at in windows of this length; the last one tells.
const WINDOW: Milliseconds = Milliseconds(20);
/// Of the windows so many in ten are quieter than the speech's own level.
const LEVEL: usize = 9;
/// So many decibels under that level a sound has died away. Of 350 clips of neural voices and espeak-ng none ended above
/// -90 dB; cut in speech they end above -25 dB.
const DIED_AWAY_DB: f32 = -30.0;
/// A sound whose level stays below this holds nothing (-80 dBFS).
const NOTHING: f32 = 1e-4;

/// Whether the last moment of the sound is about as loud as its speech. Never so for a silent or an empty sound.
#[must_use]
pub fn breaks_off(sound: &Sound) -> bool {
    let window = sound.rate.samples(WINDOW).max(1);
    let level = |samples: &[f32]| (samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32).sqrt();
    // Counted from the end, so that the last window is a whole one.
    let mut levels: Vec<f32> = sound.samples.rchunks(window).map(level).collect();
    let Some(last) = levels.first().copied() else { return false };
    levels.sort_by(f32::total_cmp);
    let speech = levels[(levels.len() - 1) * LEVEL / 10];
    speech >= NOTHING && last > speech * 10_f32.powf(DIED_AWAY_DB / 20.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Hertz;
    use proptest::prelude::*;

    const RATE: Hertz = Hertz(24_000);

    fn voice(milliseconds: u64) -> Vec<f32> {
        (0..RATE.samples(Milliseconds(milliseconds))).map(|i| 0.3 * (i as f32 * 0.05).sin()).collect()
    }

    #[test]
    fn what_dies_away_is_whole_and_what_stops_is_not() {
        let mut whole = voice(1_500);
        let cut = Sound::new(RATE, whole.clone());
        assert!(breaks_off(&cut));
        let length = whole.len();
        for (place, sample) in whole.iter_mut().enumerate().skip(length - 3_600) {
            *sample *= (-((place + 3_600 - length) as f32) / 300.0).exp();
        }
        assert!(!breaks_off(&Sound::new(RATE, whole.clone())));
        whole.extend(vec![1e-4; 2_400]);
        assert!(!breaks_off(&Sound::new(RATE, whole)), "the noise of a room is no speech");
    }

    #[test]
    fn silence_and_nothing_do_not_break_off() {
        assert!(!breaks_off(&Sound::new(RATE, Vec::new())));
        assert!(!breaks_off(&Sound::new(RATE, vec![3e-5; 24_000])));
    }

    proptest! {
        #[test]
        fn any_samples_are_judged(samples in prop::collection::vec(-1.0_f32..1.0, 0..3_000), rate in 0_u32..50_000) {
            let _ = breaks_off(&Sound::new(Hertz(rate), samples));
        }
    }
}
