//! `speak`: one text into a WAV file.

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::app::App;
use crate::audio::{self, Joinable, Pauses, Sound, Target, Trim, wav};
use crate::domain::Language;
use crate::pipeline::Reading;
use crate::ports::Cancel;
use crate::text;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The language of the text.
    #[arg(long = "lang")]
    language: Language,
    /// A voice of the engine; without it, the one of the settings.
    #[arg(long)]
    voice: Option<String>,
    /// `kokoro` or `espeak-ng`; without it, the best that speaks the language.
    #[arg(long)]
    engine: Option<String>,
    #[arg(long)]
    threads: Option<usize>,
    /// The WAV file to write.
    #[arg(long)]
    out: PathBuf,
    /// The text; without it, standard input is read.
    text: Option<String>,
}

/// # Errors
/// Where there is nothing to say, no voice for it, or no room for the file.
pub fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let engines = app.engines(args.threads)?;
    let said = match &args.text {
        Some(text) => text.clone(),
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("standard input is not UTF-8 text")?;
            text
        }
    };
    let synthesizer = engines.synthesizer_named(args.language, args.engine.as_deref(), args.voice.as_deref())?;
    let reading = Reading::plain(args.language);
    let mut sentences = Vec::new();
    for (paragraph, text) in (0..).zip(text::split_paragraphs(&said)) {
        sentences.extend(text::split_sentences(&text, args.language).into_iter().map(|sentence| (paragraph, sentence)));
    }
    if sentences.is_empty() {
        bail!("there is nothing to say: give a text, or write one to standard input");
    }
    let spoken: Vec<_> = sentences.iter().map(|(_, sentence)| reading.read(sentence)).collect();
    let mut sounds: Vec<Option<Sound>> = vec![None; spoken.len()];
    let mut sink = |index: usize, sound| {
        if let Some(place) = sounds.get_mut(index) {
            *place = Some(sound);
        }
        Ok(())
    };
    synthesizer.synthesize(&spoken, &Cancel::new(), &mut sink)?;
    let mut trimmed = Vec::with_capacity(sounds.len());
    for (sound, (paragraph, sentence)) in sounds.into_iter().zip(&sentences) {
        let sound = sound.and_then(|sound| audio::trim(&sound, &Trim::default()));
        trimmed.push((*paragraph, sound.with_context(|| format!("the voice was silent for `{sentence}`"))?));
    }
    let rate = trimmed.first().map(|(_, sound)| sound.rate).context("there is nothing to say")?;
    let parts = trimmed.iter().map(|(paragraph, sound)| Joinable {
        paragraph: *paragraph,
        samples: &sound.samples,
        pause: None,
    });
    let joined = audio::join(rate, parts, &Pauses::default());
    let (master, _) = audio::normalize(&joined.sound, &Target::default())?;
    std::fs::write(&args.out, wav::write(&master)?).with_context(|| format!("cannot write {}", args.out.display()))?;
    println!("{}: {:.2} s", args.out.display(), master.duration().seconds());
    Ok(())
}
