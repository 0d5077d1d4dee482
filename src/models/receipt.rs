//! The receipt: what lies in a model's folder, by size and hash, written last.
//!
//! Invariant: a receipt whose fingerprint is that of the manifest vouches for every file the manifest lists.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk::write_whole;
use super::{Manifest, ModelsError};
use crate::domain::ContentHash;

/// The receipt's name in the model's folder.
pub const FILE: &str = "receipt.json";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub name: String,
    /// Of the manifest this was pulled by; see `Manifest::fingerprint`.
    pub manifest: ContentHash,
    pub licence: String,
    pub files: Vec<ReceiptFile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptFile {
    pub path: String,
    pub size: u64,
    pub sha256: ContentHash,
}

impl Receipt {
    /// The receipt in a model's folder, if there is one that fits the manifest. One that cannot be read or belongs to
    /// another manifest vouches for nothing, so it is as if it were not there.
    #[must_use]
    pub fn read(folder: &Path, manifest: &Manifest) -> Option<Self> {
        let text = std::fs::read(folder.join(FILE)).ok()?;
        let receipt: Self = serde_json::from_slice(&text).ok()?;
        let listed = |path: &str| receipt.files.iter().any(|file| file.path == path);
        let complete = manifest.files.iter().all(|file| listed(&file.path));
        (receipt.manifest == manifest.fingerprint() && complete).then_some(receipt)
    }

    /// What the receipt says about one file.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&ReceiptFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// # Errors
    /// `Io`; a receipt that stood there before still stands.
    pub fn write(&self, folder: &Path) -> Result<(), ModelsError> {
        let path = folder.join(FILE);
        let text =
            serde_json::to_vec_pretty(self).map_err(|error| ModelsError::io("cannot write", &path)(error.into()))?;
        write_whole(&path, &text)
    }
}
