//! `listen`: what Whisper hears in a recording, with times.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use anyhow::{Context, bail, ensure};

use super::models::print_json;
use crate::app::App;
use crate::audio::Sound;
use crate::domain::{Hertz, Language, Milliseconds};
use crate::neural::whisper::WhisperRecognizer;
use crate::ports::{Cancel, Recognizer};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The language that is spoken: vi, en, fr, ...
    #[arg(long)]
    lang: Language,
    /// A WAV file of any rate; several channels are mixed
    file: PathBuf,
    /// The model that listens
    #[arg(long, default_value = "whisper-base")]
    model: String,
    #[arg(long)]
    threads: Option<NonZero<usize>>,
    /// Print JSON with the times and probabilities of words
    #[arg(long)]
    json: bool,
}

/// # Errors
/// A file that is no WAV, weights that are not there, or the engine's own failure.
pub fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let sound = read_wav(&args.file)?;
    let folder = app.weights()?.locate(&args.model)?;
    let threads = args.threads.map_or_else(|| available_parallelism().map_or(1, NonZero::get), NonZero::get);
    let recognizer = WhisperRecognizer::load(&folder, threads)?;
    let heard = recognizer.recognize(&sound, args.lang, &Cancel::new())?;
    if args.json {
        return print_json(&heard);
    }
    for segment in &heard.segments {
        println!("[{} - {}] {}", clock(segment.start), clock(segment.end), segment.text);
    }
    Ok(())
}

fn clock(moment: Milliseconds) -> String {
    let seconds = moment.0 / 1000;
    format!("{:02}:{:02}.{:03}", seconds / 60, seconds % 60, moment.0 % 1000)
}

fn read_wav(path: &Path) -> anyhow::Result<Sound> {
    let named = || format!("{}: a WAV file is expected (`ffmpeg -i IN OUT.wav` makes one)", path.display());
    let reader = hound::WavReader::open(path).with_context(named)?;
    let spec = reader.spec();
    let samples: Vec<f32> = match (spec.sample_format, spec.bits_per_sample) {
        (hound::SampleFormat::Float, 32) => reader.into_samples::<f32>().collect::<Result<_, _>>(),
        (hound::SampleFormat::Int, bits @ 1..=32) => {
            let full = 2_f32.powi(i32::from(bits) - 1);
            reader.into_samples::<i32>().map(|sample| Ok(sample? as f32 / full)).collect()
        }
        (format, bits) => bail!("{}: {bits}-bit {format:?} samples are not read", path.display()),
    }
    .with_context(named)?;
    ensure!(!samples.is_empty(), "{}: there is no sound in it", path.display());
    ensure!(samples.iter().all(|sample| sample.is_finite()), "{}: a sample is no number", path.display());
    let channels = usize::from(spec.channels.max(1));
    let mono = samples.chunks(channels).map(|frame| frame.iter().sum::<f32>() / frame.len() as f32).collect();
    Ok(Sound::new(Hertz(spec.sample_rate), mono))
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
            let sound = read_wav(&path).unwrap();
            assert_eq!((sound.rate, sound.samples.len()), (Hertz(22_050), 100));
            assert_eq!(sound.samples[0], 0.5 / f32::from(channels), "{channels} {format:?} {bits}");
        }
    }

    #[test]
    fn another_kind_of_file_is_named_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mp3");
        std::fs::write(&path, b"ID3\x04 not a wav").unwrap();
        let error = format!("{:#}", read_wav(&path).unwrap_err());
        assert!(error.contains("a.mp3") && error.contains("WAV file is expected"), "{error}");
        wav(&path, 1, hound::SampleFormat::Int, 16);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(read_wav(&path).is_err());
    }
}
