//! Which engine speaks and which one translates: the one place that knows.
//!
//! Invariant: a language whose voice is chosen is spoken by that voice or not at all. The voice of last resort speaks
//! only languages that have no voice of their own, and its editions say so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail};

use crate::config::MakeSettings;
use crate::domain::Language;
use crate::neural::espeak::EspeakVoice;
use crate::pipeline::Engines;
use crate::ports::{EngineError, Synthesizer, Translator};

/// The engines of the weights on disk. Each is loaded when it is first asked for, and kept.
pub struct ModelEngines {
    settings: MakeSettings,
    loaded: Mutex<Loaded>,
}

#[derive(Default)]
struct Loaded {
    synthesizers: HashMap<Language, Arc<dyn Synthesizer>>,
}

impl ModelEngines {
    #[must_use]
    pub fn new(settings: MakeSettings) -> Self {
        Self { settings, loaded: Mutex::default() }
    }

    /// The voice that a person asks for by name, or the usual one of the language.
    ///
    /// # Errors
    /// For an engine or voice that is not there; it says which are.
    pub fn synthesizer_named(
        &self,
        language: Language,
        engine: Option<&str>,
        voice: Option<&str>,
    ) -> anyhow::Result<Arc<dyn Synthesizer>> {
        match (engine, voice) {
            (None, None) => self.synthesizer(language)?.with_context(|| format!("nothing here speaks `{language}`")),
            (Some("espeak-ng"), None) => Ok(Arc::new(self.last_resort(language)?)),
            (Some("espeak-ng"), Some(_)) => bail!("espeak-ng has one voice a language here: leave out --voice"),
            (other, _) => bail!("there is no engine `{}`: use espeak-ng", other.unwrap_or("kokoro")),
        }
    }

    fn last_resort(&self, language: Language) -> Result<EspeakVoice, EngineError> {
        EspeakVoice::new(language, self.settings.last_resort_words_a_minute)
    }
}

impl Engines for ModelEngines {
    fn synthesizer(&self, language: Language) -> Result<Option<Arc<dyn Synthesizer>>, EngineError> {
        let known = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).synthesizers.get(&language).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let made: Arc<dyn Synthesizer> = Arc::new(self.last_resort(language)?);
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(loaded.synthesizers.entry(language).or_insert(made).clone()))
    }

    fn translators(&self) -> Result<Vec<Arc<dyn Translator>>, EngineError> {
        Ok(Vec::new())
    }
}
