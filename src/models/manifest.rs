//! The manifest of a model: where each file comes from, how large it is, its hash and its licence.
//!
//! Invariant: a manifest that parsed is consistent: every source names a package of the same manifest, every file that
//! has a source or is an input has a size and a hash or says in so many words that it has none, and no path leaves the
//! model's folder.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::ModelsError;
use super::convert::Step;
use super::package::{Package, Pin, SourceRef};
use super::translation::Translation;
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
    /// What it translates, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translation: Option<Translation>,
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
    /// Where the terms are not everybody's: the word by which an operator says that they accept them. Without it the
    /// weights are neither pulled nor used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<String>,
}

impl Licence {
    /// Whether an operator who accepted these words may use the weights.
    #[must_use]
    pub fn allowed(&self, accepted: &[String]) -> bool {
        self.accept.as_ref().is_none_or(|word| accepted.contains(word))
    }
}

/// A step, and its revision: raised when the step's output changes, so that what an older one made is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    pub step: Step,
    pub revision: u32,
}

/// One file, by its path in the model's folder (or in the conversion's input folder).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSpec {
    pub path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Pin>,
    /// Tried in this order; empty for a file the conversion makes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<SourceRef>,
}

impl FileSpec {
    /// The hash it must have, where one is known.
    #[must_use]
    pub fn pinned(&self) -> Option<ContentHash> {
        self.sha256.and_then(Pin::known)
    }

    /// Whether it comes from elsewhere without a hash that is known beforehand.
    #[must_use]
    pub fn is_unpinned(&self) -> bool {
        self.sha256 == Some(Pin::Unpinned)
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

    /// # Errors
    /// `Licence` where its terms must be accepted and these words do not.
    pub fn licence_accepted(&self, accepted: &[String]) -> Result<(), ModelsError> {
        if self.licence.allowed(accepted) { Ok(()) } else { Err(ModelsError::licence(self)) }
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
        if let Some(what) = self.packages.values().find_map(Package::contradiction) {
            return Some(what);
        }
        if let Some(what) = self.translation.as_ref().and_then(|translation| translation.contradiction(&self.languages))
        {
            return Some(what);
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
        let sized = file.size.is_some() || file.is_unpinned();
        if !(file.from.is_empty() || sized && file.sha256.is_some()) {
            return Some(format!("`{path}` has a source but no size or no sha256"));
        }
        if file.from.is_empty() && file.is_unpinned() {
            return Some(format!("`{path}` is made here: leave out its sha256"));
        }
        let whole = file.from.iter().find(|source| {
            self.packages.get(&source.package).is_some_and(|package| package.holds_members() != source.member.is_some())
        });
        if let Some(source) = whole {
            return Some(format!(
                "`{path}` comes from `{source}`: name a member of wheels and tarballs, and of those only"
            ));
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
            let sum = file.sha256.map(|pin| pin.to_string()).unwrap_or_default();
            key = key.with("path", &file.path).with("sha256", sum);
        }
        key.finish()
    }

    /// Bytes to fetch at most; about, where a package has no known size.
    #[must_use]
    pub fn download_size(&self) -> u64 {
        self.packages.values().map(Package::about).sum()
    }

    /// Whether every file that comes from elsewhere has a hash that was known beforehand.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        !self.inputs.iter().chain(&self.files).any(FileSpec::is_unpinned)
    }
}

pub(super) fn is_plain_name(name: &str) -> bool {
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
        assert_eq!(manifest.inputs[0].from[0].member.as_deref(), Some("a/in.bin"));
        assert_eq!(manifest.packages["p"].file(), "p.whl");
    }

    #[test]
    fn what_has_no_known_hash_says_so() {
        let manifest = parse("size = 1, sha256 = \"SUM\", from", "sha256 = \"unpinned\", from").unwrap();
        assert!(manifest.inputs[0].is_unpinned() && !manifest.is_pinned() && parse("", "").unwrap().is_pinned());
        assert_ne!(manifest.fingerprint(), parse("", "").unwrap().fingerprint(), "a hash found later counts");
        assert!(parse("size = 1, sha256 = \"SUM\", from", "from").is_err(), "silence is no such word");
    }

    #[test]
    fn terms_that_are_not_everybodys_must_be_accepted_by_name() {
        let manifest = parse("spdx = \"MIT\",", "spdx = \"CC-BY-NC-4.0\", accept = \"nc\",").unwrap();
        assert!(!manifest.licence.allowed(&[]) && !manifest.licence.allowed(&["mit".to_owned()]));
        assert!(manifest.licence.allowed(&["nc".to_owned()]) && parse("", "").unwrap().licence.allowed(&[]));
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
            ("p:a/in.bin", "p:", "is not `package` or `package:member`"),
            ("p:a/in.bin", "p", "name a member"),
            ("size = 1, sha256 = \"SUM\", from", "size = 1, sha256 = \"none\", from", "unpinned"),
            ("{ path = \"out.bin\" }", "{ path = \"out.bin\", sha256 = \"unpinned\" }", "is made here"),
            (
                "languages = [\"en\"]",
                "languages = [\"en\"]\ntranslation = { family = \"bergamot\", pairs = [[\"en\", \"vi\"]] }",
                "`vi`",
            ),
            (
                "languages = [\"en\"]",
                "languages = [\"en\"]\ntranslation = { family = \"babel\", pairs = \"all\" }",
                "babel",
            ),
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
