//! Sound at the rate an engine hears at, by rubato's FFT resampler.

use rubato::audioadapter_buffers::owned::InterleavedOwned;
use rubato::{Fft, FixedSync, Resampler};

use crate::audio::Sound;
use crate::domain::Hertz;
use crate::ports::EngineError;

const CHUNK: usize = 1024;

/// The samples at `rate`. Their number is that of the same duration, rounded up.
///
/// # Errors
/// `BadInput` for a rate that cannot be converted.
pub fn to_rate(sound: &Sound, rate: Hertz) -> Result<Vec<f32>, EngineError> {
    if sound.rate == rate {
        return Ok(sound.samples.clone());
    }
    let bad = |error: &dyn std::fmt::Display| EngineError::BadInput {
        engine: super::ENGINE.to_owned(),
        what: format!("a sound at {} Hz cannot be brought to {} Hz: {error}", sound.rate.0, rate.0),
    };
    let mut resampler = Fft::<f32>::new(sound.rate.0 as usize, rate.0 as usize, CHUNK, 1, FixedSync::Input)
        .map_err(|error| bad(&error))?;
    let frames = sound.samples.len();
    let input = InterleavedOwned::new_from(sound.samples.clone(), 1, frames).map_err(|error| bad(&error))?;
    let output = resampler.process_all(&input, frames, None).map_err(|error| bad(&error))?;
    Ok(output.take_data())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_keeps_its_pitch_its_strength_and_its_length() {
        for from in [8_000_u32, 22_050, 24_000, 44_100, 48_000] {
            let tone = |rate: u32| {
                let samples = (0..rate).map(|n| (n as f32 / rate as f32 * 440.0 * std::f32::consts::TAU).sin() * 0.5);
                Sound::new(Hertz(rate), samples.collect())
            };
            let heard = to_rate(&tone(from), Hertz(16_000)).unwrap();
            assert_eq!(heard.len(), 16_000);
            let expected = tone(16_000).samples;
            let middle = 2_000..14_000;
            let worst = middle.map(|n| (heard[n] - expected[n]).abs()).fold(0.0_f32, f32::max);
            // The resampler's delay is cut off in whole samples: half a sample of this tone at its steepest is 0.043.
            assert!(worst < 0.045, "{from} Hz: {worst}");
        }
    }
}
