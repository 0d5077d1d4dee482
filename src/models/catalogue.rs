//! The manifests of `models/`, embedded in the binary.

use super::{Manifest, ModelsError};

/// The texts of manifests by their names.
macro_rules! embedded {
    ($($name:literal,)*) => {
        &[$((concat!("models/", $name, ".toml"), include_str!(concat!("../../models/", $name, ".toml"))),)*]
    };
}

const EMBEDDED: &[(&str, &str)] = embedded![
    "bergamot-en-de",
    "bergamot-en-es",
    "bergamot-en-fr",
    "bergamot-en-it",
    "bergamot-en-ja",
    "bergamot-en-ko",
    "bergamot-en-pt",
    "bergamot-en-ru",
    "bergamot-en-vi",
    "bergamot-en-zh",
    "bergamot-pt-en",
    "bergamot-vi-en",
    "kokoro",
    "m2m100-418m",
    "madlad400-3b",
    "nllb-200-distilled-600m",
    "opus-mt-en-de",
    "opus-mt-en-es",
    "opus-mt-en-fr",
    "opus-mt-en-ja",
    "opus-mt-en-ko",
    "opus-mt-en-ru",
    "opus-mt-en-vi",
    "opus-mt-en-zh",
    "opus-mt-vi-de",
    "opus-mt-vi-en",
    "opus-mt-vi-es",
    "opus-mt-vi-fr",
    "opus-mt-vi-it",
    "opus-mt-vi-ru",
    "silero-vad",
    "small100",
    "whisper-base",
    "whisper-medium",
    "whisper-small",
];

/// Manifests by name, in the order of their names.
#[derive(Clone, Debug)]
pub struct Catalogue(Vec<Manifest>);

impl Catalogue {
    /// The manifests of this binary.
    ///
    /// # Errors
    /// `Manifest` where one contradicts itself.
    pub fn embedded() -> Result<Self, ModelsError> {
        Self::of(EMBEDDED.iter().map(|(file, text)| Manifest::parse(file, text)).collect::<Result<_, _>>()?)
    }

    /// # Errors
    /// `Manifest` where two have one name, or a set has the name of a model.
    pub fn of(mut manifests: Vec<Manifest>) -> Result<Self, ModelsError> {
        manifests.sort_by(|a, b| a.name.cmp(&b.name));
        for (at, manifest) in manifests.iter().enumerate() {
            let again = manifests[..at].iter().any(|other| other.name == manifest.name);
            let a_set = manifests.iter().any(|other| other.sets.contains(&manifest.name));
            if again || a_set {
                let what = "its name is already that of another model or of a set".to_owned();
                return Err(ModelsError::Manifest { file: manifest.name.clone(), what });
            }
        }
        Ok(Self(manifests))
    }

    pub fn all(&self) -> impl Iterator<Item = &Manifest> {
        self.0.iter()
    }

    /// One model by its name.
    ///
    /// # Errors
    /// `Unknown` lists what there is.
    pub fn get(&self, name: &str) -> Result<&Manifest, ModelsError> {
        self.0.iter().find(|manifest| manifest.name == name).ok_or_else(|| self.unknown(name))
    }

    /// The models that a list of names and sets means, each once.
    ///
    /// # Errors
    /// `Unknown` for a word that is neither.
    pub fn resolve(&self, names: &[String]) -> Result<Vec<&Manifest>, ModelsError> {
        let means = |manifest: &Manifest, name: &String| manifest.name == *name || manifest.sets.contains(name);
        if let Some(name) = names.iter().find(|name| !self.0.iter().any(|manifest| means(manifest, name))) {
            return Err(self.unknown(name));
        }
        Ok(self.0.iter().filter(|manifest| names.iter().any(|name| means(manifest, name))).collect())
    }

    fn unknown(&self, name: &str) -> ModelsError {
        let mut known: Vec<&str> = self.0.iter().flat_map(|m| &m.sets).map(String::as_str).collect();
        known.sort_unstable();
        known.dedup();
        known.extend(self.0.iter().map(|manifest| manifest.name.as_str()));
        ModelsError::Unknown { name: name.to_owned(), known: known.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_manifest_of_the_repository_is_embedded_under_its_own_name() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let mut on_disk: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".toml"))
            .collect();
        on_disk.sort();
        let catalogue = Catalogue::embedded().unwrap();
        let embedded: Vec<String> = catalogue.all().map(|manifest| format!("{}.toml", manifest.name)).collect();
        assert_eq!(embedded, on_disk);
    }

    #[test]
    fn what_is_not_everybodys_is_in_no_set_and_what_is_fetched_by_default_is_pinned() {
        for manifest in Catalogue::embedded().unwrap().all() {
            assert!(manifest.licence.accept.is_none() || manifest.sets.is_empty(), "{}", manifest.name);
            assert!(!manifest.licence.spdx.contains("NC") || manifest.licence.accept.is_some(), "{}", manifest.name);
            assert!(!manifest.sets.contains(&"default".to_owned()) || manifest.is_pinned(), "{}", manifest.name);
            if let Some(translation) = &manifest.translation {
                assert_eq!(manifest.engine, translation.family.name(), "{}", manifest.name);
            }
        }
    }

    #[test]
    fn a_set_means_its_models_each_once_and_an_unknown_name_lists_what_there_is() {
        let catalogue = Catalogue::embedded().unwrap();
        let names = ["default".to_owned(), "whisper-base".to_owned()];
        let meant: Vec<&str> = catalogue.resolve(&names).unwrap().iter().map(|m| m.name.as_str()).collect();
        assert_eq!(meant.iter().filter(|name| **name == "whisper-base").count(), 1);
        let error = catalogue.resolve(&["whisper-bass".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("`whisper-bass`") && error.contains("default, full, bergamot-en-de"), "{error}");
    }
}
