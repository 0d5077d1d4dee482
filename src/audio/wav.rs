//! The WAV master: 16-bit PCM, one channel.
//!
//! Samples are rounded to the nearest step without dither. What is kept is speech at -16 LUFS, some 80 dB above the
//! noise of 16 bits, on its way to codecs that add far more of their own; without dither the pauses stay truly silent
//! (and cost Opus almost nothing), and the same samples always give the same bytes with no seed to remember.
//!
//! Invariant: what [`write`] wrote, [`read`] gives back to the bit once samples lie on the 16-bit grid.

use std::io::Cursor;

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

use super::{AudioError, Sound};
use crate::domain::Hertz;

/// Full scale of a 16-bit sample.
const FULL_SCALE: f32 = 32768.0;

/// The sound as a WAV file. Samples beyond full scale are clipped.
///
/// # Errors
/// `BrokenWav` where the sound is too long for a WAV file (4 GiB).
pub fn write(sound: &Sound) -> Result<Vec<u8>, AudioError> {
    let spec =
        WavSpec { channels: 1, sample_rate: sound.rate.0, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut bytes = Cursor::new(Vec::with_capacity(44 + 2 * sound.samples.len()));
    let mut writer = WavWriter::new(&mut bytes, spec).map_err(broken)?;
    for sample in &sound.samples {
        writer.write_sample(to_16_bits(*sample)).map_err(broken)?;
    }
    writer.finalize().map_err(broken)?;
    Ok(bytes.into_inner())
}

/// Reads a WAV file of whole numbers or floats; several channels are averaged into one.
///
/// # Errors
/// `BrokenWav` says what is wrong with the bytes.
pub fn read(bytes: &[u8]) -> Result<Sound, AudioError> {
    let reader = WavReader::new(Cursor::new(bytes)).map_err(broken)?;
    let spec = reader.spec();
    if spec.sample_rate == 0 || spec.channels == 0 {
        return Err(AudioError::BrokenWav("its header gives no rate or no channel".to_owned()));
    }
    let interleaved: Vec<f32> = match spec.sample_format {
        SampleFormat::Float => reader.into_samples::<f32>().collect::<Result<_, _>>().map_err(broken)?,
        SampleFormat::Int => {
            let scale = (1_u64 << (spec.bits_per_sample.clamp(1, 32) - 1)) as f32;
            let samples = reader.into_samples::<i32>().map(|sample| sample.map(|value| value as f32 / scale));
            samples.collect::<Result<_, _>>().map_err(broken)?
        }
    };
    let channels = usize::from(spec.channels);
    let samples = match channels {
        1 => interleaved,
        _ => interleaved.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32).collect(),
    };
    Ok(Sound::new(Hertz(spec.sample_rate), samples))
}

pub(super) fn to_16_bits(sample: f32) -> i16 {
    (sample * FULL_SCALE).round().clamp(-FULL_SCALE, FULL_SCALE - 1.0) as i16
}

pub(super) fn broken(error: hound::Error) -> AudioError {
    AudioError::BrokenWav(error.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ramp(rate: u32) -> Sound {
        Sound::new(Hertz(rate), (-400..400).map(|i| i as f32 * 41.0 / FULL_SCALE).collect())
    }

    #[test]
    fn what_lies_on_the_grid_comes_back_to_the_bit() {
        for rate in [22_050, 24_000] {
            let sound = ramp(rate);
            assert_eq!(read(&write(&sound).unwrap()).unwrap(), sound);
        }
    }

    #[test]
    fn samples_round_to_the_nearest_step_and_clip_at_full_scale() {
        assert_eq!([0.4 / FULL_SCALE, 0.6 / FULL_SCALE, 1.5, -1.5].map(to_16_bits), [0, 1, i16::MAX, i16::MIN]);
    }

    #[test]
    fn a_cut_file_and_no_file_are_clear_errors() {
        let whole = write(&ramp(24_000)).unwrap();
        for cut in [0, 3, 20, 43, whole.len() - 1] {
            let error = read(&whole[..cut]).unwrap_err().to_string();
            assert!(error.starts_with("not a WAV file that can be read: "), "{error}");
        }
        assert!(read(b"ID3\x04 this is no WAV file at all, it is some other thing").is_err());
    }

    #[test]
    fn stereo_is_averaged() {
        let spec = WavSpec { channels: 2, sample_rate: 8000, bits_per_sample: 32, sample_format: SampleFormat::Float };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = WavWriter::new(&mut bytes, spec).unwrap();
        for sample in [1.0_f32, 0.0, -0.5, -0.25] {
            writer.write_sample(sample).unwrap();
        }
        writer.finalize().unwrap();
        assert_eq!(read(&bytes.into_inner()).unwrap().samples, [0.5, -0.375]);
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(at in 0_usize..60, byte: u8, noise in proptest::collection::vec(any::<u8>(), 0..80)) {
            let mut bytes = write(&ramp(24_000)).unwrap();
            bytes[at] = byte;
            let _ = read(&bytes);
            let _ = read(&noise);
        }
    }
}
