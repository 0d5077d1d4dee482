//! A house with a few stops, as a device sees it: manifests, deltas, files in parts, and whatever is asked to go wrong.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::domain::bundle::{
    BundleFile, BundleGuide, BundleStop, Delta, Endorsement, FORMAT, FileRole, Manifest, PublicKey, Secret,
    SignedManifest, blocks_of, canonical,
};
use crate::domain::{AudioFormat, ContentHash, FixedClock, Language, Milliseconds, Names, Timestamp};

pub const START: i64 = 1_795_392_000_000;

#[derive(Clone)]
pub struct Shop {
    pub secrets: Vec<u8>,
    pub words: Vec<String>,
    pub versions: Vec<SignedManifest>,
    pub files: BTreeMap<ContentHash, Arc<Vec<u8>>>,
    pub made: BTreeMap<String, Vec<BundleFile>>,
    pub sound: usize,
    pub now: i64,
    pub valid_for: i64,
    pub scope: &'static str,
}

/// An answer as plain values.
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub content_range: Option<String>,
    pub body: Vec<u8>,
}

impl Shop {
    /// `sound` bytes, more or less, for each stop.
    pub fn new(stops: usize, sound: usize) -> Self {
        let words = (0..stops).map(|n| format!("stop {n}")).collect();
        let mut shop = Self {
            secrets: vec![1],
            words,
            versions: Vec::new(),
            files: BTreeMap::new(),
            made: BTreeMap::new(),
            sound,
            now: START,
            valid_for: 60 * 86_400_000,
            scope: "scope",
        };
        shop.publish();
        shop
    }

    pub fn clock(&self) -> FixedClock {
        FixedClock::at(Timestamp(self.now))
    }

    pub fn first_key(&self) -> PublicKey {
        Secret::from_seed(&[1; 32]).public()
    }

    pub fn scope(&self) -> ContentHash {
        ContentHash::of(self.scope.as_bytes())
    }

    pub fn truth(&self, hash: ContentHash) -> &[u8] {
        &self.files[&hash]
    }

    pub fn version(&self) -> u64 {
        self.versions.len() as u64
    }

    /// One sentence of one stop is edited, and the edition published.
    pub fn edit(&mut self, stop: usize) {
        let stops = self.words.len();
        self.words[stop % stops].push('.');
        self.publish();
    }

    pub fn rotate(&mut self) {
        let next = self.secrets.len() as u8 + 1;
        self.secrets.push(next);
    }

    fn secret(&self) -> Secret {
        Secret::from_seed(&[*self.secrets.last().unwrap(); 32])
    }

    fn chain(&self) -> Vec<Endorsement> {
        let secret = |seed: &u8| Secret::from_seed(&[*seed; 32]);
        self.secrets.windows(2).map(|pair| secret(&pair[0]).endorse(secret(&pair[1]).public())).collect()
    }

    pub fn sign(&self, manifest: &Manifest) -> SignedManifest {
        SignedManifest::sign(manifest, &self.secret(), self.chain()).unwrap()
    }

    pub fn publish(&mut self) {
        let manifest = self.manifest(self.version() + 1);
        self.versions.push(self.sign(&manifest));
    }

    fn keep(&mut self, bytes: Vec<u8>, role: FileRole) -> BundleFile {
        let file = BundleFile {
            sha256: ContentHash::of(&bytes),
            size: bytes.len() as u64,
            role,
            media_type: "audio/mpeg".to_owned(),
            blocks: blocks_of(&bytes),
        };
        self.files.insert(file.sha256, Arc::new(bytes));
        file
    }

    /// Sound, guide and captions of a stop.
    fn make(&mut self, word: &str) -> Vec<BundleFile> {
        let mut dice = Dice(ContentHash::of(word.as_bytes()).number() as u64);
        let sound = self.sound / 2 + dice.roll(self.sound as u64) as usize;
        let sound = (0..sound.div_ceil(8)).flat_map(|_| dice.roll(u64::MAX).to_le_bytes()).take(sound).collect();
        let audio = self.keep(sound, FileRole::Audio);
        let edition = self.keep(format!("{{\"title\":\"{word}\"}}").repeat(20).into_bytes(), FileRole::Guide);
        let captions = self.keep(format!("WEBVTT {word}").into_bytes(), FileRole::Captions);
        let parts = vec![audio, edition, captions];
        self.made.insert(word.to_owned(), parts.clone());
        parts
    }

    pub fn manifest(&mut self, version: u64) -> Manifest {
        let mut files = Vec::new();
        let mut stops = Vec::new();
        for (place, word) in self.words.clone().into_iter().enumerate() {
            let parts = match self.made.get(&word) {
                Some(parts) => parts.clone(),
                None => self.make(&word),
            };
            let [audio, edition, captions] = parts.as_slice() else { panic!("three files a stop") };
            let guide = BundleGuide {
                title: word,
                duration: Milliseconds(90_000),
                synthetic: true,
                machine_translated: false,
                edition: edition.sha256,
                audio: audio.sha256,
                captions: captions.sha256,
            };
            files.extend(parts);
            stops.push(BundleStop {
                number: place as u32 + 1,
                code: format!("S{place:02}").parse().unwrap(),
                slug: format!("stop-{place}").parse().unwrap(),
                site: "thap-doi".parse().unwrap(),
                cover: None,
                guides: [(Language::VI, guide)].into(),
            });
        }
        files.sort_by_key(|file| file.sha256);
        files.dedup();
        Manifest {
            format: FORMAT,
            minimum_client: 1,
            scope: self.scope(),
            version,
            issued_at: Timestamp(self.now),
            valid_until: Timestamp(self.now + self.valid_for),
            audio: AudioFormat::Mp3,
            languages: vec![Language::VI],
            house: Names::default(),
            sites: Vec::new(),
            stops,
            files,
        }
    }

    /// What a true server answers.
    pub fn answer(&self, path: &str, field: &dyn Fn(&str) -> Option<String>) -> Answer {
        let plain = |status| Answer { status, etag: None, content_range: None, body: Vec::new() };
        if let Some(hash) = path.strip_prefix("/api/v1/kiosk/files/") {
            let Some(bytes) = hash.parse().ok().and_then(|hash: ContentHash| self.files.get(&hash)) else {
                return plain(404);
            };
            let etag = Some(format!("\"{hash}\""));
            let range = field("range").filter(|_| field("if-range").is_none_or(|tag| Some(tag) == etag));
            let from = range.and_then(|range| range.strip_prefix("bytes=")?.split('-').next()?.parse::<usize>().ok());
            return match from {
                Some(from) if from < bytes.len() => {
                    let content_range = Some(format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len()));
                    Answer { status: 206, etag, content_range, body: bytes[from..].to_vec() }
                }
                Some(_) => plain(416),
                None => Answer { status: 200, etag, content_range: None, body: bytes.to_vec() },
            };
        }
        if !path.starts_with("/api/v1/kiosk/manifest") {
            return plain(404);
        }
        let newest = self.versions.last().unwrap();
        let etag = format!("\"{}\"", newest.tag().unwrap());
        if field("if-none-match").as_deref() == Some(&etag) {
            return plain(304);
        }
        let have = path.split_once("?have=").and_then(|(_, have)| have.parse::<usize>().ok());
        let old = have.and_then(|have| self.versions.get(have.checked_sub(1)?));
        let body = match old.and_then(|old| Delta::between(old, newest)) {
            Some(delta) => canonical(&delta).unwrap().into_bytes(),
            None => newest.to_bytes().unwrap(),
        };
        Answer { status: 200, etag: Some(etag), content_range: None, body }
    }

    /// Bytes of the bodies that a sync from one version to the newest cannot do without.
    pub fn needed(&self, from: u64) -> u64 {
        let manifest = self.answer(&format!("/api/v1/kiosk/manifest?have={from}"), &|_| None).body.len() as u64;
        let read = |signed: &SignedManifest| serde_json::from_value::<Manifest>(signed.manifest.clone()).unwrap();
        let old = from.checked_sub(1).and_then(|at| self.versions.get(at as usize)).map(read);
        let new = read(self.versions.last().unwrap());
        let lacking = new.files.iter().filter(|f| old.as_ref().is_none_or(|old| old.file(f.sha256).is_none()));
        manifest + lacking.map(|file| file.size).sum::<u64>()
    }
}

/// A body that counts what is read of it.
struct Body {
    body: Cursor<Vec<u8>>,
    moved: Arc<AtomicU64>,
}

impl std::io::Read for Body {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let came = self.body.read(into)?;
        self.moved.fetch_add(came as u64, Ordering::Relaxed);
        Ok(came)
    }
}

/// The shop without a network between. Counts bytes of bodies.
pub struct Direct<'a> {
    pub shop: &'a Shop,
    pub moved: Arc<AtomicU64>,
    /// Plays, faults and heartbeats that came in.
    pub posted: RefCell<Vec<(String, serde_json::Value)>>,
    /// The network is down for what is sent.
    pub deaf: bool,
    /// The answer to the last message is lost on its way.
    pub mute: bool,
}

impl<'a> Direct<'a> {
    pub fn new(shop: &'a Shop) -> Self {
        Self { shop, moved: Arc::default(), posted: RefCell::default(), deaf: false, mute: false }
    }

    /// Bytes of bodies that were read.
    pub fn moved(&self) -> u64 {
        self.moved.load(Ordering::Relaxed)
    }
}

impl Link for Direct<'_> {
    fn get(&self, path: &str, fields: Fields<'_>) -> Result<Reply> {
        let field = |name: &str| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone());
        let Answer { status, etag, content_range, body } = self.shop.answer(path, &field);
        Ok(Reply {
            status,
            etag,
            content_range,
            body: Box::new(Body { body: Cursor::new(body), moved: self.moved.clone() }),
        })
    }

    fn post(&self, path: &str, json: &[u8]) -> Result<Reply> {
        if self.deaf {
            return Err(KioskError::Network("no network".to_owned()));
        }
        self.posted.borrow_mut().push((path.to_owned(), serde_json::from_slice(json).unwrap()));
        if self.mute {
            return Err(KioskError::Network("the answer was lost".to_owned()));
        }
        Ok(Reply { status: 200, etag: None, content_range: None, body: Box::new(Cursor::new(b"{}".to_vec())) })
    }
}
