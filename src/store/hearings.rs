//! What came of hearing clips back, per sound and text, and the people who let a clip pass.
//!
//! Invariants: a hearing is kept under the key of everything that it came of; a clip that a person let pass is known by
//! the hash of its sound, so a clip that is made again must be heard again.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::{Result, Store, StoreError};
use crate::domain::{ContentHash, Hearing, Language, Slug, StopId, Timestamp, Verdict};

/// A hearing of one clip.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredHearing {
    /// Over the sound, what it should say, and who listened.
    pub key: ContentHash,
    pub clip: ContentHash,
    pub blob: ContentHash,
    /// Which attempt at the sentence was heard, from 0.
    pub take: u8,
    /// Over the listener's weights and rules.
    pub listener: ContentHash,
    pub hearing: Hearing,
}

/// A sentence of a guide as it was last heard.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct GuideHearing {
    /// Numbers the sentence for the commands that let it pass.
    pub id: i64,
    pub stop: Slug,
    pub language: Language,
    pub ordinal: u32,
    pub sentence: String,
    /// The WAV that was heard.
    pub blob: ContentHash,
    #[serde(flatten)]
    pub hearing: Hearing,
    pub accepted: Option<AcceptedClip>,
}

/// Who let a clip pass, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AcceptedClip {
    pub by: String,
    pub reason: String,
    pub at: Timestamp,
}

impl Store {
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn hearing(&self, key: ContentHash) -> Result<Option<StoredHearing>> {
        let row = sqlx::query("SELECT * FROM hearings WHERE key = ?")
            .bind(key.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a hearing"))?;
        row.as_ref().map(stored).transpose()
    }

    /// Keeps a hearing under its key.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_hearing(&self, heard: &StoredHearing) -> Result<()> {
        let doing = "keeping a hearing";
        let mut tx = self.write(doing).await?;
        sqlx::query(
            "INSERT INTO hearings (key, clip, blob, take, listener, verdict, hearing, heard_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
        )
        .bind(heard.key.to_string())
        .bind(heard.clip.to_string())
        .bind(heard.blob.to_string())
        .bind(i64::from(heard.take))
        .bind(heard.listener.to_string())
        .bind(verdict(heard.hearing.verdict))
        .bind(to_json("a hearing", &heard.hearing)?)
        .bind(self.now().0)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// The last attempt at a clip that this listener has heard; `None` where it has heard none.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn last_take(&self, clip: ContentHash, listener: ContentHash) -> Result<Option<u8>> {
        let row =
            sqlx::query("SELECT clip, MAX(take) AS take FROM hearings WHERE clip = ? AND listener = ? GROUP BY clip")
                .bind(clip.to_string())
                .bind(listener.to_string())
                .fetch_optional(&self.readers)
                .await
                .map_err(StoreError::of("reading the attempts at a clip"))?;
        row.map(|row| Cells::new("hearings", "clip", &row).number("take")).transpose()
    }

    /// Puts down how the sentences of a guide were last heard: the number and words of each, and the hearing's key.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_guide_hearings(
        &self,
        stop: StopId,
        language: Language,
        heard: &[(u32, String, ContentHash)],
    ) -> Result<()> {
        let doing = "keeping the hearings of a guide";
        let mut tx = self.write(doing).await?;
        // A sentence keeps its row, and so its number, as long as its hearing is the same.
        sqlx::query("DELETE FROM guide_hearings WHERE stop = ? AND language = ? AND ordinal >= ?")
            .bind(stop.0)
            .bind(language.tag())
            .bind(heard.iter().map(|(ordinal, ..)| i64::from(*ordinal) + 1).max().unwrap_or(0))
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        for (ordinal, sentence, hearing) in heard {
            put_in(&mut tx, stop, language, (*ordinal, sentence, *hearing)).await?;
        }
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// Puts down how one sentence of a guide was heard, the others untouched.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_guide_hearing(
        &self,
        stop: StopId,
        language: Language,
        heard: (u32, &str, ContentHash),
    ) -> Result<()> {
        let doing = "keeping the hearing of a sentence";
        let mut tx = self.write(doing).await?;
        put_in(&mut tx, stop, language, heard).await?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// How the sentences of guides were last heard, of one stop or all and in one language or all, by stop, language and
    /// place.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn guide_hearings(&self, stop: Option<&Slug>, language: Option<Language>) -> Result<Vec<GuideHearing>> {
        let rows = sqlx::query(
            "SELECT guide_hearings.*, stops.slug, hearings.blob, hearings.hearing AS heard,
                    accepted_clips.accepted_by, accepted_clips.reason, accepted_clips.accepted_at
             FROM guide_hearings JOIN stops ON stops.id = guide_hearings.stop
             JOIN hearings ON hearings.key = guide_hearings.hearing
             LEFT JOIN accepted_clips ON accepted_clips.blob = hearings.blob
             WHERE (?1 IS NULL OR stops.slug = ?1) AND (?2 IS NULL OR guide_hearings.language = ?2)
             ORDER BY stops.site, stops.position, guide_hearings.language, guide_hearings.ordinal",
        )
        .bind(stop.map(Slug::as_str))
        .bind(language.map(Language::tag))
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of("reading hearings"))?;
        rows.iter().map(of_guide).collect()
    }

    /// Whether a person let this very sound pass.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn clip_is_accepted(&self, blob: ContentHash) -> Result<bool> {
        let row = sqlx::query("SELECT 1 FROM accepted_clips WHERE blob = ?")
            .bind(blob.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("asking who let a clip pass"))?;
        Ok(row.is_some())
    }

    /// Lets a clip pass, in somebody's name. The first who did so stands.
    ///
    /// # Errors
    /// `BadAcceptance` without a name or a reason; `Gone` where no guide has such a sentence (any more); those of the
    /// database.
    pub async fn accept_clip(&self, sentence: i64, by: &str, reason: &str) -> Result<()> {
        let doing = "letting a clip pass";
        let mut tx = self.write(doing).await?;
        accept_in(&mut tx, sentence, by, reason, self.now()).await?;
        tx.commit().await.map_err(StoreError::of(doing))
    }
}

async fn put_in(
    tx: &mut Transaction<'static, Sqlite>,
    stop: StopId,
    language: Language,
    (ordinal, sentence, hearing): (u32, &str, ContentHash),
) -> Result<()> {
    sqlx::query(
        "INSERT INTO guide_hearings (stop, language, ordinal, sentence, hearing) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (stop, language, ordinal) DO UPDATE SET sentence = excluded.sentence, hearing = excluded.hearing",
    )
    .bind(stop.0)
    .bind(language.tag())
    .bind(i64::from(ordinal))
    .bind(sentence)
    .bind(hearing.to_string())
    .execute(&mut **tx)
    .await
    .map_err(StoreError::of("keeping the hearings of a guide"))?;
    Ok(())
}

/// `accept_clip` within a transaction that has more to do.
pub(super) async fn accept_in(
    tx: &mut Transaction<'static, Sqlite>,
    sentence: i64,
    by: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let (by, reason) = (by.trim(), reason.trim());
    if by.is_empty() || reason.is_empty() {
        return Err(StoreError::BadAcceptance { sentence });
    }
    let doing = "letting a clip pass";
    let row = sqlx::query(
        "SELECT hearings.blob FROM guide_hearings JOIN hearings ON hearings.key = guide_hearings.hearing
             WHERE guide_hearings.id = ?",
    )
    .bind(sentence)
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::of(doing))?;
    let Some(row) = row else {
        return Err(StoreError::Gone { what: "sentence", name: sentence.to_string() });
    };
    let blob: String = row.try_get("blob").map_err(StoreError::of(doing))?;
    sqlx::query("DELETE FROM held_clips WHERE blob = ?")
        .bind(&blob)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of(doing))?;
    sqlx::query(
        "INSERT INTO accepted_clips (blob, accepted_by, reason, accepted_at) VALUES (?, ?, ?, ?)
             ON CONFLICT (blob) DO NOTHING",
    )
    .bind(blob)
    .bind(by)
    .bind(reason)
    .bind(now.0)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::of(doing))?;
    Ok(())
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Hold => "hold",
        Verdict::NotJudged => "not-judged",
    }
}

fn stored(row: &SqliteRow) -> Result<StoredHearing> {
    let cells = Cells::new("hearings", "key", row);
    Ok(StoredHearing {
        key: cells.parsed("key")?,
        clip: cells.parsed("clip")?,
        blob: cells.parsed("blob")?,
        take: cells.number("take")?,
        listener: cells.parsed("listener")?,
        hearing: cells.json("hearing")?,
    })
}

fn of_guide(row: &SqliteRow) -> Result<GuideHearing> {
    let cells = Cells::new("guide_hearings", "id", row);
    let accepted = match cells.get::<Option<String>>("accepted_by")? {
        Some(by) => Some(AcceptedClip { by, reason: cells.get("reason")?, at: Timestamp(cells.get("accepted_at")?) }),
        None => None,
    };
    Ok(GuideHearing {
        id: cells.get("id")?,
        stop: cells.parsed("slug")?,
        language: cells.parsed("language")?,
        ordinal: cells.number("ordinal")?,
        sentence: cells.get("sentence")?,
        blob: cells.parsed("blob")?,
        hearing: cells.json("heard")?,
        accepted,
    })
}
