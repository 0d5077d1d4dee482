//! What a stop says in one language, and who says so.
//!
//! Invariant: a person's text is never replaced by a machine's; a newer machine text replaces an older one.

use serde::{Deserialize, Serialize};

use super::{ContentHash, Language, SentenceId, StopId, TextId, Timestamp};

/// Who wrote a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Author {
    Person {
        name: String,
    },
    /// An engine, and the languages it went through, source first: `["en", "pt"]`.
    Machine {
        engine: String,
        route: Vec<Language>,
    },
}

impl Author {
    #[must_use]
    pub fn is_person(&self) -> bool {
        matches!(self, Self::Person { .. })
    }
}

/// How far a text has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextState {
    /// Written, not yet approved by a person.
    Draft,
    /// A person stands behind every sentence.
    Approved,
}

impl TextState {
    /// As it is written in tables and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
        }
    }
}

/// A stop's text in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub id: TextId,
    pub stop: StopId,
    pub language: Language,
    pub title: String,
    pub author: Author,
    pub state: TextState,
    /// For a translation: the hash of the source text it was made from.
    pub made_from: Option<ContentHash>,
    pub changed_at: Timestamp,
}

/// One sentence of a text: the unit of all work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    pub id: SentenceId,
    pub text: TextId,
    /// Place in the text from 0, without gaps.
    pub ordinal: u32,
    /// Paragraph it stands in, from 0, never falling.
    pub paragraph: u32,
    /// In Unicode NFC, as a reader sees it.
    pub content: String,
}
