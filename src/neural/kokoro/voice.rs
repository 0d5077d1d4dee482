//! Kokoro behind the port: one voice of one language, with the phonemizer that knows how the language is said.

use std::sync::Arc;

use super::Kokoro;
use super::config::MOST_PHONEMES;
use super::error::{ENGINE, KokoroError};
use super::voices::Voice;
use crate::domain::{HashBuilder, Language, VoiceMark};
use crate::ports::{Cancel, EngineError, EngineIdentity, Phonemizer, SpeechSink, Synthesizer};
use crate::text::SpokenText;

/// The model as its manifest names it.
const MODEL: &str = "kokoro-82m";
/// Raised when the code changes what is heard: it is part of every clip's key.
const VERSION: &str = "1";

/// How a sentence that was not understood is spoken again: its share of the usual speed, and phonemes in one go.
const MANNERS: [(f32, usize); 2] = [(0.9, MOST_PHONEMES), (0.8, 120)];

/// A voice of one language.
pub struct KokoroVoice {
    model: Arc<Kokoro>,
    voice: Voice,
    language: Language,
    phonemizer: Arc<dyn Phonemizer>,
    speed: f32,
    /// Phonemes in one go.
    most: usize,
    identity: EngineIdentity,
}

impl KokoroVoice {
    /// `phonemizer` gives phonemes of Kokoro's own alphabet; `speed` above 1 is faster.
    ///
    /// # Errors
    /// `NoVoice` lists the voices that are there; `Broken` for a file that is none.
    pub fn new(
        model: Arc<Kokoro>,
        voice: &str,
        language: Language,
        phonemizer: Arc<dyn Phonemizer>,
        speed: f32,
    ) -> Result<Self, KokoroError> {
        let voice = model.voice(voice)?;
        let fingerprint = HashBuilder::new("kokoro voice 1")
            .with("version", VERSION)
            .with("weights", model.weights().to_string())
            .with("voice", voice.hash.to_string())
            .with("language", language.tag())
            .with("phonemizer", phonemizer.version())
            .with("speed", speed.to_le_bytes())
            .finish();
        let identity = EngineIdentity { engine: ENGINE.to_owned(), model: MODEL.to_owned(), fingerprint };
        Ok(Self { model, voice, language, phonemizer, speed, most: MOST_PHONEMES, identity })
    }
}

impl Synthesizer for KokoroVoice {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }

    fn language(&self) -> Language {
        self.language
    }

    fn mark(&self) -> VoiceMark {
        VoiceMark {
            engine: ENGINE.to_owned(),
            model: MODEL.to_owned(),
            voice: self.voice.name.clone(),
            synthetic: true,
            last_resort: false,
        }
    }

    fn retake(&self, take: u8) -> Option<Arc<dyn Synthesizer>> {
        let (slower, most) = *MANNERS.get(usize::from(take).checked_sub(1)?)?;
        let (voice, identity) = (self.voice.clone(), self.identity.clone());
        let (model, phonemizer) = (self.model.clone(), self.phonemizer.clone());
        Some(Arc::new(Self {
            model,
            voice,
            language: self.language,
            phonemizer,
            speed: self.speed * slower,
            most,
            identity,
        }))
    }

    fn synthesize(
        &self,
        utterances: &[SpokenText],
        cancel: &Cancel,
        sink: &mut SpeechSink<'_>,
    ) -> Result<(), EngineError> {
        cancel.check()?;
        let phonemes = self.phonemizer.phonemize(utterances)?;
        if phonemes.len() != utterances.len() {
            let what = format!("{} utterances gave {} strings of phonemes", utterances.len(), phonemes.len());
            return Err(EngineError::failed(ENGINE, what));
        }
        for (index, (utterance, phonemes)) in utterances.iter().zip(phonemes).enumerate() {
            cancel.check()?;
            let sound = self.model.speak_in_pieces(&phonemes.0, &self.voice, self.speed, self.most, cancel);
            let sound = sound.map_err(EngineError::from).map_err(|error| match error {
                EngineError::BadInput { engine, what } => {
                    EngineError::BadInput { engine, what: format!("`{}`: {what}", utterance.written()) }
                }
                other => other,
            })?;
            sink(index, sound)?;
        }
        Ok(())
    }
}
