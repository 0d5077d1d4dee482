//! What a device holds: one folder, whose pointer names the bundle that is played.
//!
//! | file | what |
//! |---|---|
//! | `device.json` | server, token, trusted key, scope: for the owner's eyes |
//! | `current` | the bundle that is played and the one before, by version and hash of their manifests |
//! | `manifests/VERSION.json` | signed manifests as they came |
//! | `files/SHA256` | files, each moved here only after every byte of it was verified and synced |
//! | `staging/SHA256` | files on their way |
//! | `time` | the latest moment this device has proof of |
//!
//! Invariants: `current` changes only after everything it names lies synced on the disk; what is played is read block by
//! block against its hashes, so that a disk that rots plays silence rather than a wrong word; the highest version
//! that was ever current is never gone back behind.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::Disk;
use super::{KioskError, Result};
use crate::domain::bundle::{BLOCK, Manifest, SignedManifest, Trust};
use crate::domain::device::DeviceToken;
use crate::domain::{ContentHash, Timestamp};

pub(super) const DEVICE: &str = "device.json";
const CURRENT: &str = "current";
const TIME: &str = "time";
pub(super) const FILES: &str = "files";
pub(super) const STAGING: &str = "staging";
pub(super) const MANIFESTS: &str = "manifests";
pub(super) const OUTBOX: &str = "outbox";

/// What the enrolment gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Without a slash at its end.
    pub server: String,
    pub device: String,
    pub token: DeviceToken,
    pub trust: Trust,
    pub scope: ContentHash,
}

/// A manifest on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub version: u64,
    /// Versions of different scopes have nothing to do with each other.
    pub scope: ContentHash,
    /// The hash of the manifest's file.
    pub manifest: ContentHash,
}

/// The pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    #[serde(flatten)]
    pub held: Held,
    #[serde(default)]
    pub previous: Option<Held>,
}

/// The bundle that is played.
#[derive(Clone, Debug)]
pub struct Playing {
    pub current: Current,
    pub signed: SignedManifest,
    pub manifest: Manifest,
}

/// The folder of one device.
pub struct Holding<D> {
    pub(super) disk: D,
}

impl<D: Disk> Holding<D> {
    /// # Errors
    /// Where the folders in it cannot be made.
    pub fn open(disk: D) -> Result<Self> {
        for folder in [FILES, STAGING, MANIFESTS, OUTBOX] {
            disk.make_folder(Path::new(folder)).map_err(KioskError::disk("making", Path::new(folder)))?;
        }
        Ok(Self { disk })
    }

    /// # Errors
    /// `NotEnrolled`, `Damaged`, `Disk`.
    pub fn identity(&self) -> Result<Identity> {
        let path = Path::new(DEVICE);
        let bytes = self.read(path)?.ok_or(KioskError::NotEnrolled)?;
        serde_json::from_slice(&bytes)
            .map_err(|error| KioskError::Damaged { path: path.to_owned(), why: error.to_string() })
    }

    /// # Errors
    /// `Disk`.
    pub fn set_identity(&self, identity: &Identity) -> Result<()> {
        let bytes = serde_json::to_vec(identity).map_err(|error| KioskError::Answer(error.to_string()))?;
        self.replace(Path::new(DEVICE), &bytes)
    }

    /// The bundle that is played: the one that `current` names, or the one before where that one is damaged. `None`
    /// before the first sync.
    ///
    /// # Errors
    /// `Disk`.
    pub fn playing(&self) -> Result<Option<Playing>> {
        let Some(bytes) = self.read(Path::new(CURRENT))? else { return Ok(None) };
        let Ok(current) = serde_json::from_slice::<Current>(&bytes) else { return self.salvage() };
        for held in [Some(current.held), current.previous].into_iter().flatten() {
            let Some(bytes) = self.read(&manifest_path(held.version))? else { continue };
            if ContentHash::of(&bytes) != held.manifest {
                continue;
            }
            if let Some((signed, manifest)) = read_manifest(&bytes) {
                let previous = current.previous.filter(|previous| *previous != held);
                return Ok(Some(Playing { current: Current { held, previous }, signed, manifest }));
            }
        }
        self.salvage()
    }

    /// What `current` says, whether or not what it names is whole.
    pub(super) fn pointer(&self) -> Result<Option<Current>> {
        Ok(self.read(Path::new(CURRENT))?.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// The newest manifest whose signature holds and whose files are there, where the pointer itself is damaged.
    fn salvage(&self) -> Result<Option<Playing>> {
        let trust = self.identity()?.trust;
        let folder = Path::new(MANIFESTS);
        let names = self.disk.list(folder).map_err(KioskError::disk("listing", folder))?;
        let mut versions: Vec<u64> = names.iter().filter_map(|name| name.strip_suffix(".json")?.parse().ok()).collect();
        versions.sort_unstable_by(|a, b| b.cmp(a));
        for version in versions {
            let Some(bytes) = self.read(&manifest_path(version))? else { continue };
            let Some((signed, manifest)) = read_manifest(&bytes) else { continue };
            if signed.verify(&trust).is_err() || !self.lacking(&manifest)?.is_empty() {
                continue;
            }
            let held = Held { version, scope: manifest.scope, manifest: ContentHash::of(&bytes) };
            return Ok(Some(Playing { current: Current { held, previous: None }, signed, manifest }));
        }
        Ok(None)
    }

    /// Files of a manifest that are not here in their full length.
    pub(super) fn lacking(&self, manifest: &Manifest) -> Result<Vec<ContentHash>> {
        let mut lacking = Vec::new();
        for file in &manifest.files {
            let path = file_path(file.sha256);
            let length = self.disk.len(&path).map_err(KioskError::disk("looking at", &path))?;
            if length != Some(file.size) {
                lacking.push(file.sha256);
            }
        }
        Ok(lacking)
    }

    /// Makes a manifest current whose files all lie here, synced by this call before the pointer moves.
    pub(super) fn switch(&self, signed: &SignedManifest, manifest: &Manifest, before: Option<Held>) -> Result<Current> {
        for folder in [FILES, STAGING] {
            let path = Path::new(folder);
            self.disk.sync_folder(path).map_err(KioskError::disk("syncing", path))?;
        }
        let bytes = signed.to_bytes()?;
        let (version, scope) = (manifest.version, manifest.scope);
        self.replace(&manifest_path(version), &bytes)?;
        let held = Held { version, scope, manifest: ContentHash::of(&bytes) };
        let current = Current { held, previous: before.filter(|before| *before != held) };
        let pointer = serde_json::to_vec(&current).map_err(|error| KioskError::Answer(error.to_string()))?;
        self.replace(Path::new(CURRENT), &pointer)?;
        Ok(current)
    }

    /// Takes away what neither the current bundle nor the one before needs.
    pub(super) fn collect(&self, playing: &Playing) -> Result<usize> {
        let mut needed: std::collections::BTreeSet<ContentHash> =
            playing.manifest.files.iter().map(|file| file.sha256).collect();
        let mut versions = vec![playing.current.held.version];
        if let Some(before) = playing.current.previous {
            versions.push(before.version);
            if let Some((_, manifest)) = self.read(&manifest_path(before.version))?.as_deref().and_then(read_manifest) {
                needed.extend(manifest.files.iter().map(|file| file.sha256));
            }
        }
        let keep = |folder: &str, name: &str| match folder {
            MANIFESTS => versions.iter().any(|version| name == format!("{version}.json")),
            FILES => name.parse::<ContentHash>().is_ok_and(|hash| needed.contains(&hash)),
            _ => false,
        };
        let mut gone = 0;
        for folder in [MANIFESTS, FILES, STAGING] {
            let path = Path::new(folder);
            for name in self.disk.list(path).map_err(KioskError::disk("listing", path))? {
                if !keep(folder, &name) {
                    let path = path.join(name);
                    self.disk.remove(&path).map_err(KioskError::disk("removing", &path))?;
                    gone += 1;
                }
            }
        }
        Ok(gone)
    }

    /// Bytes `from..to` of a file that is played, each block of them verified.
    ///
    /// # Errors
    /// `Rotten` where a block is missing or not what it should be; `Disk`.
    pub fn play(&self, manifest: &Manifest, hash: ContentHash, from: u64, to: u64) -> Result<Vec<u8>> {
        let file = manifest.file(hash).ok_or(KioskError::Rotten(hash))?;
        let to = to.min(file.size);
        let mut out = Vec::new();
        let mut number = from / BLOCK;
        while number * BLOCK < to {
            let start = number * BLOCK;
            let bytes = match self.disk.read_at(&file_path(hash), start, BLOCK as usize) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(KioskError::Rotten(hash)),
                Err(error) => return Err(KioskError::disk("reading", &file_path(hash))(error)),
            };
            if Some(ContentHash::of(&bytes)) != file.block(number) {
                return Err(KioskError::Rotten(hash));
            }
            let within = |at: u64| usize::try_from(at.saturating_sub(start)).unwrap_or(usize::MAX).min(bytes.len());
            out.extend_from_slice(&bytes[within(from)..within(to)]);
            number += 1;
        }
        Ok(out)
    }

    /// The latest moment this device has proof of.
    ///
    /// # Errors
    /// `Disk`.
    pub fn proved_time(&self) -> Result<Timestamp> {
        let bytes = self.read(Path::new(TIME))?.unwrap_or_default();
        // A damaged file proves nothing; the manifest's own time of issue comes on top in any case.
        Ok(Timestamp(std::str::from_utf8(&bytes).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)))
    }

    /// What the time is at least: the device's clock where it is later than what is proved, which never goes back.
    ///
    /// # Errors
    /// `Disk`.
    pub fn time(&self, clock: Timestamp, playing: Option<&Playing>) -> Result<Timestamp> {
        let issued = playing.map_or(Timestamp(0), |playing| playing.manifest.issued_at);
        Ok(clock.max(self.proved_time()?).max(issued))
    }

    /// Remembers the time, as far as it is needed: a clock that runs years ahead proves at most that the bundle is old,
    /// which the next manifest mends.
    ///
    /// # Errors
    /// `Disk`.
    pub fn remember_time(&self, clock: Timestamp, playing: &Playing) -> Result<()> {
        let proved = self.proved_time()?;
        let enough = playing.manifest.valid_until.plus_millis(1);
        let now = proved.max(playing.manifest.issued_at).max(clock.min(enough));
        if now > proved { self.replace(Path::new(TIME), now.0.to_string().as_bytes()) } else { Ok(()) }
    }

    pub(super) fn read(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        self.disk.read(path).map_err(KioskError::disk("reading", path))
    }

    pub(super) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        self.disk.replace(path, bytes).map_err(KioskError::disk("writing", path))
    }
}

pub(super) fn file_path(hash: ContentHash) -> PathBuf {
    Path::new(FILES).join(hash.to_string())
}

pub(super) fn staging_path(hash: ContentHash) -> PathBuf {
    Path::new(STAGING).join(hash.to_string())
}

fn manifest_path(version: u64) -> PathBuf {
    Path::new(MANIFESTS).join(format!("{version}.json"))
}

fn read_manifest(bytes: &[u8]) -> Option<(SignedManifest, Manifest)> {
    let signed = SignedManifest::parse(bytes).ok()?;
    let manifest = serde_json::from_value(signed.manifest.clone()).ok()?;
    Some((signed, manifest))
}
