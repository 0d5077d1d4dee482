//! Which engine speaks and which one translates: the one place that knows.
//!
//! Invariant: a language whose voice is chosen is spoken by that voice or not at all. The voice of last resort speaks
//! only languages that have no voice of their own, and its editions say so.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail};

use super::translators::Translators;
use crate::config::{MakeSettings, ModelSettings};
use crate::domain::Language;
use crate::models::Weights;
use crate::neural::espeak::{Dialect, EspeakPhonemizer, EspeakVoice};
use crate::neural::kokoro::{self, Kokoro, KokoroVoice};
use crate::neural::mecab::MecabPhonemizer;
use crate::neural::pinyin::PinyinPhonemizer;
use crate::neural::silero::SileroDetector;
use crate::neural::whisper::WhisperRecognizer;
use crate::pipeline::{Ear, Engines, EnginesEar};
use crate::ports::{EngineError, Phonemizer, Synthesizer, Translator};

/// Speed of Kokoro's voices: they were trained on read speech and are clear at their own pace.
const SPEED: f32 = 1.0;

/// The engines of the weights on disk. Each is loaded when it is first asked for, and kept.
pub struct ModelEngines {
    weights: Weights,
    settings: MakeSettings,
    models: ModelSettings,
    loaded: Mutex<Loaded>,
}

#[derive(Default)]
struct Loaded {
    kokoro: Option<Arc<Kokoro>>,
    synthesizers: HashMap<Language, Arc<dyn Synthesizer>>,
    translators: Option<Vec<Arc<dyn Translator>>>,
    recognizer: Option<Arc<WhisperRecognizer>>,
    detector: Option<Arc<SileroDetector>>,
    ears: HashMap<Language, Arc<dyn Ear>>,
}

impl ModelEngines {
    #[must_use]
    pub fn new(weights: Weights, settings: MakeSettings, models: ModelSettings) -> Self {
        Self { weights, settings, models, loaded: Mutex::default() }
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
            (None | Some("kokoro"), voice) => {
                let usual = || self.settings.voices.get(language.tag()).map(String::as_str);
                let voice = voice.or_else(usual).with_context(|| format!("Kokoro has no voice for `{language}`"))?;
                Ok(Arc::new(self.kokoro_voice(language, voice)?))
            }
            (Some(other), _) => bail!("there is no engine `{other}`: use kokoro or espeak-ng"),
        }
    }

    /// The translator of a pair: the preferred one, or the one of a model or kind that a person asks for by name.
    ///
    /// # Errors
    /// Where there is none; it says which there are.
    pub fn translator_of(
        &self,
        source: Language,
        target: Language,
        engine: Option<&str>,
    ) -> anyhow::Result<Arc<dyn Translator>> {
        self.choice().of([source, target], engine)
    }

    fn choice(&self) -> Translators<'_> {
        Translators { weights: &self.weights, settings: &self.models, threads: self.settings.threads }
    }

    fn last_resort(&self, language: Language) -> Result<EspeakVoice, EngineError> {
        EspeakVoice::new(language, self.settings.last_resort_words_a_minute)
    }

    fn kokoro_voice(&self, language: Language, voice: &str) -> Result<KokoroVoice, EngineError> {
        let phonemizer = phonemizer(language, voice)?;
        Ok(KokoroVoice::new(self.kokoro()?, voice, language, phonemizer, SPEED)?)
    }

    fn kokoro(&self) -> Result<Arc<Kokoro>, EngineError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kokoro) = &loaded.kokoro {
            return Ok(kokoro.clone());
        }
        let kokoro =
            Arc::new(Kokoro::load(&self.folder("kokoro")?, kokoro::Options { threads: self.settings.threads })?);
        loaded.kokoro = Some(kokoro.clone());
        Ok(kokoro)
    }
}

impl ModelEngines {
    /// Who hears clips, one clip a thread: that is faster than one clip on all threads.
    fn listeners(&self) -> Result<(Arc<WhisperRecognizer>, Arc<SileroDetector>), EngineError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(recognizer), Some(detector)) = (&loaded.recognizer, &loaded.detector) {
            return Ok((recognizer.clone(), detector.clone()));
        }
        let recognizer = Arc::new(WhisperRecognizer::load(&self.folder(&self.settings.listener)?, 1)?);
        let detector = Arc::new(SileroDetector::load(&self.folder("silero-vad")?)?);
        (loaded.recognizer, loaded.detector) = (Some(recognizer.clone()), Some(detector.clone()));
        Ok((recognizer, detector))
    }

    fn folder(&self, model: &str) -> Result<PathBuf, EngineError> {
        self.weights.locate(model).map_err(|error| EngineError::Unavailable {
            engine: model.to_owned(),
            what: "its weights cannot be used".to_owned(),
            remedy: error.to_string(),
        })
    }
}

impl Engines for ModelEngines {
    fn synthesizer(&self, language: Language) -> Result<Option<Arc<dyn Synthesizer>>, EngineError> {
        let known = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).synthesizers.get(&language).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let made: Arc<dyn Synthesizer> = match self.settings.voices.get(language.tag()) {
            Some(voice) => Arc::new(self.kokoro_voice(language, voice)?),
            None => Arc::new(self.last_resort(language)?),
        };
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(loaded.synthesizers.entry(language).or_insert(made).clone()))
    }

    fn ear(&self, language: Language) -> Result<Option<Arc<dyn Ear>>, EngineError> {
        if self.settings.listener.is_empty() {
            return Ok(None);
        }
        let known = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).ears.get(&language).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let (recognizer, detector) = self.listeners()?;
        let ear = EnginesEar::new(language, recognizer, detector, phonemizer_of(language)?, self.settings.threads);
        let ear: Arc<dyn Ear> = Arc::new(ear);
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(loaded.ears.entry(language).or_insert(ear).clone()))
    }

    fn translators(&self) -> Result<Vec<Arc<dyn Translator>>, EngineError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(translators) = &loaded.translators {
            return Ok(translators.clone());
        }
        let translators = self.choice().all();
        loaded.translators = Some(translators.clone());
        Ok(translators)
    }
}

/// Who tells how words of a language sound, for comparing what was heard with what was meant. `None` where only letters
/// can be compared.
///
/// # Errors
/// `Unavailable` where the program or dictionary of the language is missing.
pub fn phonemizer_of(language: Language) -> Result<Option<Arc<dyn Phonemizer>>, EngineError> {
    match language.tag() {
        "ja" | "zh" | "en" | "fr" | "es" | "it" | "pt" => Ok(Some(phonemizer(language, "")?)),
        _ => Ok(None),
    }
}

/// Who turns words into Kokoro's phonemes. The voice's name tells British from American English.
fn phonemizer(language: Language, voice: &str) -> Result<Arc<dyn Phonemizer>, EngineError> {
    let dialect = match language.tag() {
        "ja" => return Ok(Arc::new(MecabPhonemizer::new()?)),
        "zh" => return Ok(Arc::new(PinyinPhonemizer::new())),
        "en" if voice.starts_with('b') => Dialect::EnGb,
        "en" => Dialect::EnUs,
        "fr" => Dialect::Fr,
        "es" => Dialect::Es,
        "it" => Dialect::It,
        "pt" => Dialect::PtBr,
        other => {
            return Err(EngineError::Unavailable {
                engine: "kokoro".to_owned(),
                what: format!("it has no phonemes for `{other}`"),
                remedy: format!("take `{other}` out of [make.voices] in the settings"),
            });
        }
    };
    Ok(Arc::new(EspeakPhonemizer::new(dialect)?))
}
