//! `listen`: what Whisper hears in a recording, with times.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread::available_parallelism;

use serde::Serialize;

use super::models::print_json;
use super::sound_file;
use crate::app::App;
use crate::audio::Sound;
use crate::domain::{Language, Milliseconds};
use crate::neural::silero::SileroDetector;
use crate::neural::whisper::WhisperRecognizer;
use crate::pipeline::listen::{Heard, Listening};
use crate::ports::{Cancel, HeardSegment, Recognizer, Transcript};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The language that is spoken: vi, en, fr, ...; without it, the speech itself tells
    #[arg(long)]
    lang: Option<Language>,
    /// A recording in any usual form; several channels are mixed
    file: PathBuf,
    /// The model that listens
    #[arg(long, default_value = "whisper-base")]
    model: String,
    #[arg(long)]
    threads: Option<NonZero<usize>>,
    /// Hear the recording as it is: do not look for speech first, so that silence and noise are heard too
    #[arg(long)]
    no_vad: bool,
    /// Print JSON with the language, and the times and probabilities of words
    #[arg(long)]
    json: bool,
}

/// What JSON says.
#[derive(Serialize)]
struct Answer {
    language: Option<Language>,
    /// Of the language, where it was not given.
    probability: Option<f32>,
    #[serde(flatten)]
    heard: Transcript,
}

/// # Errors
/// A file that is no sound, weights that are not there, or the engine's own failure.
pub fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let sound = sound_file::read(&args.file)?;
    let weights = app.weights()?;
    let threads = args.threads.or_else(|| available_parallelism().ok()).unwrap_or(NonZero::<usize>::MIN);
    let model = weights.locate(&args.model)?;
    let Heard { language, probability, transcript } = if args.no_vad {
        whole(&WhisperRecognizer::load(&model, threads.get())?, &sound, args)?
    } else {
        // One thread for each of many windows beats many threads on one.
        let recognizer = WhisperRecognizer::load(&model, 1)?;
        let detector = SileroDetector::load(&weights.locate("silero-vad")?)?;
        let listening = Listening::begin(&recognizer, &detector, sound.rate, args.lang)?.workers(threads);
        speech(listening, &sound, args)?
    };
    if args.json {
        return print_json(&Answer { language, probability, heard: transcript });
    }
    if let (Some(language), Some(probability)) = (language, probability) {
        eprintln!("language: {language} ({:.0} %)", probability * 100.0);
    }
    Ok(())
}

/// Hears the stretches of speech, and says on standard error how far it is.
fn speech(mut listening: Listening<'_>, sound: &Sound, args: &Args) -> anyhow::Result<Heard> {
    let cancel = Cancel::new();
    let minute = sound.rate.samples(Milliseconds(60_000)).max(1);
    let mut told = 0;
    for (minutes, samples) in sound.samples.chunks(minute).enumerate() {
        let segments = listening.take(samples, &cancel)?;
        told += segments.len();
        tell(segments, args);
        if minutes > 0 {
            let heard = sound.rate.duration(minutes * minute + samples.len());
            eprintln!("listened to {} of {}", clock(heard), clock(sound.duration()));
        }
    }
    let heard = listening.finish(&cancel)?;
    tell(heard.transcript.segments.get(told..).unwrap_or_default(), args);
    Ok(heard)
}

/// Hears everything, silence too.
fn whole(recognizer: &WhisperRecognizer, sound: &Sound, args: &Args) -> anyhow::Result<Heard> {
    let cancel = Cancel::new();
    let (language, probability) = match args.lang {
        Some(language) => (language, None),
        None => recognizer.detect(sound, &cancel).map(|(language, probability)| (language, Some(probability)))?,
    };
    let transcript = recognizer.recognize(sound, language, &cancel)?;
    tell(&transcript.segments, args);
    Ok(Heard { language: Some(language), probability, transcript })
}

fn tell(segments: &[HeardSegment], args: &Args) {
    if !args.json {
        for segment in segments {
            println!("[{} - {}] {}", clock(segment.start), clock(segment.end), segment.text);
        }
    }
}

fn clock(moment: Milliseconds) -> String {
    let seconds = moment.0 / 1000;
    format!("{:02}:{:02}.{:03}", seconds / 60, seconds % 60, moment.0 % 1000)
}
