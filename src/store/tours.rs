//! Tours, kept whole by slug: a tour and its stops are written and compared as one.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use super::cells::{Cells, to_json};
use super::people::{record, scope_of};
use super::{KeptEntry, Result, Store, StoreError, Upsert};
use crate::domain::{Actor, Deed, Scope, SiteId, Slug, StopId, Tour, TourStop};

const KEEPING: &str = "keeping a tour";
const READING: &str = "reading the tours";

fn scope(tour: &Tour) -> Scope {
    scope_of(tour.site.map(|site| site.0))
}

impl Store {
    /// Every tour, in its order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn tours(&self) -> Result<Vec<Tour>> {
        let rows = sqlx::query("SELECT * FROM tours ORDER BY position, slug")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let stops = sqlx::query("SELECT * FROM tour_stops ORDER BY tour, ordinal")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let mut by_tour: BTreeMap<String, Vec<TourStop>> = BTreeMap::new();
        for row in &stops {
            let (tour, stop) = tour_stop_of(row)?;
            by_tour.entry(tour).or_default().push(stop);
        }
        rows.iter()
            .map(|row| {
                let tour = tour_of(row)?;
                Ok(Tour { stops: by_tour.remove(tour.slug.as_str()).unwrap_or_default(), ..tour })
            })
            .collect()
    }

    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn tour(&self, slug: &Slug) -> Result<Option<Tour>> {
        whole(&self.readers, &self.readers, slug).await
    }

    /// Keeps a tour under its slug.
    ///
    /// # Errors
    /// `Missing` where there is no such site or stop, `Corrupt`, and those of the database.
    pub async fn upsert_tour(&self, tour: &Tour) -> Result<Upsert<()>> {
        let mut tx = self.write(KEEPING).await?;
        let before = in_transaction(&mut tx, &tour.slug).await?;
        let kept = self.upsert_tour_in(&mut tx, tour, before.as_ref()).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(kept)
    }

    /// Keeps what a person makes of a tour, if it is still as `base` (`None`: there was none of this slug).
    ///
    /// # Errors
    /// As `upsert_tour`.
    pub async fn keep_tour(&self, actor: &Actor, tour: &Tour, base: Option<&Tour>) -> Result<KeptEntry<()>> {
        let mut tx = self.write(KEEPING).await?;
        let before = in_transaction(&mut tx, &tour.slug).await?;
        if before.as_ref() != base {
            return Ok(KeptEntry::Overtaken);
        }
        let kept = self.upsert_tour_in(&mut tx, tour, base).await?;
        let deed = match kept {
            Upsert::Unchanged(()) => return Ok(KeptEntry::Done(kept)),
            Upsert::Created(()) => Deed::TourAdded,
            Upsert::Changed(()) => Deed::TourChanged,
        };
        record(&mut tx, self.now(), actor, &deed, tour.slug.as_str(), scope(tour)).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(KeptEntry::Done(kept))
    }

    /// Takes a tour away, if it is still as `base`; its stops stay. `false` where somebody changed it meanwhile.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn remove_tour(&self, actor: &Actor, base: &Tour) -> Result<bool> {
        let doing = "taking a tour away";
        let mut tx = self.write(doing).await?;
        if in_transaction(&mut tx, &base.slug).await?.as_ref() != Some(base) {
            return Ok(false);
        }
        sqlx::query("DELETE FROM tours WHERE slug = ?")
            .bind(base.slug.as_str())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        seen_anew(&mut tx).await?;
        record(&mut tx, self.now(), actor, &Deed::TourRemoved, base.slug.as_str(), scope(base)).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }

    async fn upsert_tour_in(
        &self,
        tx: &mut Transaction<'static, Sqlite>,
        tour: &Tour,
        before: Option<&Tour>,
    ) -> Result<Upsert<()>> {
        if before == Some(tour) {
            return Ok(Upsert::Unchanged(()));
        }
        sqlx::query(
            "INSERT INTO tours (slug, site, names, summary, minutes, metres, open, position, changed_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (slug) DO UPDATE SET site = excluded.site, names = excluded.names, summary = excluded.summary,
             minutes = excluded.minutes, metres = excluded.metres, open = excluded.open, position = excluded.position,
             changed_at = excluded.changed_at",
        )
        .bind(tour.slug.as_str())
        .bind(tour.site.map(|site| site.0))
        .bind(to_json("names", &tour.names)?)
        .bind(to_json("a summary", &tour.summary)?)
        .bind(tour.minutes)
        .bind(tour.metres)
        .bind(tour.open)
        .bind(tour.position)
        .bind(self.now().0)
        .execute(&mut **tx)
        .await
        .map_err(|error| StoreError::missing_parent("site", tour.slug.as_str(), KEEPING, error))?;
        sqlx::query("DELETE FROM tour_stops WHERE tour = ?")
            .bind(tour.slug.as_str())
            .execute(&mut **tx)
            .await
            .map_err(StoreError::of(KEEPING))?;
        for (stop, ordinal) in tour.stops.iter().zip(0_i64..) {
            sqlx::query("INSERT INTO tour_stops (tour, ordinal, stop, hint) VALUES (?, ?, ?, ?)")
                .bind(tour.slug.as_str())
                .bind(ordinal)
                .bind(stop.stop.0)
                .bind(to_json("a hint", &stop.hint)?)
                .execute(&mut **tx)
                .await
                .map_err(|error| StoreError::missing_parent("stop", stop.stop, KEEPING, error))?;
        }
        seen_anew(tx).await?;
        Ok(if before.is_some() { Upsert::Changed(()) } else { Upsert::Created(()) })
    }
}

/// Counts a change of what the public sees, for whoever keeps it in memory.
async fn seen_anew(tx: &mut Transaction<'static, Sqlite>) -> Result<()> {
    sqlx::query("UPDATE public_changes SET count = count + 1")
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of(KEEPING))?;
    Ok(())
}

async fn in_transaction(tx: &mut Transaction<'static, Sqlite>, slug: &Slug) -> Result<Option<Tour>> {
    let row = sqlx::query("SELECT * FROM tours WHERE slug = ?")
        .bind(slug.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(KEEPING))?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Tour { stops: stops_of(&mut **tx, slug).await?, ..tour_of(&row)? }))
}

async fn whole<'e>(
    tours: impl SqliteExecutor<'e>,
    stops: impl SqliteExecutor<'e>,
    slug: &Slug,
) -> Result<Option<Tour>> {
    let row = sqlx::query("SELECT * FROM tours WHERE slug = ?")
        .bind(slug.as_str())
        .fetch_optional(tours)
        .await
        .map_err(StoreError::of(READING))?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Tour { stops: stops_of(stops, slug).await?, ..tour_of(&row)? }))
}

async fn stops_of<'e>(from: impl SqliteExecutor<'e>, slug: &Slug) -> Result<Vec<TourStop>> {
    let rows = sqlx::query("SELECT * FROM tour_stops WHERE tour = ? ORDER BY ordinal")
        .bind(slug.as_str())
        .fetch_all(from)
        .await
        .map_err(StoreError::of(READING))?;
    rows.iter().map(|row| Ok(tour_stop_of(row)?.1)).collect()
}

fn tour_of(row: &SqliteRow) -> Result<Tour> {
    let cells = Cells::new("tours", "slug", row);
    let count = |column| -> Result<Option<u32>> {
        let value: Option<i64> = cells.get(column)?;
        value.map(u32::try_from).transpose().map_err(|error| cells.corrupt(column, error))
    };
    Ok(Tour {
        slug: cells.parsed("slug")?,
        site: cells.get::<Option<i64>>("site")?.map(SiteId),
        names: cells.json("names")?,
        summary: cells.json("summary")?,
        minutes: count("minutes")?,
        metres: count("metres")?,
        open: cells.get("open")?,
        position: cells.get("position")?,
        stops: Vec::new(),
    })
}

/// The slug of the tour, and the stop.
fn tour_stop_of(row: &SqliteRow) -> Result<(String, TourStop)> {
    let cells = Cells::new("tour_stops", "tour", row);
    let stop = TourStop { stop: StopId(cells.get("stop")?), hint: cells.json("hint")? };
    Ok((cells.get("tour")?, stop))
}
