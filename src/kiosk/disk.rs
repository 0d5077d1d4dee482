//! The device's disk as a port, so that a power cut can be played in tests: what was not synced is gone.
//!
//! A file that must be whole or not there is written beside its place, synced, renamed, and its folder synced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Paths are relative to the device's folder.
pub trait Disk: Send + Sync {
    /// Bytes of a file; `None` where it is not there.
    ///
    /// # Errors
    /// As of the system; so for all that follow.
    fn len(&self, path: &Path) -> io::Result<Option<u64>>;
    /// Up to `length` bytes from `offset` on; fewer only at the end of the file.
    ///
    /// # Errors
    /// `NotFound` too.
    fn read_at(&self, path: &Path, offset: u64, length: usize) -> io::Result<Vec<u8>>;
    /// Replaces a file's bytes, making it where it is not there, readable by its owner alone. Not synced.
    ///
    /// # Errors
    /// As of the system.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Writes at the end, making the file where it is not there. Not synced.
    ///
    /// # Errors
    /// As of the system.
    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Cuts a file to a length.
    ///
    /// # Errors
    /// As of the system.
    fn truncate(&self, path: &Path, length: u64) -> io::Result<()>;
    /// The file's bytes are on the disk when this returns.
    ///
    /// # Errors
    /// As of the system.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// The names in the folder are on the disk when this returns.
    ///
    /// # Errors
    /// As of the system.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Moves a file, over another one where there is one.
    ///
    /// # Errors
    /// As of the system.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file away; fine where it is not there.
    ///
    /// # Errors
    /// As of the system.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Names of the files in a folder, in no order.
    ///
    /// # Errors
    /// As of the system.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// Makes a folder where it is not there.
    ///
    /// # Errors
    /// As of the system.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Bytes free for files, where that can be told.
    fn free(&self) -> Option<u64>;

    /// A whole file; `None` where it is not there.
    ///
    /// # Errors
    /// As of the system.
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        match self.len(path)? {
            Some(length) => {
                let length = usize::try_from(length).map_err(io::Error::other)?;
                self.read_at(path, 0, length).map(Some)
            }
            None => Ok(None),
        }
    }

    /// Replaces a file so that it is either the old or the new one, whatever happens.
    ///
    /// # Errors
    /// As of the system; the file is the old one then.
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let new = path.with_extension("new");
        self.write(&new, bytes)?;
        self.sync(&new)?;
        self.rename(&new, path)?;
        self.sync_folder(path.parent().unwrap_or(Path::new("")))
    }
}

/// A folder of this machine.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder where it is not there, for its owner alone.
    ///
    /// # Errors
    /// As of the system.
    pub fn open(root: &Path) -> io::Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(root)?;
        Ok(Self(root.canonicalize()?))
    }

    /// The right to change what lies here, for as long as the file is held; `None` where another process has it.
    ///
    /// # Errors
    /// As of the system.
    pub fn lock(&self) -> io::Result<Option<File>> {
        let file = Self::options().append(true).create(true).open(self.0.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.0
    }

    fn options() -> OpenOptions {
        let mut options = OpenOptions::new();
        options.mode(0o600);
        options
    }
}

impl Disk for Folder {
    fn len(&self, path: &Path) -> io::Result<Option<u64>> {
        match fs::symlink_metadata(self.0.join(path)) {
            Ok(meta) if meta.is_file() => Ok(Some(meta.len())),
            Ok(_) => Err(io::Error::other("this is no plain file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read_at(&self, path: &Path, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.0.join(path))?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::with_capacity(length);
        file.take(length as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        Self::options().write(true).create(true).truncate(true).open(self.0.join(path))?.write_all(bytes)
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        Self::options().append(true).create(true).open(self.0.join(path))?.write_all(bytes)
    }

    fn truncate(&self, path: &Path, length: u64) -> io::Result<()> {
        OpenOptions::new().write(true).open(self.0.join(path))?.set_len(length)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        File::open(self.0.join(path))?.sync_all()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(self.0.join(path))?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::remove_file(self.0.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.0.join(folder))? {
            let entry = entry?;
            if let (true, Ok(name)) = (entry.file_type()?.is_file(), entry.file_name().into_string()) {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        match fs::DirBuilder::new().mode(0o700).create(self.0.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
            Ok(()) => self.sync_folder(path.parent().unwrap_or(Path::new(""))),
        }
    }

    fn free(&self) -> Option<u64> {
        let found = rustix::fs::statvfs(&self.0).ok()?;
        Some(found.f_bavail.saturating_mul(found.f_frsize))
    }
}
