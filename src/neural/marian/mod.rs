//! Marian translation networks in candle, the Bergamot students first.
//!
//! A student is a 6-layer transformer encoder with a 2-layer SSRU decoder, 8-bit weights, one SentencePiece
//! vocabulary and a lexical shortlist (Kim et al. 2019, "From Research to Production and Back"; the models that
//! Firefox translates with). Decoding is greedy. Integer products are exact, so a sentence's translation depends on
//! nothing but the sentence and the model's files.

mod binary;
mod config;
mod decoder;
mod encoder;
mod error;
mod network;
mod rows;
mod shortlist;
mod vocab;
mod wrap;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use error::MarianError;

use binary::ModelFile;
use decoder::Decoding;
use network::Network;
use shortlist::Shortlist;
use vocab::Vocabulary;

use crate::domain::{ContentHash, HashBuilder, Language};
use crate::neural::layers::int8::Kernel;
use crate::ports::{Cancel, EngineError, EngineIdentity, Translator};

const ENGINE: &str = "bergamot";
/// Raised whenever the engine itself gives other translations than before.
const REVISION: &str = "bergamot 1";

/// How an engine shares the machine; nothing here changes a translation.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Threads that translate side by side.
    pub threads: usize,
    /// Sentences under way at a time on each thread.
    pub batch: usize,
    /// The code that multiplies.
    pub kernel: Kernel,
}

impl Default for Options {
    /// One thread, 64 sentences, the fastest kernel.
    fn default() -> Self {
        Self { threads: 1, batch: 64, kernel: Kernel::best() }
    }
}

/// A Bergamot student for one pair of languages.
pub struct Bergamot {
    network: Network,
    vocabulary: Vocabulary,
    shortlist: Shortlist,
    identity: EngineIdentity,
    languages: (Language, Language),
    options: Options,
}

/// A piece of a sentence: which sentence, and its words.
struct Piece {
    sentence: usize,
    words: Vec<u32>,
}

impl Bergamot {
    /// Reads `model.bin`, `vocab.spm` and `lex.bin` of a folder, whose name is the model's.
    ///
    /// # Errors
    /// Each names the file: `Read` where it is missing, `Cut`, `Garbled` or `Unsupported` where it cannot be used.
    pub fn load(folder: &Path, source: Language, target: Language, options: Options) -> Result<Self, MarianError> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(|source| MarianError::Read { path, source })
        };
        let file = ModelFile::open(&folder.join("model.bin"))?;
        let network = Network::new(&file, options.kernel)?;
        let size = network.config.vocabulary;
        let (spm, lex) = (read("vocab.spm")?, read("lex.bin")?);
        let vocabulary = Vocabulary::parse(&folder.join("vocab.spm"), &spm, size)?;
        let shortlist = Shortlist::parse(&folder.join("lex.bin"), &lex, size)?;
        let hash = |bytes: &[u8]| ContentHash::of(bytes).to_string();
        let fingerprint = HashBuilder::new(REVISION)
            .with("model.bin", hash(file.bytes()))
            .with("vocab.spm", hash(&spm))
            .with("lex.bin", hash(&lex))
            .finish();
        let model = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        let identity = EngineIdentity { engine: ENGINE.into(), model, fingerprint };
        Ok(Self { network, vocabulary, shortlist, identity, languages: (source, target), options })
    }

    fn pieces(&self, sentences: &[String]) -> Result<Vec<Piece>, EngineError> {
        let mut pieces = Vec::new();
        for (sentence, text) in sentences.iter().enumerate() {
            let words = self.vocabulary.encode(text).map_err(|e| EngineError::failed(ENGINE, e))?;
            let all = wrap::pieces(&self.vocabulary, &words);
            pieces.extend(all.into_iter().map(|words| Piece { sentence, words }));
        }
        Ok(pieces)
    }

    /// Translates pieces in the order that `order` gives, taking the next ones from `next` as long as there are any.
    fn work(
        &self,
        pieces: &[Piece],
        order: &[usize],
        next: &AtomicUsize,
        cancel: &Cancel,
    ) -> Result<Vec<(usize, Vec<u32>)>, EngineError> {
        let batch = self.options.batch.max(1);
        let mut decoding = Decoding::new(&self.network, &self.shortlist);
        let mut done = Vec::new();
        loop {
            cancel.check()?;
            let free = batch - decoding.len();
            if free * 4 >= batch {
                let first = next.fetch_add(free, Ordering::Relaxed).min(order.len());
                let new = &order[first..(first + free).min(order.len())];
                let new: Vec<_> = new.iter().map(|piece| (*piece, pieces[*piece].words.as_slice())).collect();
                decoding.begin(&new);
            }
            if decoding.is_empty() {
                return Ok(done);
            }
            done.extend(decoding.step());
        }
    }

    fn work_on_all_threads(&self, pieces: &[Piece], cancel: &Cancel) -> Result<Vec<(usize, Vec<u32>)>, EngineError> {
        let mut order: Vec<usize> = (0..pieces.len()).collect();
        order.sort_by_key(|piece| std::cmp::Reverse(pieces[*piece].words.len()));
        let next = AtomicUsize::new(0);
        let threads = self.options.threads.clamp(1, pieces.len().max(1));
        let results = Mutex::new(Vec::with_capacity(threads));
        std::thread::scope(|scope| {
            let work = || {
                let result = self.work(pieces, &order, &next, cancel);
                results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(result);
            };
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
        let results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut all = Vec::with_capacity(pieces.len());
        for result in results {
            all.extend(result?);
        }
        Ok(all)
    }
}

impl Translator for Bergamot {
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
        let mut made = self.work_on_all_threads(&pieces, cancel)?;
        made.sort_unstable_by_key(|(piece, _)| *piece);
        let mut translations = vec![String::new(); sentences.len()];
        for (piece, words) in made {
            let text = self.vocabulary.decode(&words).map_err(|e| EngineError::failed(ENGINE, e))?;
            let translation = &mut translations[pieces[piece].sentence];
            if !translation.is_empty() && !text.is_empty() {
                translation.push(' ');
            }
            translation.push_str(&text);
        }
        Ok(translations)
    }
}
