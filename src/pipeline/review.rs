//! A sentence that a reviewer mends is compared with its source at once, by the checks every translation goes through,
//! so that what is still wrong is seen before anybody approves it.

use std::sync::Arc;

use super::check::{self, Checker, Desk};
use super::error::MakeError;
use super::{Facts, Form};
use crate::domain::{Actor, JobKind, Language, Stop};
use crate::store::{Mending, Reviewed, Store, StoreError};

/// What a reviewer writes in place of a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Correction<'a> {
    pub language: Language,
    /// From 0; `None` for the title.
    pub ordinal: Option<u32>,
    /// The words as the reviewer read them.
    pub was: &'a str,
    pub to: &'a str,
}

/// Mends a sentence and keeps what checks find in the new words.
///
/// # Errors
/// `Store(Unchecked)` where the sentence was never compared with a source, so there is none to compare the new words with;
/// `Store(BadText)` for empty words; those of the database.
pub async fn mend(store: &Store, actor: &Actor, stop: &Stop, given: Correction<'_>) -> Result<Reviewed, MakeError> {
    let Some((text, sentences)) = store.text(stop.id, given.language).await? else {
        return Ok(Reviewed::Changed { now: None });
    };
    let sentence = match given.ordinal {
        None => None,
        Some(at) => match sentences.get(at as usize) {
            Some(sentence) => Some(sentence.id),
            None => return Ok(Reviewed::Changed { now: None }),
        },
    };
    let stored = store.checks_of(text.id).await?.into_iter().find(|check| check.sentence == sentence);
    let Some(stored) = stored else {
        let place = given.ordinal.map_or_else(|| "the title".to_owned(), |at| format!("sentence {}", at + 1));
        return Err(StoreError::Unchecked { stop: stop.slug.clone(), language: given.language, place }.into());
    };
    let checkers: [Arc<dyn Checker>; 2] = [Arc::new(Facts), Arc::new(Form)];
    let pair = check::ToCompare {
        sentence,
        source_language: stored.source_language,
        source: stored.source,
        target: given.to.trim().to_owned(),
        noted: Vec::new(),
    };
    let glossary = store.glossary().await?;
    let check = check::one(Desk { store, checkers: &checkers }, given.language, &pair, &glossary)?;
    let mending = Mending { language: given.language, ordinal: given.ordinal, was: given.was.to_owned(), check };
    Ok(store.mend(actor, stop, &mending).await?)
}

/// Asks for a guide to be brought up to date before others.
///
/// # Errors
/// Those of the database.
pub async fn ask_for_guide(store: &Store, stop: &Stop, language: Language) -> Result<(), StoreError> {
    store.enqueue(&JobKind::MakeGuide { stop: stop.slug.clone(), language }, 0).await.map(drop)
}
