//! What a check found between a sentence and its translation: plain data, kept with the sentence.
//!
//! Invariant: a finding names the place on each side that has one, so that a reviewer sees what to mend without
//! reading the sentence again.

use serde::{Deserialize, Serialize};

/// A stretch of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The stretch itself.
    pub text: String,
    /// First character (Unicode scalar value), counted from 0.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A plain number or quantity differs, is missing or was added.
    Number,
    /// The same number in another unit.
    Unit,
    Year,
    Century,
    /// A year of a reign ("năm Quang Trung thứ 2").
    ReignYear,
    /// A day, month or both, solar or lunar.
    Date,
    /// A time of day.
    Time,
    Money,
    Coordinates,
    /// A protected name has no accepted rendering in the translation.
    Name,
    /// The glossary's placeholder did not come back, and the sentence was translated without it.
    Glossary,
    /// The translation is far too short or far too long.
    Length,
    /// A stretch is said again and again.
    Repeated,
    /// The translation holds a stretch of the source as it was.
    Untranslated,
    /// Letters of a script that the target language is not written in.
    Script,
    /// Words of the source language between those of the target.
    SourceLeft,
    /// One side has more sentences than the other.
    SentenceCount,
    /// An emoji was dropped, added or made another.
    Symbol,
    /// Nothing was translated, or nothing was there to translate.
    Empty,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub kind: FindingKind,
    /// The place in the source; `None` where the translation holds something that the source does not.
    pub source: Option<Span>,
    /// The place in the translation; `None` where it lacks something.
    pub target: Option<Span>,
    /// What would be right, where that is known: the accepted renderings of a name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<String>,
    /// What is wrong, in plain English; `web/views/staff/found.rs` says it in the reader's language.
    pub message: String,
}
