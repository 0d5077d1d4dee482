//! `bench-listen`: hears clips, or checks them whole, and says how long they took; `scripts/bench-listen` talks to it line
//! by line, so that its rounds and a peer's alternate on one machine. Not shown in the help: nobody else needs it.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use anyhow::anyhow;

use super::sound_file;
use crate::app::phonemizer_of;
use crate::audio::Sound;
use crate::domain::Language;
use crate::neural::silero::SileroDetector;
use crate::neural::whisper::WhisperRecognizer;
use crate::pipeline::{Ear, EnginesEar, Reading};
use crate::ports::{Cancel, Recognizer};
use crate::text::hearing::Meant;

/// For each line of standard input, a JSON list of clips, works on them, one on each thread at a time, and prints one
/// JSON object. A clip is a list of a language, a WAV file and, where it is to be checked and not only heard, its text.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of the model that hears.
    #[arg(long)]
    weights: PathBuf,
    /// The folder of the detector of voices, for checks.
    #[arg(long)]
    detector: PathBuf,
    #[arg(long, default_value_t = 2)]
    threads: usize,
}

struct Clip {
    language: Language,
    sound: Sound,
    text: Option<String>,
}

/// # Errors
/// Weights or clips that are missing or damaged, standard input or output that break.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let recognizer = Arc::new(WhisperRecognizer::load(&args.weights, 1)?);
    let detector = Arc::new(SileroDetector::load(&args.detector)?);
    let mut ears = HashMap::new();
    for language in Language::all() {
        let phonemizer = phonemizer_of(language)?;
        let ear = EnginesEar::new(language, recognizer.clone(), detector.clone(), phonemizer, 1);
        ears.insert(language, (Reading::plain(language), ear));
    }
    let mut answers = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let asked: Vec<(Language, PathBuf, Option<String>)> = serde_json::from_str(&line?)?;
        let clips = asked.into_iter().map(|(language, path, text)| {
            let sound = sound_file::read(&path)?;
            Ok(Clip { language, sound, text })
        });
        let clips = clips.collect::<anyhow::Result<Vec<Clip>>>()?;
        let one = |clip: &Clip| match &clip.text {
            Some(text) => check(&ears[&clip.language], clip, text),
            None => Ok(recognizer.recognize(&clip.sound, clip.language, &Cancel::new())?.text),
        };
        let started = Instant::now();
        let texts = side_by_side(&clips, args.threads, &one)?;
        let answer = serde_json::json!({ "seconds": started.elapsed().as_secs_f64(), "texts": texts });
        writeln!(answers, "{answer}")?;
        answers.flush()?;
    }
    Ok(())
}

/// What was heard, behind the verdict.
fn check((reading, ear): &(Reading, EnginesEar), clip: &Clip, text: &str) -> anyhow::Result<String> {
    let spoken = reading.read(text).written();
    let meant = Meant { language: clip.language, written: text, spoken: &spoken, names: &[] };
    let hearing = ear.hear(&clip.sound, &meant, &Cancel::new())?;
    Ok(format!("{:?}: {}", hearing.verdict, hearing.heard))
}

/// The answers in the order of the clips; each thread takes the next clip when it is done with one.
fn side_by_side(
    clips: &[Clip],
    threads: usize,
    one: &(dyn Fn(&Clip) -> anyhow::Result<String> + Sync),
) -> anyhow::Result<Vec<String>> {
    let next = Mutex::new(clips.iter().enumerate());
    let work = || -> anyhow::Result<Vec<(usize, String)>> {
        let mut done = Vec::new();
        loop {
            let clip = next.lock().map_err(|_| anyhow!("another thread panicked"))?.next();
            let Some((at, clip)) = clip else { return Ok(done) };
            done.push((at, one(clip)?));
        }
    };
    let mut done = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let results = threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a thread panicked"))?);
        results.collect::<anyhow::Result<Vec<_>>>().map(|parts| parts.concat())
    })?;
    done.sort_unstable();
    Ok(done.into_iter().map(|(_, text)| text).collect())
}
