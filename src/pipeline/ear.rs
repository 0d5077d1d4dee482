//! An ear made of engines: a voice detector that tells whether anybody speaks, a recogniser that tells what is said, and
//! a phonemizer that tells how words sound.

use std::sync::Arc;

use super::hear::hear;
use super::heard::Ear;
use crate::audio::Sound;
use crate::domain::{ContentHash, HashBuilder, Hearing, Language, Listener};
use crate::ports::{Cancel, EngineError, Phonemizer, Recognizer, SpeechRules, VoiceDetector};
use crate::text::hearing::{Meant, RULES};

/// Hears clips of one language.
pub struct EnginesEar {
    recognizer: Arc<dyn Recognizer>,
    detector: Arc<dyn VoiceDetector>,
    phonemizer: Option<Arc<dyn Phonemizer>>,
    side_by_side: usize,
    listener: Listener,
    fingerprint: ContentHash,
}

impl EnginesEar {
    /// `side_by_side` is how many clips are heard at a time; without a phonemizer letters stand in for sounds.
    #[must_use]
    pub fn new(
        language: Language,
        recognizer: Arc<dyn Recognizer>,
        detector: Arc<dyn VoiceDetector>,
        phonemizer: Option<Arc<dyn Phonemizer>>,
        side_by_side: usize,
    ) -> Self {
        let identity = recognizer.identity();
        let listener =
            Listener { engine: identity.engine.clone(), model: identity.model.clone(), rules: RULES.to_owned() };
        let fingerprint = HashBuilder::new("ear 1")
            .with("language", language.tag())
            .with("recognizer", identity.fingerprint.to_string())
            .with("detector", detector.identity().fingerprint.to_string())
            .with("phonemizer", phonemizer.as_ref().map_or("", |phonemizer| phonemizer.version()))
            .with("rules", RULES)
            .finish();
        Self { recognizer, detector, phonemizer, side_by_side: side_by_side.max(1), listener, fingerprint }
    }
}

impl Ear for EnginesEar {
    fn listener(&self) -> &Listener {
        &self.listener
    }

    fn fingerprint(&self) -> ContentHash {
        self.fingerprint
    }

    fn side_by_side(&self) -> usize {
        self.side_by_side
    }

    fn hear(&self, sound: &Sound, meant: &Meant<'_>, cancel: &Cancel) -> Result<Hearing, EngineError> {
        let stretches = self.detector.speech(sound, &SpeechRules::default(), cancel)?;
        let speech: u64 = stretches.iter().map(|stretch| stretch.end.0.saturating_sub(stretch.start.0)).sum();
        let seconds = speech as f32 / 1000.0;
        hear(sound, meant, Some(seconds), &*self.recognizer, self.phonemizer.as_deref(), cancel)
    }
}
