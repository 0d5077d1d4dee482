//! Editions: frozen guides, and the pointer to the one the web serves.
//!
//! Invariants: an edition's JSON is never changed once written and is read against its hash; publishing is one
//! transaction that writes the edition and moves the pointer, so a crash leaves the edition before; editions that were
//! current stay. Withdrawing takes the pointer away and closes the files of all editions of that guide.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::Cells;
use super::narrations::refuse_other_voice;
use super::pointer::{close_guide, is_held, note_publication};
use super::{Result, Store, StoreError};
use crate::domain::{
    AudioFormat, ContentHash, Edition, EditionId, Language, Milliseconds, Slug, StopCode, StopId, Timestamp,
};

/// What publishing came to. `number` counts the editions of one stop and language from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publication {
    /// The very same edition is the current one already.
    Unchanged { id: EditionId, number: u32 },
    /// This edition is the current one from here on. It may be an earlier one, published again under its old number.
    Published { id: EditionId, number: u32 },
    /// It is kept, and what is public stays: a person publishes this guide.
    Waits { id: EditionId, number: u32 },
}

/// The current edition of a guide.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    pub id: EditionId,
    pub number: u32,
    /// Of the frozen JSON.
    pub hash: ContentHash,
    pub published_at: Timestamp,
    pub edition: Edition,
}

/// What lists and language pickers need of a current edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionSummary {
    pub id: EditionId,
    pub stop: Slug,
    pub code: StopCode,
    pub language: Language,
    pub number: u32,
    pub hash: ContentHash,
    pub title: String,
    pub duration: Milliseconds,
    /// False only for a recording of a person.
    pub synthetic: bool,
    pub last_resort: bool,
    /// True where a machine wrote the words and no person approved them.
    pub machine_translated: bool,
    pub published_at: Timestamp,
}

/// As what a blob is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Audio(AudioFormat),
    Captions,
    /// The cover of a site or stop.
    Image,
}

impl Store {
    /// Makes this the current edition of its stop and language.
    ///
    /// # Errors
    /// `Missing` where there is no such stop; `Unwritable` for an edition JSON cannot hold (a loudness that is not a
    /// number); `OtherVoice` where a person narrates and the edition is synthetic, or the other way about; those of the
    /// database.
    pub async fn publish(&self, edition: &Edition) -> Result<Publication> {
        let doing = "publishing an edition";
        let frozen = freeze(edition)?;
        let hash = ContentHash::of(frozen.as_bytes());
        let mut tx = self.write(doing).await?;
        let stop: Option<i64> = sqlx::query_scalar("SELECT id FROM stops WHERE slug = ?")
            .bind(edition.stop.as_str())
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        let missing = || StoreError::Missing { what: "stop", name: edition.stop.to_string() };
        let stop = StopId(stop.ok_or_else(missing)?);
        refuse_other_voice(&mut tx, stop, edition).await?;
        let row = sqlx::query(
            "SELECT editions.id, number, current_editions.edition IS NOT NULL AS current
             FROM editions LEFT JOIN current_editions ON current_editions.edition = editions.id
             WHERE editions.stop = ? AND editions.language = ? AND hash = ?",
        )
        .bind(stop.0)
        .bind(edition.language.tag())
        .bind(hash.to_string())
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        let waits = is_held(&mut tx, stop, edition.language).await?;
        let (id, number) = match &row {
            Some(row) => {
                let cells = Cells::new("editions", "id", row);
                let (id, number) = (EditionId(cells.get("id")?), cells.number("number")?);
                if cells.get("current")? {
                    return Ok(Publication::Unchanged { id, number });
                }
                if waits {
                    return Ok(Publication::Waits { id, number });
                }
                (id, number)
            }
            None => self.insert_edition(&mut tx, stop, edition, &frozen, hash).await?,
        };
        if waits {
            self.close_edition(&mut tx, id).await?;
            tx.commit().await.map_err(StoreError::of(doing))?;
            return Ok(Publication::Waits { id, number });
        }
        self.point_to(&mut tx, stop, id, edition, "").await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(Publication::Published { id, number })
    }

    /// Keeps the files of an edition from the public until it becomes the current one.
    async fn close_edition(&self, tx: &mut Transaction<'static, Sqlite>, id: EditionId) -> Result<()> {
        sqlx::query("UPDATE editions SET withdrawn_at = ? WHERE id = ?")
            .bind(self.now().0)
            .bind(id.0)
            .execute(&mut **tx)
            .await
            .map_err(StoreError::of("keeping an edition that waits"))?;
        Ok(())
    }

    pub(super) async fn insert_edition(
        &self,
        tx: &mut Transaction<'static, Sqlite>,
        stop: StopId,
        edition: &Edition,
        frozen: &str,
        hash: ContentHash,
    ) -> Result<(EditionId, u32)> {
        let failed = StoreError::of("writing an edition");
        let row = sqlx::query(
            "INSERT INTO editions (stop, language, number, hash, frozen, made_at)
             SELECT ?1, ?2, 1 + COALESCE(MAX(number), 0), ?3, ?4, ?5 FROM editions WHERE stop = ?1 AND language = ?2
             RETURNING id, number",
        )
        .bind(stop.0)
        .bind(edition.language.tag())
        .bind(hash.to_string())
        .bind(frozen)
        .bind(self.now().0)
        .fetch_one(&mut **tx)
        .await
        .map_err(&failed)?;
        let cells = Cells::new("editions", "id", &row);
        let (id, number) = (EditionId(cells.get("id")?), cells.number("number")?);
        let audio = edition.audio.iter().map(|file| (file.format.extension(), file.hash));
        for (kind, hash) in audio.chain([("captions", edition.captions), ("master", edition.master)]) {
            sqlx::query("INSERT INTO edition_files (edition, hash, kind) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(id.0)
                .bind(hash.to_string())
                .bind(kind)
                .execute(&mut **tx)
                .await
                .map_err(&failed)?;
        }
        Ok((id, number))
    }

    /// Makes an edition the current one, and notes by whom.
    pub(super) async fn point_to(
        &self,
        tx: &mut Transaction<'static, Sqlite>,
        stop: StopId,
        id: EditionId,
        edition: &Edition,
        by: &str,
    ) -> Result<()> {
        let failed = StoreError::of("moving the pointer to an edition");
        sqlx::query("UPDATE editions SET withdrawn_at = NULL WHERE id = ?")
            .bind(id.0)
            .execute(&mut **tx)
            .await
            .map_err(&failed)?;
        let duration = i64::try_from(edition.duration.0)
            .map_err(|error| StoreError::Unwritable { what: "the length of an edition", why: error.to_string() })?;
        sqlx::query(
            "INSERT OR REPLACE INTO current_editions
             (stop, language, edition, title, duration, synthetic, last_resort, machine_translated, published_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(stop.0)
        .bind(edition.language.tag())
        .bind(id.0)
        .bind(&edition.title)
        .bind(duration)
        .bind(edition.voice.synthetic)
        .bind(edition.voice.last_resort)
        .bind(edition.translation.as_ref().is_some_and(|mark| !mark.approved))
        .bind(self.now().0)
        .execute(&mut **tx)
        .await
        .map_err(&failed)?;
        note_publication(tx, stop, edition.language, Some(id), by, self.now()).await
    }

    /// Takes a guide from the public: no edition is current, and the files of all its editions are published no more.
    /// The editions stay. `false` where there was nothing to withdraw.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn withdraw(&self, stop: &Slug, language: Language) -> Result<bool> {
        let doing = "withdrawing an edition";
        let mut tx = self.write(doing).await?;
        let id: Option<i64> = sqlx::query_scalar("SELECT id FROM stops WHERE slug = ?")
            .bind(stop.as_str())
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        let Some(id) = id else { return Ok(false) };
        let closed = close_guide(&mut tx, StopId(id), language, "", self.now()).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(closed)
    }

    /// The edition the web serves for a stop in a language.
    ///
    /// # Errors
    /// `Corrupt` also where the JSON does not match its hash; those of the database.
    pub async fn current_edition(&self, stop: &Slug, language: Language) -> Result<Option<Published>> {
        let row = sqlx::query(
            "SELECT editions.id, number, hash, frozen, published_at
             FROM current_editions JOIN editions ON editions.id = current_editions.edition
             WHERE current_editions.stop = (SELECT id FROM stops WHERE slug = ?) AND current_editions.language = ?",
        )
        .bind(stop.as_str())
        .bind(language.tag())
        .fetch_optional(&self.readers)
        .await
        .map_err(StoreError::of("reading an edition"))?;
        row.as_ref().map(published).transpose()
    }

    /// All current editions, site by site and stop by stop, each stop's in the order of the language picker.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn current_editions(&self) -> Result<Vec<EditionSummary>> {
        let rows = sqlx::query(
            "SELECT current_editions.*, editions.id, editions.number, editions.hash, stops.slug, stops.code
             FROM current_editions
             JOIN editions ON editions.id = current_editions.edition
             JOIN stops ON stops.id = current_editions.stop
             JOIN sites ON sites.id = stops.site
             ORDER BY sites.position, sites.slug, stops.position, stops.slug",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of("reading the current editions"))?;
        let mut found: Vec<EditionSummary> = rows.iter().map(summary).collect::<Result<_>>()?;
        for of_one_stop in found.chunk_by_mut(|a, b| a.stop == b.stop) {
            of_one_stop.sort_by_key(|edition| edition.language);
        }
        Ok(found)
    }

    /// As what this blob is public: part of an edition that was not withdrawn, a picture, or a plan. `None` for every other
    /// hash, masters and clips among them. A blob that is several things is the first of them.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn published_file(&self, hash: ContentHash) -> Result<Option<FileKind>> {
        let hash = hash.to_string();
        let row = sqlx::query(
            "SELECT kind, edition_files.hash FROM edition_files JOIN editions ON editions.id = edition_files.edition
             WHERE edition_files.hash = ?1 AND withdrawn_at IS NULL AND kind <> 'master'
             UNION ALL SELECT 'image', ?1 WHERE EXISTS (SELECT 1 FROM pictures WHERE hash = ?1)
                                            OR EXISTS (SELECT 1 FROM plans WHERE hash = ?1)
             LIMIT 1",
        )
        .bind(hash)
        .fetch_optional(&self.readers)
        .await
        .map_err(StoreError::of("looking whether a file is published"))?;
        let Some(row) = row else { return Ok(None) };
        let cells = Cells::new("edition_files", "hash", &row);
        match cells.get::<String>("kind")?.as_str() {
            "mp3" => Ok(Some(FileKind::Audio(AudioFormat::Mp3))),
            "opus" => Ok(Some(FileKind::Audio(AudioFormat::Opus))),
            "captions" => Ok(Some(FileKind::Captions)),
            "image" => Ok(Some(FileKind::Image)),
            other => Err(cells.corrupt("kind", format!("`{other}` is no kind of file"))),
        }
    }
}

/// The JSON of an edition, proved to give the same edition back.
fn freeze(edition: &Edition) -> Result<String> {
    let refuse = |why: String| StoreError::Unwritable { what: "an edition", why };
    let frozen = serde_json::to_string(edition).map_err(|error| refuse(error.to_string()))?;
    let thawed: Edition = serde_json::from_str(&frozen).map_err(|error| refuse(error.to_string()))?;
    if thawed == *edition { Ok(frozen) } else { Err(refuse("its JSON does not give it back".to_owned())) }
}

pub(super) fn published(row: &SqliteRow) -> Result<Published> {
    let cells = Cells::new("editions", "id", row);
    let hash: ContentHash = cells.parsed("hash")?;
    let found = ContentHash::of(cells.get::<String>("frozen")?.as_bytes());
    if found != hash {
        return Err(cells.corrupt("frozen", format!("its hash is {found}, and {hash} was written beside it")));
    }
    Ok(Published {
        id: EditionId(cells.get("id")?),
        number: cells.number("number")?,
        hash,
        published_at: Timestamp(cells.get("published_at")?),
        edition: cells.json("frozen")?,
    })
}

fn summary(row: &SqliteRow) -> Result<EditionSummary> {
    let cells = Cells::new("current_editions", "edition", row);
    Ok(EditionSummary {
        id: EditionId(cells.get("id")?),
        stop: cells.parsed("slug")?,
        code: cells.parsed("code")?,
        language: cells.parsed("language")?,
        number: cells.number("number")?,
        hash: cells.parsed("hash")?,
        title: cells.get("title")?,
        duration: Milliseconds(cells.number("duration")?),
        synthetic: cells.get("synthetic")?,
        last_resort: cells.get("last_resort")?,
        machine_translated: cells.get("machine_translated")?,
        published_at: Timestamp(cells.get("published_at")?),
    })
}
