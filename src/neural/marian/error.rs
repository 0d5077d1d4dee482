//! What can be wrong with a model's files, each named with its file.

use std::path::{Path, PathBuf};

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MarianError {
    #[error("{path} cannot be read: {source}; `thuyetminh models pull default` brings the weights", path = path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path} ends too early: {part} needs {needed} bytes at {at}, the file has {size}; it was cut, pull it again", path = path.display())]
    Cut { path: PathBuf, part: String, at: usize, needed: u64, size: usize },
    #[error("{path} is damaged or of another kind: {what}", path = path.display())]
    Garbled { path: PathBuf, what: String },
    #[error("{path}: `{key}: {found}` is not supported; {known}", path = path.display())]
    Unsupported { path: PathBuf, key: String, found: String, known: String },
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

impl MarianError {
    pub(super) fn garbled(path: &Path, what: impl Into<String>) -> Self {
        Self::Garbled { path: path.to_owned(), what: what.into() }
    }
}

/// Reads little-endian numbers one after the other and says where a file ends too early.
pub(super) struct Cursor<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(path: &'a Path, bytes: &'a [u8]) -> Self {
        Self { path, bytes, at: 0 }
    }

    /// Where the next byte lies.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Bytes that are left.
    pub fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// The next `count` bytes, which are `part` of the file.
    pub fn take(&mut self, count: u64, part: impl FnOnce() -> String) -> Result<&'a [u8], MarianError> {
        let found = usize::try_from(count).ok().and_then(|n| self.bytes[self.at..].get(..n));
        let Some(found) = found else {
            let (path, size) = (self.path.to_owned(), self.bytes.len());
            return Err(MarianError::Cut { path, part: part(), at: self.at, needed: count, size });
        };
        self.at += found.len();
        Ok(found)
    }

    /// The next 8 bytes as a number.
    pub fn u64(&mut self, part: impl FnOnce() -> String) -> Result<u64, MarianError> {
        let mut value = [0; 8];
        value.copy_from_slice(self.take(8, part)?);
        Ok(u64::from_le_bytes(value))
    }

    /// The next 4 bytes as a signed number.
    pub fn i32(&mut self, part: impl FnOnce() -> String) -> Result<i32, MarianError> {
        let mut value = [0; 4];
        value.copy_from_slice(self.take(4, part)?);
        Ok(i32::from_le_bytes(value))
    }
}
