//! Files that are either whole or not there: hashes, renames after a sync, the lock against a second pull.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::ModelsError;
use crate::domain::ContentHash;

const CHUNK: usize = 1 << 20;

/// Passes bytes on and counts and hashes them.
pub struct Hashing<W> {
    inner: W,
    hasher: Sha256,
    size: u64,
}

impl<W: Write> Hashing<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, hasher: Sha256::new(), size: 0 }
    }

    /// The inner writer, how many bytes went through, and their hash.
    pub fn finish(self) -> (W, u64, ContentHash) {
        (self.inner, self.size, ContentHash::from_bytes(self.hasher.finalize().into()))
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Size and hash of a file; `None` where there is none.
///
/// # Errors
/// `Io` where it cannot be read.
pub fn hash_file(path: &Path) -> Result<Option<(u64, ContentHash)>, ModelsError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ModelsError::io("cannot open", path)(error)),
    };
    let mut hashing = Hashing::new(io::sink());
    let mut buffer = vec![0; CHUNK];
    loop {
        let read = file.read(&mut buffer).map_err(ModelsError::io("cannot read", path))?;
        if read == 0 {
            break;
        }
        hashing.write_all(&buffer[..read]).map_err(ModelsError::io("cannot hash", path))?;
    }
    let (_, size, sum) = hashing.finish();
    Ok(Some((size, sum)))
}

/// Compares what was found with what a manifest says; `what` names it in the error.
///
/// # Errors
/// `Size` or `Hash`.
pub fn verify(
    what: &str,
    found: (u64, ContentHash),
    size: Option<u64>,
    sum: Option<ContentHash>,
) -> Result<(), ModelsError> {
    if let Some(wanted) = size.filter(|wanted| *wanted != found.0) {
        return Err(ModelsError::Size { what: what.to_owned(), found: found.0, wanted });
    }
    if let Some(wanted) = sum.filter(|wanted| *wanted != found.1) {
        let (found, wanted) = (found.1.to_string(), wanted.to_string());
        return Err(ModelsError::Hash { what: what.to_owned(), found, wanted });
    }
    Ok(())
}

/// Gives a finished file its name: synced, renamed, and the rename synced. Both paths lie on one file system.
///
/// # Errors
/// `Io`; the file then has its old name.
pub fn put_in_place(finished: &Path, place: &Path) -> Result<(), ModelsError> {
    File::open(finished).and_then(|file| file.sync_all()).map_err(ModelsError::io("cannot sync", finished))?;
    let folder = place.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    fs::rename(finished, place).map_err(ModelsError::io("cannot put in place", place))?;
    sync_folder(folder)
}

/// Copies a file that is somebody else's.
///
/// # Errors
/// `Io`.
pub fn copy_whole(from: &Path, place: &Path) -> Result<(), ModelsError> {
    make_folder(place.parent().unwrap_or(Path::new(".")))?;
    fs::copy(from, place).map(drop).map_err(ModelsError::io("cannot copy", from))
}

/// Writes a small file whole or not at all.
///
/// # Errors
/// `Io`; what stood there before still stands.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ModelsError> {
    let draft = path.with_extension("draft.tmp");
    fs::write(&draft, bytes).map_err(ModelsError::io("cannot write", &draft))?;
    put_in_place(&draft, path)
}

pub fn make_folder(path: &Path) -> Result<(), ModelsError> {
    fs::create_dir_all(path).map_err(ModelsError::io("cannot make the folder", path))
}

/// A folder with nothing in it, whatever an interrupted run left there.
pub fn empty_folder(path: &Path) -> Result<(), ModelsError> {
    remove_folder(path)?;
    make_folder(path)
}

/// The folder is gone afterwards; one that was not there is no error.
pub fn remove_folder(path: &Path) -> Result<(), ModelsError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ModelsError::io("cannot remove", path)(error)),
        _ => Ok(()),
    }
}

fn sync_folder(path: &Path) -> Result<(), ModelsError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(ModelsError::io("cannot sync", path))
}

/// Held while one pull works in a folder; the system lets go of it when the process ends, however it ends.
pub struct Lock(#[expect(dead_code, reason = "holding the file is holding the lock")] File);

impl Lock {
    /// Takes the lock; where another holds it, says so through `waiting` and waits.
    ///
    /// # Errors
    /// `Io` where the lock file cannot be made.
    pub fn take(path: &Path, waiting: impl FnOnce()) -> Result<Self, ModelsError> {
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(path);
        let file = open.map_err(ModelsError::io("cannot open the lock", path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock().map_err(ModelsError::io("cannot take the lock", path))?;
            }
            Err(TryLockError::Error(error)) => return Err(ModelsError::io("cannot take the lock", path)(error)),
        }
        Ok(Self(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_verified_by_size_first_and_then_by_hash() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        assert!(hash_file(&path).unwrap().is_none());
        write_whole(&path, b"abc").unwrap();
        let found = hash_file(&path).unwrap().unwrap();
        assert_eq!(found, (3, ContentHash::of(b"abc")));
        assert!(verify("f", found, Some(3), Some(ContentHash::of(b"abc"))).is_ok());
        let cut = verify("f", found, Some(4), Some(ContentHash::of(b"abcd"))).unwrap_err().to_string();
        assert!(cut.contains("3 bytes instead of 4"), "{cut}");
        let other = verify("f", found, Some(3), Some(ContentHash::of(b"abd"))).unwrap_err().to_string();
        assert!(other.contains("wrong hash"), "{other}");
    }

    #[test]
    fn the_second_taker_of_a_lock_waits() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = Lock::take(&path, || panic!("nobody holds it")).unwrap();
        let (said, hears) = std::sync::mpsc::channel();
        let second = std::thread::spawn({
            let path = path.clone();
            move || Lock::take(&path, || said.send(()).unwrap()).map(|_| ())
        });
        hears.recv().unwrap();
        drop(first);
        second.join().unwrap().unwrap();
    }
}
