//! What every stop says, in every language, for staff who look for a word of it: with or without Vietnamese marks, and in
//! Chinese and Japanese, which part no words.
//!
//! The texts are folded once and held; a search reads only those that changed since the last one.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use unicode_normalization::UnicodeNormalization;

use crate::domain::{Language, StopId, TextId, Timestamp};
use crate::text::plain_letters;
use crate::web::error::Result;
use crate::web::state::State;

/// The most characters of a query that are looked at, and the most results.
const LONGEST: usize = 100;
const MOST: usize = 50;

/// A stop that says what was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub stop: StopId,
    pub language: Language,
    /// The sentence with the first of the words.
    pub sentence: String,
    /// Whether the words stand there with their marks as they were typed.
    pub exact: bool,
}

#[derive(Debug)]
struct Held {
    changed: Timestamp,
    stop: StopId,
    language: Language,
    /// The title and the sentences, as a reader sees them.
    sentences: Vec<String>,
    /// All of them in small letters, with their marks and without.
    small: String,
    plain: String,
}

/// The texts as they were read last.
#[derive(Debug, Default)]
pub struct Fulltext {
    held: Mutex<HashMap<TextId, Held>>,
}

/// Small letters without marks: `Tháp Đôi` is `thap doi`.
#[must_use]
pub fn folded(text: &str) -> String {
    plain_letters(&text.to_lowercase())
}

/// Small letters with their marks, however they were typed.
#[must_use]
pub fn small(text: &str) -> String {
    text.to_lowercase().nfc().collect()
}

impl Held {
    /// With the first sentence that holds the word, small and plain.
    fn hit(&self, exact: bool, (word, plain): &(String, String)) -> Hit {
        let holds = |sentence: &&String| {
            if exact { small(sentence).contains(word) } else { folded(sentence).contains(plain) }
        };
        let sentence = self.sentences.iter().find(holds).cloned().unwrap_or_default();
        Hit { stop: self.stop, language: self.language, sentence, exact }
    }
}

impl Fulltext {
    /// The stops whose text in one language holds every word, the exact ones first, each stop once. Stops that do not
    /// `fit` are left out before the rest is cut to the most that are told.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn find(state: &State, asked: &str, fits: impl Fn(StopId) -> bool) -> Result<Vec<Hit>> {
        let asked: String = asked.chars().take(LONGEST).collect();
        let words: Vec<(String, String)> = asked.split_whitespace().map(|word| (small(word), folded(word))).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let own = &state.fulltext;
        own.refresh(state).await?;
        let held = own.held.lock().unwrap_or_else(PoisonError::into_inner);
        let says = |text: &&Held| words.iter().all(|(_, plain)| text.plain.contains(plain.as_str()));
        let exactly = |text: &Held| words.iter().all(|(word, _)| text.small.contains(word.as_str()));
        let mut found: Vec<(bool, &Held)> =
            held.values().filter(says).filter(|text| fits(text.stop)).map(|text| (exactly(text), text)).collect();
        found.sort_by_key(|(exact, text)| (!exact, text.stop, text.language));
        let mut seen = HashSet::new();
        found.retain(|(_, text)| seen.insert(text.stop));
        found.truncate(MOST);
        Ok(found.into_iter().map(|(exact, text)| text.hit(exact, &words[0])).collect())
    }

    /// Reads the texts that are not held as they stand.
    async fn refresh(&self, state: &State) -> Result<()> {
        let heads = state.store.text_heads().await?;
        let oldest = {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.retain(|id, _| heads.contains_key(id));
            let stale =
                |(id, changed): &(&TextId, &Timestamp)| held.get(*id).is_none_or(|own| own.changed != **changed);
            heads.iter().filter(stale).map(|(_, changed)| *changed).min()
        };
        let Some(oldest) = oldest else { return Ok(()) };
        for (text, sentences) in state.store.texts_since(oldest).await? {
            let sentences: Vec<String> = std::iter::once(text.title).chain(sentences).collect();
            let own = Held {
                changed: text.changed_at,
                stop: text.stop,
                language: text.language,
                small: small(&sentences.join("\n")),
                plain: folded(&sentences.join("\n")),
                sentences,
            };
            self.held.lock().unwrap_or_else(PoisonError::into_inner).insert(text.id, own);
        }
        Ok(())
    }
}
