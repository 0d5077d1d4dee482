//! Bundles: what a device is to hold, composed from the published editions and signed.
//!
//! Invariant: only current editions and the covers of their sites and stops go in; nothing unpublished has a way here.

mod keyring;

pub use keyring::{Keyring, KeyringError, new_code};

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use crate::blobs::{BlobError, Blobs};
use crate::domain::bundle::{
    BundleFile, BundleGuide, BundleSite, BundleStop, CanonicalError, FORMAT, FileRole, Manifest, Scope, SignedError,
    SignedManifest, blocks_of,
};
use crate::domain::{AudioFile, ContentHash, Edition, EditionId, Language, Milliseconds, Names, Site, Stop, Timestamp};
use crate::store::{CutFile, EditionSummary, Store, StoreError};

/// How long a device may play without hearing from the house.
const VALID_FOR: Milliseconds = Milliseconds(60 * 24 * 3_600_000);
/// A manifest with less than this left is issued anew.
const RENEWED_BELOW: Milliseconds = Milliseconds(53 * 24 * 3_600_000);
/// The oldest client that plays what is composed here.
const MINIMUM_CLIENT: u32 = 1;

#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("the database did not answer")]
    Store(#[from] StoreError),
    #[error("a file could not be read")]
    Blob(#[from] BlobError),
    #[error("the manifest cannot be signed")]
    Signed(#[from] SignedError),
    #[error("the manifest has no canonical form")]
    Canonical(#[from] CanonicalError),
    #[error("the {what} {hash} is published, and its file is not there: restore it from a backup")]
    Lost { what: &'static str, hash: ContentHash },
    #[error("an edition could not be read")]
    Json(#[from] serde_json::Error),
}

/// A manifest ready to be sent, with the files of its editions' JSON, which lie in the database and not among the blobs.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub manifest: Manifest,
    pub signed: SignedManifest,
    /// Where each file's bytes come from.
    pub sources: BTreeMap<ContentHash, Source>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Blob,
    Edition(EditionId),
}

/// Composes and signs the manifest of a scope as everything stands now. Where nothing changed it is the very same one.
///
/// # Errors
/// Where the database, a file or the key fails; an edition that goes away meanwhile is left out.
pub async fn compose(store: &Store, blobs: &Blobs, keys: &Keyring, scope: &Scope) -> Result<Bundle, BundleError> {
    let mut gathered = Gathered { store, blobs, files: BTreeMap::new(), sources: BTreeMap::new(), cut: Vec::new() };
    let mut manifest = gathered.manifest(scope).await?;
    let version = store.bundle_version(manifest.scope, manifest.contents()?, VALID_FOR, RENEWED_BELOW).await?;
    manifest.version = version.version;
    manifest.issued_at = version.issued_at;
    manifest.valid_until = version.valid_until;
    let signed = SignedManifest::sign(&manifest, keys.secret(), keys.chain())?;
    Ok(Bundle { manifest, signed, sources: gathered.sources })
}

/// The JSON of an edition, as the manifest names it.
///
/// # Errors
/// Those of the database.
pub async fn edition_bytes(store: &Store, id: EditionId) -> Result<Option<Bytes>, BundleError> {
    Ok(store.frozen_edition(id).await?.map(|(_, text)| Bytes::from(text)))
}

struct Gathered<'a> {
    store: &'a Store,
    blobs: &'a Blobs,
    files: BTreeMap<ContentHash, BundleFile>,
    sources: BTreeMap<ContentHash, Source>,
    /// Files that were read for the first time.
    cut: Vec<(ContentHash, CutFile)>,
}

impl Gathered<'_> {
    async fn manifest(&mut self, scope: &Scope) -> Result<Manifest, BundleError> {
        let (house, sites, stops, editions) = tokio::try_join!(
            self.store.collection(),
            self.store.sites(),
            self.store.stops(),
            self.store.current_editions()
        )?;
        let mut chosen = Vec::new();
        let (mut shown, mut languages) = (BTreeSet::new(), BTreeSet::new());
        // Numbers count all stops of the sites, with or without a guide: publishing one never renumbers the others.
        let mut number = 0;
        for stop in &stops {
            let Some(site) = sites.iter().find(|site| site.id == stop.site) else { continue };
            if !scope.has_site(&site.slug) {
                continue;
            }
            number += 1;
            let own: Vec<&EditionSummary> =
                editions.iter().filter(|e| e.stop == stop.slug && scope.has_language(e.language)).collect();
            let guides = self.guides(&own, scope).await?;
            if guides.is_empty() {
                continue;
            }
            shown.insert(site.slug.clone());
            languages.extend(guides.keys().copied());
            chosen.push(self.stop(number, stop, site, guides).await?);
        }
        let mut kept = Vec::new();
        for site in sites.iter().filter(|site| shown.contains(&site.slug)) {
            kept.push(self.site(site).await?);
        }
        self.store.put_cut_files(&self.cut).await?;
        Ok(Manifest {
            format: FORMAT,
            minimum_client: MINIMUM_CLIENT,
            scope: scope.id(),
            version: 0,
            issued_at: Timestamp(0),
            valid_until: Timestamp(1),
            audio: scope.audio,
            languages: languages.into_iter().collect(),
            house: house.map_or_else(Names::default, |house| house.names),
            sites: kept,
            stops: chosen,
            files: std::mem::take(&mut self.files).into_values().collect(),
        })
    }

    async fn stop(
        &mut self,
        number: u32,
        stop: &Stop,
        site: &Site,
        guides: BTreeMap<Language, BundleGuide>,
    ) -> Result<BundleStop, BundleError> {
        let cover = self.cover(stop.cover).await?;
        Ok(BundleStop {
            number,
            code: stop.code.clone(),
            slug: stop.slug.clone(),
            site: site.slug.clone(),
            cover,
            guides,
        })
    }

    async fn site(&mut self, site: &Site) -> Result<BundleSite, BundleError> {
        let cover = self.cover(site.cover).await?;
        Ok(BundleSite { slug: site.slug.clone(), names: site.names.clone(), summary: site.summary.clone(), cover })
    }

    async fn guides(
        &mut self,
        editions: &[&EditionSummary],
        scope: &Scope,
    ) -> Result<BTreeMap<Language, BundleGuide>, BundleError> {
        let mut guides = BTreeMap::new();
        for summary in editions {
            let Some((hash, frozen)) = self.store.frozen_edition(summary.id).await? else { continue };
            let edition: Edition = serde_json::from_str(&frozen)?;
            let Some(audio) = sound(&edition, scope) else { continue };
            let audio = self.blob(audio.hash, FileRole::Audio, audio.format.media_type(), "sound").await?;
            let captions = self.blob(edition.captions, FileRole::Captions, "text/vtt", "captions").await?;
            let cut = CutFile { size: frozen.len() as u64, blocks: blocks_of(frozen.as_bytes()) };
            self.list(hash, cut, FileRole::Guide, "application/json", Source::Edition(summary.id));
            let guide = BundleGuide {
                title: edition.title,
                duration: edition.duration,
                synthetic: edition.voice.synthetic,
                machine_translated: edition.translation.is_some_and(|mark| !mark.approved),
                edition: hash,
                audio,
                captions,
            };
            guides.insert(summary.language, guide);
        }
        Ok(guides)
    }

    async fn cover(&mut self, cover: Option<ContentHash>) -> Result<Option<ContentHash>, BundleError> {
        let Some(hash) = cover else { return Ok(None) };
        let Some(start) = self.blobs.get(hash).await? else { return Err(BundleError::Lost { what: "cover", hash }) };
        // What is neither PNG nor JPEG is no cover that a page could show.
        let media_type = match start.get(..3) {
            Some([0x89, b'P', b'N']) => "image/png",
            Some([0xff, 0xd8, 0xff]) => "image/jpeg",
            _ => return Ok(None),
        };
        self.blob(hash, FileRole::Image, media_type, "cover").await.map(Some)
    }

    async fn blob(
        &mut self,
        hash: ContentHash,
        role: FileRole,
        media_type: &str,
        what: &'static str,
    ) -> Result<ContentHash, BundleError> {
        if self.files.contains_key(&hash) {
            return Ok(hash);
        }
        let cut = match self.store.cut_file(hash).await? {
            Some(cut) => cut,
            None => {
                let bytes = self.blobs.get(hash).await?.ok_or(BundleError::Lost { what, hash })?;
                let cut = CutFile { size: bytes.len() as u64, blocks: blocks_of(&bytes) };
                self.cut.push((hash, cut.clone()));
                cut
            }
        };
        self.list(hash, cut, role, media_type, Source::Blob);
        Ok(hash)
    }

    fn list(&mut self, hash: ContentHash, cut: CutFile, role: FileRole, media_type: &str, source: Source) {
        let CutFile { size, blocks } = cut;
        let file = BundleFile { sha256: hash, size, role, media_type: media_type.to_owned(), blocks };
        self.files.entry(hash).or_insert(file);
        self.sources.entry(hash).or_insert(source);
    }
}

/// The sound in the form that was asked for, else the first there is, which every player plays.
fn sound<'a>(edition: &'a Edition, scope: &Scope) -> Option<&'a AudioFile> {
    edition.audio.iter().find(|file| file.format == scope.audio).or_else(|| edition.audio.first())
}

#[cfg(test)]
mod tests;
