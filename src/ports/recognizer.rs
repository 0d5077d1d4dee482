//! The port of speech recognition.

use serde::{Deserialize, Serialize};

use super::{Cancel, EngineError, EngineIdentity};
use crate::audio::Sound;
use crate::domain::{Language, Milliseconds};

/// A word as heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeardWord {
    pub text: String,
    pub start: Milliseconds,
    pub end: Milliseconds,
    /// 0 to 1.
    pub probability: f32,
}

/// A stretch of speech as heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeardSegment {
    pub text: String,
    pub start: Milliseconds,
    pub end: Milliseconds,
    pub words: Vec<HeardWord>,
}

/// Everything heard in a sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    pub text: String,
    pub segments: Vec<HeardSegment>,
}

/// Hears speech.
pub trait Recognizer: Send + Sync {
    fn identity(&self) -> &EngineIdentity;

    /// What is said in a sound, in a language that is known.
    ///
    /// # Errors
    /// `BadInput` for an empty sound, `Cancelled`, or the engine's own failure.
    fn recognize(&self, sound: &Sound, language: Language, cancel: &Cancel) -> Result<Transcript, EngineError>;

    /// The same with less work, by looking at the likeliest words only: its slips are more, and others.
    ///
    /// # Errors
    /// As [`Recognizer::recognize`].
    fn recognize_quickly(&self, sound: &Sound, language: Language, cancel: &Cancel) -> Result<Transcript, EngineError>;

    /// The language spoken at the beginning of a sound, and how probable it is, 0 to 1.
    ///
    /// # Errors
    /// As [`Recognizer::recognize`]; `Unavailable` where the engine knows one language only.
    fn detect(&self, sound: &Sound, cancel: &Cancel) -> Result<(Language, f32), EngineError> {
        let _ = (sound, cancel);
        Err(EngineError::Unavailable {
            engine: self.identity().engine.clone(),
            what: format!("{} cannot tell languages apart", self.identity().model),
            remedy: "say which language is spoken".to_owned(),
        })
    }
}
