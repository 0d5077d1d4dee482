//! What a person recorded: a narration of a stop, or memories told at length; what was heard in it, and what a person
//! says was said.

use serde::{Deserialize, Serialize};

use super::{ContentHash, Language, Milliseconds, RecordingId, StopId, Timestamp};

/// How far a recording has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordingState {
    /// The file is kept as it came.
    Kept,
    /// A machine wrote down what it heard.
    Transcribed,
    /// A person read every sentence of that and stands behind it.
    Corrected,
}

impl RecordingState {
    /// As it is written in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Transcribed => "transcribed",
            Self::Corrected => "corrected",
        }
    }
}

/// A recording as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    pub id: RecordingId,
    /// The file as it came, by hash: never changed, never served.
    pub original: ContentHash,
    pub media_type: String,
    /// The file's name as it came.
    pub name: String,
    pub bytes: u64,
    pub duration: Milliseconds,
    pub language: Language,
    /// Who speaks.
    pub speaker: String,
    /// Licence and consent, in the museum's own words.
    pub note: Option<String>,
    /// The stop it was handed in for.
    pub stop: Option<StopId>,
    pub state: RecordingState,
    pub made_at: Timestamp,
}

/// One sentence of a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedSentence {
    /// Place in the recording from 0, without gaps.
    pub ordinal: u32,
    /// Never falling; a long silence begins a new one.
    pub paragraph: u32,
    pub start: Milliseconds,
    pub end: Milliseconds,
    /// As the machine heard it.
    pub heard: String,
    /// As a person says it was said; empty where nothing was. `None` before anybody read it.
    pub corrected: Option<String>,
    pub corrected_by: Option<String>,
}

impl RecordedSentence {
    /// The best that is known of what was said.
    #[must_use]
    pub fn text(&self) -> &str {
        self.corrected.as_deref().unwrap_or(&self.heard)
    }
}

/// A part of a long recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Place in the recording from 0, without gaps.
    pub ordinal: u32,
    pub start: Milliseconds,
    pub end: Milliseconds,
    /// Who speaks in it, where that is known.
    pub speaker: Option<String>,
    pub title: Option<String>,
}
