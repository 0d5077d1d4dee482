//! A sync: ask for the manifest, prove it, bring what is lacking, switch, and clear away.
//!
//! Until the switch nothing that is played is touched; after it the bundle before stays whole.

use super::disk::Disk;
use super::fetch::{MOST_TRIES, fetch};
use super::holding::{Held, Holding, Identity, Playing};
use super::link::{Link, Reply};
use super::pace::{Limits, Pace, Waiter, within_hours};
use super::{KioskError, Result};
use crate::domain::bundle::{Delta, Manifest, SignedManifest, Trust};
use crate::domain::{Clock, Timestamp};

/// What a sync did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Synced {
    /// That is played from now on.
    pub version: u64,
    /// It was not played before.
    pub new: bool,
    /// Files that were brought, and their bytes.
    pub files: u64,
    pub bytes: u64,
    /// Old files that were cleared away.
    pub removed: usize,
}

/// What a sync needs of the world.
pub struct Means<'a> {
    pub link: &'a dyn Link,
    pub clock: &'a dyn Clock,
    pub waiter: &'a dyn Waiter,
    pub limits: Limits,
}

/// A manifest that was proved.
struct Proved {
    signed: SignedManifest,
    manifest: Manifest,
    trust: Trust,
}

impl<D: Disk> Holding<D> {
    /// Brings the device's bundle up to date.
    ///
    /// # Errors
    /// Whatever keeps it from being so; the bundle that was played is played on. Trying again goes on where this ended.
    pub fn sync(&self, means: &Means<'_>) -> Result<Synced> {
        within_hours(&means.limits, means.clock.now())?;
        let identity = self.identity()?;
        let playing = self.playing()?;
        let mut pace = Pace::new(means.waiter, &means.limits);
        let now = self.time(means.clock.now(), playing.as_ref())?;
        // After an enrolment for other guides, what lies here is no beginning of what will.
        let base = playing.as_ref().filter(|playing| playing.manifest.scope == identity.scope);
        let offered = self.ask_for_manifest(&identity, base, means.link, &mut pace, now)?;
        let (proved, new) = match (offered, playing.clone()) {
            (Some(proved), before) => {
                let new = before.is_none_or(|before| before.signed != proved.signed);
                (proved, new)
            }
            (None, Some(Playing { signed, manifest, .. })) => {
                (Proved { signed, manifest, trust: identity.trust.clone() }, false)
            }
            (None, None) => {
                return Err(KioskError::Answer("nothing is here, and the server says it is unchanged".into()));
            }
        };
        let mut synced = Synced { version: proved.manifest.version, new, ..Synced::default() };
        let lacking = self.lacking(&proved.manifest)?;
        for file in lacking.iter().filter_map(|hash| proved.manifest.file(*hash)) {
            fetch(self, means.link, &mut pace, file)?;
            synced.files += 1;
            synced.bytes += file.size;
        }
        if new || !lacking.is_empty() || playing.is_none() {
            let before = playing.as_ref().map(|playing| playing.current.held);
            let kept = if new { before } else { playing.as_ref().and_then(|playing| playing.current.previous) };
            self.switch(&proved.signed, &proved.manifest, kept)?;
        }
        if proved.trust != identity.trust {
            self.set_identity(&Identity { trust: proved.trust, ..identity })?;
        }
        let playing = self.playing()?.ok_or(KioskError::NoBundle)?;
        self.remember_time(means.clock.now(), &playing)?;
        synced.removed = self.collect(&playing)?;
        Ok(synced)
    }

    /// The server's manifest, proved; `None` where it is the one that is played.
    fn ask_for_manifest(
        &self,
        identity: &Identity,
        playing: Option<&Playing>,
        link: &dyn Link,
        pace: &mut Pace<'_>,
        now: Timestamp,
    ) -> Result<Option<Proved>> {
        // A delta that does not lead to a signed manifest may have been changed on the way: then the whole one is asked for.
        let mut whole = playing.is_none();
        loop {
            let base = if whole { None } else { playing };
            let outcome = manifest_bytes(link, playing, base).and_then(|bytes| {
                let Some(bytes) = bytes else { return Ok(None) };
                pace.came(bytes.len());
                let proved = self.prove(identity, (playing, base), &bytes, now)?;
                Ok(Some(proved))
            });
            let failure = match outcome {
                Ok(proved) => {
                    pace.progress();
                    return Ok(proved);
                }
                Err(error @ KioskError::Manifest(_)) if !whole => {
                    whole = true;
                    error
                }
                Err(error) if error.is_passing() || matches!(error, KioskError::Manifest(_)) => error,
                Err(error) => return Err(error),
            };
            if !pace.again(MOST_TRIES) {
                return Err(failure);
            }
        }
    }

    fn prove(
        &self,
        identity: &Identity,
        (playing, base): (Option<&Playing>, Option<&Playing>),
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<Proved> {
        let signed = read(bytes, base)?;
        let (manifest, trust) = signed.verify(&identity.trust)?;
        if manifest.scope != identity.scope {
            return Err(KioskError::Scope { found: manifest.scope, expected: identity.scope });
        }
        if let Some(highest) = self.highest()?.filter(|held| held.scope == identity.scope) {
            if manifest.version < highest.version {
                return Err(KioskError::Rollback { offered: manifest.version, held: highest.version });
            }
            let same = signed.to_bytes().map(|bytes| crate::domain::ContentHash::of(&bytes))?;
            // The same manifest signed by a newer key is another file.
            let resigned = playing.is_some_and(|playing| playing.manifest == manifest);
            if manifest.version == highest.version && same != highest.manifest && !resigned {
                return Err(KioskError::TwoOfOne(manifest.version));
            }
        }
        if manifest.valid_until < now {
            return Err(KioskError::Expired { until: manifest.valid_until, now });
        }
        Ok(Proved { signed, manifest, trust })
    }

    fn highest(&self) -> Result<Option<Held>> {
        match self.pointer()? {
            Some(current) => Ok(Some(current.held)),
            None => Ok(self.playing()?.map(|playing| playing.current.held)),
        }
    }
}

/// The body of the server's answer; `None` where it is the one that is played.
fn manifest_bytes(link: &dyn Link, playing: Option<&Playing>, base: Option<&Playing>) -> Result<Option<Vec<u8>>> {
    let mut path = "/api/v1/kiosk/manifest".to_owned();
    if let Some(base) = base {
        path.push_str(&format!("?have={}", base.manifest.version));
    }
    let fields: Vec<(&'static str, String)> = match playing {
        Some(playing) => vec![("if-none-match", format!("\"{}\"", playing.signed.tag()?))],
        None => Vec::new(),
    };
    let reply: Reply = link.get(&path, &fields)?;
    match reply.status {
        200 => reply.bytes().map(Some),
        304 if playing.is_some() => Ok(None),
        _ => Err(reply.refusal()),
    }
}

/// A whole manifest, or a delta applied to the one that is held.
fn read(bytes: &[u8], base: Option<&Playing>) -> Result<SignedManifest> {
    let unreadable = |error: serde_json::Error| KioskError::Answer(format!("the manifest: {error}"));
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(unreadable)?;
    match base {
        Some(base) if value.get("head").is_some() => {
            let delta: Delta = serde_json::from_value(value).map_err(unreadable)?;
            delta.apply(&base.signed).map_err(|error| KioskError::Answer(error.to_string()))
        }
        _ => serde_json::from_value(value).map_err(unreadable),
    }
}
