//! Engines for the tests of the web: a voice that hums, and an ear that believes it unless told not to.

use std::sync::Arc;

use crate::audio::{self, Sound};
use crate::blobs::Blobs;
use crate::domain::{
    Clock, ContentHash, Hearing, Hertz, Language, Listener, Manner, Milliseconds, TimedWord, Verdict, VoiceMark,
};
use crate::pipeline::{Ear, Engines, Workshop};
use crate::ports::{Cancel, EngineError, EngineIdentity, SpeechSink, Synthesizer, Translator};
use crate::store::{Policy, Store};
use crate::text::SpokenText;
use crate::text::hearing::Meant;

/// Hums so many samples for each letter at the usual speed.
pub const SAMPLES_A_LETTER: usize = 240;

/// A workshop of these engines.
pub fn workshop(store: &Store, blobs: &Blobs, clock: Arc<dyn Clock>) -> Workshop {
    Workshop {
        store: store.clone(),
        blobs: blobs.clone(),
        engines: Arc::new(Humming),
        checkers: Vec::new(),
        sound: audio::Settings::default(),
        policy: Policy::default(),
        clock,
    }
}

struct Humming;

impl Engines for Humming {
    fn synthesizer(&self, language: Language) -> Result<Option<Arc<dyn Synthesizer>>, EngineError> {
        self.synthesizer_in(language, &Manner::default())
    }

    fn voices(&self, _: Language) -> Result<Vec<String>, EngineError> {
        Ok(vec!["an".to_owned(), "binh".to_owned()])
    }

    fn synthesizer_in(&self, language: Language, manner: &Manner) -> Result<Option<Arc<dyn Synthesizer>>, EngineError> {
        let (voice, speed) = (manner.voice.clone().unwrap_or_else(|| "an".to_owned()), manner.speed.unwrap_or(100));
        let name = format!("{voice} {speed}");
        let identity =
            EngineIdentity { engine: "hum".into(), model: "hum".into(), fingerprint: ContentHash::of(name.as_bytes()) };
        Ok(Some(Arc::new(Hum { language, voice, speed, identity, take: 0 })))
    }

    fn ear(&self, _: Language) -> Result<Option<Arc<dyn Ear>>, EngineError> {
        Ok(Some(Arc::new(Credulous(Listener { engine: "test".into(), model: "test".into(), rules: "1".into() }))))
    }

    fn translators(&self) -> Result<Vec<Arc<dyn Translator>>, EngineError> {
        Ok(Vec::new())
    }
}

/// Longer for longer words and slower speeds; a word `unsayable` cannot be said.
struct Hum {
    language: Language,
    voice: String,
    speed: u16,
    identity: EngineIdentity,
    take: u8,
}

impl Synthesizer for Hum {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }

    fn language(&self) -> Language {
        self.language
    }

    fn mark(&self) -> VoiceMark {
        VoiceMark {
            engine: "hum".into(),
            model: "hum".into(),
            voice: self.voice.clone(),
            synthetic: true,
            last_resort: false,
        }
    }

    fn retake(&self, take: u8) -> Option<Arc<dyn Synthesizer>> {
        let (voice, identity) = (self.voice.clone(), self.identity.clone());
        (take <= 1).then(|| {
            Arc::new(Self { language: self.language, voice, speed: self.speed, identity, take }) as Arc<dyn Synthesizer>
        })
    }

    fn synthesize(
        &self,
        utterances: &[SpokenText],
        cancel: &Cancel,
        sink: &mut SpeechSink<'_>,
    ) -> Result<(), EngineError> {
        for (place, utterance) in utterances.iter().enumerate() {
            cancel.check()?;
            let text = utterance.written();
            if text.contains("unsayable") {
                let what = "`unsayable` cannot be said".to_owned();
                return Err(EngineError::BadInput { engine: "hum".to_owned(), what });
            }
            let length = text.chars().count() * SAMPLES_A_LETTER * 100 / usize::from(self.speed);
            let samples = length + usize::from(self.take) * 2_400;
            let wave = (0..samples).map(|at| 0.3 * (at as f32 * 0.05).sin()).collect();
            sink(place, Sound::new(Hertz(24_000), wave))?;
        }
        Ok(())
    }
}

/// Hears every word that was meant, but `Nam`.
struct Credulous(Listener);

impl Ear for Credulous {
    fn listener(&self) -> &Listener {
        &self.0
    }

    fn fingerprint(&self) -> ContentHash {
        ContentHash::of(b"credulous")
    }

    fn side_by_side(&self) -> usize {
        1
    }

    fn hear(&self, _: &Sound, meant: &Meant<'_>, _: &Cancel) -> Result<Hearing, EngineError> {
        let heard = meant.spoken.replace("Nam", "");
        let words = heard.split_whitespace().zip(0..);
        let timed = |(word, at): (&str, u64)| TimedWord {
            text: word.to_owned(),
            start: Milliseconds(at * 100),
            end: Milliseconds(at * 100 + 90),
        };
        Ok(Hearing {
            verdict: if heard == meant.spoken { Verdict::Pass } else { Verdict::Hold },
            wer: Some(0.0),
            cer: 0.0,
            longest_divergent_run: 0,
            words: words.map(timed).collect(),
            heard,
            findings: Vec::new(),
            listener: self.0.clone(),
        })
    }
}
