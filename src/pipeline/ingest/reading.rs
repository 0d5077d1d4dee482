//! Bytes from a file to text that can be trusted: bounded in size, UTF-8, NFC, without characters nobody can see.

use std::fs;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::Refusal;
use crate::domain::Language;
use crate::text::narration::is_unseen;

/// No text file of a collection is larger; a narration has a few kilobytes.
const LARGEST_TEXT: u64 = 1 << 20;

/// A folder, and what is refused of the files in it, by their paths within it.
pub(super) struct Reader {
    pub root: PathBuf,
}

impl Reader {
    /// The bytes of a file of at most `largest`; symbolic links are refused, since they may lead anywhere.
    pub fn bytes(&self, file: &Path, largest: u64) -> Result<Vec<u8>, Refusal> {
        let path = self.root.join(file);
        let unreadable = |error: std::io::Error| Refusal::file(file, format!("cannot be read: {error}"));
        let meta = fs::symlink_metadata(&path).map_err(unreadable)?;
        if !meta.is_file() {
            return Err(Refusal::file(file, "is not a plain file: put the file itself in its place"));
        }
        if meta.len() > largest {
            let why = format!("has {} bytes, and at most {largest} are taken", meta.len());
            return Err(Refusal::file(file, why));
        }
        fs::read(&path).map_err(unreadable)
    }

    /// The text of a file in NFC, with line ends as `\n`.
    pub fn text(&self, file: &Path) -> Result<String, Refusal> {
        clean(file, &self.bytes(file, LARGEST_TEXT)?)
    }

    /// Names in a folder of the collection, sorted, without hidden ones: folders and files apart.
    pub fn entries(&self, folder: &Path) -> Result<(Vec<String>, Vec<String>), Refusal> {
        let unreadable = |error: std::io::Error| Refusal::file(folder, format!("cannot be read: {error}"));
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(self.root.join(folder)).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let is_folder = entry.file_type().map_err(unreadable)?.is_dir();
            if is_folder { folders.push(name) } else { files.push(name) }
        }
        folders.sort();
        files.sort();
        Ok((folders, files))
    }
}

/// The language a file's name tells.
pub(super) fn language_of(file: &Path, name: &str, prefix: &str, suffix: &str) -> Result<Language, Refusal> {
    let tag = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix));
    let Some(tag) = tag else {
        return Err(Refusal::file(file, format!("is no file of a collection: is `{prefix}LANGUAGE{suffix}` meant?")));
    };
    tag.parse().map_err(|error: crate::domain::LanguageError| Refusal::file(file, error.to_string()))
}

/// Whether a file bears an ending of the format, so that a misspelt name is not passed over in silence.
pub(super) fn is_ours(name: &str) -> bool {
    [".md", ".toml", ".tsv", ".pls"].iter().any(|ending| name.ends_with(ending))
}

/// Checks and normalises the bytes of `file`.
pub(super) fn clean(file: &Path, bytes: &[u8]) -> Result<String, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        Refusal::line(file, line, "is not UTF-8 here: save the file as UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    for (line, number) in text.lines().zip(1..) {
        if let Some(bad) = line.chars().find(|c| is_unseen(*c)) {
            let why = format!("holds U+{:04X}, a character nobody can see: delete it", u32::from(bad));
            return Err(Refusal::line(file, number, why));
        }
    }
    Ok(text.nfc().collect())
}
