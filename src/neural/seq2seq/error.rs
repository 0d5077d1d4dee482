//! What can be wrong with a model's folder, each named with its file and the way out.

use std::path::{Path, PathBuf};

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Seq2SeqError {
    #[error("{path} cannot be read: {source}; `thuyetminh models pull` with the model's name brings the weights", path = path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path} is damaged or was cut: {what}; pull the model again", path = path.display())]
    Garbled { path: PathBuf, what: String },
    #[error("{path} is of another kind of model: {what}; correct `engine` in the model's manifest, or pull the right model", path = path.display())]
    WrongKind { path: PathBuf, what: String },
    #[error("{path} does not fit its model: {what}; its files must all come from one release, pull the model again", path = path.display())]
    Unfit { path: PathBuf, what: String },
    #[error("{path}: `{key}: {found}` is not supported; {known}", path = path.display())]
    Unsupported { path: PathBuf, key: String, found: String, known: String },
    #[error("{path}: this model does not speak `{language}`: {what}", path = path.display())]
    Language { path: PathBuf, language: String, what: String },
}

impl Seq2SeqError {
    pub(super) fn garbled(path: &Path, what: impl ToString) -> Self {
        Self::Garbled { path: path.to_owned(), what: what.to_string() }
    }

    pub(super) fn unfit(path: &Path, what: impl Into<String>) -> Self {
        Self::Unfit { path: path.to_owned(), what: what.into() }
    }
}

/// A file's bytes.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Seq2SeqError> {
    std::fs::read(path).map_err(|source| Seq2SeqError::Read { path: path.to_owned(), source })
}
