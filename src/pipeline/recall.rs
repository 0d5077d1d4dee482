//! Sentences from the memory, and from a machine what the memory does not know.
//!
//! Invariants: what a person wrote or approved for a sentence goes before anything a machine makes; a sentence that is
//! only like one in the memory is the machine's, since only a person can tell which of its words still fit; a machine
//! makes a sentence once for each engine, pair and state of the glossary entries the sentence holds.

use std::collections::HashMap;
use std::sync::Arc;

use super::error::MakeError;
use super::masked::translate_masked;
use super::terms;
use super::workshop::{self, Progress, Stage, Workshop};
use crate::domain::{ContentHash, Finding, GlossaryEntry, HashBuilder, Language};
use crate::ports::{Cancel, Translator};
use crate::store::{Context, Translation};
use crate::text::NameFinder;

/// A sentence in a language, in its context.
#[derive(Clone, Debug)]
pub(super) struct InContext {
    pub language: Language,
    pub sentence: String,
    pub context: Context,
}

/// A sentence that is wanted in another language.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// What the pair translates.
    pub given: InContext,
    /// What people stand behind, where the pair translates a machine's text made from it.
    pub origin: Option<InContext>,
}

/// A sentence in the language it was wanted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    pub target: String,
    /// What was noticed while it was made.
    pub findings: Vec<Finding>,
    /// Whether a person wrote or approved it.
    pub by_people: bool,
}

/// What became of the sentences, in order, and how many had to be translated.
#[derive(Debug)]
pub(super) struct Recalled {
    pub made: Vec<Made>,
    pub translated: usize,
}

/// One translation for each sentence.
pub(super) async fn translate_all(
    workshop: &Workshop,
    pair: &Arc<dyn Translator>,
    wanted: &[Wanted],
    glossary: &[GlossaryEntry],
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Recalled, MakeError> {
    let mut made: Vec<Option<Made>> = Vec::with_capacity(wanted.len());
    for one in wanted {
        made.push(said_by_people(workshop, one, pair.target()).await?);
    }
    let open: Vec<&Wanted> = wanted.iter().zip(&made).filter(|(_, made)| made.is_none()).map(|(one, _)| one).collect();
    let sentences: Vec<&str> = open.iter().map(|one| one.given.sentence.as_str()).collect();
    let (by_machine, translated) = by_machine(workshop, pair, &sentences, glossary, cancel, progress).await?;
    let mut by_machine = by_machine.into_iter();
    let made = made.into_iter().map(|made| made.or_else(|| by_machine.next()));
    let made = made.collect::<Option<Vec<_>>>().ok_or_else(|| MakeError::short(&pair.identity().engine))?;
    Ok(Recalled { made, translated })
}

async fn said_by_people(workshop: &Workshop, wanted: &Wanted, to: Language) -> Result<Option<Made>, MakeError> {
    for one in wanted.origin.iter().chain([&wanted.given]) {
        if let Some(found) = workshop.store.said_by_people(&one.sentence, one.language, to, &one.context).await? {
            return Ok(Some(Made { target: found.segment.target, findings: Vec::new(), by_people: true }));
        }
    }
    Ok(None)
}

async fn by_machine(
    workshop: &Workshop,
    pair: &Arc<dyn Translator>,
    sentences: &[&str],
    glossary: &[GlossaryEntry],
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<(Vec<Made>, usize), MakeError> {
    let mut known: HashMap<ContentHash, Made> = HashMap::new();
    let mut missing: Vec<(ContentHash, String)> = Vec::new();
    let names = Keys::new(&**pair, glossary);
    let keys: Vec<ContentHash> = sentences.iter().map(|sentence| names.of(sentence)).collect();
    for (key, sentence) in keys.iter().zip(sentences) {
        if known.contains_key(key) || missing.iter().any(|(waiting, _)| waiting == key) {
            continue;
        }
        match workshop.store.translation(*key).await? {
            Some(translation) => drop(known.insert(*key, made_of(translation))),
            None => missing.push((*key, (*sentence).to_owned())),
        }
    }
    let translated = missing.len();
    if !missing.is_empty() {
        progress.stage(Stage::Translate { sentences: translated });
        let made = run_translator(pair, missing, glossary, cancel).await?;
        workshop.store.put_translations(&made).await?;
        known.extend(made.into_iter().map(|translation| (translation.key, made_of(translation))));
    }
    let short = || MakeError::short(&pair.identity().engine);
    let made = keys.iter().map(|key| known.get(key).cloned().ok_or_else(short)).collect::<Result<Vec<_>, _>>()?;
    Ok((made, translated))
}

fn made_of(translation: Translation) -> Made {
    Made { target: translation.target, findings: translation.findings, by_people: false }
}

/// The keys of machine translations between two languages.
struct Keys<'a> {
    pair: &'a dyn Translator,
    glossary: &'a [GlossaryEntry],
    names: NameFinder,
}

impl<'a> Keys<'a> {
    fn new(pair: &'a dyn Translator, glossary: &'a [GlossaryEntry]) -> Self {
        Self { pair, glossary, names: NameFinder::in_source(glossary, pair.source()) }
    }

    /// Over everything that makes the machine's sentence. Of the glossary that is only the entries the sentence holds:
    /// when one changes, the sentences with it are made again and no others.
    fn of(&self, sentence: &str) -> ContentHash {
        let (from, to) = (self.pair.source(), self.pair.target());
        let key = HashBuilder::new("translation 3")
            .with("from", from.tag())
            .with("to", to.tag())
            .with("engine", self.pair.identity().fingerprint.to_string())
            .with("sentence", sentence);
        let mut held: Vec<&GlossaryEntry> =
            self.names.find(sentence).iter().filter_map(|name| self.glossary.get(name.entry)).collect();
        held.sort_unstable_by(|a, b| a.term.cmp(&b.term));
        held.dedup_by(|a, b| a.term == b.term);
        terms::into_key(key, &held, from, to).finish()
    }
}

async fn run_translator(
    pair: &Arc<dyn Translator>,
    missing: Vec<(ContentHash, String)>,
    glossary: &[GlossaryEntry],
    cancel: &Cancel,
) -> Result<Vec<Translation>, MakeError> {
    let (translator, glossary, cancel) = (pair.clone(), glossary.to_vec(), cancel.clone());
    let (keys, sentences): (Vec<_>, Vec<_>) = missing.into_iter().unzip();
    let (sentences, made) = workshop::on_a_thread(move || {
        let made = translate_masked(&*translator, &sentences, &glossary, &cancel)?;
        Ok((sentences, made))
    })
    .await?;
    if made.len() != sentences.len() {
        return Err(MakeError::short(&pair.identity().engine));
    }
    Ok(keys
        .into_iter()
        .zip(sentences.into_iter().zip(made))
        .map(|(key, (source, made))| Translation {
            key,
            from: pair.source(),
            to: pair.target(),
            source,
            target: made.text,
            engine: pair.identity().clone(),
            findings: made.findings,
        })
        .collect())
}
