//! `listen`: what Whisper hears in a recording, with times.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread::available_parallelism;

use super::models::print_json;
use super::sound_file;
use crate::app::App;
use crate::domain::{Language, Milliseconds};
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
    let sound = sound_file::read(&args.file)?;
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
