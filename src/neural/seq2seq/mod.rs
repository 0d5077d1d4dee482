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
use std::sync::Arc;

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
    model: Arc<Model>,
    codec: Codec,
    settings: Settings,
    identity: EngineIdentity,
    languages: (Language, Language),
}

/// What all pairs of a model share.
struct Model {
    folder: PathBuf,
    family: Family,
    network: Network,
    /// The search that the model itself asks for.
    settings: Settings,
    /// Words of the source.
    words: usize,
    /// Words that a source or a translation has at most, its marks among them.
    positions: usize,
    /// Words that a translation has at most, start and end among them.
    longest: usize,
    options: Options,
    /// Of the settings and weights.
    hash: HashBuilder,
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
        Self::of(Arc::new(Model::load(folder, family, options)?), source, target)
    }

    /// The same model for another pair: the network is shared, only the vocabulary is read again.
    ///
    /// # Errors
    /// A language that the model lacks; a vocabulary that is gone or damaged.
    pub fn for_pair(&self, source: Language, target: Language) -> Result<Self, Seq2SeqError> {
        Self::of(self.model.clone(), source, target)
    }

    fn of(model: Arc<Model>, source: Language, target: Language) -> Result<Self, Seq2SeqError> {
        let target_words = model.network.words();
        let frame = Frame { source, target, words: model.words, target_words, end: model.settings.end };
        let codec = Codec::open(&model.folder, model.family, frame)?;
        if model.positions < 2 * codec.around() + 2 {
            return Err(Seq2SeqError::unfit(
                &model.folder.join("config.json"),
                format!("{} positions leave no room for a sentence", model.positions),
            ));
        }
        let settings = Settings { forced_first: codec.first, ..model.settings.clone() };
        let hash = model.hash.clone().with("settings", format!("{settings:?}"));
        let hash = with_files(hash, &codec.files)?.with("languages", format!("{source} {target}"));
        let name = model.folder.file_name().unwrap_or(model.folder.as_os_str()).to_string_lossy().into_owned();
        let identity = EngineIdentity { engine: model.family.name().into(), model: name, fingerprint: hash.finish() };
        Ok(Self { model, codec, settings, identity, languages: (source, target) })
    }

    fn failed(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> EngineError {
        EngineError::failed(self.model.family.name(), source)
    }

    fn pieces(&self, sentences: &[String]) -> Result<Vec<Piece>, EngineError> {
        let room = self.model.positions - self.codec.around();
        let room = Room { whole: ROOM.whole.min(room), piece: ROOM.piece.min(room) };
        let mut pieces = Vec::new();
        for (sentence, text) in sentences.iter().enumerate() {
            let words = self.codec.encode(text).map_err(|e| self.failed(e))?;
            let cut = wrap::pieces(&self.codec, &words, room);
            pieces.extend(cut.into_iter().map(|words| Piece {
                sentence,
                most: (words.len() * GROWTH + LEAST).min(self.model.longest - 1),
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
        let Model { network, options, .. } = &*self.model;
        let work = Work { network, settings: &self.settings, pieces: &pieces, batch: options.batch };
        let made = work.on_threads(options.threads, cancel).map_err(|e| match e {
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

impl Model {
    fn load(folder: &Path, family: Family, mut options: Options) -> Result<Self, Seq2SeqError> {
        let config = Config::open(folder, family)?;
        let weights = Weights::open(folder, options.precision, options.kernel)?;
        let network = match family {
            Family::Madlad => t5::load(&config, &weights)?,
            _ => bart::load(&config, family, &weights)?,
        };
        let mut settings = config.search(network.words())?;
        settings.beams = options.beams.unwrap_or(settings.beams).max(1);
        let words = config.size("vocab_size")?;
        let positions = match family {
            Family::Madlad => config.size_or("n_positions", 512)?,
            _ => config.size("max_position_embeddings")?,
        };
        let longest = config.size_or("max_length", positions)?.clamp(2, positions.max(2));
        if weights.is_gguf() {
            options.threads = 1;
        }
        let hash = HashBuilder::new(REVISION).with("precision", format!("{:?}", options.precision));
        let hash = with_files(hash, &[config.path().to_owned(), weights.path().to_owned()])?;
        Ok(Self { folder: folder.to_owned(), family, network, settings, words, positions, longest, options, hash })
    }
}

/// A fingerprint over files, by name and content.
fn with_files(mut hash: HashBuilder, files: &[PathBuf]) -> Result<HashBuilder, Seq2SeqError> {
    for path in files {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        hash = hash.with(&name, hash_of(path)?.to_string());
    }
    Ok(hash)
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

/// A folder with these bytes as its settings, or as its weights in either form, for `src/fuzzed.rs`.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_hostile(bytes: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else { return };
    for name in ["model.gguf", "model.safetensors"] {
        let written = std::fs::write(folder.path().join(name), bytes);
        if written.is_ok() {
            let _ = weights::Weights::open(folder.path(), Precision::Int8, Kernel::best());
        }
    }
}

#[cfg(test)]
mod tests;
