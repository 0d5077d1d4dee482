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
use crate::domain::{Language, Manner};
use crate::models::Weights;
use crate::neural::espeak::{Dialect, EspeakPhonemizer, EspeakVoice};
use crate::neural::kokoro::{self, Kokoro, KokoroVoice};
use crate::neural::mecab::MecabPhonemizer;
use crate::neural::pinyin::PinyinPhonemizer;
use crate::neural::silero::SileroDetector;
use crate::neural::whisper::WhisperRecognizer;
use crate::pipeline::{Ear, Engines, EnginesEar, Listeners};
use crate::ports::{EngineError, Phonemizer, Synthesizer, Translator};

/// Speed of Kokoro's voices: they were trained on read speech and are clear at their own pace.
const SPEED: f32 = 1.0;
/// In percent of that.
const USUAL: u16 = 100;

/// The engines of the weights on disk. Each is loaded when it is first asked for, and kept.
pub struct ModelEngines {
    weights: Weights,
    settings: MakeSettings,
    models: ModelSettings,
    loaded: Mutex<Loaded>,
}

/// A language, a voice by name, and a speed in percent.
type InManner = (Language, Option<String>, Option<u16>);

#[derive(Default)]
struct Loaded {
    kokoro: Option<Arc<Kokoro>>,
    /// In a voice and at a speed, where these are not the usual ones.
    synthesizers: HashMap<InManner, Arc<dyn Synthesizer>>,
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
            (Some("espeak-ng"), None) => Ok(Arc::new(self.last_resort(language, USUAL)?)),
            (Some("espeak-ng"), Some(_)) => bail!("espeak-ng has one voice a language here: leave out --voice"),
            (None | Some("kokoro"), voice) => {
                let usual = || self.settings.voices.get(language.tag()).map(String::as_str);
                let voice = voice.or_else(usual).with_context(|| format!("Kokoro has no voice for `{language}`"))?;
                Ok(Arc::new(self.kokoro_voice(language, voice, USUAL)?))
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

    /// `speed` in percent.
    fn last_resort(&self, language: Language, speed: u16) -> Result<EspeakVoice, EngineError> {
        EspeakVoice::new(language, self.settings.last_resort_words_a_minute * u32::from(speed) / 100)
    }

    /// `speed` in percent.
    fn kokoro_voice(&self, language: Language, voice: &str, speed: u16) -> Result<KokoroVoice, EngineError> {
        let phonemizer = phonemizer(language, voice)?;
        Ok(KokoroVoice::new(self.kokoro()?, voice, language, phonemizer, SPEED * f32::from(speed) / 100.0)?)
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
    fn hearers(&self) -> Result<(Arc<WhisperRecognizer>, Arc<SileroDetector>), EngineError> {
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
        self.synthesizer_in(language, &Manner::default())
    }

    fn voices(&self, language: Language) -> Result<Vec<String>, EngineError> {
        let Some(usual) = self.settings.voices.get(language.tag()) else { return Ok(Vec::new()) };
        let mut voices = Kokoro::voices(&self.folder("kokoro")?)?;
        voices.retain(|voice| voice != usual && voice.starts_with(kokoro_letters(language)));
        voices.insert(0, usual.clone());
        Ok(voices)
    }

    fn synthesizer_in(&self, language: Language, manner: &Manner) -> Result<Option<Arc<dyn Synthesizer>>, EngineError> {
        let key = (language, manner.voice.clone(), manner.speed);
        let known = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).synthesizers.get(&key).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let speed = manner.speed.unwrap_or(USUAL);
        if let Some(voice) = &manner.voice
            && !self.voices(language)?.contains(voice)
        {
            let what = format!("no voice `{voice}` speaks `{language}` here");
            return Err(EngineError::BadInput { engine: "voice".to_owned(), what });
        }
        let voice = manner.voice.as_ref().or_else(|| self.settings.voices.get(language.tag()));
        let made: Arc<dyn Synthesizer> = match voice {
            Some(voice) => Arc::new(self.kokoro_voice(language, voice, speed)?),
            None => Arc::new(self.last_resort(language, speed)?),
        };
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(loaded.synthesizers.entry(key).or_insert(made).clone()))
    }

    fn listeners(&self) -> Result<Option<Listeners>, EngineError> {
        if self.settings.listener.is_empty() {
            return Ok(None);
        }
        let (recognizer, detector) = self.hearers()?;
        Ok(Some((recognizer, detector)))
    }

    fn ear(&self, language: Language) -> Result<Option<Arc<dyn Ear>>, EngineError> {
        if self.settings.listener.is_empty() {
            return Ok(None);
        }
        let known = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).ears.get(&language).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let (recognizer, detector) = self.hearers()?;
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

/// The letters that the names of Kokoro's voices of a language begin with: `a` American, `b` British and so on.
fn kokoro_letters(language: Language) -> &'static [char] {
    match language.tag() {
        "en" => &['a', 'b'],
        "es" => &['e'],
        "fr" => &['f'],
        "it" => &['i'],
        "ja" => &['j'],
        "pt" => &['p'],
        "zh" => &['z'],
        _ => &[],
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
