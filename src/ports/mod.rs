//! What an engine can do, floor 2: synchronous traits that speak domain, text and audio types only.
//!
//! Architecture invariant: no tensor, path or pool passes above floor 3. The thread an engine runs on is added once,
//! by [`own_thread::OwnThread`].

pub mod own_thread;
mod phonemizer;
mod recognizer;
mod synthesizer;
mod translator;
mod voice_detector;

pub use phonemizer::{Phonemes, Phonemizer};
pub use recognizer::{HeardSegment, HeardWord, Recognizer, Transcript};
pub use synthesizer::{SpeechSink, Synthesizer};
pub use translator::Translator;
pub use voice_detector::{SpeechRules, Stretch, VoiceDetector, VoiceListener};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::domain::ContentHash;

/// Which engine made something, exactly enough that the same identity always makes the same thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineIdentity {
    /// The engine: `bergamot`, `kokoro`, `espeak-ng`, `whisper`.
    pub engine: String,
    /// The model as its manifest names it.
    pub model: String,
    /// Over the weights, the settings that change the result, and the engine's own version number.
    pub fingerprint: ContentHash,
}

/// Why an engine gave no result.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Something the engine stands on is missing. `remedy` says how to get it.
    #[error("{engine}: {what}; {remedy}")]
    Unavailable { engine: String, what: String, remedy: String },
    /// The input cannot be worked on.
    #[error("{engine}: {what}")]
    BadInput { engine: String, what: String },
    /// Somebody asked the engine to stop.
    #[error("stopped before the end, as asked")]
    Cancelled,
    /// The engine itself failed.
    #[error("{engine} failed: {source}")]
    Failed {
        engine: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl EngineError {
    /// An engine's own failure, with its cause.
    pub fn failed(engine: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Failed { engine: engine.to_owned(), source: source.into() }
    }
}

/// A wish to stop, shared between who wishes and who works. Engines look at it between sentences and decoder steps.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// # Errors
    /// `EngineError::Cancelled` once somebody asked to stop.
    pub fn check(&self) -> Result<(), EngineError> {
        if self.is_cancelled() { Err(EngineError::Cancelled) } else { Ok(()) }
    }
}
