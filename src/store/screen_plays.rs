//! Proofs of play: what screens say they showed.
//!
//! Invariants: a report that was sent before counts once; a screen keeps at most [`MOST_PLAYS_KEPT`] reports, the ones
//! that came last, so that whoever has the code of one screen cannot fill the disk.

use sqlx::sqlite::SqliteRow;

use super::cells::Cells;
use super::{Kept, Result, Store, StoreError};
use crate::domain::screen::{Play, ScreenCode};
use crate::domain::{Language, Slug, Timestamp};

/// More than a year of a screen that reports twenty slides an hour.
const MOST_PLAYS_KEPT: i64 = 200_000;

/// What a screen said it showed, taken together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub times: u64,
    pub millis: u64,
    /// When its last report came.
    pub heard_at: Option<Timestamp>,
}

/// A guide on a screen on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownOnDay {
    /// In the screen's local time: `2026-11-30`.
    pub day: String,
    pub stop: Slug,
    pub language: Language,
    pub times: u64,
    pub millis: u64,
}

/// What a screen said it showed last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastShown {
    pub stop: Slug,
    pub language: Language,
    pub began_at: Timestamp,
}

impl Store {
    /// Keeps what a screen says it showed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_screen_plays(&self, code: &ScreenCode, plays: &[Play]) -> Result<Kept> {
        let doing = "keeping what a screen showed";
        let now = self.now().0;
        let mut tx = self.write(doing).await?;
        let mut new = 0;
        for play in plays {
            let done = sqlx::query(
                "INSERT INTO screen_plays (screen, id, stop, language, began_at, times, shown_millis, received_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(code.as_str())
            .bind(&play.id)
            .bind(play.stop.as_str())
            .bind(play.language.tag())
            .bind(play.began_at.0)
            .bind(i64::from(play.times))
            .bind(i64::try_from(play.shown_millis).unwrap_or(i64::MAX))
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
            new += done.rows_affected();
        }
        sqlx::query(
            "DELETE FROM screen_plays WHERE screen = ?1 AND id IN (SELECT id FROM screen_plays WHERE screen = ?1
             ORDER BY received_at DESC, id LIMIT -1 OFFSET ?2)",
        )
        .bind(code.as_str())
        .bind(MOST_PLAYS_KEPT)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(Kept { new, known: plays.len() as u64 - new })
    }

    /// What a screen said it showed.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn shown_by(&self, code: &ScreenCode) -> Result<Shown> {
        let row = sqlx::query(
            "SELECT 'all' AS id, COALESCE(SUM(times), 0) AS times,
             CAST(COALESCE(TOTAL(shown_millis), 0) AS INTEGER) AS millis, MAX(received_at) AS heard_at
             FROM screen_plays WHERE screen = ?",
        )
        .bind(code.as_str())
        .fetch_one(&self.readers)
        .await
        .map_err(StoreError::of("counting what a screen showed"))?;
        let cells = Cells::new("screen_plays", "id", &row);
        Ok(Shown {
            times: cells.number("times")?,
            millis: cells.number("millis")?,
            heard_at: cells.get::<Option<i64>>("heard_at")?.map(Timestamp),
        })
    }

    /// What a screen showed day by day, the newest first, on a clock so many minutes ahead of UTC; from `from` to
    /// before `until`.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn shown_days(
        &self,
        code: &ScreenCode,
        offset_minutes: i32,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Vec<ShownOnDay>> {
        let rows = sqlx::query(
            "SELECT date((began_at + ?2) / 1000, 'unixepoch') AS day, stop, language, SUM(times) AS times,
             CAST(TOTAL(shown_millis) AS INTEGER) AS millis
             FROM screen_plays WHERE screen = ?1 AND began_at >= ?3 AND began_at < ?4
             GROUP BY day, stop, language ORDER BY day DESC, stop, language",
        )
        .bind(code.as_str())
        .bind(i64::from(offset_minutes) * 60_000)
        .bind(from.0)
        .bind(until.0)
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of("reading what a screen showed"))?;
        let day = |row: &SqliteRow| {
            let cells = Cells::new("screen_plays", "stop", row);
            Ok(ShownOnDay {
                day: cells.get("day")?,
                stop: cells.parsed("stop")?,
                language: cells.parsed("language")?,
                times: cells.number("times")?,
                millis: cells.number("millis")?,
            })
        };
        rows.iter().map(day).collect()
    }

    /// What each screen said it showed last, by the report that came last.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn last_shown(&self, code: &ScreenCode) -> Result<Option<LastShown>> {
        let row = sqlx::query(
            "SELECT * FROM screen_plays WHERE screen = ? ORDER BY received_at DESC, began_at DESC, id LIMIT 1",
        )
        .bind(code.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(StoreError::of("reading what a screen showed last"))?;
        let Some(row) = row else { return Ok(None) };
        let cells = Cells::new("screen_plays", "id", &row);
        Ok(Some(LastShown {
            stop: cells.parsed("stop")?,
            language: cells.parsed("language")?,
            began_at: Timestamp(cells.get("began_at")?),
        }))
    }
}
