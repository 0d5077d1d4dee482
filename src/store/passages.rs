//! The passages of a recording: kept together, in order, in place of the ones before.

use sqlx::sqlite::SqliteRow;

use super::cells::Cells;
use super::recordings::{gone, in_order, record_of, recording_in, to_column};
use super::{Result, Store, StoreError};
use crate::domain::{Actor, Deed, Milliseconds, Passage, RecordingId};

impl Store {
    /// Keeps the passages of a recording in place of the ones before; `actor` is the person who says so, where it is one.
    ///
    /// # Errors
    /// `Unwritable` where they are not in order; `Missing` where there is no such recording; those of the database.
    pub async fn put_passages(&self, actor: Option<&Actor>, id: RecordingId, passages: &[Passage]) -> Result<()> {
        let doing = "keeping the passages of a recording";
        in_order(passages.iter().map(|passage| (passage.start, passage.end)), "passages")?;
        let mut tx = self.write(doing).await?;
        sqlx::query("DELETE FROM recording_passages WHERE recording = ?")
            .bind(id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        for (passage, ordinal) in passages.iter().zip(0_u32..) {
            sqlx::query(
                "INSERT INTO recording_passages (recording, ordinal, starts, ends, speaker, title)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )
            .bind(id.0)
            .bind(ordinal)
            .bind(to_column(passage.start.0, "a time")?)
            .bind(to_column(passage.end.0, "a time")?)
            .bind(&passage.speaker)
            .bind(&passage.title)
            .execute(&mut *tx)
            .await
            .map_err(|error| StoreError::missing_parent("recording", id, doing, error))?;
        }
        if let Some(actor) = actor {
            let recording = recording_in(&mut tx, id).await?.ok_or_else(|| gone(id))?;
            let deed = Deed::PassagesChanged { passages: passages.len() as u64 };
            record_of(&mut tx, self.now(), actor, &deed, &recording).await?;
        }
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// The passages of a recording in order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn passages(&self, id: RecordingId) -> Result<Vec<Passage>> {
        let rows = sqlx::query("SELECT * FROM recording_passages WHERE recording = ? ORDER BY ordinal")
            .bind(id.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading the passages of a recording"))?;
        let passage = |row: &SqliteRow| {
            let cells = Cells::new("recording_passages", "ordinal", row);
            Ok(Passage {
                ordinal: cells.number("ordinal")?,
                start: Milliseconds(cells.number("starts")?),
                end: Milliseconds(cells.number("ends")?),
                speaker: cells.get("speaker")?,
                title: cells.get("title")?,
            })
        };
        rows.iter().map(passage).collect()
    }
}
