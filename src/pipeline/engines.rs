//! What the pipeline asks of whoever composed the program: the engines of this machine.

use std::sync::Arc;

use super::Ear;
use crate::domain::Language;
use crate::ports::{EngineError, Synthesizer, Translator};

/// The engines of this machine. Each is loaded at the first call that needs it and kept; the calls block meanwhile.
pub trait Engines: Send + Sync {
    /// The voice that speaks a language; `None` where not even the voice of last resort does.
    ///
    /// # Errors
    /// `Unavailable` where the voice chosen for the language lacks its weights or its program: another one never
    /// stands in for it unseen.
    fn synthesizer(&self, language: Language) -> Result<Option<Arc<dyn Synthesizer>>, EngineError>;

    /// Who hears clips of a language; `None` where the settings say that nobody does.
    ///
    /// # Errors
    /// `Unavailable` where the recogniser that the settings name lacks its weights.
    fn ear(&self, language: Language) -> Result<Option<Arc<dyn Ear>>, EngineError>;

    /// Every direct translation that can be had, the preferred ones first. A translator may be read from the disk when
    /// its first sentence comes, and then tells what is wrong with its weights.
    ///
    /// # Errors
    /// Where the engines of this machine cannot be listed.
    fn translators(&self) -> Result<Vec<Arc<dyn Translator>>, EngineError>;
}
