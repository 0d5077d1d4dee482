//! Encoder-decoder transformers behind `Translator`: Marian (OPUS-MT), M2M100, SMaLL-100, NLLB, MADLAD-400.
//!
//! One network, one search, five families of weights and vocabularies; which family a folder holds its manifest says,
//! and `config.json` must agree. Matrices are rounded to 8 bits at loading (rows of activations as they come), or stay
//! as a GGUF file keeps them. A sentence's translation depends on nothing but the sentence, the model's files and the
//! search's settings. Licences are the manifest's matter: this engine loads what it is given.

mod bart;
mod codec;
mod config;
mod error;
mod forward;
mod languages;
mod linear;
mod network;
mod relative;
mod rows;
mod search;
mod t5;
mod weights;
mod work;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use config::Family;
pub use error::Seq2SeqError;
pub use search::{Early, Settings};
pub use weights::Precision;

use codec::{Codec, Frame};
use config::Config;
use network::Network;
use weights::Weights;
use work::{Piece, Work};

use crate::domain::{ContentHash, HashBuilder, Language};
use crate::neural::layers::int8::Kernel;
use crate::neural::layers::wrap::{self, Room};
use crate::ports::{Cancel, EngineError, EngineIdentity, Translator};

/// Raised whenever the engine itself gives other translations than before.
const REVISION: &str = "seq2seq 1";

/// A sentence of so many words stays whole; a longer one is cut into pieces of so many.
const ROOM: Room = Room { whole: 127, piece: 96 };
/// A translation may have this many words for each word of its source, and [`LEAST`] more.
const GROWTH: usize = 3;
const LEAST: usize = 16;

/// How an engine works. The first three change no translation.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Threads that translate side by side; weights of a GGUF file are multiplied on candle's threads instead.
    pub threads: usize,
    /// Sentences under way at a time on each thread.
    pub batch: usize,
    /// The code that multiplies.
    pub kernel: Kernel,
    /// What matrices are kept in.
    pub precision: Precision,
    /// Hypotheses side by side, 1 for greedy search; what the model itself says where `None`.
    pub beams: Option<usize>,
}

impl Default for Options {
    /// One thread, 16 sentences, the fastest kernel, 8 bits, the model's own search.
    fn default() -> Self {
        Self { threads: 1, batch: 16, kernel: Kernel::best(), precision: Precision::Int8, beams: None }
    }
}

/// A model for one pair of languages.
pub struct Seq2Seq {
    family: Family,
    network: Network,
    codec: Codec,
    settings: Settings,
    /// Words that a source or a translation has at most, its marks among them.
    positions: usize,
    /// Words that a translation has at most, start and end among them.
    longest: usize,
    identity: EngineIdentity,
    languages: (Language, Language),
    options: Options,
}

impl Seq2Seq {
    /// Reads a folder as `transformers` keeps it, whose name is the model's: `config.json`, `generation_config.json`
    /// where there is one, `model.safetensors` or a `.gguf` file with the same names, and the family's vocabulary.
    ///
    /// # Errors
    /// Each names the file and the way out: what is missing, damaged, of another kind, or does not fit its model.
    pub fn load(
        folder: &Path,
        family: Family,
        source: Language,
        target: Language,
        options: Options,
    ) -> Result<Self, Seq2SeqError> {
        let config = Config::open(folder, family)?;
        let weights = Weights::open(folder, options.precision, options.kernel)?;
        let network = match family {
            Family::Madlad => t5::load(&config, &weights)?,
            _ => bart::load(&config, family, &weights)?,
        };
        let mut settings = config.search(network.words())?;
        settings.beams = options.beams.unwrap_or(settings.beams).max(1);
        let words = config.size("vocab_size")?;
        let frame = Frame { source, target, words, target_words: network.words(), end: settings.end };
        let codec = Codec::open(folder, family, frame)?;
        settings.forced_first = codec.first;
        let positions = match family {
            Family::Madlad => config.size_or("n_positions", 512)?,
            _ => config.size("max_position_embeddings")?,
        };
        if positions < 2 * codec.around() + 2 {
            return Err(Seq2SeqError::unfit(
                config.path(),
                format!("{positions} positions leave no room for a sentence"),
            ));
        }
        let longest = config.size_or("max_length", positions)?.clamp(2, positions);
        let mut options = options;
        if weights.is_gguf() {
            options.threads = 1;
        }
        let mut files = vec![config.path().to_owned(), weights.path().to_owned()];
        files.extend(codec.files.iter().cloned());
        let model = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        let fingerprint = fingerprint(&files, options, &settings, (source, target))?;
        let identity = EngineIdentity { engine: family.name().into(), model, fingerprint };
        Ok(Self {
            family,
            network,
            codec,
            settings,
            positions,
            longest,
            identity,
            languages: (source, target),
            options,
        })
    }

    fn failed(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> EngineError {
        EngineError::failed(self.family.name(), source)
    }

    fn pieces(&self, sentences: &[String]) -> Result<Vec<Piece>, EngineError> {
        let room = self.positions - self.codec.around();
        let room = Room { whole: ROOM.whole.min(room), piece: ROOM.piece.min(room) };
        let mut pieces = Vec::new();
        for (sentence, text) in sentences.iter().enumerate() {
            let words = self.codec.encode(text).map_err(|e| self.failed(e))?;
            let cut = wrap::pieces(&self.codec, &words, room);
            pieces.extend(cut.into_iter().map(|words| Piece {
                sentence,
                most: (words.len() * GROWTH + LEAST).min(self.longest - 1),
                words: self.codec.frame(words),
            }));
        }
        Ok(pieces)
    }
}

impl Translator for Seq2Seq {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }

    fn source(&self) -> Language {
        self.languages.0
    }

    fn target(&self) -> Language {
        self.languages.1
    }

    fn translate(&self, sentences: &[String], cancel: &Cancel) -> Result<Vec<String>, EngineError> {
        let pieces = self.pieces(sentences)?;
        let work =
            Work { network: &self.network, settings: &self.settings, pieces: &pieces, batch: self.options.batch };
        let made = work.on_threads(self.options.threads, cancel).map_err(|e| match e {
            work::Stop::Cancelled => EngineError::Cancelled,
            work::Stop::Failed(e) => self.failed(e),
        })?;
        let mut translations = vec![String::new(); sentences.len()];
        for (piece, words) in pieces.iter().zip(made) {
            let text = self.codec.decode(&words);
            let translation = &mut translations[piece.sentence];
            if !translation.is_empty() && !text.is_empty() {
                translation.push(' ');
            }
            translation.push_str(&text);
        }
        Ok(translations)
    }
}

/// Over the engine's revision, what changes results, and every file.
fn fingerprint(
    files: &[PathBuf],
    options: Options,
    settings: &Settings,
    languages: (Language, Language),
) -> Result<ContentHash, Seq2SeqError> {
    let mut hash = HashBuilder::new(REVISION)
        .with("precision", format!("{:?}", options.precision))
        .with("settings", format!("{settings:?}"))
        .with("languages", format!("{} {}", languages.0, languages.1));
    for path in files {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        hash = hash.with(&name, hash_of(path)?.to_string());
    }
    Ok(hash.finish())
}

/// A file's hash, without holding the file.
fn hash_of(path: &Path) -> Result<ContentHash, Seq2SeqError> {
    let failed = |source| Seq2SeqError::Read { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(failed)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer).map_err(failed)? {
            0 => return Ok(ContentHash::from_bytes(hash.finalize().into())),
            count => hash.update(&buffer[..count]),
        }
    }
}

#[cfg(test)]
mod tests;
