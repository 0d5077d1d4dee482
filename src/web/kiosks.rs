//! Devices at the web's door: who they are, the manifests they share, and their heartbeats on the way to the disk.
//!
//! Everything a thousand devices ask for every minute is answered from memory. Invariants: a token that was revoked is good
//! for `KNOWN_FOR` at most; a manifest is never older than `LOOKED_AT` after a change, whichever process published; all
//! heartbeats of a second are one transaction, made by one task.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;

use crate::domain::bundle::{Delta, Scope, SignedManifest, canonical};
use crate::domain::device::{Device, DeviceToken, Heartbeat};
use crate::domain::{ContentHash, DeviceId, Timestamp};
use crate::pipeline::bundles::{Bundle, BundleError, Keyring, compose};
use crate::store::Store;
use crate::web::error::{Result, WebError};
use crate::web::state::State;

/// Milliseconds for which a device is known without asking the database.
const KNOWN_FOR: i64 = 20_000;
/// Milliseconds after which it is looked whether anything was published.
const LOOKED_AT: i64 = 2_000;
/// Milliseconds after which a manifest is composed again in any case, so that it is renewed before it runs out.
const COMPOSED_AT: i64 = 3_600_000;
/// Versions before the newest one that deltas are made from.
const OLDER: usize = 8;
/// Devices that are known at once; more are asked for each time.
const MOST_KNOWN: usize = 20_000;
/// Wrong codes in a minute, of all the world together: at 20 to the 6th codes that is a guess in years.
const MOST_WRONG_CODES: usize = 10;
const A_MINUTE: i64 = 60_000;
const BETWEEN_COMMITS: Duration = Duration::from_secs(1);

/// What devices are answered from.
#[derive(Default)]
pub struct Kiosks {
    known: Mutex<HashMap<ContentHash, (Arc<Device>, Timestamp)>>,
    shelves: RwLock<HashMap<ContentHash, Arc<Shelf>>>,
    composing: tokio::sync::Mutex<()>,
    beats: Mutex<Beats>,
    wrong_codes: Mutex<VecDeque<Timestamp>>,
    /// Devices that staff ask to sync at once; told at their next heartbeat.
    asked: Mutex<HashSet<DeviceId>>,
}

#[derive(Default)]
struct Beats {
    waiting: HashMap<DeviceId, (Heartbeat, Timestamp)>,
    /// A task is there that will write them.
    writing: bool,
}

/// The manifest of one scope, ready to be sent.
pub struct Shelf {
    pub bundle: Bundle,
    pub bytes: Bytes,
    /// The entity tag without its quotes.
    pub tag: String,
    older: Vec<Arc<SignedManifest>>,
    deltas: Mutex<HashMap<u64, Bytes>>,
    newest: Arc<SignedManifest>,
    /// What the public and the keys were like when it was composed.
    state: ContentHash,
    composed_at: Timestamp,
    looked_at: Mutex<Timestamp>,
}

impl Shelf {
    /// What leads from a version that a device holds to this one; `None` where that version is not remembered.
    ///
    /// # Errors
    /// Where it has no canonical form.
    pub fn delta(&self, from: u64) -> Result<Option<Bytes>> {
        let mut deltas = self.deltas.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = deltas.get(&from) {
            return Ok(Some(bytes.clone()));
        }
        let version = |signed: &SignedManifest| signed.manifest.get("version").and_then(serde_json::Value::as_u64);
        let Some(old) = self.older.iter().find(|old| version(old) == Some(from)) else { return Ok(None) };
        let Some(delta) = Delta::between(old, &self.newest) else { return Ok(None) };
        let bytes = Bytes::from(canonical(&delta).map_err(BundleError::from)?);
        deltas.insert(from, bytes.clone());
        Ok(Some(bytes))
    }
}

impl Kiosks {
    /// The device a token belongs to.
    ///
    /// # Errors
    /// `UnknownDevice`; those of the store.
    pub async fn device(&self, store: &Store, token: &DeviceToken, now: Timestamp) -> Result<Arc<Device>> {
        let hash = token.hash();
        if let Some((device, since)) = self.lock_known().get(&hash)
            && since.plus_millis(KNOWN_FOR) > now
        {
            return Ok(device.clone());
        }
        let found = store.device_of(hash).await?;
        let mut known = self.lock_known();
        let Some(device) = found else {
            known.remove(&hash);
            return Err(WebError::UnknownDevice);
        };
        if known.len() >= MOST_KNOWN {
            known.retain(|_, (_, since)| since.plus_millis(KNOWN_FOR) > now);
        }
        let device = Arc::new(device);
        if known.len() < MOST_KNOWN {
            known.insert(hash, (device.clone(), now));
        }
        Ok(device)
    }

    fn lock_known(&self) -> std::sync::MutexGuard<'_, HashMap<ContentHash, (Arc<Device>, Timestamp)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest manifest of a scope. Where something was published, one request composes it; the others are answered
    /// with the one before meanwhile.
    ///
    /// # Errors
    /// Where the store, a file or the keys fail and there is no manifest yet.
    pub async fn shelf(&self, state: &State, scope: &Scope) -> Result<Arc<Shelf>> {
        let (id, now) = (scope.id(), state.clock.now());
        let there = || self.shelves.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        let fresh =
            |shelf: &Shelf| shelf.looked_at.lock().unwrap_or_else(PoisonError::into_inner).plus_millis(LOOKED_AT) > now;
        let old = there();
        let _alone = match &old {
            Some(shelf) if fresh(shelf) => return Ok(shelf.clone()),
            Some(shelf) => match self.composing.try_lock() {
                Ok(alone) => alone,
                Err(_) => return Ok(shelf.clone()),
            },
            None => self.composing.lock().await,
        };
        let old = there();
        if let Some(shelf) = old.as_ref().filter(|shelf| fresh(shelf)) {
            return Ok(shelf.clone());
        }
        let keys = Keyring::open(&state.settings.kiosk_keys)?;
        let public = state.store.public_changes().await?;
        let seen = ContentHash::of(format!("{public}{}", keys.public()).as_bytes());
        if let Some(shelf) = old.as_ref().filter(|s| s.state == seen && s.composed_at.plus_millis(COMPOSED_AT) > now) {
            *shelf.looked_at.lock().unwrap_or_else(PoisonError::into_inner) = now;
            return Ok(shelf.clone());
        }
        let shelf = Arc::new(make(state, &keys, scope, old.as_deref(), seen, now).await?);
        self.shelves.write().unwrap_or_else(PoisonError::into_inner).insert(id, shelf.clone());
        Ok(shelf)
    }

    /// Has a device sync at its next heartbeat.
    pub fn ask_to_sync(&self, device: DeviceId) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(device);
    }

    /// Whether a device was asked to sync; it is told once.
    pub fn is_asked(&self, device: DeviceId) -> bool {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).remove(&device)
    }

    /// Keeps a heartbeat; the writer puts it on the disk with all others of the same second.
    pub fn beat(self: &Arc<Self>, store: &Store, device: DeviceId, beat: Heartbeat, now: Timestamp) {
        let mut beats = self.beats.lock().unwrap_or_else(PoisonError::into_inner);
        beats.waiting.insert(device, (beat, now));
        if !std::mem::replace(&mut beats.writing, true) {
            tokio::spawn(self.clone().write_beats(store.clone()));
        }
    }

    /// Writes what waits once a second, and ends when nothing does.
    async fn write_beats(self: Arc<Self>, store: Store) {
        loop {
            tokio::time::sleep(BETWEEN_COMMITS).await;
            let waiting = {
                let mut beats = self.beats.lock().unwrap_or_else(PoisonError::into_inner);
                beats.writing = !beats.waiting.is_empty();
                if !beats.writing {
                    return;
                }
                std::mem::take(&mut beats.waiting)
            };
            let waiting: Vec<_> = waiting.into_iter().map(|(device, (beat, at))| (device, beat, at)).collect();
            if let Err(error) = store.put_heartbeats(&waiting).await {
                tracing::error!(target: "thuyetminh::web", error = &error as &dyn std::error::Error, lost = waiting.len(), "heartbeats were lost");
            }
        }
    }

    /// Whether another code may be tried.
    ///
    /// # Errors
    /// `TooManyCodes`.
    pub fn may_try_code(&self, now: Timestamp) -> Result<()> {
        let mut wrong = self.wrong_codes.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.retain(|at| at.plus_millis(A_MINUTE) > now);
        if wrong.len() < MOST_WRONG_CODES { Ok(()) } else { Err(WebError::TooManyCodes) }
    }

    /// A wrong code was tried.
    pub fn wrong_code(&self, now: Timestamp) {
        self.wrong_codes.lock().unwrap_or_else(PoisonError::into_inner).push_back(now);
    }
}

async fn make(
    state: &State,
    keys: &Keyring,
    scope: &Scope,
    old: Option<&Shelf>,
    seen: ContentHash,
    now: Timestamp,
) -> Result<Shelf> {
    let bundle = compose(&state.store, &state.blobs, keys, scope).await?;
    let bytes = Bytes::from(bundle.signed.to_bytes().map_err(BundleError::from)?);
    let tag = ContentHash::of(&bytes).to_string();
    let mut older: Vec<_> = old.into_iter().flat_map(|old| old.older.iter().chain([&old.newest])).cloned().collect();
    older.retain(|signed| **signed != bundle.signed);
    let surplus = older.len().saturating_sub(OLDER);
    older.drain(..surplus);
    Ok(Shelf {
        newest: Arc::new(bundle.signed.clone()),
        bundle,
        bytes,
        tag,
        older,
        deltas: Mutex::default(),
        state: seen,
        composed_at: now,
        looked_at: Mutex::new(now),
    })
}
