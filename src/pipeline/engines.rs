//! What the pipeline asks of whoever composed the program: the engines of this machine.

use std::sync::Arc;

use super::Ear;
use crate::domain::{Language, Manner};
use crate::ports::{EngineError, Recognizer, Synthesizer, Translator, VoiceDetector};

/// Who hears recordings: a recogniser, and who tells it where anybody speaks.
pub type Listeners = (Arc<dyn Recognizer>, Arc<dyn VoiceDetector>);

/// The engines of this machine. Each is loaded at the first call that needs it and kept; the calls block meanwhile.
pub trait Engines: Send + Sync {
    /// The voice that speaks a language; `None` where not even the voice of last resort does.
    ///
    /// # Errors
    /// `Unavailable` where the voice chosen for the language lacks its weights or its program: another one never
    /// stands in for it unseen.
    fn synthesizer(&self, language: Language) -> Result<Option<Arc<dyn Synthesizer>>, EngineError>;

    /// The names of the voices that may be chosen for a language, the usual one first; none where there is no choice.
    ///
    /// # Errors
    /// Where the voices of this machine cannot be listed.
    fn voices(&self, language: Language) -> Result<Vec<String>, EngineError> {
        let _ = language;
        Ok(Vec::new())
    }

    /// The voice that speaks a language in a manner; its pause is not the voice's affair. `None` as in `synthesizer`.
    ///
    /// # Errors
    /// As `synthesizer`; `BadInput` for a voice that does not speak the language, or a speed where it has one only.
    fn synthesizer_in(&self, language: Language, manner: &Manner) -> Result<Option<Arc<dyn Synthesizer>>, EngineError> {
        if manner.voice.is_none() && manner.speed.is_none() {
            return self.synthesizer(language);
        }
        let what = format!("`{language}` is spoken in one manner only here");
        Err(EngineError::BadInput { engine: "voice".to_owned(), what })
    }

    /// Who hears recordings; `None` where the settings say that nobody does.
    ///
    /// # Errors
    /// `Unavailable` where the models that the settings name lack their weights.
    fn listeners(&self) -> Result<Option<Listeners>, EngineError> {
        Ok(None)
    }

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
