//! Screens and the notices that go before their plans.
//!
//! Invariant: a screen is changed on what it was read as, or not at all.

use sqlx::sqlite::SqliteRow;

use super::cells::{Cells, to_json};
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::screen::{Notice, Plan, ScreenCode};
use crate::domain::{Actor, Deed, Names, Scope, Timestamp};

/// A screen as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Screen {
    pub code: ScreenCode,
    pub plan: Plan,
    pub added_at: Timestamp,
    pub changed_at: Timestamp,
    pub retired_at: Option<Timestamp>,
    /// When it last asked for its playlist, to some minutes.
    pub heard_at: Option<Timestamp>,
}

/// A notice that is not over, as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenNotice {
    pub notice: Notice,
    /// `None`: for every screen.
    pub screen: Option<ScreenCode>,
    pub given_by: String,
}

impl Store {
    /// Keeps a screen under its name: a new one under this code, one that is there under the code it has. The code.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_screen(&self, actor: &Actor, fresh: &ScreenCode, plan: &Plan) -> Result<ScreenCode> {
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
        let deed = if code == *fresh { Deed::ScreenAdded } else { Deed::ScreenChanged };
        record(&mut tx, self.now(), actor, &deed, &plan.name, Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(code)
    }

    /// Adds a screen whose name is not taken.
    ///
    /// # Errors
    /// `ScreenTaken`, and those of the database.
    pub async fn add_screen(&self, actor: &Actor, code: &ScreenCode, plan: &Plan) -> Result<()> {
        let doing = "adding a screen";
        let mut tx = self.write(doing).await?;
        sqlx::query("INSERT INTO screens (code, name, plan, added_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?4)")
            .bind(code.as_str())
            .bind(&plan.name)
            .bind(to_json("a plan", plan)?)
            .bind(self.now().0)
            .execute(&mut *tx)
            .await
            .map_err(taken(&plan.name, doing))?;
        record(&mut tx, self.now(), actor, &Deed::ScreenAdded, &plan.name, Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// Gives a screen another plan, if it is still as `base`. `false` where somebody was first, or it is retired.
    ///
    /// # Errors
    /// `ScreenTaken`, and those of the database.
    pub async fn keep_screen(&self, actor: &Actor, base: &Screen, plan: &Plan) -> Result<bool> {
        let doing = "changing a screen";
        let mut tx = self.write(doing).await?;
        let done = sqlx::query(
            "UPDATE screens SET name = ?1, plan = ?2, changed_at = MAX(?3, changed_at + 1)
             WHERE code = ?4 AND changed_at = ?5 AND retired_at IS NULL",
        )
        .bind(&plan.name)
        .bind(to_json("a plan", plan)?)
        .bind(self.now().0)
        .bind(base.code.as_str())
        .bind(base.changed_at.0)
        .execute(&mut *tx)
        .await
        .map_err(taken(&plan.name, doing))?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        record(&mut tx, self.now(), actor, &Deed::ScreenChanged, &plan.name, Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
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

    /// Notes that a screen asked for its playlist.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn heard_of_screen(&self, code: &ScreenCode) -> Result<()> {
        let doing = "noting that a screen was heard of";
        let mut tx = self.write(doing).await?;
        sqlx::query("UPDATE screens SET heard_at = ? WHERE code = ?")
            .bind(self.now().0)
            .bind(code.as_str())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// Whether there was one to retire.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn retire_screen(&self, actor: &Actor, code: &ScreenCode) -> Result<bool> {
        let doing = "retiring a screen";
        let mut tx = self.write(doing).await?;
        let name: Option<String> = sqlx::query_scalar(
            "UPDATE screens SET retired_at = ? WHERE code = ? AND retired_at IS NULL RETURNING name",
        )
        .bind(self.now().0)
        .bind(code.as_str())
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        let Some(name) = name else { return Ok(false) };
        record(&mut tx, self.now(), actor, &Deed::ScreenRetired, &name, Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }

    /// Gives a notice to one screen, or to all, in somebody's name. Its number.
    ///
    /// # Errors
    /// `Missing` where there is no such screen, `Nameless`, and those of the database.
    pub async fn give_notice(
        &self,
        actor: &Actor,
        to: Option<&ScreenCode>,
        text: &Names,
        (from, until): (Timestamp, Timestamp),
        by: &str,
    ) -> Result<i64> {
        let doing = "keeping a notice";
        if by.trim().is_empty() {
            return Err(StoreError::Nameless);
        }
        let mut tx = self.write(doing).await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO screen_notices (screen, text, starts_at, until, given_by, given_at)
             VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(to.map(ScreenCode::as_str))
        .bind(to_json("a notice", text)?)
        .bind(from.0)
        .bind(until.0)
        .bind(by.trim())
        .bind(self.now().0)
        .fetch_one(&mut *tx)
        .await
        .map_err(|error| StoreError::missing_parent("screen", to.map_or("all", ScreenCode::as_str), doing, error))?;
        record(&mut tx, self.now(), actor, &Deed::NoticeGiven { until }, &id.to_string(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(id)
    }

    /// Ends notices now: one by its number, or all. How many were ended.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_notices(&self, actor: &Actor, id: Option<i64>) -> Result<u64> {
        let doing = "ending a notice";
        let mut tx = self.write(doing).await?;
        let ended: Vec<i64> = sqlx::query_scalar(
            "UPDATE screen_notices SET until = ?1 WHERE until > ?1 AND (?2 IS NULL OR id = ?2) RETURNING id",
        )
        .bind(self.now().0)
        .bind(id)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        for id in &ended {
            record(&mut tx, self.now(), actor, &Deed::NoticeEnded, &id.to_string(), Scope::House).await?;
        }
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(ended.len() as u64)
    }

    /// The notices for a screen that are not over, oldest first, also those that have not begun.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn notices(&self, screen: &ScreenCode) -> Result<Vec<Notice>> {
        let mut all = self.given_notices().await?;
        all.retain(|given| given.screen.as_ref().is_none_or(|own| own == screen));
        Ok(all.into_iter().map(|given| given.notice).collect())
    }

    /// All notices that are not over, oldest first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn given_notices(&self) -> Result<Vec<GivenNotice>> {
        let rows = sqlx::query("SELECT * FROM screen_notices WHERE until > ? ORDER BY id")
            .bind(self.now().0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading notices"))?;
        let notice = |row: &SqliteRow| {
            let cells = Cells::new("screen_notices", "id", row);
            Ok(GivenNotice {
                notice: Notice {
                    id: cells.get("id")?,
                    text: cells.json("text")?,
                    from: Timestamp(cells.get("starts_at")?),
                    until: Timestamp(cells.get("until")?),
                },
                screen: cells.maybe_parsed("screen")?,
                given_by: cells.get("given_by")?,
            })
        };
        rows.iter().map(notice).collect()
    }
}

/// A name is there once (SQLite's extended code 2067).
fn taken(name: &str, doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |error| match error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
        true => StoreError::ScreenTaken { name: name.to_owned() },
        false => StoreError::of(doing)(error),
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
        heard_at: cells.get::<Option<i64>>("heard_at")?.map(Timestamp),
    })
}
