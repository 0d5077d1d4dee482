//! Devices: added by staff, enrolled by a code, known by a token, and what they tell.
//!
//! Invariants: codes and tokens are kept as hashes; a code is good once and for a time; a token that was handed out
//! replaces the one before only when the device uses it, so that an answer lost on the way locks nobody out; what a
//! device reports under one id counts once; a revoked device has neither code nor token.

use std::collections::BTreeSet;

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::listens::{count_listen, guide_of};
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::bundle::Scope;
use crate::domain::device::{Device, DeviceToken, EnrolCode, Fault, Heartbeat, Inventory, Play};
use crate::domain::{
    Actor, AudioFormat, ContentHash, Deed, DeviceId, Hour, Language, Listen, ListenSource, Milliseconds, Moment,
    Timestamp,
};

/// What came of a code that was typed.
#[derive(Clone, Debug, PartialEq)]
pub enum Enrolment {
    Enrolled(Box<Device>),
    /// No device waits for this code, or no longer.
    Unknown,
}

/// What was kept of what a device reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub new: u64,
    /// Sent before.
    pub known: u64,
}

impl Store {
    /// Adds a device that waits for its code, or, where it is there and revoked or still waiting, gives it a new code.
    ///
    /// # Errors
    /// `Taken` where a device of this name is enrolled; `Missing` for a site that is not there.
    pub async fn add_device(
        &self,
        actor: &Actor,
        name: &str,
        scope: &Scope,
        code: &EnrolCode,
        good_for: Milliseconds,
    ) -> Result<DeviceId> {
        let doing = "adding a device";
        let now = self.now();
        let mut tx = self.write(doing).await?;
        for site in &scope.sites {
            let there: Option<i64> = sqlx::query_scalar("SELECT id FROM sites WHERE slug = ?")
                .bind(site.as_str())
                .fetch_optional(&mut *tx)
                .await
                .map_err(StoreError::of(doing))?;
            if there.is_none() {
                return Err(StoreError::Missing { what: "site", name: site.to_string() });
            }
        }
        let expires = now.plus_millis(i64::try_from(good_for.0).unwrap_or(i64::MAX));
        let id: Option<i64> = sqlx::query_scalar(
            "INSERT INTO devices (name, sites, languages, audio, code_hash, code_expires_at, added_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (name) DO UPDATE SET sites = ?2, languages = ?3, audio = ?4, code_hash = ?5, code_expires_at = ?6,
                 revoked_at = NULL, enrolled_at = NULL, heartbeat = NULL, seen_at = NULL, inventory = NULL, inventory_at = NULL
             WHERE token_hash IS NULL
             RETURNING id",
        )
        .bind(name)
        .bind(to_json("sites", &scope.sites)?)
        .bind(to_json("languages", &scope.languages)?)
        .bind(scope.audio.extension())
        .bind(code.hash().to_string())
        .bind(expires.0)
        .bind(now.0)
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        let id = id.ok_or_else(|| StoreError::DeviceTaken { name: name.to_owned() })?;
        record(&mut tx, now, actor, &Deed::DeviceAdded, name, crate::domain::Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(DeviceId(id))
    }

    /// Gives the device that waits for this code its token; the code is good no more.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn enrol_device(&self, code: &EnrolCode, token: &DeviceToken) -> Result<Enrolment> {
        let doing = "enrolling a device";
        let mut tx = self.write(doing).await?;
        let row = sqlx::query(
            "UPDATE devices SET code_hash = NULL, code_expires_at = NULL, token_hash = ?1, next_token_hash = NULL,
                 token_given_at = ?2, enrolled_at = ?2
             WHERE code_hash = ?3 AND code_expires_at > ?2 AND revoked_at IS NULL RETURNING *",
        )
        .bind(token.hash().to_string())
        .bind(self.now().0)
        .bind(code.hash().to_string())
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        let Some(row) = row else { return Ok(Enrolment::Unknown) };
        let enrolled = device(&row)?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(Enrolment::Enrolled(Box::new(enrolled)))
    }

    /// The device this token belongs to. Using a token that was handed out to replace another makes it the only one.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn device_of(&self, token: ContentHash) -> Result<Option<Device>> {
        let doing = "looking for a device";
        let found = sqlx::query("SELECT * FROM devices WHERE token_hash = ?1 OR next_token_hash = ?1")
            .bind(token.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of(doing))?;
        let Some(row) = found else { return Ok(None) };
        let cells = Cells::new("devices", "name", &row);
        if cells.get::<Option<String>>("next_token_hash")?.as_deref() == Some(token.to_string().as_str()) {
            let mut tx = self.write(doing).await?;
            sqlx::query(
                "UPDATE devices SET token_hash = next_token_hash, next_token_hash = NULL, token_given_at = ?
                 WHERE next_token_hash = ?",
            )
            .bind(self.now().0)
            .bind(token.to_string())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
            tx.commit().await.map_err(StoreError::of(doing))?;
        }
        device(&row).map(Some)
    }

    /// Hands a device the token that will replace its present one. `false` where it was revoked meanwhile.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn offer_token(&self, id: DeviceId, token: &DeviceToken) -> Result<bool> {
        let doing = "renewing a token";
        let mut tx = self.write(doing).await?;
        let changed = sqlx::query("UPDATE devices SET next_token_hash = ? WHERE id = ? AND token_hash IS NOT NULL")
            .bind(token.hash().to_string())
            .bind(id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?
            .rows_affected();
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(changed > 0)
    }

    /// Takes a device's code and token away. `false` where there is none of this name, or it was revoked before.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn revoke_device(&self, actor: &Actor, name: &str) -> Result<bool> {
        let doing = "revoking a device";
        let mut tx = self.write(doing).await?;
        let changed = sqlx::query(
            "UPDATE devices SET code_hash = NULL, code_expires_at = NULL, token_hash = NULL, next_token_hash = NULL,
                 revoked_at = ? WHERE name = ? AND revoked_at IS NULL",
        )
        .bind(self.now().0)
        .bind(name)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?
        .rows_affected();
        if changed > 0 {
            record(&mut tx, self.now(), actor, &Deed::DeviceRevoked, name, crate::domain::Scope::House).await?;
        }
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(changed > 0)
    }

    /// All devices by name.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn devices(&self) -> Result<Vec<Device>> {
        let rows = sqlx::query("SELECT * FROM devices ORDER BY name")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("listing devices"))?;
        rows.iter().map(device).collect()
    }

    /// Keeps the last heartbeat of each device, all in one transaction.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_heartbeats(&self, beats: &[(DeviceId, Heartbeat, Timestamp)]) -> Result<()> {
        let doing = "keeping heartbeats";
        let mut tx = self.write(doing).await?;
        for (id, beat, at) in beats {
            sqlx::query("UPDATE devices SET heartbeat = ?, seen_at = ? WHERE id = ? AND revoked_at IS NULL")
                .bind(to_json("a heartbeat", beat)?)
                .bind(at.0)
                .bind(id.0)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::of(doing))?;
        }
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// Keeps what a device found on its disk.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_inventory(&self, id: DeviceId, inventory: &Inventory) -> Result<()> {
        let doing = "keeping an inventory";
        let mut tx = self.write(doing).await?;
        sqlx::query("UPDATE devices SET inventory = ?1, inventory_at = ?2, seen_at = ?2 WHERE id = ?3")
            .bind(to_json("an inventory", inventory)?)
            .bind(self.now().0)
            .bind(id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// Keeps what a device played; what it sent before counts once.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_plays(&self, id: DeviceId, plays: &[Play]) -> Result<Kept> {
        let doing = "keeping plays";
        let mut tx = self.write(doing).await?;
        let mut new = 0;
        for play in plays {
            let first = sqlx::query(
                "INSERT INTO plays (device, id, stop, language, started_at, seconds, received_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(id.0)
            .bind(&play.id)
            .bind(play.stop.as_str())
            .bind(play.language.tag())
            .bind(play.started_at.0)
            .bind(play.seconds)
            .bind(self.now().0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?
            .rows_affected();
            if first > 0 {
                count_play(&mut tx, play).await?;
            }
            new += first;
        }
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(Kept { new, known: plays.len() as u64 - new })
    }

    /// Keeps what went wrong on a device; what it sent before counts once.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_faults(&self, id: DeviceId, faults: &[Fault]) -> Result<Kept> {
        let doing = "keeping faults";
        let mut tx = self.write(doing).await?;
        let mut new = 0;
        for fault in faults {
            new += insert_fault(&mut tx, id, fault, self.now()).await.map_err(StoreError::of(doing))?;
        }
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(Kept { new, known: faults.len() as u64 - new })
    }

    /// What a device played, the newest first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn plays_of(&self, id: DeviceId, most: u32) -> Result<Vec<Play>> {
        let rows = sqlx::query("SELECT * FROM plays WHERE device = ? ORDER BY started_at DESC, id LIMIT ?")
            .bind(id.0)
            .bind(most)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading what a device played"))?;
        let play = |row: &SqliteRow| {
            let cells = Cells::new("plays", "id", row);
            Ok(Play {
                id: cells.get("id")?,
                stop: cells.parsed("stop")?,
                language: cells.parsed("language")?,
                started_at: Timestamp(cells.get("started_at")?),
                seconds: cells.number("seconds")?,
            })
        };
        rows.iter().map(play).collect()
    }

    /// What was reported of a device: how many plays, and its newest faults first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reports_of(&self, id: DeviceId, most: u32) -> Result<(u64, Vec<Fault>)> {
        let doing = "reading what a device reported";
        let plays: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM plays WHERE device = ?")
            .bind(id.0)
            .fetch_one(&self.readers)
            .await
            .map_err(StoreError::of(doing))?;
        let rows = sqlx::query("SELECT * FROM faults WHERE device = ? ORDER BY at DESC, id LIMIT ?")
            .bind(id.0)
            .bind(most)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(doing))?;
        let fault = |row: &SqliteRow| {
            let cells = Cells::new("faults", "id", row);
            Ok(Fault {
                id: cells.get("id")?,
                kind: cells.get("kind")?,
                detail: cells.get("detail")?,
                at: Timestamp(cells.get("at")?),
            })
        };
        Ok((plays.unsigned_abs(), rows.iter().map(fault).collect::<Result<_>>()?))
    }
}

/// Adds a play to the sums of all hearings: when it began, and where it ended.
async fn count_play(tx: &mut Transaction<'static, Sqlite>, play: &Play) -> Result<()> {
    let Some(hour) = Hour::of(play.started_at) else { return Ok(()) };
    let Some((stop, length)) = guide_of(tx, &play.stop, play.language).await? else { return Ok(()) };
    let source = ListenSource::Kiosk;
    let began = Listen { stop, language: play.language, source, moment: Moment::Began, hour };
    count_listen(tx, &began, 1).await?;
    let moment = Moment::stopped_at(f64::from(play.seconds) / length);
    count_listen(tx, &Listen { moment, ..began }, 1).await
}

async fn insert_fault(
    tx: &mut Transaction<'static, Sqlite>,
    id: DeviceId,
    fault: &Fault,
    now: Timestamp,
) -> sqlx::Result<u64> {
    let done = sqlx::query(
        "INSERT INTO faults (device, id, kind, detail, at, received_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(id.0)
    .bind(&fault.id)
    .bind(&fault.kind)
    .bind(&fault.detail)
    .bind(fault.at.0)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

fn device(row: &SqliteRow) -> Result<Device> {
    let cells = Cells::new("devices", "name", row);
    let audio = match cells.get::<String>("audio")?.as_str() {
        "mp3" => AudioFormat::Mp3,
        "opus" => AudioFormat::Opus,
        other => return Err(cells.corrupt("audio", format!("`{other}` is no form of sound"))),
    };
    let moment = |column| Ok::<_, StoreError>(cells.get::<Option<i64>>(column)?.map(Timestamp));
    Ok(Device {
        id: DeviceId(cells.get("id")?),
        name: cells.get("name")?,
        scope: Scope { sites: cells.json("sites")?, languages: cells.json::<BTreeSet<Language>>("languages")?, audio },
        added_at: Timestamp(cells.get("added_at")?),
        enrolled_at: moment("enrolled_at")?,
        revoked_at: moment("revoked_at")?,
        token_given_at: moment("token_given_at")?,
        heartbeat: cells.maybe_json("heartbeat")?,
        seen_at: moment("seen_at")?,
        inventory: cells.maybe_json("inventory")?,
        inventory_at: moment("inventory_at")?,
    })
}
