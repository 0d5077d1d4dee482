//! The keys of a house that sign manifests: one file under the data folder, readable by its owner alone.
//!
//! A line of the file is a seed in hexadecimal digits; the last one signs, and each endorses the next, so that devices
//! which pinned an older key are led to the newest. The file is made at the first use. Losing it means enrolling every
//! device again: it belongs into the backup.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::domain::bundle::{Endorsement, PublicKey, Secret};
use crate::domain::device::EnrolCode;

const FIRST_LINE: &str =
    "# Keys that sign what devices play, oldest first. Secret: whoever has the last line can speak to every device.";

#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    #[error("the key file {} cannot be used", path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{}, line {line}, is no key: restore the file from a backup, or remove it and enrol every device again", path.display())]
    Line { path: PathBuf, line: usize },
    #[error("{} can be read by others than its owner: `chmod 600` it, then rotate the key", path.display())]
    Open { path: PathBuf },
    #[error("the system gives no random numbers")]
    Random(#[source] io::Error),
}

/// A fresh code for a device.
///
/// # Errors
/// `Random`.
pub fn new_code() -> Result<EnrolCode, KeyringError> {
    loop {
        let mut bytes = [0; 6];
        getrandom::fill(&mut bytes).map_err(|error| KeyringError::Random(io::Error::other(error)))?;
        if let Some(code) = EnrolCode::from_random(bytes) {
            return Ok(code);
        }
    }
}

/// All keys of the house, oldest first; never empty.
#[derive(Debug)]
pub struct Keyring {
    older: Vec<Secret>,
    newest: Secret,
}

impl Keyring {
    /// Reads the keys, making the first one where there is no file yet.
    ///
    /// # Errors
    /// `Io`, `Line`, `Open`, `Random`.
    pub fn open(path: &Path) -> Result<Self, KeyringError> {
        match Self::read(path)? {
            Some(keyring) => Ok(keyring),
            None => {
                write(path, &[new_secret()?])?;
                // Another process may have made the file in the same moment: what lies there counts.
                let gone = || KeyringError::Io { path: path.to_owned(), source: io::ErrorKind::NotFound.into() };
                Self::read(path)?.ok_or_else(gone)
            }
        }
    }

    fn read(path: &Path) -> Result<Option<Self>, KeyringError> {
        let io = |source| KeyringError::Io { path: path.to_owned(), source };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(io(source)),
        };
        if fs::metadata(path).map_err(io)?.permissions().mode() & 0o077 != 0 {
            return Err(KeyringError::Open { path: path.to_owned() });
        }
        let mut keys = Vec::new();
        for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty()) {
            let bad = || KeyringError::Line { path: path.to_owned(), line: place + 1 };
            keys.push(Secret::from_hex(line).ok_or_else(bad)?);
        }
        let newest = keys.pop().ok_or(KeyringError::Line { path: path.to_owned(), line: 1 })?;
        Ok(Some(Self { older: keys, newest }))
    }

    /// Makes a new key that signs from now on, endorsed by the one before.
    ///
    /// # Errors
    /// As of `open`.
    pub fn rotate(path: &Path) -> Result<Self, KeyringError> {
        let Self { older: mut keys, newest } = Self::open(path)?;
        keys.extend([newest, new_secret()?]);
        write_over(path, &keys)?;
        Self::open(path)
    }

    /// The key that signs.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.newest
    }

    /// The newest key's public half, which a device pins when it enrols.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.newest.public()
    }

    /// From the first key to the newest.
    #[must_use]
    pub fn chain(&self) -> Vec<Endorsement> {
        let followers = self.older.iter().skip(1).chain([&self.newest]);
        self.older.iter().zip(followers).map(|(key, next)| key.endorse(next.public())).collect()
    }
}

fn new_secret() -> Result<Secret, KeyringError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| KeyringError::Random(io::Error::other(error)))?;
    Ok(Secret::from_seed(&seed))
}

/// Writes a file that is not there yet; one that appeared meanwhile is left as it is.
fn write(path: &Path, keys: &[Secret]) -> Result<(), KeyringError> {
    let new = write_beside(path, keys)?;
    let linked = match fs::hard_link(&new, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    };
    let io = |source| KeyringError::Io { path: path.to_owned(), source };
    linked.and_then(|()| fs::remove_file(&new)).and_then(|()| sync_folder(path)).map_err(io)
}

fn write_over(path: &Path, keys: &[Secret]) -> Result<(), KeyringError> {
    let new = write_beside(path, keys)?;
    let io = |source| KeyringError::Io { path: path.to_owned(), source };
    fs::rename(&new, path).and_then(|()| sync_folder(path)).map_err(io)
}

fn write_beside(path: &Path, keys: &[Secret]) -> Result<PathBuf, KeyringError> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    let new = PathBuf::from(name);
    let lines: String = keys.iter().map(|key| key.to_hex() + "\n").collect();
    let written = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(format!("{FIRST_LINE}\n{lines}").as_bytes())?;
        file.sync_all()
    };
    written().map_err(|source| KeyringError::Io { path: new.clone(), source })?;
    Ok(new)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bundle::Trust;

    #[test]
    fn keys_are_made_once_kept_close_and_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join("kiosk.key");
        let first = Keyring::open(&path).unwrap();
        assert_eq!(Keyring::open(&path).unwrap().public(), first.public());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(first.chain(), []);
        Keyring::rotate(&path).unwrap();
        let third = Keyring::rotate(&path).unwrap();
        assert_ne!(third.public(), first.public());
        let trust = Trust(first.public()).follow(&third.chain(), &third.public().id()).unwrap();
        assert_eq!(trust, Trust(third.public()));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_file_that_others_may_read_or_that_is_damaged_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.key");
        Keyring::open(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(Keyring::open(&path), Err(KeyringError::Open { .. })));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        for text in ["", "# only words\n", "abc\n", &"g".repeat(64)] {
            fs::write(&path, text).unwrap();
            assert!(matches!(Keyring::open(&path), Err(KeyringError::Line { .. })), "{text}");
        }
    }
}
