//! The readers of a student's files, for `src/fuzzed.rs`: each is given the same bytes.

use std::path::Path;

use super::binary::ModelFile;
use super::config::{Config, Words};
use super::shortlist::Shortlist;
use super::vocab::Vocabulary;

/// Words of the vocabulary that a shortlist is read for.
const WORDS: usize = 4;

pub(crate) fn read(path: &Path, bytes: &[u8]) {
    let _ = ModelFile::parse(path, bytes.to_vec());
    let _ = Config::parse(path, &String::from_utf8_lossy(bytes));
    let _ = Shortlist::parse(path, bytes, Words::Shared(WORDS));
    let _ = Vocabulary::parse(path, bytes, WORDS);
}
