//! `recording`: what people recorded, from the file to a text or the narration of a stop.

use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

use anyhow::{Context, bail};

use super::models::print_json;
use crate::app::App;
use crate::audio::Decoder;
use crate::domain::{Actor, Language, Milliseconds, Passage, Recording, RecordingId, Slug, Stop};
use crate::neural::silero::SileroDetector;
use crate::neural::whisper::WhisperRecognizer;
use crate::pipeline::recordings::{self, Description, HandedIn, Silences};
use crate::pipeline::{self, Outcome, Stage};
use crate::ports::Cancel;
use crate::store::Store;

/// What people recorded: kept, heard, corrected, and then a text or the narration of a stop
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Takes a file in: WAV, MP3, M4A, FLAC, Ogg, Opus or WebM, up to two hours
    Add {
        file: PathBuf,
        /// The language that is spoken.
        #[arg(long)]
        lang: Language,
        /// Who speaks.
        #[arg(long)]
        by: String,
        /// Licence and consent: what the speaker allowed.
        #[arg(long)]
        note: Option<String>,
        /// The stop it is for.
        #[arg(long)]
        stop: Option<Slug>,
        #[arg(long)]
        json: bool,
    },
    /// All recordings, the latest first
    List {
        /// One JSON object a recording.
        #[arg(long)]
        json: bool,
    },
    /// Writes down what is said in a recording, sentence by sentence
    Transcribe {
        id: i64,
        /// The model that listens.
        #[arg(long, default_value = "whisper-base")]
        model: String,
        #[arg(long)]
        threads: Option<NonZero<usize>>,
        /// One JSON object a sentence.
        #[arg(long)]
        json: bool,
    },
    /// Prints the sentences with their times, as lines that `correct` takes back
    Text {
        id: i64,
        /// One JSON object a sentence.
        #[arg(long)]
        json: bool,
    },
    /// Takes corrected lines from standard input; a line given back as it was counts as read
    Correct {
        id: i64,
        /// Who read them.
        #[arg(long)]
        by: String,
    },
    /// Lets a corrected recording narrate a stop, in place of any synthetic voice, and publishes that
    Narrate {
        id: i64,
        /// Without it, the stop the recording was handed in for.
        #[arg(long)]
        stop: Option<Slug>,
        /// Who decides it.
        #[arg(long)]
        by: String,
        #[arg(long)]
        json: bool,
    },
    /// Takes a person's narration from a stop and from the public; `make` then gives a synthetic one
    Withdraw {
        #[arg(long)]
        stop: Slug,
        #[arg(long)]
        lang: Language,
    },
    /// Makes the corrected words the text of a stop, with the recording as its source
    Describe {
        id: i64,
        /// Without it, the stop the recording was handed in for.
        #[arg(long)]
        stop: Option<Slug>,
        /// Only this passage, as `passages` numbers it.
        #[arg(long)]
        passage: Option<NonZero<u32>>,
        #[arg(long)]
        title: Option<String>,
        /// Take the place of a text that a person wrote.
        #[arg(long)]
        replace: bool,
    },
    /// Lists the passages of a long recording, cutting it at long silences the first time
    Passages {
        id: i64,
        /// Cut it anew at silences of at least so many seconds; names given to passages are lost.
        #[arg(long)]
        silence: Option<f64>,
        /// Name this passage: `--speaker` and `--title` say how.
        #[arg(long)]
        name: Option<NonZero<u32>>,
        #[arg(long, requires = "name")]
        speaker: Option<String>,
        #[arg(long, requires = "name")]
        title: Option<String>,
        /// One JSON object a passage.
        #[arg(long)]
        json: bool,
    },
}

/// # Errors
/// A file that cannot be taken, a recording or stop that is not there, weights that are not there, and whatever keeps
/// the words from being used.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let store = app.store().await?;
    match &args.what {
        What::Add { file, lang, by, note, stop, json } => {
            let stop = match stop {
                Some(stop) => Some(stop_of(&store, stop).await?.id),
                None => None,
            };
            let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            let about = HandedIn { name, language: *lang, speaker: by.clone(), note: note.clone(), stop };
            let taken =
                recordings::take_recording(&Actor::named(by), &store, &app.blobs()?, &Decoder::default(), file, &about)
                    .await?;
            if let Some(warning) = &taken.warning {
                eprintln!("{warning}");
            }
            if *json {
                print_json(&taken)?;
            } else {
                let known = if taken.new { "" } else { ", which was here already" };
                println!("recording {}, {}{known}", taken.recording.id, clock(taken.recording.duration));
            }
        }
        What::List { json } => print_lines(&store.recordings().await?, *json, line)?,
        What::Transcribe { id, model, threads, json } => {
            let recording = recording_of(&store, *id).await?;
            let folder = app.weights()?.locate(model)?;
            let threads = threads.map_or_else(|| available_parallelism().map_or(1, NonZero::get), NonZero::get);
            let listener = Arc::new(WhisperRecognizer::load(&folder, threads)?);
            let detector = Arc::new(SileroDetector::load(&app.weights()?.locate("silero-vad")?)?);
            let whole = recording.duration;
            let told = move |done: Milliseconds| eprintln!("heard {} of {}", clock(done), clock(whole));
            let (blobs, decoder, cancel) = (app.blobs()?, Decoder::default(), Cancel::new());
            let heard =
                recordings::transcribe(&store, &blobs, &decoder, (listener, detector), &recording, &cancel, told)
                    .await?;
            if *json {
                print_lines(&heard, true, |_| String::new())?;
            } else {
                std::io::stdout().write_all(recordings::write_lines(&heard).as_bytes())?;
            }
        }
        What::Text { id, json } => {
            let sentences = store.recorded_sentences(recording_of(&store, *id).await?.id).await?;
            if sentences.is_empty() {
                bail!("nothing was heard in recording {id} yet: `thuyetminh recording transcribe {id}`");
            }
            if *json {
                print_lines(&sentences, true, |_| String::new())?;
            } else {
                std::io::stdout().write_all(recordings::write_lines(&sentences).as_bytes())?;
            }
        }
        What::Correct { id, by } => {
            let mut lines = String::new();
            std::io::stdin().read_to_string(&mut lines).context("reading the corrected lines")?;
            let corrections = recordings::read_lines(&lines)?;
            let unread = store.correct_recording(&Actor::named(by), RecordingId(*id), &corrections).await?;
            println!("{} sentences read by {by}, {unread} left", corrections.len());
        }
        What::Narrate { id, stop, by, json } => narrate(&store, app, *id, stop.as_ref(), by, *json).await?,
        What::Withdraw { stop, lang } => withdraw(&store, stop, *lang).await?,
        What::Describe { id, stop, passage, title, replace } => {
            let recording = recording_of(&store, *id).await?;
            let stop = meant(&store, &recording, stop.as_ref()).await?;
            let passage = passage.map(|number| number.get() - 1);
            let how = Description { passage, title: title.clone(), replace: *replace };
            let change = recordings::describe(&store, &Actor::shell(), &recording, &stop, &how).await?;
            println!("{}: {change:?}", stop.slug);
        }
        What::Passages { id, silence, name, speaker, title, json } => {
            let recording = recording_of(&store, *id).await?;
            let mut passages = store.passages(recording.id).await?;
            if passages.is_empty() || silence.is_some() {
                let mut silences = Silences::default();
                if let Some(seconds) = silence {
                    silences.at_least = Milliseconds((seconds.clamp(0.1, 3600.0) * 1000.0) as u64);
                }
                let blobs = app.blobs()?;
                passages = recordings::cut_passages(&store, &blobs, &Decoder::default(), &recording, silences).await?;
            }
            if let Some(number) = name {
                let found = passages.get_mut(number.get() as usize - 1);
                let passage = found.with_context(|| format!("recording {id} has no passage {number}"))?;
                passage.speaker = speaker.clone().or(passage.speaker.take());
                passage.title = title.clone().or(passage.title.take());
                store.put_passages(Some(&Actor::shell()), recording.id, &passages).await?;
            }
            print_lines(&passages, *json, passage_line)?;
        }
    }
    store.close().await;
    Ok(())
}

async fn narrate(store: &Store, app: &App, id: i64, stop: Option<&Slug>, by: &str, json: bool) -> anyhow::Result<()> {
    let recording = recording_of(store, id).await?;
    let stop = meant(store, &recording, stop).await?;
    store.narrate(&Actor::named(by), stop.id, recording.id).await?;
    let workshop = app.workshop().await?;
    let made = pipeline::make_guide(&workshop, &stop, recording.language, &Cancel::new(), &Quiet).await?;
    if json {
        return print_json(&made);
    }
    match made.outcome {
        Outcome::Published { edition } => println!("{} in {}: edition {edition}", stop.slug, recording.language),
        Outcome::UpToDate { edition } => println!("{} in {}: edition {edition} stands", stop.slug, recording.language),
        Outcome::HeldBack { reason } => bail!("{} in {}: {}", stop.slug, recording.language, reason.reason()),
    }
    Ok(())
}

/// Consent that is taken back counts at once: what a person spoke leaves the public with the narration.
async fn withdraw(store: &Store, stop: &Slug, language: Language) -> anyhow::Result<()> {
    let found = stop_of(store, stop).await?;
    if !store.end_narration(&Actor::shell(), found.id, language).await? {
        bail!("no person narrates {stop} in {language}");
    }
    println!("{stop} in {language}: the narration is withdrawn; `thuyetminh make --stop {stop} --lang {language}`");
    Ok(())
}

async fn recording_of(store: &Store, id: i64) -> anyhow::Result<Recording> {
    let missing = || format!("there is no recording {id}: `thuyetminh recording list` shows them");
    store.recording(RecordingId(id)).await?.with_context(missing)
}

async fn stop_of(store: &Store, slug: &Slug) -> anyhow::Result<Stop> {
    store.stop(slug).await?.with_context(|| format!("there is no stop `{slug}`: import it first"))
}

async fn meant(store: &Store, recording: &Recording, slug: Option<&Slug>) -> anyhow::Result<Stop> {
    match (slug, recording.stop) {
        (Some(slug), _) => stop_of(store, slug).await,
        (None, Some(id)) => {
            let found = store.stops().await?.into_iter().find(|stop| stop.id == id);
            found.with_context(|| format!("the stop of recording {} is gone: name one with --stop", recording.id))
        }
        (None, None) => bail!("recording {} was handed in for no stop: name one with --stop", recording.id),
    }
}

fn print_lines<T: serde::Serialize>(items: &[T], json: bool, line: impl Fn(&T) -> String) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for item in items {
        let line = if json { serde_json::to_string(item)? } else { line(item) };
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

fn line(recording: &Recording) -> String {
    let Recording { id, language, speaker, name, state, duration, .. } = recording;
    format!("{id}\t{}\t{language}\t{}\t{speaker}\t{name}", clock(*duration), state.name())
}

fn passage_line(passage: &Passage) -> String {
    let named = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".to_owned());
    let (speaker, title) = (named(&passage.speaker), named(&passage.title));
    format!("{}\t{}\t{}\t{speaker}\t{title}", passage.ordinal + 1, clock(passage.start), clock(passage.end))
}

fn clock(Milliseconds(time): Milliseconds) -> String {
    let seconds = time / 1000;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Mastering says nothing on its way.
struct Quiet;

impl pipeline::Progress for Quiet {
    fn stage(&self, _: Stage) {}
    fn sentence_spoken(&self, _: Milliseconds) {}

    fn clip_heard(&self) {}
}
