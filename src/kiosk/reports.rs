//! What a device tells the house: that it lives, what lies on its disk, what was played, what went wrong.
//!
//! Plays and faults are files of the outbox, one each, written before anything is sent and taken away only after the house
//! said that it has them. Their names are chance, so that what is sent again after a lost answer counts once.

use std::path::Path;

use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::disk::Disk;
use super::holding::{Holding, Identity, OUTBOX};
use super::link::Link;
use super::{CLIENT_NAME, KioskError, Result};
use crate::domain::bundle::{PublicKey, Trust};
use crate::domain::device::{
    DeviceToken, EnrolCode, Fault, Heartbeat, Inventory, LONGEST_WORDS, MOST_FAULTS, MOST_PLAYS, Play,
};
use crate::domain::{Clock, ContentHash, Language, StopCode, Timestamp};

/// Reports kept while there is no network; past it the oldest go. A kiosk that plays all day fills it in a month.
const MOST_KEPT: usize = 20_000;

/// The answer to an enrolment.
#[derive(Debug, Deserialize)]
struct Enrolled {
    device: String,
    token: DeviceToken,
    key: PublicKey,
    scope: ContentHash,
}

/// The answer to a heartbeat.
#[derive(Debug, Default, Deserialize)]
struct Answered {
    /// Replaces the one the device has.
    #[serde(default)]
    token: Option<DeviceToken>,
    /// Staff ask for a sync now.
    #[serde(default)]
    sync: bool,
}

/// What was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sent {
    pub plays: usize,
    pub faults: usize,
}

impl<D: Disk> Holding<D> {
    /// Makes this folder that of the device whose code it is. A bundle that lies here stays where it is the same device's.
    ///
    /// # Errors
    /// `Code` where the server refuses it; `Network`, `Refused`, `Answer`, `Disk`.
    pub fn enrol(&self, server: &str, code: &EnrolCode, link: &dyn Link) -> Result<Identity> {
        let body = serde_json::json!({"code": code.to_string(), "client": CLIENT_NAME});
        let reply = link.post("/api/v1/kiosk/enrol", body.to_string().as_bytes())?;
        match reply.status {
            200 => {}
            403 => return Err(KioskError::Code),
            _ => return Err(reply.refusal()),
        }
        let answer: Enrolled =
            serde_json::from_slice(&reply.bytes()?).map_err(|error| KioskError::Answer(error.to_string()))?;
        let identity = Identity {
            server: server.trim_end_matches('/').to_owned(),
            device: answer.device,
            token: answer.token,
            trust: Trust(answer.key),
            scope: answer.scope,
        };
        self.set_identity(&identity)?;
        Ok(identity)
    }

    /// Says that the device lives, and takes the new token where one is given. `true` where staff ask for a sync now.
    ///
    /// # Errors
    /// `Revoked`, `Network`, `Refused`, `Disk`.
    pub fn beat(&self, link: &dyn Link, clock: Timestamp, last_error: Option<String>) -> Result<bool> {
        let beat = Heartbeat {
            version: self.playing()?.map_or(0, |playing| playing.manifest.version),
            client: CLIENT_NAME.to_owned(),
            disk_free: self.disk.free(),
            battery: battery(),
            clock,
            last_error: last_error.map(|error| error.chars().take(LONGEST_WORDS).collect()),
        };
        let answer: Answered = self.post(link, "/api/v1/kiosk/heartbeat", &beat)?;
        if let Some(token) = answer.token {
            let identity = self.identity()?;
            self.set_identity(&Identity { token, ..identity })?;
        }
        Ok(answer.sync)
    }

    /// Reads all files again and says what was found.
    ///
    /// # Errors
    /// As of `inventory`, and those of the network.
    pub fn report_inventory(&self, link: &dyn Link) -> Result<Inventory> {
        let inventory = self.inventory()?;
        let _: Answered = self.post(link, "/api/v1/kiosk/inventory", &inventory)?;
        Ok(inventory)
    }

    /// Notes that a guide was played.
    ///
    /// # Errors
    /// `Disk`.
    pub fn note_play(&self, stop: StopCode, language: Language, started_at: Timestamp, seconds: u32) -> Result<()> {
        let id = new_id()?;
        let play = Play { id: id.clone(), stop, language, started_at, seconds };
        self.note("play", &id, &play)
    }

    /// Notes that something went wrong.
    ///
    /// # Errors
    /// `Disk`.
    pub fn note_fault(&self, error: &KioskError, clock: &dyn Clock) -> Result<()> {
        let id = new_id()?;
        let detail = error.in_full().chars().take(LONGEST_WORDS).collect();
        let fault = Fault { id: id.clone(), kind: error.kind().to_owned(), detail, at: clock.now() };
        self.note("fault", &id, &fault)
    }

    /// Sends what was noted, some at a time.
    ///
    /// # Errors
    /// Those of the network; what was not acknowledged stays and is sent again.
    pub fn send_reports(&self, link: &dyn Link) -> Result<Sent> {
        let plays = self.send_all::<Play>(link, ("play", MOST_PLAYS), "/api/v1/kiosk/plays", "plays")?;
        let faults = self.send_all::<Fault>(link, ("fault", MOST_FAULTS), "/api/v1/kiosk/faults", "faults")?;
        Ok(Sent { plays, faults })
    }

    fn note(&self, kind: &str, id: &str, report: &impl Serialize) -> Result<()> {
        let waiting = self.waiting(kind)?;
        if let Some(oldest) = waiting.first().filter(|_| waiting.len() >= MOST_KEPT) {
            let path = Path::new(OUTBOX).join(oldest);
            self.disk.remove(&path).map_err(KioskError::disk("removing", &path))?;
        }
        let place = waiting.last().and_then(|name| number(name)).map_or(0, |last| last + 1);
        let bytes = serde_json::to_vec(report).map_err(|error| KioskError::Answer(error.to_string()))?;
        self.replace(&Path::new(OUTBOX).join(format!("{kind}-{place:012}-{id}.json")), &bytes)
    }

    /// Names of the reports of a kind, oldest first.
    fn waiting(&self, kind: &str) -> Result<Vec<String>> {
        let folder = Path::new(OUTBOX);
        let mut names = self.disk.list(folder).map_err(KioskError::disk("listing", folder))?;
        names.retain(|name| {
            name.ends_with(".json") && name.strip_prefix(kind).is_some_and(|rest| rest.starts_with('-'))
        });
        names.sort_unstable();
        Ok(names)
    }

    fn send_all<T: Serialize + DeserializeOwned>(
        &self,
        link: &dyn Link,
        (kind, most): (&str, usize),
        path: &str,
        field: &str,
    ) -> Result<usize> {
        let names = self.waiting(kind)?;
        let mut sent = 0;
        for some in names.chunks(most) {
            let mut reports = Vec::new();
            for name in some {
                let bytes = self.read(&Path::new(OUTBOX).join(name))?.unwrap_or_default();
                // What a dying disk left of a report cannot be sent, and must not keep the others back.
                if let Ok(report) = serde_json::from_slice::<T>(&bytes) {
                    reports.push(report);
                }
            }
            if !reports.is_empty() {
                let body = serde_json::json!({field: reports});
                let _: serde_json::Value = self.post(link, path, &body)?;
            }
            for name in some {
                let path = Path::new(OUTBOX).join(name);
                self.disk.remove(&path).map_err(KioskError::disk("removing", &path))?;
            }
            sent += reports.len();
        }
        Ok(sent)
    }

    fn post<T: DeserializeOwned>(&self, link: &dyn Link, path: &str, body: &impl Serialize) -> Result<T> {
        let body = serde_json::to_vec(body).map_err(|error| KioskError::Answer(error.to_string()))?;
        let reply = link.post(path, &body)?;
        if !(200..300).contains(&reply.status) {
            return Err(reply.refusal());
        }
        serde_json::from_slice(&reply.bytes()?).map_err(|error| KioskError::Answer(error.to_string()))
    }
}

fn number(name: &str) -> Option<u64> {
    name.split('-').nth(1)?.parse().ok()
}

fn new_id() -> Result<String> {
    let mut bytes = [0; 16];
    let failed =
        |error| KioskError::disk("asking for chance of", Path::new("the system"))(std::io::Error::other(error));
    getrandom::fill(&mut bytes).map_err(failed)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Hundredths, where the system tells of a battery.
fn battery() -> Option<u8> {
    let supplies = std::fs::read_dir("/sys/class/power_supply").ok()?;
    supplies
        .flatten()
        .find_map(|supply| std::fs::read_to_string(supply.path().join("capacity")).ok()?.trim().parse().ok())
}
