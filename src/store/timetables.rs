//! Timetables of buses: each kept whole under its name, with what a list of them says.

use sqlx::sqlite::SqliteRow;

use super::cells::{Cells, to_json};
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::bus::Timetable;
use crate::domain::{Actor, Deed, Scope, Slug, Timestamp};

/// What is known of a timetable without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimetableHead {
    pub name: Slug,
    pub routes: u64,
    pub stops: u64,
    pub trips: u64,
    /// The last day on which anything runs.
    pub ends: String,
    /// Where its vehicles tell where they are.
    pub positions: Option<String>,
    pub kept_by: String,
    pub kept_at: Timestamp,
}

impl Store {
    /// Keeps a timetable under its name, over the one that was there.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_timetable(
        &self,
        actor: &Actor,
        name: &Slug,
        table: &Timetable,
        positions: Option<&str>,
    ) -> Result<()> {
        let doing = "keeping a timetable";
        let ends = table.services.iter().filter_map(crate::domain::bus::Service::ends).max();
        let mut tx = self.write(doing).await?;
        sqlx::query(
            "INSERT INTO timetables (name, timetable, routes, stops, trips, ends, positions, kept_by, kept_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (name) DO UPDATE SET timetable = ?2, routes = ?3, stops = ?4, trips = ?5, ends = ?6,
                 positions = ?7, kept_by = ?8, kept_at = ?9",
        )
        .bind(name.as_str())
        .bind(to_json("a timetable", table)?)
        .bind(count(table.routes.len()))
        .bind(count(table.stops.len()))
        .bind(count(table.trips.len()))
        .bind(ends.map(|day| day.to_string()).unwrap_or_default())
        .bind(positions)
        .bind(&actor.name)
        .bind(self.now().0)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        record(&mut tx, self.now(), actor, &Deed::TimetableKept, name.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// By name.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn timetable_heads(&self) -> Result<Vec<TimetableHead>> {
        let rows = sqlx::query(
            "SELECT name, routes, stops, trips, ends, positions, kept_by, kept_at FROM timetables ORDER BY name",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of("listing timetables"))?;
        rows.iter().map(head).collect()
    }

    /// A timetable with its head.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn timetable(&self, name: &Slug) -> Result<Option<(TimetableHead, Timetable)>> {
        let row = sqlx::query("SELECT * FROM timetables WHERE name = ?")
            .bind(name.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a timetable"))?;
        let Some(row) = row else { return Ok(None) };
        let table = Cells::new("timetables", "name", &row).json("timetable")?;
        Ok(Some((head(&row)?, table)))
    }

    /// Takes a timetable away. `false` where there is none.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remove_timetable(&self, actor: &Actor, name: &Slug) -> Result<bool> {
        let doing = "taking a timetable away";
        let mut tx = self.write(doing).await?;
        let done = sqlx::query("DELETE FROM timetables WHERE name = ?")
            .bind(name.as_str())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        let gone = done.rows_affected() > 0;
        if gone {
            record(&mut tx, self.now(), actor, &Deed::TimetableRemoved, name.as_str(), Scope::House).await?;
        }
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(gone)
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn head(row: &SqliteRow) -> Result<TimetableHead> {
    let cells = Cells::new("timetables", "name", row);
    Ok(TimetableHead {
        name: cells.parsed("name")?,
        routes: cells.number("routes")?,
        stops: cells.number("stops")?,
        trips: cells.number("trips")?,
        ends: cells.get("ends")?,
        positions: cells.get("positions")?,
        kept_by: cells.get("kept_by")?,
        kept_at: Timestamp(cells.get("kept_at")?),
    })
}
