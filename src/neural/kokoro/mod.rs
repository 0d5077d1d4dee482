//! Kokoro-82M in candle: text in phonemes to 24 kHz speech.
//!
//! Kokoro (hexgrad, Apache-2.0) is StyleTTS 2 with an ISTFTNet generator. The folder follows its parts: [`albert`]
//! reads the phonemes, `prosody` gives durations and pitch, `text_encoder` what is said, `decoder` and `generator`
//! the sound. Convolutions, LSTMs and norms stand on `neural::layers`; the ALBERT on candle's own.
//!
//! Invariant: the same phonemes, voice and speed always give the same samples on one machine, on any number of
//! threads; the source's noise is a fixed sequence (see [`source`]).

mod albert;
pub mod config;
mod decoder;
mod error;
mod generator;
mod network;
mod norm;
mod prosody;
mod resblock;
pub mod source;
mod spectrum;
mod split;
mod text_encoder;
mod vocabulary;
mod voice;
mod voices;
mod weights;

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device};
use candle_nn::VarBuilder;

pub use error::{ENGINE, KokoroError};
pub use voice::KokoroVoice;
pub use voices::Voice;

use crate::audio::Sound;
use crate::domain::{ContentHash, Hertz};
use crate::ports::Cancel;
use config::{END_TOKEN, MOST_PHONEMES, SAMPLE_RATE};
use network::Network;
use vocabulary::Vocabulary;

/// How the network runs; none of this changes what is spoken.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Threads of the pool every part of the network works in.
    pub threads: usize,
}

/// The network with its alphabet, ready to speak in any of its voices.
pub struct Kokoro {
    network: Network,
    vocabulary: Vocabulary,
    voices: PathBuf,
    weights: ContentHash,
    pool: rayon::ThreadPool,
}

/// What was spoken, with its timing and melody.
pub struct Utterance {
    pub sound: Sound,
    /// Frames of 25 ms each token lasts, piece after piece, each piece with its two end tokens.
    pub durations: Vec<usize>,
    /// Pitch in hertz, two values a frame; near zero or below where nothing is voiced.
    pub pitch: Vec<f32>,
}

impl Kokoro {
    /// Reads `kokoro.safetensors` and `vocab.json`; voices are read from `voices/` when they are asked for.
    ///
    /// # Errors
    /// `Broken` names the file, and the tensor that is missing or of another shape; `Threads`.
    pub fn load(folder: &Path, options: Options) -> Result<Self, KokoroError> {
        let path = folder.join("kokoro.safetensors");
        let broken = |what: String| KokoroError::Broken { path: path.clone(), what };
        let bytes = fs::read(&path).map_err(|error| broken(error.to_string()))?;
        let weights = ContentHash::of(&bytes);
        let vb = VarBuilder::from_buffered_safetensors(bytes, DType::F32, &Device::Cpu)
            .map_err(|error| broken(error.to_string()))?;
        let threads = options.threads.max(1);
        Ok(Self {
            network: Network::load(&vb).map_err(|error| broken(error.to_string()))?,
            vocabulary: Vocabulary::load(&folder.join("vocab.json"))?,
            voices: folder.join("voices"),
            weights,
            pool: rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .thread_name(|index| format!("kokoro-{index}"))
                .build()
                .map_err(|source| KokoroError::Threads { threads, source })?,
        })
    }

    /// The voices that lie in a folder of weights, sorted, without reading the network.
    ///
    /// # Errors
    /// `Broken` where the folder cannot be read.
    pub fn voices(folder: &Path) -> Result<Vec<String>, KokoroError> {
        voices::names(&folder.join("voices"))
    }

    /// Over the weights file.
    #[must_use]
    pub fn weights(&self) -> ContentHash {
        self.weights
    }

    /// # Errors
    /// `NoVoice` lists the voices that are there; `Broken` for a file that is none.
    pub fn voice(&self, name: &str) -> Result<Voice, KokoroError> {
        Voice::load(&self.voices, name)
    }

    /// Speaks phonemes of misaki's alphabet; `speed` above 1 is faster. More than 510 phonemes are spoken in pieces,
    /// cut at punctuation.
    ///
    /// # Errors
    /// `UnknownPhonemes` names what is no phoneme of the alphabet; `Nothing`; `Speed`; `Cancelled`.
    pub fn speak(&self, phonemes: &str, voice: &Voice, speed: f32, cancel: &Cancel) -> Result<Sound, KokoroError> {
        self.speak_in_pieces(phonemes, voice, speed, MOST_PHONEMES, cancel)
    }

    /// As [`Self::speak`], in pieces of `most` phonemes, which the network's limit bounds.
    ///
    /// # Errors
    /// As [`Self::speak`].
    pub fn speak_in_pieces(
        &self,
        phonemes: &str,
        voice: &Voice,
        speed: f32,
        most: usize,
        cancel: &Cancel,
    ) -> Result<Sound, KokoroError> {
        self.utter_in_pieces(phonemes, voice, speed, most, cancel).map(|utterance| utterance.sound)
    }

    /// As [`Self::speak`], with durations and pitch.
    ///
    /// # Errors
    /// As [`Self::speak`].
    pub fn utter(&self, phonemes: &str, voice: &Voice, speed: f32, cancel: &Cancel) -> Result<Utterance, KokoroError> {
        self.utter_in_pieces(phonemes, voice, speed, MOST_PHONEMES, cancel)
    }

    fn utter_in_pieces(
        &self,
        phonemes: &str,
        voice: &Voice,
        speed: f32,
        most: usize,
        cancel: &Cancel,
    ) -> Result<Utterance, KokoroError> {
        if phonemes.trim().is_empty() {
            return Err(KokoroError::Nothing);
        }
        if !(0.5..=2.0).contains(&speed) {
            return Err(KokoroError::Speed(speed));
        }
        self.vocabulary.tokens(phonemes)?;
        let sound = Sound::new(Hertz(SAMPLE_RATE), Vec::new());
        let mut whole = Utterance { sound, durations: Vec::new(), pitch: Vec::new() };
        for piece in split::split(phonemes, most.clamp(1, MOST_PHONEMES)) {
            cancel.check().map_err(|_| KokoroError::Cancelled)?;
            let mut tokens = vec![END_TOKEN];
            tokens.extend(self.vocabulary.tokens(piece)?);
            let style = voice.style(tokens.len() - 1);
            tokens.push(END_TOKEN);
            let spoken = self.pool.install(|| self.network.speak(&tokens, style, speed, cancel))?;
            whole.sound.samples.extend(spoken.samples);
            whole.durations.extend(spoken.durations);
            whole.pitch.extend(spoken.pitch);
        }
        Ok(whole)
    }
}
