//! What people recorded: the files, the sentences heard in them, and their passages.
//!
//! Invariants: a recording is written here only after its file is with the blobs, in one transaction, and one file is one
//! recording; what a person corrected is never overwritten by what a machine hears; a recording is `corrected` exactly
//! when every sentence of it is.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::{
    Actor, ContentHash, Deed, Language, Milliseconds, RecordedSentence, Recording, RecordingId, RecordingState, Scope,
    SiteId, StopId, Timestamp,
};
use crate::ports::EngineIdentity;

/// A recording as it is handed in; the fields are those of `Recording`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecording {
    pub original: ContentHash,
    pub media_type: String,
    pub name: String,
    pub bytes: u64,
    pub duration: Milliseconds,
    pub language: Language,
    pub speaker: String,
    pub note: Option<String>,
    pub stop: Option<StopId>,
}

/// What a person says a sentence is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub ordinal: u32,
    pub start: Milliseconds,
    pub end: Milliseconds,
    /// Empty where nothing was said.
    pub text: String,
}

impl Store {
    /// Makes a recording known. `false` beside the one that is known where the same file was handed in before: nothing
    /// is written then.
    ///
    /// # Errors
    /// `Unwritable` without a name of who speaks; those of the database.
    pub async fn add_recording(&self, actor: &Actor, new: &NewRecording) -> Result<(Recording, bool)> {
        let doing = "keeping a recording";
        if new.speaker.trim().is_empty() {
            let why = "nobody is named who speaks in it".to_owned();
            return Err(StoreError::Unwritable { what: "a recording", why });
        }
        let mut tx = self.write(doing).await?;
        let before = sqlx::query("SELECT * FROM recordings WHERE original = ?")
            .bind(new.original.to_string())
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        if let Some(row) = before {
            return Ok((recording_of(&row)?, false));
        }
        let row = sqlx::query(
            "INSERT INTO recordings
             (original, media_type, name, bytes, duration, language, speaker, note, stop, state, made_at, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11) RETURNING *",
        )
        .bind(new.original.to_string())
        .bind(&new.media_type)
        .bind(&new.name)
        .bind(to_column(new.bytes, "the length of a recording")?)
        .bind(to_column(new.duration.0, "the length of a recording")?)
        .bind(new.language.tag())
        .bind(new.speaker.trim())
        .bind(&new.note)
        .bind(new.stop.map(|stop| stop.0))
        .bind(RecordingState::Kept.name())
        .bind(self.now().0)
        .fetch_one(&mut *tx)
        .await
        .map_err(|error| StoreError::missing_parent("stop", new.stop.unwrap_or(StopId(0)), doing, error))?;
        let recording = recording_of(&row)?;
        let deed = Deed::RecordingAdded { language: recording.language, speaker: recording.speaker.clone() };
        record_of(&mut tx, self.now(), actor, &deed, &recording).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok((recording, true))
    }

    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn recording(&self, id: RecordingId) -> Result<Option<Recording>> {
        let row = sqlx::query("SELECT * FROM recordings WHERE id = ?")
            .bind(id.0)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a recording"))?;
        row.as_ref().map(recording_of).transpose()
    }

    /// All recordings, the latest first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn recordings(&self) -> Result<Vec<Recording>> {
        let rows = sqlx::query("SELECT * FROM recordings ORDER BY id DESC")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading the recordings"))?;
        rows.iter().map(recording_of).collect()
    }

    /// Writes down what was heard, in place of what was heard before.
    ///
    /// # Errors
    /// `Unwritable` where a person corrected a sentence already, or the sentences are not in order; `Gone`; those of
    /// the database.
    pub async fn put_transcript(
        &self,
        id: RecordingId,
        sentences: &[RecordedSentence],
        heard_by: &EngineIdentity,
    ) -> Result<()> {
        let doing = "keeping what was heard in a recording";
        in_order(sentences.iter().map(|sentence| (sentence.start, sentence.end)), "what was heard in a recording")?;
        let mut tx = self.write(doing).await?;
        if sentences_in(&mut tx, id).await?.iter().any(|sentence| sentence.corrected.is_some()) {
            let why = format!("somebody corrected recording {id} already, and a machine never writes over that");
            return Err(StoreError::Unwritable { what: "what was heard", why });
        }
        sqlx::query("DELETE FROM recording_sentences WHERE recording = ?")
            .bind(id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        for (sentence, ordinal) in sentences.iter().zip(0_u32..) {
            sqlx::query(
                "INSERT INTO recording_sentences (recording, ordinal, paragraph, starts, ends, heard)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )
            .bind(id.0)
            .bind(ordinal)
            .bind(sentence.paragraph)
            .bind(to_column(sentence.start.0, "a time")?)
            .bind(to_column(sentence.end.0, "a time")?)
            .bind(&sentence.heard)
            .execute(&mut *tx)
            .await
            .map_err(|error| StoreError::missing_parent("recording", id, doing, error))?;
        }
        let changed =
            sqlx::query("UPDATE recordings SET state = 'transcribed', heard_by = ?, changed_at = ? WHERE id = ?")
                .bind(to_json("an engine", heard_by)?)
                .bind(self.now().0)
                .bind(id.0)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::of(doing))?
                .rows_affected();
        if changed == 0 {
            return Err(gone(id));
        }
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// Notes how far a recording was heard, while it is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_heard_to(&self, id: RecordingId, heard: Milliseconds) -> Result<()> {
        let doing = "noting how far a recording was heard";
        let mut tx = self.write(doing).await?;
        sqlx::query("UPDATE recordings SET heard_to = ? WHERE id = ?")
            .bind(to_column(heard.0, "a time")?)
            .bind(id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// How far a recording was heard.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn heard_to(&self, id: RecordingId) -> Result<Milliseconds> {
        let row = sqlx::query("SELECT id, heard_to FROM recordings WHERE id = ?")
            .bind(id.0)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading how far a recording was heard"))?;
        let Some(row) = row else { return Ok(Milliseconds(0)) };
        Ok(Milliseconds(Cells::new("recordings", "id", &row).number("heard_to")?))
    }

    /// What was heard in a recording, with what people say was said. Empty before it was transcribed.
    ///
    /// # Errors
    /// `Corrupt` also for ordinals with gaps; those of the database.
    pub async fn recorded_sentences(&self, id: RecordingId) -> Result<Vec<RecordedSentence>> {
        let mut tx = self.readers.begin().await.map_err(StoreError::of("reading a recording's sentences"))?;
        sentences_in(&mut tx, id).await
    }

    /// Writes down what a person says was said, all of it or nothing. A sentence given unchanged counts as read. Gives
    /// the number of sentences that nobody has read yet; with none left the recording is corrected.
    ///
    /// # Errors
    /// `Nameless`; `Gone` for a sentence the recording has not; `Unwritable` where the times are out of order then;
    /// `Corrupt`; those of the database.
    pub async fn correct_recording(&self, actor: &Actor, id: RecordingId, corrections: &[Correction]) -> Result<usize> {
        let doing = "correcting a recording";
        if actor.name.trim().is_empty() {
            return Err(StoreError::Nameless);
        }
        let mut tx = self.write(doing).await?;
        let mut sentences = sentences_in(&mut tx, id).await?;
        if sentences.is_empty() {
            let why = format!("nothing was heard in recording {id} yet: `thuyetminh recording transcribe {id}`");
            return Err(StoreError::Unwritable { what: "a correction", why });
        }
        for correction in corrections {
            let sentence = sentences.get_mut(correction.ordinal as usize).ok_or_else(|| StoreError::Gone {
                what: "sentence",
                name: format!("{} in recording {id}", correction.ordinal + 1),
            })?;
            (sentence.start, sentence.end) = (correction.start, correction.end);
            sentence.corrected = Some(super::memory::tidy(&correction.text));
        }
        in_order(sentences.iter().map(|sentence| (sentence.start, sentence.end)), "a correction")?;
        for correction in corrections {
            sqlx::query(
                "UPDATE recording_sentences SET starts = ?, ends = ?, corrected = ?, corrected_by = ?
                 WHERE recording = ? AND ordinal = ?",
            )
            .bind(to_column(correction.start.0, "a time")?)
            .bind(to_column(correction.end.0, "a time")?)
            .bind(super::memory::tidy(&correction.text))
            .bind(actor.name.trim())
            .bind(id.0)
            .bind(correction.ordinal)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        }
        let unread = sentences.iter().filter(|sentence| sentence.corrected.is_none()).count();
        let state = if unread == 0 { RecordingState::Corrected } else { RecordingState::Transcribed };
        sqlx::query("UPDATE recordings SET state = ?, changed_at = ? WHERE id = ?")
            .bind(state.name())
            .bind(self.now().0)
            .bind(id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        let deed = Deed::RecordingCorrected { sentences: corrections.len() as u64 };
        let recording = recording_in(&mut tx, id).await?.ok_or_else(|| gone(id))?;
        record_of(&mut tx, self.now(), actor, &deed, &recording).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(unread)
    }
}

pub(super) async fn recording_in(tx: &mut Transaction<'static, Sqlite>, id: RecordingId) -> Result<Option<Recording>> {
    let row = sqlx::query("SELECT * FROM recordings WHERE id = ?")
        .bind(id.0)
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of("reading a recording"))?;
    row.as_ref().map(recording_of).transpose()
}

/// Writes down what is done with a recording, at the site of the stop it was handed in for.
pub(super) async fn record_of(
    tx: &mut Transaction<'static, Sqlite>,
    now: Timestamp,
    actor: &Actor,
    deed: &Deed,
    recording: &Recording,
) -> Result<()> {
    let site: Option<i64> = sqlx::query_scalar("SELECT site FROM stops WHERE id = ?")
        .bind(recording.stop.map(|stop| stop.0))
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of("recording what was done"))?;
    let scope = site.map_or(Scope::House, |site| Scope::Site(SiteId(site)));
    record(tx, now, actor, deed, &recording.name, scope).await
}

pub(super) fn gone(id: RecordingId) -> StoreError {
    StoreError::Gone { what: "recording", name: id.to_string() }
}

pub(super) fn to_column(number: u64, what: &'static str) -> Result<i64> {
    i64::try_from(number).map_err(|error| StoreError::Unwritable { what, why: error.to_string() })
}

pub(super) fn in_order(spans: impl Iterator<Item = (Milliseconds, Milliseconds)>, what: &'static str) -> Result<()> {
    let mut before = Milliseconds(0);
    for ((start, end), place) in spans.zip(1..) {
        if start < before || end <= start {
            let why = format!("number {place}, from {} ms to {} ms, is out of order or empty", start.0, end.0);
            return Err(StoreError::Unwritable { what, why });
        }
        before = end;
    }
    Ok(())
}

async fn sentences_in(tx: &mut Transaction<'static, Sqlite>, id: RecordingId) -> Result<Vec<RecordedSentence>> {
    let rows = sqlx::query("SELECT * FROM recording_sentences WHERE recording = ? ORDER BY ordinal")
        .bind(id.0)
        .fetch_all(&mut **tx)
        .await
        .map_err(StoreError::of("reading the sentences of a recording"))?;
    let mut sentences: Vec<RecordedSentence> = Vec::with_capacity(rows.len());
    for row in &rows {
        let cells = Cells::new("recording_sentences", "ordinal", row);
        let sentence = RecordedSentence {
            ordinal: cells.number("ordinal")?,
            paragraph: cells.number("paragraph")?,
            start: Milliseconds(cells.number("starts")?),
            end: Milliseconds(cells.number("ends")?),
            heard: cells.get("heard")?,
            corrected: cells.get("corrected")?,
            corrected_by: cells.get("corrected_by")?,
        };
        if sentence.ordinal as usize != sentences.len() {
            return Err(cells.corrupt("ordinal", format!("{} belongs there", sentences.len())));
        }
        sentences.push(sentence);
    }
    Ok(sentences)
}

fn recording_of(row: &SqliteRow) -> Result<Recording> {
    let cells = Cells::new("recordings", "id", row);
    let state = match cells.get::<String>("state")?.as_str() {
        "kept" => RecordingState::Kept,
        "transcribed" => RecordingState::Transcribed,
        "corrected" => RecordingState::Corrected,
        other => return Err(cells.corrupt("state", format!("`{other}` is no state of a recording"))),
    };
    Ok(Recording {
        id: RecordingId(cells.get("id")?),
        original: cells.parsed("original")?,
        media_type: cells.get("media_type")?,
        name: cells.get("name")?,
        bytes: cells.number("bytes")?,
        duration: Milliseconds(cells.number("duration")?),
        language: cells.parsed("language")?,
        speaker: cells.get("speaker")?,
        note: cells.get("note")?,
        stop: cells.get::<Option<i64>>("stop")?.map(StopId),
        state,
        made_at: Timestamp(cells.get("made_at")?),
    })
}
