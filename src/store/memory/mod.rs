//! The translation memory that people work with: who said what for which sentence, in which context, and when.
//!
//! A segment is a source sentence with its translation. Its place is the source sentence, the target language and its
//! context, the sentences before and after it in the source text: what CAT tools call an in-context match (101 %) asks
//! for the same place.
//!
//! Invariants:
//! - of each place one segment is current, the others are its history and stay for ever;
//! - a machine's segment never takes the place of a person's, nor an unread one that of one a person approved;
//! - of two persons' segments the later edit is current, in whatever order they arrive;
//! - sentences are kept in Unicode NFC, without spaces around them.
//!
//! `translations` beside this is another thing: what an engine makes of a sentence, under the key of what made it.

mod rows;
mod search;

pub use search::MemoryMatch;

use serde::{Deserialize, Serialize};
use sqlx::{Sqlite, Transaction};
use unicode_normalization::UnicodeNormalization as _;

use self::rows::{Current, current_at, insert, overwrite, source_row, supersede};
use super::{Result, Store, StoreError};
use crate::domain::{Author, ContentHash, HashBuilder, Language, Slug, TextState, Timestamp};

/// The sentences around a source sentence in its text. Where neither is known, the segment has no context; a text of one
/// sentence has none either.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Context {
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Context {
    /// The context of the sentence at `at` among those of its text.
    #[must_use]
    pub fn at<S: AsRef<str>>(sentences: &[S], at: usize) -> Self {
        let sentence = |at: usize| sentences.get(at).map(|sentence| sentence.as_ref().to_owned());
        Self { previous: at.checked_sub(1).and_then(sentence), next: sentence(at + 1) }
    }

    /// Whether anything is known of the sentences around.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.previous.is_some() || self.next.is_some()
    }

    fn tidy(&self) -> Self {
        Self { previous: self.previous.as_deref().map(tidy), next: self.next.as_deref().map(tidy) }
    }

    /// The column `context`.
    fn hash(&self) -> String {
        if !self.is_known() {
            return String::new();
        }
        let part = |sentence: &Option<String>| sentence.as_ref().map_or_else(String::new, |words| format!("={words}"));
        let hash = HashBuilder::new("context 1").with("previous", part(&self.previous)).with("next", part(&self.next));
        hash.finish().to_string()
    }
}

/// Where a segment comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "from")]
pub enum Origin {
    /// A stop's text; `ordinal` is the sentence's, `None` for the title.
    Stop { stop: Slug, ordinal: Option<u32> },
    /// A file that was imported, by its name.
    File { name: String },
}

/// A sentence and its translation, as they are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSegment {
    pub from: Language,
    pub to: Language,
    pub source: String,
    pub target: String,
    pub context: Context,
    pub author: Author,
    pub state: TextState,
    /// Who approved what a machine wrote.
    pub approved_by: Option<String>,
    pub origin: Origin,
    /// `None` for the present moment.
    pub made_at: Option<Timestamp>,
    /// `None` for the present moment.
    pub changed_at: Option<Timestamp>,
}

impl NewSegment {
    /// Whether a person wrote or approved it.
    #[must_use]
    pub fn has_person(&self) -> bool {
        self.author.is_person() || self.state == TextState::Approved
    }
}

/// A sentence and its translation, as the memory holds them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Segment {
    pub id: i64,
    pub from: Language,
    pub to: Language,
    pub source: String,
    pub target: String,
    pub context: Context,
    pub author: Author,
    pub state: TextState,
    pub approved_by: Option<String>,
    pub origin: Origin,
    pub made_at: Timestamp,
    pub changed_at: Timestamp,
    /// False where a later one took its place.
    pub current: bool,
}

impl Segment {
    /// Whether a person wrote or approved it.
    #[must_use]
    pub fn has_person(&self) -> bool {
        self.author.is_person() || self.state == TextState::Approved
    }
}

/// What giving segments to the memory came to, in segments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Remembered {
    pub unchanged: usize,
    pub added: usize,
    /// They took the place of others.
    pub replaced: usize,
    /// Somebody's later or weightier words stand there. A person's earlier ones went into the history.
    pub outranked: usize,
}

/// What becomes of a segment whose place is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Same,
    /// The one there becomes history.
    Supersede,
    /// The one there is overwritten: a machine's unread words leave no history.
    Overwrite,
    /// The new one is history from the start.
    History,
    Drop,
}

impl Store {
    /// Gives segments to the memory, all of them or none.
    ///
    /// # Errors
    /// `BadSegment` for one that says nothing on a side or is of one language only; `Corrupt`; those of the database.
    pub async fn remember(&self, segments: &[NewSegment]) -> Result<Remembered> {
        let doing = "adding to the translation memory";
        let mut tx = self.write(doing).await?;
        let counts = remember_in(&mut tx, segments, self.now()).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(counts)
    }
}

/// `remember` within a transaction that has more to do.
pub(super) async fn remember_in(
    tx: &mut Transaction<'static, Sqlite>,
    segments: &[NewSegment],
    now: Timestamp,
) -> Result<Remembered> {
    let mut counts = Remembered::default();
    for given in segments {
        let new = checked(given)?;
        let source = source_row(tx, new.from, &new.source).await?;
        let current = current_at(tx, source, &new).await?;
        let Some(current) = current else {
            insert(tx, source, &new, None, now).await?;
            counts.added += 1;
            continue;
        };
        match verdict(&current, &new, now) {
            Verdict::Same => counts.unchanged += 1,
            Verdict::Supersede => {
                supersede(tx, current.id, source, &new, now).await?;
                counts.replaced += 1;
            }
            Verdict::Overwrite => {
                overwrite(tx, current.id, &new, now).await?;
                counts.replaced += 1;
            }
            Verdict::History => {
                insert(tx, source, &new, Some(current.id), now).await?;
                counts.outranked += 1;
            }
            Verdict::Drop => counts.outranked += 1,
        }
    }
    Ok(counts)
}

/// How much a segment weighs against another at its place.
fn rank(by_person: bool, state: TextState) -> u8 {
    match (by_person, state) {
        (true, _) => 2,
        (false, TextState::Approved) => 1,
        (false, TextState::Draft) => 0,
    }
}

fn verdict(current: &Current, new: &NewSegment, now: Timestamp) -> Verdict {
    let same_words = current.target == new.target && current.author == new.author && current.state == new.state;
    if same_words {
        return Verdict::Same;
    }
    let (there, given) = (rank(current.author.is_person(), current.state), rank(new.author.is_person(), new.state));
    let later = new.changed_at.unwrap_or(now) >= current.changed_at;
    match (given.cmp(&there), given) {
        (std::cmp::Ordering::Greater, 1) if current.target == new.target => Verdict::Overwrite,
        (std::cmp::Ordering::Greater, _) => Verdict::Supersede,
        (std::cmp::Ordering::Less, _) => Verdict::Drop,
        (std::cmp::Ordering::Equal, 0) => Verdict::Overwrite,
        (std::cmp::Ordering::Equal, _) if later => Verdict::Supersede,
        (std::cmp::Ordering::Equal, _) => Verdict::History,
    }
}

/// Unicode NFC, without spaces around.
pub(super) fn tidy(sentence: &str) -> String {
    sentence.trim().nfc().collect()
}

fn checked(given: &NewSegment) -> Result<NewSegment> {
    let new = NewSegment {
        source: tidy(&given.source),
        target: tidy(&given.target),
        context: given.context.tidy(),
        ..given.clone()
    };
    let refuse = |why| Err(StoreError::BadSegment { source_text: new.source.clone(), why });
    if new.source.is_empty() {
        return refuse("it has no source");
    }
    if new.target.is_empty() {
        return refuse("it has no translation");
    }
    if new.from == new.to {
        return refuse("its two languages are one");
    }
    Ok(new)
}

/// The first eight bytes of the hash of a word of the index; `nth` counts from 0 how many times the word stood before
/// in the sentence, so that what two sentences share is counted as often as both hold it.
fn word_key(language: Language, word: &str, nth: usize) -> i64 {
    let hash: ContentHash = HashBuilder::new("memory word 1")
        .with("language", language.tag())
        .with("word", word)
        .with("nth", (nth as u64).to_le_bytes())
        .finish();
    hash.number()
}
