//! The manifest: everything one device is to hold, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{CanonicalError, canonical};
use crate::domain::{AudioFormat, ContentHash, HashBuilder, Language, Milliseconds, Names, Slug, StopCode, Timestamp};

/// The form of the manifest itself.
pub const FORMAT: u32 = 1;
/// What this program can read: a manifest may ask for a newer client.
pub const CLIENT: u32 = 1;
/// Bytes of a block; the last one of a file may be shorter.
pub const BLOCK: u64 = 64 << 10;
/// A file past this size is no part of a guide.
const LARGEST_FILE: u64 = 1 << 30;

/// What a manifest says that cannot be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ManifestError {
    #[error("the manifest has form {0}, and this client reads form {FORMAT}: bring the client up to date")]
    Format(u32),
    #[error("the manifest asks for client {0}, and this one is {CLIENT}: bring the client up to date")]
    Client(u32),
    #[error("the manifest names the file {0}, which is not in its list of files")]
    Unlisted(ContentHash),
    #[error("the files of the manifest are not in the order of their hashes, each once")]
    Order,
    #[error("the file {0} has a size or blocks that do not fit each other")]
    Blocks(ContentHash),
    #[error("the manifest is valid until {until}, before it was issued at {issued}")]
    Times { issued: Timestamp, until: Timestamp },
}

/// What a device asks for. Devices of one scope share one manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Empty: all.
    pub sites: BTreeSet<Slug>,
    /// Empty: all in which guides are published.
    pub languages: BTreeSet<Language>,
    pub audio: AudioFormat,
}

impl Scope {
    /// The scope's name.
    #[must_use]
    pub fn id(&self) -> ContentHash {
        let sites: Vec<&str> = self.sites.iter().map(Slug::as_str).collect();
        let mut languages: Vec<&str> = self.languages.iter().map(|language| language.tag()).collect();
        languages.sort_unstable();
        HashBuilder::new("kiosk scope 1")
            .with("sites", sites.join(","))
            .with("languages", languages.join(","))
            .with("audio", self.audio.extension())
            .finish()
    }

    #[must_use]
    pub fn has_site(&self, site: &Slug) -> bool {
        self.sites.is_empty() || self.sites.contains(site)
    }

    #[must_use]
    pub fn has_language(&self, language: Language) -> bool {
        self.languages.is_empty() || self.languages.contains(&language)
    }
}

/// What a file is to a player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileRole {
    /// A guide as JSON: title, sentences with their times, what spoke.
    Guide,
    Audio,
    /// WebVTT.
    Captions,
    /// A cover, PNG or JPEG.
    Image,
}

/// A file by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleFile {
    pub sha256: ContentHash,
    /// Bytes.
    pub size: u64,
    pub role: FileRole,
    pub media_type: String,
    /// The SHA-256 of each block of `BLOCK` bytes; empty where the file is one block.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<ContentHash>,
}

/// A site as a start page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleSite {
    pub slug: Slug,
    pub names: Names,
    pub summary: Names,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<ContentHash>,
}

/// A stop with the guides a device has of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleStop {
    /// What a visitor types: counted from 1 in the order of sites and stops.
    pub number: u32,
    pub code: StopCode,
    pub slug: Slug,
    pub site: Slug,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<ContentHash>,
    pub guides: BTreeMap<Language, BundleGuide>,
}

/// A guide in one language: all files by hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleGuide {
    pub title: String,
    pub duration: Milliseconds,
    /// False only for a recording of a person: a player says so otherwise.
    pub synthetic: bool,
    /// A machine wrote the words and no person approved them: a player says so.
    pub machine_translated: bool,
    /// The edition as JSON.
    pub edition: ContentHash,
    pub audio: ContentHash,
    pub captions: ContentHash,
}

/// Everything a device is to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The oldest client that may play this.
    pub minimum_client: u32,
    pub scope: ContentHash,
    /// Grows with every change of this scope.
    pub version: u64,
    pub issued_at: Timestamp,
    /// From then on a device says that what it plays is old.
    pub valid_until: Timestamp,
    pub audio: AudioFormat,
    /// Of the start page, in the order of its flags.
    pub languages: Vec<Language>,
    /// The name of the collection.
    pub house: Names,
    pub sites: Vec<BundleSite>,
    pub stops: Vec<BundleStop>,
    /// In the order of their hashes, each once.
    pub files: Vec<BundleFile>,
}

impl Manifest {
    /// Whether it says only what can be, for this client.
    ///
    /// # Errors
    /// What it says that cannot be.
    pub fn check(&self) -> Result<(), ManifestError> {
        if self.format != FORMAT {
            return Err(ManifestError::Format(self.format));
        }
        if self.minimum_client > CLIENT {
            return Err(ManifestError::Client(self.minimum_client));
        }
        if self.valid_until <= self.issued_at {
            return Err(ManifestError::Times { issued: self.issued_at, until: self.valid_until });
        }
        if !self.files.is_sorted_by(|a, b| a.sha256 < b.sha256) {
            return Err(ManifestError::Order);
        }
        if let Some(file) = self.files.iter().find(|file| !file.is_sound()) {
            return Err(ManifestError::Blocks(file.sha256));
        }
        match self.named().find(|hash| self.file(*hash).is_none()) {
            Some(hash) => Err(ManifestError::Unlisted(hash)),
            None => Ok(()),
        }
    }

    /// Every file that a page of this manifest needs, some more than once.
    pub fn named(&self) -> impl Iterator<Item = ContentHash> {
        let covers = self.sites.iter().filter_map(|site| site.cover);
        let stops = self.stops.iter().flat_map(|stop| {
            let guides = stop.guides.values().flat_map(|guide| [guide.edition, guide.audio, guide.captions]);
            guides.chain(stop.cover)
        });
        covers.chain(stops)
    }

    /// The file of this hash.
    #[must_use]
    pub fn file(&self, hash: ContentHash) -> Option<&BundleFile> {
        self.files.binary_search_by_key(&hash, |file| file.sha256).ok().and_then(|at| self.files.get(at))
    }

    /// Bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// The hash of what it lists, without version and times: it changes exactly when a device has something new to hold.
    ///
    /// # Errors
    /// Where it has no canonical form.
    pub fn contents(&self) -> Result<ContentHash, CanonicalError> {
        let bare = Self { version: 0, issued_at: Timestamp(0), valid_until: Timestamp(0), ..self.clone() };
        Ok(ContentHash::of(canonical(&bare)?.as_bytes()))
    }

    /// What a device proves by reading its files again: the hash of all their hashes, in order.
    #[must_use]
    pub fn inventory(&self) -> ContentHash {
        Self::inventory_of(self.files.iter().map(|file| file.sha256))
    }

    /// The same over hashes that were computed from files, in the order of the manifest.
    pub fn inventory_of(hashes: impl Iterator<Item = ContentHash>) -> ContentHash {
        let lines: String = hashes.map(|hash| format!("{hash}\n")).collect();
        ContentHash::of(lines.as_bytes())
    }
}

impl BundleFile {
    /// How many blocks the file has.
    #[must_use]
    pub fn block_count(&self) -> u64 {
        self.size.div_ceil(BLOCK)
    }

    /// The hash of the block that begins at `BLOCK * number`; a file of one block is its own.
    #[must_use]
    pub fn block(&self, number: u64) -> Option<ContentHash> {
        if self.blocks.is_empty() {
            return (number == 0).then_some(self.sha256);
        }
        self.blocks.get(usize::try_from(number).ok()?).copied()
    }

    fn is_sound(&self) -> bool {
        let blocks = self.blocks.len() as u64;
        self.size <= LARGEST_FILE
            && if blocks == 0 { self.size <= BLOCK } else { blocks == self.block_count() && blocks > 1 }
    }
}

/// The blocks of these bytes as a `BundleFile` holds them.
#[must_use]
pub fn blocks_of(bytes: &[u8]) -> Vec<ContentHash> {
    if bytes.len() as u64 <= BLOCK { Vec::new() } else { bytes.chunks(BLOCK as usize).map(ContentHash::of).collect() }
}
