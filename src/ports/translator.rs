//! The port of machine translation.

use super::{Cancel, EngineError, EngineIdentity};
use crate::domain::Language;

/// Translates sentences from one language to one other.
pub trait Translator: Send + Sync {
    fn identity(&self) -> &EngineIdentity;

    fn source(&self) -> Language;

    fn target(&self) -> Language;

    /// One translation for each sentence, in the same order. An empty sentence gives an empty translation. The result
    /// for a sentence does not depend on the others it is batched with.
    ///
    /// # Errors
    /// `BadInput` for text the engine cannot hold, `Cancelled`, or the engine's own failure.
    fn translate(&self, sentences: &[String], cancel: &Cancel) -> Result<Vec<String>, EngineError>;
}
