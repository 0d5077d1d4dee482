//! Which clip says each sentence of a guide as it was last made, and the clips that a person holds by hand.
//!
//! Invariants: a sound is held or let pass by its hash, never both, so a clip that is made again is neither; the hold and
//! its row in the record are one transaction.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::Cells;
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::{
    Actor, ContentHash, Deed, Hertz, Language, Milliseconds, Scope, Stop, StopId, Timestamp, VoiceMark,
};

/// A sentence of a guide with the clip that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuideClip {
    pub ordinal: u32,
    pub sentence: String,
    /// The clip's key.
    pub clip: ContentHash,
    /// Its WAV.
    pub blob: ContentHash,
    pub duration: Milliseconds,
    pub mark: VoiceMark,
}

/// What a person decided about a sound after hearing it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Decision {
    pub by: String,
    pub reason: String,
    pub at: Timestamp,
    /// Whether it may go out.
    pub passes: bool,
}

const HOLDING: &str = "holding a clip";
const READING: &str = "reading the clips of a guide";

impl Store {
    /// Puts down which clips say the sentences of a guide.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_guide_clips(
        &self,
        stop: StopId,
        language: Language,
        clips: &[(u32, String, ContentHash)],
    ) -> Result<()> {
        let doing = "keeping the clips of a guide";
        let mut tx = self.write(doing).await?;
        sqlx::query("DELETE FROM guide_clips WHERE stop = ? AND language = ?")
            .bind(stop.0)
            .bind(language.tag())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        for (ordinal, sentence, clip) in clips {
            put_clip_in(&mut tx, stop, language, (*ordinal, sentence, *clip)).await?;
        }
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// Puts down which clip says one sentence of a guide since somebody had it made anew, the others untouched.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_remade_clip(
        &self,
        actor: &Actor,
        stop: &Stop,
        language: Language,
        clip: (u32, &str, ContentHash),
    ) -> Result<()> {
        let doing = "keeping a clip of a guide";
        let mut tx = self.write(doing).await?;
        put_clip_in(&mut tx, stop.id, language, clip).await?;
        let deed = Deed::SentenceRemade { language, ordinal: clip.0 };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// The clips of a guide as it was last made, in order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn guide_clips(&self, stop: StopId, language: Language) -> Result<Vec<GuideClip>> {
        let rows = sqlx::query(
            "SELECT guide_clips.*, clips.blob, clips.rate, clips.samples, clips.mark
             FROM guide_clips JOIN clips ON clips.key = guide_clips.clip
             WHERE stop = ? AND language = ? ORDER BY ordinal",
        )
        .bind(stop.0)
        .bind(language.tag())
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        rows.iter().map(guide_clip).collect()
    }

    /// What a person decided about a sound; `None` where nobody did.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn decision(&self, blob: ContentHash) -> Result<Option<Decision>> {
        let row = sqlx::query(
            "SELECT blob, accepted_by AS by, reason, accepted_at AS at, 1 AS passes FROM accepted_clips WHERE blob = ?1
             UNION ALL SELECT blob, held_by, reason, held_at, 0 FROM held_clips WHERE blob = ?1",
        )
        .bind(blob.to_string())
        .fetch_optional(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let Some(row) = row else { return Ok(None) };
        let cells = Cells::new("held_clips", "blob", &row);
        Ok(Some(Decision {
            by: cells.get("by")?,
            reason: cells.get("reason")?,
            at: Timestamp(cells.get("at")?),
            passes: cells.get::<i64>("passes")? == 1,
        }))
    }

    /// Whether a person holds the sound of one of these clips.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn holds_one_of(&self, clips: &[ContentHash]) -> Result<bool> {
        let keys: Vec<String> = clips.iter().map(ToString::to_string).collect();
        let keys = super::cells::to_json("the keys of clips", &keys)?;
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM held_clips JOIN clips ON clips.blob = held_clips.blob
             WHERE clips.key IN (SELECT value FROM json_each(?)))",
        )
        .bind(keys)
        .fetch_one(&self.readers)
        .await
        .map_err(StoreError::of(READING))
    }

    /// Holds the sound of a sentence, or lets it pass: in somebody's name, for a reason, in place of what was decided
    /// before.
    ///
    /// # Errors
    /// `BadAcceptance` without a reason; those of the database.
    pub async fn decide_clip(
        &self,
        actor: &Actor,
        stop: &Stop,
        (language, ordinal): (Language, u32),
        blob: ContentHash,
        (passes, reason): (bool, &str),
    ) -> Result<()> {
        let reason = reason.trim().to_owned();
        if reason.is_empty() {
            return Err(StoreError::BadAcceptance { sentence: i64::from(ordinal) + 1 });
        }
        let mut tx = self.write(HOLDING).await?;
        for other in ["DELETE FROM accepted_clips WHERE blob = ?", "DELETE FROM held_clips WHERE blob = ?"] {
            let gone = sqlx::query(other).bind(blob.to_string()).execute(&mut *tx).await;
            gone.map_err(StoreError::of(HOLDING))?;
        }
        let put = if passes {
            "INSERT INTO accepted_clips (blob, accepted_by, reason, accepted_at) VALUES (?, ?, ?, ?)"
        } else {
            "INSERT INTO held_clips (blob, held_by, reason, held_at) VALUES (?, ?, ?, ?)"
        };
        sqlx::query(put)
            .bind(blob.to_string())
            .bind(&actor.name)
            .bind(&reason)
            .bind(self.now().0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(HOLDING))?;
        let deed = match passes {
            true => Deed::ClipAccepted { language, ordinal, reason },
            false => Deed::ClipHeld { language, ordinal, reason },
        };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(HOLDING))
    }
}

async fn put_clip_in(
    tx: &mut Transaction<'static, Sqlite>,
    stop: StopId,
    language: Language,
    (ordinal, sentence, clip): (u32, &str, ContentHash),
) -> Result<()> {
    sqlx::query("INSERT OR REPLACE INTO guide_clips (stop, language, ordinal, sentence, clip) VALUES (?, ?, ?, ?, ?)")
        .bind(stop.0)
        .bind(language.tag())
        .bind(ordinal)
        .bind(sentence)
        .bind(clip.to_string())
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of("keeping the clips of a guide"))?;
    Ok(())
}

fn guide_clip(row: &SqliteRow) -> Result<GuideClip> {
    let cells = Cells::new("guide_clips", "ordinal", row);
    let (rate, samples): (u32, usize) = (cells.number("rate")?, cells.number("samples")?);
    Ok(GuideClip {
        ordinal: cells.number("ordinal")?,
        sentence: cells.get("sentence")?,
        clip: cells.parsed("clip")?,
        blob: cells.parsed("blob")?,
        duration: Hertz(rate).duration(samples),
        mark: cells.json("mark")?,
    })
}
