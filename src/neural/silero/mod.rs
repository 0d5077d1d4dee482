//! Silero VAD 6.2 (MIT, github.com/snakers4/silero-vad): where somebody speaks, in any language, at 16 kHz.
//!
//! Weights are those of the package's ONNX graph, converted by `models pull`. A sound of any length takes a second of
//! samples and the state of one recurrent cell. Sounds at another rate are resampled (the reference drops samples).

mod network;
mod stretches;

use std::path::Path;

use crate::domain::{HashBuilder, Hertz, Milliseconds};
use crate::neural::layers::resample::{RateError, RateStream};
use crate::ports::{EngineError, EngineIdentity, SpeechRules, Stretch, VoiceDetector, VoiceListener};
use network::{BATCH, CONTEXT, Memory, Network, WINDOW};
use stretches::Stretches;

const ENGINE: &str = "silero-vad";
/// Goes into the fingerprint; raised when a probability or a stretch changes.
const VERSION: &str = "1";
const FILE: &str = "silero_vad.safetensors";
/// The rate the network hears at.
const RATE: Hertz = Hertz(16_000);

/// Silero's voice detector. Listeners share its weights.
pub struct SileroDetector {
    network: Network,
    identity: EngineIdentity,
}

impl SileroDetector {
    /// Loads the weights in `folder`.
    ///
    /// # Errors
    /// `Unavailable` where they are missing or broken.
    pub fn load(folder: &Path) -> Result<Self, EngineError> {
        let path = folder.join(FILE);
        let (network, bytes) = network::read(&path).map_err(|error| EngineError::Unavailable {
            engine: ENGINE.to_owned(),
            what: format!("{} cannot be loaded: {error}", path.display()),
            remedy: "run `thuyetminh models pull silero-vad`".to_owned(),
        })?;
        let fingerprint = HashBuilder::new(ENGINE).with("version", VERSION).with("weights", &bytes).finish();
        let identity = EngineIdentity { engine: ENGINE.to_owned(), model: ENGINE.to_owned(), fingerprint };
        Ok(Self { network, identity })
    }

    /// How probable speech is in each window of 512 samples (32 ms) of a sound at 16 kHz; the last window is filled
    /// with silence.
    ///
    /// # Errors
    /// The engine's own failure.
    pub fn probabilities(&self, samples: &[f32]) -> Result<Vec<f32>, EngineError> {
        let mut windows = Windows::new(&self.network);
        let mut probabilities = windows.push(samples)?;
        probabilities.extend(windows.finish()?);
        Ok(probabilities)
    }
}

impl VoiceDetector for SileroDetector {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }

    fn listen(&self, rate: Hertz, rules: &SpeechRules) -> Result<Box<dyn VoiceListener + '_>, EngineError> {
        let rate = RateStream::new(rate, RATE).map_err(bad_rate)?;
        Ok(Box::new(Listener {
            rate,
            windows: Windows::new(&self.network),
            stretches: Stretches::new(rules),
            heard: 0,
        }))
    }
}

fn bad_rate(error: RateError) -> EngineError {
    EngineError::BadInput { engine: ENGINE.to_owned(), what: error.to_string() }
}

struct Listener<'a> {
    rate: RateStream,
    windows: Windows<'a>,
    stretches: Stretches,
    /// Samples at 16 kHz.
    heard: u64,
}

impl Listener<'_> {
    fn take(&mut self, samples: &[f32]) -> Result<Vec<Stretch>, EngineError> {
        self.heard += samples.len() as u64;
        let probabilities = self.windows.push(samples)?;
        Ok(self.cut(&probabilities))
    }

    fn cut(&mut self, probabilities: &[f32]) -> Vec<Stretch> {
        let mut ready = Vec::new();
        for probability in probabilities {
            self.stretches.take(*probability, &mut ready);
        }
        ready
    }
}

impl VoiceListener for Listener<'_> {
    fn hear(&mut self, samples: &[f32]) -> Result<Vec<Stretch>, EngineError> {
        let samples = self.rate.push(samples).map_err(bad_rate)?;
        self.take(&samples)
    }

    fn settled(&self) -> Milliseconds {
        Milliseconds(self.stretches.settled() * 1000 / u64::from(RATE.0))
    }

    fn finish(&mut self) -> Result<Vec<Stretch>, EngineError> {
        let samples = self.rate.finish().map_err(bad_rate)?;
        let mut ready = self.take(&samples)?;
        let probabilities = self.windows.finish()?;
        ready.extend(self.cut(&probabilities));
        self.stretches.finish(self.heard, &mut ready);
        Ok(ready)
    }
}

/// Gathers samples to batches of windows. Invariant: `waiting` begins with the context of the next window.
struct Windows<'a> {
    network: &'a Network,
    memory: Memory,
    waiting: Vec<f32>,
}

impl<'a> Windows<'a> {
    const WHOLE: usize = CONTEXT + BATCH * WINDOW;

    fn new(network: &'a Network) -> Self {
        Self { network, memory: Memory::default(), waiting: vec![0.0; CONTEXT] }
    }

    fn push(&mut self, samples: &[f32]) -> Result<Vec<f32>, EngineError> {
        self.waiting.extend_from_slice(samples);
        let mut probabilities = Vec::new();
        let mut used = 0;
        while let Some(batch) = self.waiting.get(used..used + Self::WHOLE) {
            let batch = self.network.listen(batch, &mut self.memory);
            probabilities.extend(batch.map_err(|error| EngineError::failed(ENGINE, error))?);
            used += BATCH * WINDOW;
        }
        self.waiting.drain(..used);
        Ok(probabilities)
    }

    fn finish(&mut self) -> Result<Vec<f32>, EngineError> {
        let windows = (self.waiting.len() - CONTEXT).div_ceil(WINDOW);
        let silence = vec![0.0; Self::WHOLE - self.waiting.len()];
        let mut probabilities = self.push(&silence)?;
        probabilities.truncate(windows);
        Ok(probabilities)
    }
}

/// A file of weights, for `src/fuzzed.rs`.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_hostile(bytes: &[u8]) {
    let _ = network::Network::load(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_broken_weights_are_named_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        for bytes in [None, Some(&b"no safetensors"[..])] {
            if let Some(bytes) = bytes {
                std::fs::write(folder.path().join(FILE), bytes).unwrap();
            }
            let error = SileroDetector::load(folder.path()).err().unwrap().to_string();
            assert!(error.contains(FILE) && error.contains("models pull silero-vad"), "{error}");
        }
    }
}
