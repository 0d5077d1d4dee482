//! Who tells the house's listener where somebody speaks: wherever anything sounds.

use thuyetminh::domain::{ContentHash, Hertz, Milliseconds};
use thuyetminh::ports::{EngineError, EngineIdentity, SpeechRules, Stretch, VoiceDetector, VoiceListener};

/// Quieter is silence.
const THRESHOLD: f32 = 0.01;

pub struct Loudness(EngineIdentity);

impl Default for Loudness {
    fn default() -> Self {
        let fingerprint = ContentHash::of(b"loudness");
        Self(EngineIdentity { engine: "house".to_owned(), model: "loudness".to_owned(), fingerprint })
    }
}

impl VoiceDetector for Loudness {
    fn identity(&self) -> &EngineIdentity {
        &self.0
    }

    fn listen(&self, rate: Hertz, rules: &SpeechRules) -> Result<Box<dyn VoiceListener + '_>, EngineError> {
        let (silence, longest) = (rate.samples(rules.silence), rules.longest.map(|longest| rate.samples(longest)));
        Ok(Box::new(Waiting { rate, silence, longest, heard: 0, since: None, loud: 0 }))
    }
}

/// All in samples.
struct Waiting {
    rate: Hertz,
    /// So much quiet ends a stretch.
    silence: usize,
    longest: Option<usize>,
    heard: usize,
    /// Where the stretch at hand began.
    since: Option<usize>,
    /// Where it was loud the last time.
    loud: usize,
}

impl Waiting {
    fn end(&mut self) -> Option<Stretch> {
        let start = self.rate.duration(self.since.take()?);
        Some(Stretch { start, end: self.rate.duration(self.loud + 1) })
    }
}

impl VoiceListener for Waiting {
    fn hear(&mut self, samples: &[f32]) -> Result<Vec<Stretch>, EngineError> {
        let mut stretches = Vec::new();
        for sample in samples {
            if sample.abs() > THRESHOLD {
                self.since.get_or_insert(self.heard);
                self.loud = self.heard;
            }
            let quiet = self.heard - self.loud >= self.silence;
            let long = self.since.zip(self.longest).is_some_and(|(since, longest)| self.heard - since >= longest);
            if quiet || long {
                stretches.extend(self.end());
            }
            self.heard += 1;
        }
        Ok(stretches)
    }

    fn settled(&self) -> Milliseconds {
        self.rate.duration(self.since.unwrap_or(self.heard))
    }

    fn finish(&mut self) -> Result<Vec<Stretch>, EngineError> {
        Ok(self.end().into_iter().collect())
    }
}
