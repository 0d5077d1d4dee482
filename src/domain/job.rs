//! Work to be done, as data. The lease of a job lives on the job's row, so a dead worker's job is taken up again.

use serde::{Deserialize, Serialize};

use super::{JobId, Language, Milliseconds, RecordingId, Slug, Timestamp};

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum JobKind {
    /// Bring one guide up to date: translate, speak, encode, publish where policy allows.
    MakeGuide { stop: Slug, language: Language },
    /// Write down what is said in a recording, and cut it into passages where nobody did yet.
    HearRecording { recording: RecordingId },
    /// Cut a recording into passages at silences so long.
    CutRecording { recording: RecordingId, silence: Milliseconds },
}

impl JobKind {
    /// Two jobs with the same key are the same work and are kept once.
    #[must_use]
    pub fn unique_key(&self) -> String {
        match self {
            Self::MakeGuide { stop, language } => format!("make-guide/{stop}/{language}"),
            Self::HearRecording { recording } => format!("hear-recording/{recording}"),
            Self::CutRecording { recording, .. } => format!("cut-recording/{recording}"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    Waiting,
    Running,
    Done,
    /// Gave up after its attempts: a person has to look.
    Dead,
}

/// What kind of thing went wrong, for words in any language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobFault {
    /// An engine failed, or a model is missing or damaged.
    Engine,
    /// A file could not be read or written.
    Files,
    /// The database did not answer.
    Database,
    /// A person's recording cannot be used.
    Recording,
    /// What was to be worked on went away.
    Vanished,
    /// The worker went silent.
    Silent,
    /// The program contradicts itself.
    Program,
}

impl JobFault {
    pub const ALL: [Self; 7] =
        [Self::Engine, Self::Files, Self::Database, Self::Recording, Self::Vanished, Self::Silent, Self::Program];

    /// As it is stored and written in the interface.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Files => "files",
            Self::Database => "database",
            Self::Recording => "recording",
            Self::Vanished => "vanished",
            Self::Silent => "silent",
            Self::Program => "program",
        }
    }

    /// By its word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.word() == word)
    }
}

/// Why a job did not end well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFailure {
    pub fault: JobFault,
    /// What happened, in plain English.
    pub error: String,
}

impl JobFailure {
    #[must_use]
    pub fn new(fault: JobFault, error: impl Into<String>) -> Self {
        Self { fault, error: error.into() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub id: JobId,
    pub kind: JobKind,
    pub state: JobState,
    /// Counted when the job is claimed, so a job that kills its worker runs out of attempts too.
    pub attempts: u32,
    /// Smaller runs first.
    pub priority: i64,
    /// Raised at every claim; a completion with an older token is refused.
    pub fencing_token: i64,
    pub lease_until: Option<Timestamp>,
    pub last_error: Option<String>,
}
