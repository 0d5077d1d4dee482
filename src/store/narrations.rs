//! Where a person's voice narrates: which recording speaks for a stop in a language.
//!
//! Invariants: only a recording that a person read from beginning to end narrates, in the language it is in; while it
//! does, no synthetic edition is published, and without it no person's.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::Cells;
use super::people::record;
use super::recordings::gone;
use super::spoken_sentences::stand_behind;
use super::{Result, Store, StoreError};
use crate::domain::{Actor, Deed, Edition, Language, RecordingId, RecordingState, Scope, SiteId, StopId, Timestamp};

/// A person's voice chosen for a stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narration {
    pub stop: StopId,
    pub language: Language,
    pub recording: RecordingId,
    /// Who chose it.
    pub chosen_by: String,
    pub chosen_at: Timestamp,
}

impl Store {
    /// Lets a recording narrate a stop in its language, in place of any other.
    ///
    /// # Errors
    /// `Nameless`; `Gone` where there is no such recording; `Unwritable` where nobody has read all of it; `Missing`
    /// where there is no such stop; those of the database.
    pub async fn narrate(&self, actor: &Actor, stop: StopId, recording: RecordingId) -> Result<Narration> {
        let doing = "choosing a narration";
        if actor.name.trim().is_empty() {
            return Err(StoreError::Nameless);
        }
        let found = self.recording(recording).await?.ok_or_else(|| gone(recording))?;
        if found.state != RecordingState::Corrected {
            let why = format!(
                "nobody has read all of recording {recording} yet: `thuyetminh recording text {recording}` prints it, \
                 `thuyetminh recording correct {recording} --by NAME` takes it back"
            );
            return Err(StoreError::Unwritable { what: "a narration", why });
        }
        let mut tx = self.write(doing).await?;
        sqlx::query(
            "INSERT OR REPLACE INTO narrations (stop, language, recording, chosen_by, chosen_at)
             VALUES (?, ?, ?, ?, ?)",
        )
        .bind(stop.0)
        .bind(found.language.tag())
        .bind(recording.0)
        .bind(actor.name.trim())
        .bind(self.now().0)
        .execute(&mut *tx)
        .await
        .map_err(|error| StoreError::missing_parent("stop", stop, doing, error))?;
        let deed = Deed::NarrationChosen { language: found.language, recording };
        record_at(&mut tx, self.now(), actor, &deed, stop).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        let chosen_by = actor.name.trim().to_owned();
        Ok(Narration { stop, language: found.language, recording, chosen_by, chosen_at: self.now() })
    }

    /// The person's voice that narrates a stop in a language.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn narration(&self, stop: StopId, language: Language) -> Result<Option<Narration>> {
        let row = sqlx::query("SELECT * FROM narrations WHERE stop = ? AND language = ?")
            .bind(stop.0)
            .bind(language.tag())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a narration"))?;
        row.as_ref().map(narration_of).transpose()
    }

    /// Takes a person's voice from a stop and from the public, all editions it speaks in. The editions stay. `false`
    /// where no person narrates.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_narration(&self, actor: &Actor, stop: StopId, language: Language) -> Result<bool> {
        let doing = "taking a narration back";
        let mut tx = self.write(doing).await?;
        let ended = sqlx::query("DELETE FROM narrations WHERE stop = ? AND language = ?")
            .bind(stop.0)
            .bind(language.tag())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?
            .rows_affected();
        if ended == 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM current_editions WHERE stop = ? AND language = ? AND synthetic = 0")
            .bind(stop.0)
            .bind(language.tag())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        sqlx::query(
            "UPDATE editions SET withdrawn_at = ? WHERE stop = ? AND language = ? AND withdrawn_at IS NULL
             AND json_extract(frozen, '$.voice.synthetic') = 0",
        )
        .bind(self.now().0)
        .bind(stop.0)
        .bind(language.tag())
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        record_at(&mut tx, self.now(), actor, &Deed::NarrationWithdrawn { language }, stop).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }
}

async fn record_at(
    tx: &mut Transaction<'static, Sqlite>,
    now: Timestamp,
    actor: &Actor,
    deed: &Deed,
    stop: StopId,
) -> Result<()> {
    let (slug, site): (String, i64) = sqlx::query_as("SELECT slug, site FROM stops WHERE id = ?")
        .bind(stop.0)
        .fetch_one(&mut **tx)
        .await
        .map_err(StoreError::of("recording what was done"))?;
    record(tx, now, actor, deed, &slug, Scope::Site(SiteId(site))).await
}

/// A synthetic edition that was being made while a person was chosen never takes the person's place, nor does a
/// person's come back that was withdrawn meanwhile.
pub(super) async fn refuse_other_voice(
    tx: &mut Transaction<'static, Sqlite>,
    stop: StopId,
    edition: &Edition,
) -> Result<()> {
    let person: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM narrations WHERE stop = ? AND language = ?)")
        .bind(stop.0)
        .bind(edition.language.tag())
        .fetch_one(&mut **tx)
        .await
        .map_err(StoreError::of("looking who narrates"))?;
    // People who say every sentence of a guide one by one are no narration.
    let by_sentences = edition.sentences.iter().all(|said| said.voice.as_ref().is_some_and(|voice| !voice.synthetic));
    let is_narration = !edition.voice.synthetic && !by_sentences;
    if person != is_narration || !stand_behind(tx, stop, edition).await? {
        return Err(StoreError::OtherVoice { stop: edition.stop.clone(), language: edition.language });
    }
    Ok(())
}

fn narration_of(row: &SqliteRow) -> Result<Narration> {
    let cells = Cells::new("narrations", "stop", row);
    Ok(Narration {
        stop: StopId(cells.get("stop")?),
        language: cells.parsed("language")?,
        recording: RecordingId(cells.get("recording")?),
        chosen_by: cells.get("chosen_by")?,
        chosen_at: Timestamp(cells.get("chosen_at")?),
    })
}
