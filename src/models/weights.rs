//! The folder of weights as engines and checks see it. Nothing here changes anything on disk.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use super::disk::hash_file;
use super::{Catalogue, Manifest, ModelsError, Receipt};

/// Where weights lie, and what may lie there.
#[derive(Clone, Debug)]
pub struct Weights {
    root: PathBuf,
    catalogue: Catalogue,
}

/// Whether a model is there, by the sizes of its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Ready,
    /// There is a receipt, but a file is missing or has another size.
    Broken,
    Missing,
}

/// A file that is not what its receipt says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BrokenFile {
    pub model: String,
    pub path: PathBuf,
    pub what: String,
}

impl Weights {
    /// The weights under `root`, by the manifests of this binary.
    ///
    /// # Errors
    /// `Manifest` where an embedded manifest contradicts itself.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, ModelsError> {
        Ok(Self::with_catalogue(root, Catalogue::embedded()?))
    }

    #[must_use]
    pub fn with_catalogue(root: impl Into<PathBuf>, catalogue: Catalogue) -> Self {
        Self { root: root.into(), catalogue }
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    pub(super) fn folder(&self, manifest: &Manifest) -> PathBuf {
        self.root.join(&manifest.name)
    }

    /// The folder an engine loads a model from. Sizes are compared, hashes are not: see [`Weights::check`].
    ///
    /// # Errors
    /// `Unknown`, or `NotPulled` with the command that pulls it.
    pub fn locate(&self, name: &str) -> Result<PathBuf, ModelsError> {
        let manifest = self.catalogue.get(name)?;
        let not_pulled = |what: String| ModelsError::NotPulled { name: name.to_owned(), root: self.root.clone(), what };
        let folder = self.folder(manifest);
        let receipt = Receipt::read(&folder, manifest)
            .ok_or_else(|| not_pulled("there is no receipt that fits their manifest".to_owned()))?;
        match receipt.files.iter().find_map(|file| wrong_size(&folder, file)) {
            Some(what) => Err(not_pulled(what)),
            None => Ok(folder),
        }
    }

    /// What a model's receipt says of its files, if there is one that fits its manifest.
    #[must_use]
    pub fn receipt(&self, manifest: &Manifest) -> Option<Receipt> {
        Receipt::read(&self.folder(manifest), manifest)
    }

    #[must_use]
    pub fn state(&self, manifest: &Manifest) -> State {
        let folder = self.folder(manifest);
        match Receipt::read(&folder, manifest) {
            None => State::Missing,
            Some(receipt) if receipt.files.iter().any(|file| wrong_size(&folder, file).is_some()) => State::Broken,
            Some(_) => State::Ready,
        }
    }

    /// Hashes every file of these models that a receipt vouches for, and returns those that are not as it says. A model
    /// without a receipt counts as broken where `must_be_there`.
    ///
    /// # Errors
    /// `Io` where a file is there but cannot be read.
    pub fn check(&self, manifests: &[&Manifest], must_be_there: bool) -> Result<Vec<BrokenFile>, ModelsError> {
        let mut broken = Vec::new();
        for manifest in manifests {
            let folder = self.folder(manifest);
            let model = || manifest.name.clone();
            let Some(receipt) = Receipt::read(&folder, manifest) else {
                if must_be_there {
                    broken.push(BrokenFile { model: model(), path: folder, what: "is not pulled".to_owned() });
                }
                continue;
            };
            let found: Vec<Option<BrokenFile>> = receipt
                .files
                .par_iter()
                .map(|file| {
                    let path = folder.join(&file.path);
                    let what = match hash_file(&path)? {
                        None => "is missing".to_owned(),
                        Some((size, _)) if size != file.size => format!("has {size} bytes instead of {}", file.size),
                        Some((_, sum)) if sum != file.sha256 => format!("has sha256 {sum} instead of {}", file.sha256),
                        Some(_) => return Ok(None),
                    };
                    Ok(Some(BrokenFile { model: model(), path, what }))
                })
                .collect::<Result<_, ModelsError>>()?;
            broken.extend(found.into_iter().flatten());
        }
        Ok(broken)
    }
}

fn wrong_size(folder: &Path, file: &super::ReceiptFile) -> Option<String> {
    match std::fs::metadata(folder.join(&file.path)) {
        Err(error) => Some(format!("{}: {error}", file.path)),
        Ok(found) if found.len() != file.size => {
            Some(format!("{} has {} bytes instead of {}", file.path, found.len(), file.size))
        }
        Ok(_) => None,
    }
}
