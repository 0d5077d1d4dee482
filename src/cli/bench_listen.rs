//! `bench-listen`: hears clips and says how long they took; `scripts/bench-listen` talks to it line by line, so that its
//! rounds and a peer's alternate on one machine. Not shown in the help: nobody else needs it.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::anyhow;

use super::sound_file;
use crate::audio::Sound;
use crate::domain::Language;
use crate::neural::whisper::WhisperRecognizer;
use crate::ports::{Cancel, Recognizer};

/// For each line of standard input, a JSON list of pairs of a language and a WAV file, hears these clips, one on each
/// thread at a time, and prints one JSON object.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The model's folder.
    #[arg(long)]
    weights: PathBuf,
    #[arg(long, default_value_t = 2)]
    threads: usize,
}

/// # Errors
/// Weights or clips that are missing or damaged, standard input or output that break.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let recognizer = WhisperRecognizer::load(&args.weights, 1)?;
    let mut answers = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let asked: Vec<(Language, PathBuf)> = serde_json::from_str(&line?)?;
        let clips = asked.iter().map(|(language, path)| Ok((*language, sound_file::read(path)?)));
        let clips: Vec<(Language, Sound)> = clips.collect::<anyhow::Result<_>>()?;
        let started = Instant::now();
        let texts = hear(&recognizer, &clips, args.threads)?;
        let answer = serde_json::json!({ "seconds": started.elapsed().as_secs_f64(), "texts": texts });
        writeln!(answers, "{answer}")?;
        answers.flush()?;
    }
    Ok(())
}

/// The texts, in the order of the clips; each thread takes the next clip when it is done with one.
fn hear(recognizer: &dyn Recognizer, clips: &[(Language, Sound)], threads: usize) -> anyhow::Result<Vec<String>> {
    let next = Mutex::new(clips.iter().enumerate());
    let work = || -> anyhow::Result<Vec<(usize, String)>> {
        let mut heard = Vec::new();
        loop {
            let clip = next.lock().map_err(|_| anyhow!("another thread panicked"))?.next();
            let Some((at, (language, sound))) = clip else { return Ok(heard) };
            heard.push((at, recognizer.recognize(sound, *language, &Cancel::new())?.text));
        }
    };
    let mut heard = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let results = threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a thread panicked"))?);
        results.collect::<anyhow::Result<Vec<_>>>().map(|parts| parts.concat())
    })?;
    heard.sort_unstable();
    Ok(heard.into_iter().map(|(_, text)| text).collect())
}
