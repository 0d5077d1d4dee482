//! Screens, the notices that go before their plans, and their proofs of play.
//!
//! Invariants: a report that was sent before counts once; a screen keeps at most [`MOST_PLAYS_KEPT`] reports, the ones
//! that came last, so that whoever has the code of one screen cannot fill the disk.

use sqlx::sqlite::SqliteRow;

use super::cells::{Cells, to_json};
use super::{Kept, Result, Store, StoreError};
use crate::domain::screen::{Notice, Plan, Play, ScreenCode};
use crate::domain::{Names, Timestamp};

/// More than a year of a screen that reports twenty slides an hour.
const MOST_PLAYS_KEPT: i64 = 200_000;

/// A screen as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Screen {
    pub code: ScreenCode,
    pub plan: Plan,
    pub added_at: Timestamp,
    pub changed_at: Timestamp,
    pub retired_at: Option<Timestamp>,
}

/// What a screen said it showed, taken together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub times: u64,
    pub millis: u64,
    /// When its last report came.
    pub heard_at: Option<Timestamp>,
}

impl Store {
    /// Keeps a screen under its name: a new one under this code, one that is there under the code it has. The code.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_screen(&self, fresh: &ScreenCode, plan: &Plan) -> Result<ScreenCode> {
        let doing = "keeping a screen";
        let now = self.now().0;
        let mut tx = self.write(doing).await?;
        let row = sqlx::query(
            "INSERT INTO screens (code, name, plan, added_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?4)
             ON CONFLICT (name) DO UPDATE SET plan = excluded.plan, changed_at = excluded.changed_at, retired_at = NULL
             RETURNING *",
        )
        .bind(fresh.as_str())
        .bind(&plan.name)
        .bind(to_json("a plan", plan)?)
        .bind(now)
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        let code = screen(&row)?.code;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(code)
    }

    /// By name.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn screens(&self) -> Result<Vec<Screen>> {
        let rows = sqlx::query("SELECT * FROM screens ORDER BY name")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading the screens"))?;
        rows.iter().map(screen).collect()
    }

    /// A screen that is not retired.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn screen(&self, code: &ScreenCode) -> Result<Option<Screen>> {
        let row = sqlx::query("SELECT * FROM screens WHERE code = ? AND retired_at IS NULL")
            .bind(code.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a screen"))?;
        row.as_ref().map(screen).transpose()
    }

    /// Whether there was one to retire.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn retire_screen(&self, code: &ScreenCode) -> Result<bool> {
        let doing = "retiring a screen";
        let mut tx = self.write(doing).await?;
        let done = sqlx::query("UPDATE screens SET retired_at = ? WHERE code = ? AND retired_at IS NULL")
            .bind(self.now().0)
            .bind(code.as_str())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(done.rows_affected() > 0)
    }

    /// Gives a notice to one screen, or to all. Its number.
    ///
    /// # Errors
    /// `Missing` where there is no such screen, `Nameless`, and those of the database.
    pub async fn give_notice(&self, to: Option<&ScreenCode>, text: &Names, until: Timestamp, by: &str) -> Result<i64> {
        let doing = "keeping a notice";
        if by.trim().is_empty() {
            return Err(StoreError::Nameless);
        }
        let mut tx = self.write(doing).await?;
        let id = sqlx::query_scalar(
            "INSERT INTO screen_notices (screen, text, until, given_by, given_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(to.map(ScreenCode::as_str))
        .bind(to_json("a notice", text)?)
        .bind(until.0)
        .bind(by.trim())
        .bind(self.now().0)
        .fetch_one(&mut *tx)
        .await
        .map_err(|error| StoreError::missing_parent("screen", to.map_or("all", ScreenCode::as_str), doing, error))?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(id)
    }

    /// Ends notices now: one by its number, or all. How many were ended.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_notices(&self, id: Option<i64>) -> Result<u64> {
        let doing = "ending a notice";
        let mut tx = self.write(doing).await?;
        let done = sqlx::query("UPDATE screen_notices SET until = ?1 WHERE until > ?1 AND (?2 IS NULL OR id = ?2)")
            .bind(self.now().0)
            .bind(id)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(done.rows_affected())
    }

    /// The notices for a screen that are not over, oldest first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn notices(&self, screen: &ScreenCode) -> Result<Vec<Notice>> {
        let rows =
            sqlx::query("SELECT * FROM screen_notices WHERE until > ? AND (screen IS NULL OR screen = ?) ORDER BY id")
                .bind(self.now().0)
                .bind(screen.as_str())
                .fetch_all(&self.readers)
                .await
                .map_err(StoreError::of("reading notices"))?;
        let notice = |row: &SqliteRow| {
            let cells = Cells::new("screen_notices", "id", row);
            Ok(Notice { id: cells.get("id")?, text: cells.json("text")?, until: Timestamp(cells.get("until")?) })
        };
        rows.iter().map(notice).collect()
    }

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
}

fn screen(row: &SqliteRow) -> Result<Screen> {
    let cells = Cells::new("screens", "code", row);
    Ok(Screen {
        code: cells.parsed("code")?,
        plan: cells.json("plan")?,
        added_at: Timestamp(cells.get("added_at")?),
        changed_at: Timestamp(cells.get("changed_at")?),
        retired_at: cells.get::<Option<i64>>("retired_at")?.map(Timestamp),
    })
}
