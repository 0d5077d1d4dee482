//! How often guides are heard: sums by guide, source and hour.
//!
//! Invariant: a row is a number of hearings; nothing in it, and nothing kept beside it, is of one listener. What devices
//! report is counted in the transaction that keeps it, so what is sent twice counts once here too.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::Cells;
use super::{Result, Store, StoreError};
use crate::domain::{Hour, Language, Listen, ListenSource, Moment, SiteId, Slug, StopCode};

const COUNTING: &str = "counting how often guides are heard";

/// A sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub stop: Slug,
    pub language: Language,
    pub source: ListenSource,
    pub hour: Hour,
    pub moment: Moment,
    pub count: u64,
}

impl Store {
    /// Adds hearings to their sums, all of them or none. Those of guides that are not published are passed over.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_listens(&self, listens: &[(Listen, u64)]) -> Result<()> {
        let mut tx = self.write(COUNTING).await?;
        for (listen, times) in listens {
            count_listen(&mut tx, listen, *times).await?;
        }
        tx.commit().await.map_err(StoreError::of(COUNTING))
    }

    /// The sums of a site's stops between two days, both included: `2026-11-01`.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn listens(&self, site: SiteId, from: &str, to: &str) -> Result<Vec<Heard>> {
        let rows = sqlx::query(
            "SELECT listens.* FROM listens JOIN stops ON stops.slug = listens.stop
             WHERE stops.site = ? AND day BETWEEN ? AND ?
             ORDER BY day, hour, stops.position, listens.stop, language, source, tenth",
        )
        .bind(site.0)
        .bind(from)
        .bind(to)
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of("reading how often guides are heard"))?;
        rows.iter().map(heard).collect()
    }
}

/// Adds hearings of one kind to their sum, where their guide is published.
pub(super) async fn count_listen(tx: &mut Transaction<'static, Sqlite>, listen: &Listen, times: u64) -> Result<()> {
    sqlx::query(
        "INSERT INTO listens (stop, language, source, day, hour, tenth, count)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
         WHERE EXISTS (SELECT 1 FROM current_editions JOIN stops ON stops.id = current_editions.stop
                       WHERE stops.slug = ?1 AND language = ?2)
         ON CONFLICT DO UPDATE SET count = count + excluded.count",
    )
    .bind(listen.stop.as_str())
    .bind(listen.language.tag())
    .bind(listen.source.word())
    .bind(&listen.hour.day)
    .bind(listen.hour.hour)
    .bind(listen.moment.number())
    .bind(i64::try_from(times).unwrap_or(i64::MAX))
    .execute(&mut **tx)
    .await
    .map_err(StoreError::of(COUNTING))?;
    Ok(())
}

/// The stop that bears a code, or bore it, and the length of its guide that is published, in seconds.
pub(super) async fn guide_of(
    tx: &mut Transaction<'static, Sqlite>,
    code: &StopCode,
    language: Language,
) -> Result<Option<(Slug, f64)>> {
    let row = sqlx::query(
        "SELECT stops.slug, duration FROM current_editions JOIN stops ON stops.id = current_editions.stop
         WHERE language = ?2 AND duration > 0
         AND (code = ?1 OR stops.id = (SELECT stop FROM retired_codes WHERE retired_codes.code = ?1))",
    )
    .bind(code.as_str())
    .bind(language.tag())
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::of(COUNTING))?;
    let Some(row) = row else { return Ok(None) };
    let cells = Cells::new("current_editions", "slug", &row);
    let millis: u32 = cells.number("duration")?;
    Ok(Some((cells.parsed("slug")?, f64::from(millis) / 1000.0)))
}

fn heard(row: &SqliteRow) -> Result<Heard> {
    let cells = Cells::new("listens", "stop", row);
    let moment = match cells.get::<i64>("tenth")? {
        -1 => Moment::Began,
        _ => Moment::Ended(cells.number("tenth")?),
    };
    Ok(Heard {
        stop: cells.parsed("stop")?,
        language: cells.parsed("language")?,
        source: cells.parsed("source")?,
        hour: Hour { day: cells.get("day")?, hour: cells.number("hour")? },
        moment,
        count: cells.number("count")?,
    })
}
