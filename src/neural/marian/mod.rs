//! Marian translation networks in candle, the Bergamot students first.
//!
//! A student is a transformer encoder with an SSRU decoder, 8-bit weights, SentencePiece vocabularies (one for both
//! languages, or one each) and mostly a lexical shortlist (Kim et al. 2019, "From Research to Production and Back"; the
//! models that Firefox translates with). Its shape is in its file: Firefox's `tiny` is 256 wide with 6 + 2 layers,
//! `base-memory` 384 with 6 + 4, `base` 512 with 6 + 2. Decoding is greedy. Integer products are exact, so a sentence's
//! translation depends on nothing but the sentence and the model's files.

mod binary;
mod config;
mod decoder;
mod encoder;
mod error;
#[cfg(any(test, fuzzing))]
pub(crate) mod hostile;
mod network;
mod rows;
#[cfg(test)]
mod shapes;
mod shortlist;
mod vocab;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use error::MarianError;

use binary::ModelFile;
use config::Words;
use decoder::Decoding;
use network::Network;
use shortlist::Shortlist;
use vocab::Vocabulary;

use crate::domain::{ContentHash, HashBuilder, Language, Script};
use crate::neural::layers::int8::Kernel;
use crate::neural::layers::wrap::{self, Room};
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
    source: Vocabulary,
    /// Where the languages share none.
    target: Option<Vocabulary>,
    shortlist: Option<Shortlist>,
    identity: EngineIdentity,
    languages: (Language, Language),
    options: Options,
}

/// A piece of a sentence: which sentence, and its words.
struct Piece {
    sentence: usize,
    words: Vec<u32>,
}

/// The files that a student may have, in the order in which its fingerprint is taken.
const FILES: [&str; 5] = ["model.bin", "vocab.spm", "srcvocab.spm", "trgvocab.spm", "lex.bin"];

/// The fingerprint of the engine with these files (name and hash), as a loaded one has it.
#[must_use]
pub fn fingerprint<'a>(files: impl Iterator<Item = (&'a str, ContentHash)>) -> ContentHash {
    let files: Vec<_> = files.collect();
    let known = FILES.iter().filter_map(|name| files.iter().find(|(file, _)| file == name));
    known.fold(HashBuilder::new(REVISION), |key, (name, sum)| key.with(name, sum.to_string())).finish()
}

/// Reads files of a folder and vouches for them in the engine's fingerprint.
struct Files<'a> {
    folder: &'a Path,
    read: Vec<(&'static str, ContentHash)>,
}

impl Files<'_> {
    fn vouch(&mut self, name: &'static str, bytes: &[u8]) {
        self.read.push((name, ContentHash::of(bytes)));
    }

    fn read(&mut self, name: &'static str) -> Result<Vec<u8>, MarianError> {
        let path = self.folder.join(name);
        let bytes = std::fs::read(&path).map_err(|source| MarianError::Read { path, source })?;
        self.vouch(name, &bytes);
        Ok(bytes)
    }

    fn vocabulary(&mut self, name: &'static str, size: usize) -> Result<Vocabulary, MarianError> {
        let bytes = self.read(name)?;
        Vocabulary::parse(&self.folder.join(name), &bytes, size)
    }
}

impl Bergamot {
    /// Reads `model.bin`, `vocab.spm` (or `srcvocab.spm` and `trgvocab.spm`, as the model says) and `lex.bin` of a folder,
    /// whose name is the model's.
    ///
    /// # Errors
    /// Each names the file: `Read` where it is missing, `Cut`, `Garbled` or `Unsupported` where it cannot be used.
    pub fn load(folder: &Path, source: Language, target: Language, options: Options) -> Result<Self, MarianError> {
        Self::load_with(folder, true, source, target, options)
    }

    /// The same for a student that was released without a shortlist: every word of the target is scored.
    ///
    /// # Errors
    /// As [`Bergamot::load`].
    pub fn load_without_shortlist(
        folder: &Path,
        source: Language,
        target: Language,
        options: Options,
    ) -> Result<Self, MarianError> {
        Self::load_with(folder, false, source, target, options)
    }

    fn load_with(
        folder: &Path,
        shortlisted: bool,
        source: Language,
        target: Language,
        options: Options,
    ) -> Result<Self, MarianError> {
        let mut files = Files { folder, read: Vec::new() };
        let file = ModelFile::open(&folder.join("model.bin"))?;
        files.vouch("model.bin", file.bytes());
        let network = Network::new(&file, options.kernel, shortlisted)?;
        let words = network.config.words;
        let vocabularies = match words {
            Words::Shared(size) => (files.vocabulary("vocab.spm", size)?, None),
            Words::Split { source, target } => {
                (files.vocabulary("srcvocab.spm", source)?, Some(files.vocabulary("trgvocab.spm", target)?))
            }
        };
        let shortlist = if shortlisted {
            let bytes = files.read("lex.bin")?;
            Some(Shortlist::parse(&folder.join("lex.bin"), &bytes, words)?)
        } else {
            None
        };
        let model = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        let identity =
            EngineIdentity { engine: ENGINE.into(), model, fingerprint: fingerprint(files.read.into_iter()) };
        let languages = (source, target);
        Ok(Self { network, source: vocabularies.0, target: vocabularies.1, shortlist, identity, languages, options })
    }

    fn pieces(&self, sentences: &[String]) -> Result<Vec<Piece>, EngineError> {
        let mut pieces = Vec::new();
        for (sentence, text) in sentences.iter().enumerate() {
            let words = self.source.encode(text).map_err(|e| EngineError::failed(ENGINE, e))?;
            let all = wrap::pieces(&self.source, &words, Room::STUDENT);
            pieces.extend(all.into_iter().map(|words| Piece { sentence, words: [words, &[vocab::END]].concat() }));
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
        let mut decoding = Decoding::new(&self.network, self.shortlist.as_ref());
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
        let vocabulary = self.target.as_ref().unwrap_or(&self.source);
        let between = match self.target().script() {
            Script::Alphabetic => " ",
            Script::Ideographic => "",
        };
        for (piece, words) in made {
            let text = vocabulary.decode(&words);
            let translation = &mut translations[pieces[piece].sentence];
            if !translation.is_empty() && !text.is_empty() {
                translation.push_str(between);
            }
            translation.push_str(&text);
        }
        Ok(translations)
    }
}
