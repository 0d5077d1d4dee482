//! One sentence at a time, while a person waits: spoken as a preview of what is not kept yet, or made anew and heard.
//!
//! Invariants: a preview leaves nothing behind; making a sentence anew touches no other sentence, and keeps nothing
//! before its sound is whole.

use std::sync::Arc;

use super::cast::{self, Part, Speaker};
use super::error::MakeError;
use super::heard::{self, speak_again};
use super::review::ask_for_guide;
use super::speak;
use super::workshop::{Progress, Stage, Workshop, on_a_thread};
use crate::audio::Sound;
use crate::domain::{Actor, JobKind, Language, LexiconEntry, Manner, Pronunciation, Slug, Stop, Verdict};
use crate::ports::{Cancel, EngineError, Synthesizer};
use crate::store::{EntryChange, Store, StoreError};
use crate::text::{Lexicon, NameReader, spoken};

/// A sentence as it would be said.
#[derive(Clone, Copy, Debug)]
pub struct Preview<'a> {
    pub language: Language,
    pub sentence: &'a str,
    /// An entry that is not in the lexicon yet, or stands there otherwise.
    pub entry: Option<&'a LexiconEntry>,
    pub manner: &'a Manner,
}

/// Speaks a sentence once, for its preview.
///
/// # Errors
/// `Engine(BadInput)` where it cannot be said so, `Engine(Unavailable)` where nothing speaks the language here; those of
/// the engine and the database.
pub async fn preview(workshop: &Workshop, asked: Preview<'_>, cancel: &Cancel) -> Result<Sound, MakeError> {
    let store = &workshop.store;
    let mut entries = store.lexicon(asked.language).await?;
    if let Some(entry) = asked.entry {
        entries.retain(|other| other.grapheme != entry.grapheme);
        entries.push(entry.clone());
    }
    let names = NameReader::new(asked.language, &store.glossary().await?);
    let utterance = spoken(asked.sentence, asked.language, &Lexicon::new(&entries, asked.language), &names);
    let voice = voice_in(workshop, asked.language, asked.manner).await?;
    let cancel = cancel.clone();
    let (engine, mut sound) = (voice.identity().engine.clone(), None);
    let said = on_a_thread(move || {
        voice.synthesize(&[utterance], &cancel, &mut |_, spoken| {
            sound = Some(spoken);
            Ok(())
        })?;
        Ok(sound)
    });
    said.await?.ok_or_else(|| MakeError::short(&engine))
}

async fn voice_in(workshop: &Workshop, language: Language, manner: &Manner) -> Result<Arc<dyn Synthesizer>, MakeError> {
    let (engines, manner) = (workshop.engines.clone(), manner.clone());
    on_a_thread(move || engines.synthesizer_in(language, &manner)?.ok_or_else(|| nobody(language))).await
}

fn nobody(language: Language) -> EngineError {
    EngineError::Unavailable {
        engine: "voice".to_owned(),
        what: format!("nothing here speaks `{language}`"),
        remedy: "pull a model, or install espeak-ng".to_owned(),
    }
}

/// What came of making a sentence anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remade {
    /// Which attempt at these words in this voice the sound is, from 0.
    pub take: u8,
    /// `None` where nobody listens here.
    pub verdict: Option<Verdict>,
}

/// Makes the sound of one sentence anew: as the lexicon and its manner now have it, or, where that is what it says
/// already, in the next manner its voice knows. Hears it, and asks for the guide.
///
/// # Errors
/// `Vanished` where the text has no such sentence (any more); `Engine(BadInput)` where a person says it, or it cannot be
/// said; whatever else stopped it.
pub async fn remake(
    workshop: &Workshop,
    actor: &Actor,
    (stop, language, ordinal): (&Stop, Language, u32),
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Remade, MakeError> {
    let store = &workshop.store;
    let gone = || MakeError::Vanished { stop: stop.slug.clone(), language };
    let (_, sentences) = store.text(stop.id, language).await?.ok_or_else(gone)?;
    let sentence = sentences.into_iter().nth(ordinal as usize).ok_or_else(gone)?;
    let cast = cast::cast(workshop, stop, language, std::slice::from_ref(&sentence)).await?;
    let part = cast.and_then(|cast| cast.parts.into_iter().next());
    let part = part.ok_or_else(|| nobody(language))?;
    progress.stage(Stage::Speak { sentences: 1, characters: part.content.chars().count() });
    let take = speak_anew(workshop, &part, cancel).await?;
    store.put_remade_clip(actor, stop, language, (ordinal, &part.content, part.key)).await?;
    let verdict = match heard::bench(workshop, language, cancel).await? {
        Some(bench) => {
            progress.stage(Stage::Hear { sentences: 1 });
            let heard = bench.hear_as_it_is(&part).await?;
            store.put_guide_hearing(stop.id, language, (ordinal, &part.content, heard.key)).await?;
            Some(heard.hearing.verdict)
        }
        None => None,
    };
    ask_for_guide(store, stop, language).await?;
    Ok(Remade { take, verdict })
}

/// Speaks a sentence that says something else now, or, where it does not, in another manner. Which attempt it is.
async fn speak_anew(workshop: &Workshop, part: &Part, cancel: &Cancel) -> Result<u8, MakeError> {
    let Speaker::Voice(voice) = &part.by else {
        let what = "a person says this sentence: record it again, or take the recording back".to_owned();
        return Err(EngineError::BadInput { engine: "recording".to_owned(), what }.into());
    };
    let kept = match speak::is_kept(workshop, part.key).await? {
        true => workshop.store.clip(part.key).await?,
        false => None,
    };
    // After its last manner the voice begins with its usual one again.
    let next = kept.and_then(|clip| clip.take.checked_add(1)).and_then(|take| Some((take, voice.retake(take)?)));
    let (take, voice) = next.unwrap_or((0, voice.clone()));
    let clip = speak_again(workshop, voice, (take, part.key), &part.spoken, cancel).await?;
    workshop.store.put_clip(&clip).await?;
    Ok(take)
}

/// Has a word said so, or as usual again, and asks for every guide that holds it. How many that are; `None` where
/// somebody else changed it meanwhile.
///
/// # Errors
/// Those of the database.
pub async fn change_lexicon(
    store: &Store,
    actor: &Actor,
    (language, word): (Language, &str),
    said: Option<&Pronunciation>,
    base: Option<&Pronunciation>,
) -> Result<Option<usize>, StoreError> {
    match store.change_pronunciation(actor, (language, word), said, base).await? {
        EntryChange::Overtaken => return Ok(None),
        EntryChange::Unchanged => return Ok(Some(0)),
        EntryChange::Done => {}
    }
    let stops = stops_that_say(store, language, word).await?;
    for stop in &stops {
        store.enqueue(&JobKind::MakeGuide { stop: stop.clone(), language }, 0).await?;
    }
    Ok(Some(stops.len()))
}

/// The stops whose text in a language holds a word.
///
/// # Errors
/// Those of the database.
pub async fn stops_that_say(store: &Store, language: Language, word: &str) -> Result<Vec<Slug>, StoreError> {
    let said = Pronunciation::Alias(word.to_owned());
    let entry = LexiconEntry { language, grapheme: word.to_owned(), pronunciation: said };
    let lexicon = Lexicon::new(&[entry], language);
    let texts = store.sentences_in(language).await?;
    let holds = |sentences: &Vec<String>| sentences.iter().any(|sentence| lexicon.touches(sentence));
    Ok(texts.into_iter().filter(|(_, sentences)| holds(sentences)).map(|(stop, _)| stop).collect())
}
