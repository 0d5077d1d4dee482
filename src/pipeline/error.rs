//! Why a guide could not be brought up to date.

use super::recordings::RecordingError;
use crate::audio::AudioError;
use crate::blobs::BlobError;
use crate::domain::{ContentHash, JobFault, Language, Slug};
use crate::ports::EngineError;
use crate::store::StoreError;

/// What keeps a guide from being brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blobs(#[from] BlobError),
    #[error("the sound cannot be finished: {0}")]
    Audio(#[from] AudioError),
    #[error("the recording that narrates cannot be used: {0}")]
    Recording(#[from] RecordingError),
    #[error("the text of {stop} in `{language}` went away while it was being translated: make the guide again")]
    Vanished { stop: Slug, language: Language },
    #[error("clip {key} went away while the guide was being finished: make the guide again")]
    LostClip { key: ContentHash },
    #[error("{engine} gave fewer results than it was asked for: this is a fault of the program")]
    Short { engine: String },
    #[error("an edition cannot be written down: {0}")]
    Unwritable(serde_json::Error),
    #[error("a thread of the engines ended unexpectedly: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

impl MakeError {
    pub(super) fn short(engine: &str) -> Self {
        Self::Short { engine: engine.to_owned() }
    }

    /// What kind of thing went wrong.
    #[must_use]
    pub fn fault(&self) -> JobFault {
        match self {
            Self::Engine(_) => JobFault::Engine,
            Self::Store(_) => JobFault::Database,
            Self::Blobs(_) | Self::LostClip { .. } => JobFault::Files,
            Self::Recording(_) => JobFault::Recording,
            Self::Vanished { .. } => JobFault::Vanished,
            Self::Audio(_) | Self::Short { .. } | Self::Unwritable(_) | Self::Thread(_) => JobFault::Program,
        }
    }

    /// Whether trying again, with nothing else changed, may help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Engine(error) => !matches!(error, EngineError::BadInput { .. }),
            Self::Store(_) | Self::Blobs(_) | Self::Thread(_) | Self::Vanished { .. } | Self::LostClip { .. } => true,
            Self::Recording(RecordingError::Store(_) | RecordingError::Blobs(_) | RecordingError::Thread(_)) => true,
            Self::Recording(_) | Self::Audio(_) | Self::Short { .. } | Self::Unwritable(_) => false,
        }
    }
}
