//! The inventory: every file of the bundle is read again and hashed, since a file that is there need not be whole.

use super::disk::Disk;
use super::holding::{Holding, file_path};
use super::{KioskError, Result};
use crate::domain::ContentHash;
use crate::domain::bundle::Manifest;
use crate::domain::device::Inventory;

/// Broken files that are named; the digest covers all.
const MOST_NAMED: usize = 100;

impl<D: Disk> Holding<D> {
    /// Reads and hashes all files that are played. A file that is not what it should be is taken away, so that it is
    /// played no more and the next sync brings it again.
    ///
    /// # Errors
    /// `NoBundle`, `Disk`.
    pub fn inventory(&self) -> Result<Inventory> {
        let playing = self.playing()?.ok_or(KioskError::NoBundle)?;
        let nothing = ContentHash::from_bytes([0; 32]);
        let mut broken = Vec::new();
        let mut hashes = Vec::new();
        for file in &playing.manifest.files {
            let path = file_path(file.sha256);
            // A sector that cannot be read is a broken file, and no reason to stop.
            let found = self.disk.read(&path).ok().flatten().map(|bytes| ContentHash::of(&bytes));
            hashes.push(found.unwrap_or(nothing));
            if found == Some(file.sha256) {
                continue;
            }
            self.disk.remove(&path).map_err(KioskError::disk("removing", &path))?;
            if broken.len() < MOST_NAMED {
                broken.push(file.sha256);
            }
        }
        Ok(Inventory {
            version: playing.manifest.version,
            files: playing.manifest.files.len() as u64,
            digest: Manifest::inventory_of(hashes.into_iter()),
            broken,
        })
    }
}
