//! What came of hearing a clip back: the verdict that lets it be published or holds it for a person.
//!
//! Plain data, stored with the clip and shown with the edition. A clip without a hearing was never listened to, which is
//! not the same as one that was listened to and could not be judged.

use serde::{Deserialize, Serialize};

use super::Milliseconds;

/// Whether a clip says what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It says its text.
    Pass,
    /// It does not, or may not: a person must hear it.
    Hold,
    /// The recogniser at hand is too weak for the language to tell: a person must hear it.
    NotJudged,
}

/// What may be wrong with a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HearingKind {
    /// Nothing was said.
    Silence,
    /// What was said is no speech, or far from the text as a whole.
    Unintelligible,
    /// Another language than the text's was heard.
    Language,
    /// A whole sentence, or a long part of one, is missing.
    Dropped,
    /// Something was said twice.
    Repeated,
    /// A number, year, date or measure was heard as another, or not at all.
    Fact,
    /// A protected name was heard as another, or not at all.
    Name,
    /// Words are missing.
    Missing,
    /// Words were heard that the text lacks.
    Added,
    /// Words were heard as others.
    Changed,
    /// The sound stops in the middle of speech.
    BrokenOff,
}

/// One thing that may be wrong with a clip, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HearingFinding {
    pub kind: HearingKind,
    /// The stretch of the text, as spoken; empty where something was added.
    pub expected: String,
    /// What was heard in its place; empty where nothing was.
    pub heard: String,
    /// Where in the sound, from its start, as far as the recogniser tells.
    pub at: Option<[Milliseconds; 2]>,
    /// In words, for the person who decides.
    pub message: String,
}

/// Who listened.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Listener {
    pub engine: String,
    pub model: String,
    /// Of the thresholds and normalisers that judged.
    pub rules: String,
}

/// A word as it was heard, and when, from the start of the sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedWord {
    pub text: String,
    pub start: Milliseconds,
    pub end: Milliseconds,
}

/// What came of listening to one clip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hearing {
    pub verdict: Verdict,
    /// Errors over the words of the text; `None` in languages written without spaces.
    pub wer: Option<f64>,
    /// Errors over the letters of the text.
    pub cer: f64,
    /// Words (letters, without spaces) in the longest stretch in which nothing fits.
    pub longest_divergent_run: usize,
    pub heard: String,
    /// The words of `heard` in order; empty where the recogniser gives no times, and for clips heard before they were kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<TimedWord>,
    pub findings: Vec<HearingFinding>,
    pub listener: Listener,
}

/// What came of hearing the clips of a whole edition back; public with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HearingSummary {
    pub listener: Listener,
    pub sentences: u32,
    /// Sentences that the listener found right.
    pub passed: u32,
    /// Sentences that a person heard and let pass, whatever the listener said.
    pub by_people: u32,
    /// Sentences that nobody judged: the listener is too weak for the language, and the museum's policy lets them pass.
    pub not_judged: u32,
    /// Mean over the sentences; `None` in languages written without spaces.
    pub wer: Option<f64>,
    /// Mean over the sentences.
    pub cer: f64,
}
