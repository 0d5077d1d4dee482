//! The manifest of a model: where each file comes from, how large it is, its hash and its licence.
//!
//! Invariant: a manifest that parsed is consistent: every source names a package of the same manifest, every file that
//! has a source or is an input has a size and a hash, and no path leaves the model's folder.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ModelsError;
use super::convert::Step;
use crate::domain::{ContentHash, HashBuilder};

/// Everything known about one model.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The name of the model and of its folder.
    pub name: String,
    /// The sets it belongs to; `models pull SET` pulls all of a set.
    pub sets: Vec<String>,
    /// One line for people.
    pub what: String,
    /// The engine that loads it.
    pub engine: String,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    pub licence: Licence,
    /// What is fetched, by a short name used in this manifest only.
    pub packages: BTreeMap<String, Package>,
    /// What the conversion reads.
    #[serde(default)]
    pub inputs: Vec<FileSpec>,
    #[serde(default)]
    pub conversion: Option<Conversion>,
    /// What the engine loads. Files without a source are made by the conversion.
    pub files: Vec<FileSpec>,
}

/// Under which terms the weights may be used.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// SPDX expression.
    pub spdx: String,
    /// Address of the licence's text, or of the model card that states it.
    pub text: String,
    /// What a user must know besides: attribution, share-alike, non-commercial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A step, and its revision: raised when the step's output changes, so that what an older one made is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    pub step: Step,
    pub revision: u32,
}

/// Something that is fetched as one file and holds members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Package {
    /// A wheel, by `pip download`.
    Pip { package: String, version: String, file: String, size: u64, sha256: ContentHash },
    /// A tarball, by `npm pack`.
    Npm { package: String, version: String, file: String, size: u64, sha256: ContentHash },
}

impl Package {
    /// The name of the file that is fetched.
    #[must_use]
    pub fn file(&self) -> &str {
        match self {
            Self::Pip { file, .. } | Self::Npm { file, .. } => file,
        }
    }

    /// Bytes of that file.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            Self::Pip { size, .. } | Self::Npm { size, .. } => *size,
        }
    }

    #[must_use]
    pub fn sha256(&self) -> ContentHash {
        match self {
            Self::Pip { sha256, .. } | Self::Npm { sha256, .. } => *sha256,
        }
    }
}

/// One file, by its path in the model's folder (or in the conversion's input folder).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSpec {
    pub path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<ContentHash>,
    /// Tried in this order; empty for a file the conversion makes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<SourceRef>,
}

/// `package:member`: a member of a package of the same manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRef {
    pub package: String,
    pub member: String,
}

impl Serialize for SourceRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}:{}", self.package, self.member))
    }
}

impl<'de> Deserialize<'de> for SourceRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (package, member) = text
            .split_once(':')
            .filter(|(package, member)| !package.is_empty() && !member.is_empty())
            .ok_or_else(|| serde::de::Error::custom(format!("source `{text}` is not `package:member`")))?;
        Ok(Self { package: package.to_owned(), member: member.to_owned() })
    }
}

impl Manifest {
    /// Reads a manifest; `file` is its name, for errors.
    ///
    /// # Errors
    /// `Manifest` with the first thing that is wrong with it.
    pub fn parse(file: &str, text: &str) -> Result<Self, ModelsError> {
        let wrong = |what: String| ModelsError::Manifest { file: file.to_owned(), what };
        let manifest: Self = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        manifest.contradiction().map_or(Ok(()), |what| Err(wrong(what)))?;
        Ok(manifest)
    }

    /// What is wrong with it, if anything.
    fn contradiction(&self) -> Option<String> {
        if !is_plain_name(&self.name) {
            return Some(format!("`{}` cannot be the name of a folder", self.name));
        }
        if self.files.is_empty() {
            return Some("it lists no file".to_owned());
        }
        if let Some(package) = self.packages.values().find(|package| !is_plain_name(package.file())) {
            return Some(format!("`{}` is not a plain file name", package.file()));
        }
        let made = self.files.iter().any(|file| file.from.is_empty());
        match (made, self.conversion, self.inputs.is_empty()) {
            (true, None, _) => return Some("a file without a source needs a [conversion]".to_owned()),
            (true, Some(_), true) => return Some("the conversion has no inputs".to_owned()),
            (false, Some(_), _) => return Some("the conversion makes no file".to_owned()),
            (false, None, false) => return Some("inputs without a [conversion]".to_owned()),
            _ => {}
        }
        let inputs = self.inputs.iter().map(|input| (input, true));
        let files = self.files.iter().map(|file| (file, false));
        inputs.chain(files).find_map(|(file, is_input)| self.contradiction_in(file, is_input))
    }

    fn contradiction_in(&self, file: &FileSpec, is_input: bool) -> Option<String> {
        let path = &file.path;
        let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if path.is_empty() || !inside || path == super::receipt::FILE {
            return Some(format!("`{path}` is not a path inside the model's folder"));
        }
        if is_input && file.from.is_empty() {
            return Some(format!("the input `{path}` has no source"));
        }
        if !file.from.is_empty() && (file.size.is_none() || file.sha256.is_none()) {
            return Some(format!("`{path}` has a source but no size or no sha256"));
        }
        let unknown = file.from.iter().find(|source| !self.packages.contains_key(&source.package))?;
        Some(format!("`{path}` comes from `{}`, which is no package of this manifest", unknown.package))
    }

    /// Over everything that decides what lies in the model's folder.
    #[must_use]
    pub fn fingerprint(&self) -> ContentHash {
        let mut key = HashBuilder::new("model manifest 1").with("name", &self.name);
        if let Some(Conversion { step, revision }) = self.conversion {
            key = key.with("step", format!("{step:?}")).with("revision", revision.to_le_bytes());
        }
        for file in self.inputs.iter().chain(&self.files) {
            let sum = file.sha256.map(|sum| sum.to_string()).unwrap_or_default();
            key = key.with("path", &file.path).with("sha256", sum);
        }
        key.finish()
    }

    /// Bytes to fetch at most.
    #[must_use]
    pub fn download_size(&self) -> u64 {
        self.packages.values().map(Package::size).sum()
    }
}

fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    !name.starts_with('.') && matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        name = "m"
        sets = ["default"]
        what = "a model"
        engine = "e"
        languages = ["en"]
        licence = { spdx = "MIT", text = "https://example.org" }
        conversion = { step = "whisper-ctranslate2", revision = 1 }
        packages.p = { kind = "pip", package = "p", version = "1", file = "p.whl", size = 1, sha256 = "SUM" }
        inputs = [{ path = "in.bin", size = 1, sha256 = "SUM", from = ["p:a/in.bin"] }]
        files = [{ path = "out.bin" }]
    "#;

    fn parse(change: &str, to: &str) -> Result<Manifest, ModelsError> {
        assert!(GOOD.contains(change), "{change}");
        Manifest::parse("m.toml", &GOOD.replace(change, to).replace("SUM", &"0".repeat(64)))
    }

    #[test]
    fn a_good_manifest_says_where_its_files_come_from() {
        let manifest = parse("", "").unwrap();
        assert_eq!(manifest.inputs[0].from[0].member, "a/in.bin");
        assert_eq!(manifest.packages["p"].file(), "p.whl");
    }

    #[test]
    fn a_raised_revision_changes_the_fingerprint() {
        let raised = parse("revision = 1", "revision = 2").unwrap();
        assert_ne!(parse("", "").unwrap().fingerprint(), raised.fingerprint());
    }

    #[test]
    fn contradictions_are_named() {
        let table = [
            ("name = \"m\"", "name = \"../m\"", "cannot be the name of a folder"),
            ("p:a/in.bin", "q:a/in.bin", "comes from `q`"),
            ("p:a/in.bin", "a", "is not `package:member`"),
            ("\"out.bin\"", "\"../out.bin\"", "not a path inside"),
            ("\"out.bin\"", "\"/out.bin\"", "not a path inside"),
            ("\"out.bin\"", "\"receipt.json\"", "not a path inside"),
            ("in.bin\", size = 1", "in.bin\"", "no size"),
            ("file = \"p.whl\"", "file = \"x/p.whl\"", "not a plain file name"),
            ("kind = \"pip\"", "kind = \"floppy\"", "floppy"),
            ("conversion = {", "conversions = {", "conversions"),
            ("files = [{ path = \"out.bin\" }]", "files = []", "no file"),
        ];
        for (change, to, said) in table {
            let error = parse(change, to).unwrap_err().to_string();
            assert!(error.contains("m.toml") && error.contains(said), "{change}: {error}");
        }
    }
}
