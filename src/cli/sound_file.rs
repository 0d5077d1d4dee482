//! Recordings that a person hands to a command.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, ensure};

use crate::audio::{Decoder, Sound, wav};
use crate::domain::Hertz;

/// What recognisers hear at.
const RATE: Hertz = Hertz(16_000);

/// A WAV file of any rate and kind of sample, as it is, with its channels mixed; any other form by the decoder.
///
/// # Errors
/// A file that cannot be read, is no sound, holds none or holds samples that are no numbers; it is named.
pub(super) fn read(path: &Path) -> anyhow::Result<Sound> {
    let mut head = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(4).read_to_end(&mut head))
        .with_context(|| format!("cannot read {}", path.display()))?;
    if head != b"RIFF" {
        return Ok(Decoder::default().read_sound(path, RATE)?);
    }
    let named = || path.display().to_string();
    let sound = wav::read(&std::fs::read(path).with_context(named)?).with_context(named)?;
    ensure!(!sound.samples.is_empty(), "{}: there is no sound in it", path.display());
    ensure!(sound.samples.iter().all(|sample| sample.is_finite()), "{}: a sample is no number", path.display());
    Ok(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(path: &Path, channels: u16, sample_format: hound::SampleFormat, bits_per_sample: u16) {
        let spec = hound::WavSpec { channels, sample_rate: 22_050, bits_per_sample, sample_format };
        let mut writer = hound::WavWriter::create(path, spec).unwrap();
        for _ in 0..100 {
            for channel in 0..channels {
                let value = if channel == 0 { 0.5_f32 } else { 0.0 };
                match sample_format {
                    hound::SampleFormat::Float => writer.write_sample(value).unwrap(),
                    hound::SampleFormat::Int => {
                        writer.write_sample((value * 2_f32.powi(i32::from(bits_per_sample) - 1)) as i32).unwrap();
                    }
                }
            }
        }
        writer.finalize().unwrap();
    }

    #[test]
    fn every_kind_of_wav_is_read_and_channels_are_mixed() {
        use hound::SampleFormat::{Float, Int};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        for (channels, format, bits) in
            [(1, Int, 8), (1, Int, 16), (2, Int, 16), (2, Int, 24), (1, Int, 32), (2, Float, 32)]
        {
            wav(&path, channels, format, bits);
            let sound = read(&path).unwrap();
            assert_eq!((sound.rate, sound.samples.len()), (Hertz(22_050), 100));
            assert_eq!(sound.samples[0], 0.5 / f32::from(channels), "{channels} {format:?} {bits}");
        }
    }

    #[test]
    fn another_kind_of_file_is_named_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mp3");
        std::fs::write(&path, b"ID3\x04 not a wav").unwrap();
        let error = format!("{:#}", read(&path).unwrap_err());
        assert!(error.contains("a.mp3"), "{error}");
        wav(&path, 1, hound::SampleFormat::Int, 16);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(read(&path).is_err());
    }
}
