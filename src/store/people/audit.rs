//! The record of who did what: each row holds the hash of the one before it.
//!
//! Invariants: rows are numbered from 1 without a gap and are never changed; a row's hash covers its number, everything
//! in it and the hash before it. So a row that was changed, taken out or put in is found. What a chain alone cannot show
//! is that its end was cut off or all of it written anew: for that, the hash of the last row is noted elsewhere from time
//! to time and looked for later.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use crate::domain::{Actor, AuditEntry, AuditId, ContentHash, Deed, HashBuilder, PersonId, Scope, SiteId, Timestamp};
use crate::store::cells::{Cells, to_json};
use crate::store::{Result, Store, StoreError};

use super::site_of;

const RECORDING: &str = "recording what was done";
const READING: &str = "reading the record of what was done";

/// How many rows are verified between two looks at the database.
const BATCH: i64 = 2000;

/// What the record was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditState {
    /// Rows that hang together, from the first.
    pub rows: u64,
    /// The hash of the last of them.
    pub head: Option<ContentHash>,
    /// The first row that does not fit.
    pub fault: Option<AuditFault>,
    /// Whether the hash that was looked for is that of one of the rows.
    pub seen: bool,
}

/// The first place where the record does not hang together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFault {
    pub row: AuditId,
    pub why: String,
}

/// The text of one row as it lies in the file.
struct Raw {
    id: i64,
    at: i64,
    person: Option<i64>,
    actor: String,
    address: String,
    action: String,
    subject: String,
    site: Option<i64>,
    detail: String,
    previous: String,
}

impl Raw {
    fn hash(&self) -> ContentHash {
        let maybe = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        HashBuilder::new("audit 1")
            .with("id", self.id.to_string())
            .with("at", self.at.to_string())
            .with("person", maybe(self.person))
            .with("actor", &self.actor)
            .with("address", &self.address)
            .with("action", &self.action)
            .with("subject", &self.subject)
            .with("site", maybe(self.site))
            .with("detail", &self.detail)
            .with("previous", &self.previous)
            .finish()
    }

    fn read(row: &SqliteRow) -> Result<(Self, String)> {
        let cells = Cells::new("audit", "id", row);
        let raw = Self {
            id: cells.get("id")?,
            at: cells.get("at")?,
            person: cells.get("person")?,
            actor: cells.get("actor")?,
            address: cells.get("address")?,
            action: cells.get("action")?,
            subject: cells.get("subject")?,
            site: cells.get("site")?,
            detail: cells.get("detail")?,
            previous: cells.get("previous")?,
        };
        Ok((raw, cells.get("hash")?))
    }
}

/// Writes down what `tx` does.
pub(in crate::store) async fn record(
    tx: &mut Transaction<'static, Sqlite>,
    now: Timestamp,
    actor: &Actor,
    deed: &Deed,
    subject: &str,
    scope: Scope,
) -> Result<()> {
    let last: Option<(i64, String)> = sqlx::query_as("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1")
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(RECORDING))?;
    let (last, previous) = last.unwrap_or_default();
    let (action, detail) = written(deed)?;
    let raw = Raw {
        id: last + 1,
        at: now.0,
        person: actor.person.map(|person| person.0),
        actor: actor.name.clone(),
        address: actor.address.clone(),
        action,
        subject: subject.to_owned(),
        site: site_of(scope),
        detail,
        previous,
    };
    sqlx::query(
        "INSERT INTO audit (id, at, person, actor, address, action, subject, site, detail, previous, hash)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(raw.id)
    .bind(raw.at)
    .bind(raw.person)
    .bind(&raw.actor)
    .bind(&raw.address)
    .bind(&raw.action)
    .bind(&raw.subject)
    .bind(raw.site)
    .bind(&raw.detail)
    .bind(&raw.previous)
    .bind(raw.hash().to_string())
    .execute(&mut **tx)
    .await
    .map_err(StoreError::of(RECORDING))?;
    Ok(())
}

/// The word of a deed, and its details as JSON.
fn written(deed: &Deed) -> Result<(String, String)> {
    let unwritable = |why: &str| StoreError::Unwritable { what: "a deed", why: why.to_owned() };
    let value = serde_json::to_value(deed).map_err(|error| unwritable(&error.to_string()))?;
    let action = value.get("action").and_then(serde_json::Value::as_str).ok_or_else(|| unwritable("it has no word"))?;
    Ok((action.to_owned(), to_json("a deed", &value.get("detail"))?))
}

fn entry(row: &SqliteRow) -> Result<AuditEntry> {
    let cells = Cells::new("audit", "id", row);
    let mut deed = serde_json::Map::from_iter([("action".to_owned(), cells.get::<String>("action")?.into())]);
    let detail: serde_json::Value = cells.json("detail")?;
    if !detail.is_null() {
        deed.insert("detail".to_owned(), detail);
    }
    Ok(AuditEntry {
        id: AuditId(cells.get("id")?),
        at: Timestamp(cells.get("at")?),
        actor: Actor {
            person: cells.get::<Option<i64>>("person")?.map(PersonId),
            name: cells.get("actor")?,
            address: cells.get("address")?,
        },
        deed: serde_json::from_value(deed.into()).map_err(|error| cells.corrupt("detail", error))?,
        subject: cells.get("subject")?,
        site: cells.get::<Option<i64>>("site")?.map(SiteId),
        hash: cells.parsed("hash")?,
    })
}

impl Store {
    /// Writes down what changes nothing in the database: that a device was asked for something.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_deed(&self, actor: &Actor, deed: &Deed, subject: &str, scope: Scope) -> Result<()> {
        let mut tx = self.write(RECORDING).await?;
        record(&mut tx, self.now(), actor, deed, subject, scope).await?;
        tx.commit().await.map_err(StoreError::of(RECORDING))
    }

    /// The newest entries that are older than `before`, the newest first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn audit(&self, before: Option<AuditId>, limit: u32) -> Result<Vec<AuditEntry>> {
        let rows = sqlx::query("SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?")
            .bind(before.map_or(i64::MAX, |id| id.0))
            .bind(limit)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        rows.iter().map(entry).collect()
    }

    /// Goes through the whole record, and looks for a hash that was noted earlier.
    ///
    /// # Errors
    /// `Corrupt` where a cell cannot be read at all, and those of the database.
    pub async fn verify_audit(&self, noted: Option<ContentHash>) -> Result<AuditState> {
        let mut state = AuditState { rows: 0, head: None, fault: None, seen: false };
        let mut last = i64::MIN;
        loop {
            let rows = sqlx::query("SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?")
                .bind(last)
                .bind(BATCH)
                .fetch_all(&self.readers)
                .await
                .map_err(StoreError::of(READING))?;
            for row in &rows {
                let (raw, hash) = Raw::read(row)?;
                last = raw.id;
                match fits(&state, &raw, &hash) {
                    Ok(hash) => {
                        state.rows += 1;
                        state.head = Some(hash);
                        state.seen |= noted == Some(hash);
                    }
                    Err(why) => {
                        state.fault = Some(AuditFault { row: AuditId(raw.id), why });
                        return Ok(state);
                    }
                }
            }
            if rows.is_empty() {
                return Ok(state);
            }
        }
    }
}

/// The row's hash where it continues what was read so far, else what is wrong with it.
fn fits(state: &AuditState, raw: &Raw, hash: &str) -> std::result::Result<ContentHash, String> {
    let expected = i64::try_from(state.rows).unwrap_or(i64::MAX).saturating_add(1);
    if raw.id != expected {
        return Err(format!("row {expected} is missing"));
    }
    if raw.previous != state.head.map(|head| head.to_string()).unwrap_or_default() {
        return Err("it does not hold the hash of the row before it".to_owned());
    }
    let own = raw.hash();
    if own.to_string() == hash { Ok(own) } else { Err("what it says is not what was written".to_owned()) }
}
