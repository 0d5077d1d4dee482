//! Where a feed lies: in a zip archive, or in a folder. Files are found by their names, also where somebody zipped the
//! folder around them.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use super::{GtfsError, Result};

/// Of an archive as it is sent.
pub const LARGEST_ARCHIVE: u64 = 24 << 20;
/// Of one file in it.
const LARGEST_FILE: u64 = 96 << 20;

/// A feed that can be read.
pub enum Source<'a> {
    Zip(Box<zip::ZipArchive<Cursor<&'a [u8]>>>),
    Folder(&'a Path),
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Zip(_) => "Zip",
            Self::Folder(_) => "Folder",
        })
    }
}

impl<'a> Source<'a> {
    /// # Errors
    /// `Archive`, `ArchiveSize`.
    pub fn zip(bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() as u64 > LARGEST_ARCHIVE {
            return Err(GtfsError::ArchiveSize);
        }
        let archive = zip::ZipArchive::new(Cursor::new(bytes));
        Ok(Self::Zip(Box::new(archive.map_err(|error| GtfsError::Archive(error.to_string()))?)))
    }

    /// A file of the feed; `None` where it is not there.
    pub(super) fn file(&mut self, name: &'static str) -> Result<Option<Vec<u8>>> {
        let unread = |why: String| GtfsError::File { file: name.to_owned(), why };
        match self {
            Self::Folder(folder) => match File::open(folder.join(name)) {
                Ok(file) => whole(file, name).map(Some),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(unread(error.to_string())),
            },
            Self::Zip(archive) => {
                let is = |path: &str| path == name || path.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'));
                // Archives of some systems hold a shadow of each file.
                let own = |path: &String| is(path) && !path.starts_with("__MACOSX/");
                let paths = archive.file_names().flatten().map(std::borrow::Cow::into_owned);
                let mut names: Vec<String> = paths.filter(own).collect();
                names.sort_unstable_by_key(String::len);
                let Some(path) = names.first() else { return Ok(None) };
                let file = archive.by_name(path).map_err(|error| unread(error.to_string()))?;
                whole(file, name).map(Some)
            }
        }
    }
}

fn whole(file: impl Read, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = file.take(LARGEST_FILE + 1).read_to_end(&mut bytes);
    read.map_err(|error| GtfsError::File { file: name.to_owned(), why: error.to_string() })?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(GtfsError::FileSize { file: name.to_owned(), megabytes: LARGEST_FILE >> 20 });
    }
    Ok(bytes)
}
