//! `check`: whether a recording says its text, by what Whisper hears in it.

use std::collections::HashMap;
use std::io::Write;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;

use anyhow::{Context, bail};
use serde::Serialize;

use super::sound_file;
use crate::app::{App, phonemizer_of};
use crate::domain::{GlossaryEntry, Hearing, HearingFinding, Language, Verdict};
use crate::neural::silero::SileroDetector;
use crate::neural::whisper::WhisperRecognizer;
use crate::pipeline::{Ear, EnginesEar, Reading};
use crate::ports::Cancel;
use crate::text::hearing::{self, Meant};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The language of the text: vi, en, fr, ...
    #[arg(long, required_unless_present = "batch")]
    lang: Option<Language>,
    /// What the recording should say
    #[arg(long, required_unless_present = "batch")]
    text: Option<String>,
    /// A WAV file of any rate; several channels are mixed
    #[arg(required_unless_present = "batch")]
    file: Option<PathBuf>,
    /// Lines of a language, a WAV file and a text, between tabs; prints one line of JSON for each, in order
    #[arg(long, hide = true, conflicts_with_all = ["lang", "text", "file"])]
    batch: Option<PathBuf>,
    /// The model that listens
    #[arg(long, default_value = "whisper-base")]
    model: String,
    #[arg(long)]
    threads: Option<NonZero<usize>>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What is printed.
#[derive(Debug, Serialize)]
struct Report<'a> {
    verdict: Verdict,
    wer: Option<f64>,
    cer: f64,
    longest_divergent_run: usize,
    heard: &'a str,
    findings: &'a [HearingFinding],
}

impl<'a> Report<'a> {
    fn of(hearing: &'a Hearing) -> Self {
        Self {
            verdict: hearing.verdict,
            wer: hearing.wer,
            cer: hearing.cer,
            longest_divergent_run: hearing.longest_divergent_run,
            heard: &hearing.heard,
            findings: &hearing.findings,
        }
    }
}

/// Whatever the verdict, a clip that was checked is a command that did what it was asked.
///
/// # Errors
/// A file that is no WAV, weights that are not there, a museum that cannot be read, or the engine's own failure.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let mut checker = Checker::load(args, app).await?;
    if let Some(list) = &args.batch {
        return checker.batch(list);
    }
    let (Some(language), Some(text), Some(file)) = (args.lang, &args.text, &args.file) else {
        bail!("give --lang, --text and a WAV file");
    };
    checker.prepare(language, app).await?;
    let hearing = checker.check(language, text, file)?;
    if args.json {
        println!("{}", serde_json::to_string(&Report::of(&hearing))?);
    } else {
        print(&hearing, language);
    }
    Ok(())
}

struct Checker {
    recognizer: Arc<WhisperRecognizer>,
    detector: Arc<SileroDetector>,
    names: Vec<GlossaryEntry>,
    ways: HashMap<Language, (Reading, EnginesEar)>,
}

impl Checker {
    /// With the names of the museum, where there is one.
    async fn load(args: &Args, app: &App) -> anyhow::Result<Self> {
        let weights = app.weights()?;
        let threads = args.threads.map_or_else(|| available_parallelism().map_or(1, NonZero::get), NonZero::get);
        let recognizer = Arc::new(WhisperRecognizer::load(&weights.locate(&args.model)?, threads)?);
        let detector = Arc::new(SileroDetector::load(&weights.locate("silero-vad")?)?);
        let names = if app.settings.database().exists() { app.store().await?.glossary().await? } else { Vec::new() };
        let mut checker = Self { recognizer, detector, names, ways: HashMap::new() };
        if args.batch.is_some() {
            for language in Language::all() {
                checker.prepare(language, app).await?;
            }
        }
        Ok(checker)
    }

    /// How sentences of a language are read, and the ear that hears its guides.
    async fn prepare(&mut self, language: Language, app: &App) -> anyhow::Result<()> {
        let museum = app.settings.database().exists();
        let reading = if museum { Reading::of(&app.store().await?, language).await? } else { Reading::plain(language) };
        let (recognizer, detector) = (self.recognizer.clone(), self.detector.clone());
        let ear = EnginesEar::new(language, recognizer, detector, phonemizer_of(language)?, 1);
        self.ways.insert(language, (reading, ear));
        Ok(())
    }

    fn check(&self, language: Language, text: &str, file: &Path) -> anyhow::Result<Hearing> {
        let (reading, ear) = self.ways.get(&language).context("no reading was prepared for the language")?;
        let sound = sound_file::read(file)?;
        let spoken = reading.read(text).written();
        let meant = Meant { language, written: text, spoken: &spoken, names: &self.names };
        ear.hear(&sound, &meant, &Cancel::new()).with_context(|| format!("{} could not be heard", file.display()))
    }

    fn batch(&self, list: &Path) -> anyhow::Result<()> {
        let lines = std::fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))?;
        let mut out = std::io::stdout().lock();
        for (number, line) in (1..).zip(lines.lines()) {
            let place = || format!("{}, line {number}", list.display());
            let fields: Vec<&str> = line.split('\t').collect();
            let [language, file, text] = fields[..] else {
                bail!("{}: a language, a WAV file and a text are expected, between tabs", place());
            };
            let hearing = self.check(language.parse().with_context(place)?, text, Path::new(file))?;
            writeln!(out, "{}", serde_json::to_string(&Report::of(&hearing))?)?;
            out.flush()?;
        }
        Ok(())
    }
}

fn print(hearing: &Hearing, language: Language) {
    let verdict = match hearing.verdict {
        Verdict::Pass => "pass",
        Verdict::Hold => "hold: a person must hear it",
        Verdict::NotJudged => "not judged: a person must hear it",
    };
    println!("{verdict}");
    println!("heard: {}", hearing.heard);
    if let Some(wer) = hearing.wer {
        println!("words wrong: {:.1} %", wer * 100.0);
    }
    println!("letters wrong: {:.1} %, longest stretch: {}", hearing.cer * 100.0, hearing.longest_divergent_run);
    for finding in &hearing.findings {
        let at =
            finding.at.map_or_else(String::new, |[from, to]| format!("{:.1}-{:.1} s: ", from.seconds(), to.seconds()));
        println!("- {at}{}", finding.message);
    }
    if hearing.verdict == Verdict::NotJudged {
        match hearing::able_models(language)[..] {
            [] => println!("no model was measured that can judge `{language}`"),
            ref models => println!("models that can judge `{language}`: {}", models.join(", ")),
        }
    }
}
