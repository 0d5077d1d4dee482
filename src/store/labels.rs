//! Labels that were printed, and codes that were retired.
//!
//! Invariants: a code that any stop ever bore is borne by a stop or is retired, whoever changed it (triggers of the
//! database see to it); what is retired is told who did it and when.

use sqlx::sqlite::SqliteRow;

use super::cells::Cells;
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::{Actor, Deed, Scope, SiteId, Slug, StopCode, StopId, Timestamp};

/// A label on a sheet that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedLabel {
    pub stop: StopId,
    pub code: StopCode,
    /// Where the code leads.
    pub address: String,
}

/// When a code was last printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedCode {
    pub code: StopCode,
    pub address: String,
    /// Centimetres.
    pub distance: u16,
    pub by: String,
    pub at: Timestamp,
    /// How many sheets it was on.
    pub times: u32,
}

/// A code that leads to no stop of its own any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetiredCode {
    pub code: StopCode,
    pub site: SiteId,
    /// The stop that bore it, where it is still there.
    pub stop: Option<StopId>,
    /// Empty where the stop was given another code.
    pub by: String,
    pub at: Timestamp,
}

const READING: &str = "reading which labels there are";

impl Store {
    /// Notes a sheet of labels.
    ///
    /// # Errors
    /// `Missing` for a site or stop that is not there, and those of the database.
    pub async fn note_labels(
        &self,
        actor: &Actor,
        (site, subject): (SiteId, &Slug),
        labels: &[PrintedLabel],
        distance: u16,
    ) -> Result<()> {
        let doing = "noting which labels were printed";
        let mut tx = self.write(doing).await?;
        for label in labels {
            sqlx::query(
                "INSERT INTO labels (site, stop, code, address, distance, printed_by, printed_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(site.0)
            .bind(label.stop.0)
            .bind(label.code.as_str())
            .bind(&label.address)
            .bind(distance)
            .bind(&actor.name)
            .bind(self.now().0)
            .execute(&mut *tx)
            .await
            .map_err(|error| StoreError::missing_parent("site or stop", site, doing, error))?;
        }
        let deed = Deed::LabelsPrinted { labels: labels.len() as u64, distance };
        record(&mut tx, self.now(), actor, &deed, subject.as_str(), Scope::Site(site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// Every code that was printed for a site, with its last printing.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn printed_codes(&self, site: SiteId) -> Result<Vec<PrintedCode>> {
        // SQLite gives the other columns of the row that has the maximum.
        let rows = sqlx::query(
            "SELECT code, address, distance, printed_by, MAX(printed_at) AS printed_at, COUNT(*) AS times
             FROM labels WHERE site = ? GROUP BY code ORDER BY code",
        )
        .bind(site.0)
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let printed = |row: &SqliteRow| {
            let cells = Cells::new("labels", "code", row);
            Ok(PrintedCode {
                code: cells.parsed("code")?,
                address: cells.get("address")?,
                distance: cells.number("distance")?,
                by: cells.get("printed_by")?,
                at: Timestamp(cells.get("printed_at")?),
                times: cells.number("times")?,
            })
        };
        rows.iter().map(printed).collect()
    }

    /// Retires a code that a stop of the site bears: its label leads on to the site from here on. `false` where it was
    /// retired before.
    ///
    /// # Errors
    /// `Gone` where no stop of the site bears it, and those of the database.
    pub async fn retire_code(&self, actor: &Actor, site: SiteId, code: &StopCode) -> Result<bool> {
        let doing = "retiring a code";
        let mut tx = self.write(doing).await?;
        let stop: Option<i64> = sqlx::query_scalar("SELECT id FROM stops WHERE code = ? AND site = ?")
            .bind(code.as_str())
            .bind(site.0)
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        let stop = stop.ok_or_else(|| StoreError::Gone { what: "code", name: code.to_string() })?;
        let new = sqlx::query(
            "INSERT INTO retired_codes (code, site, stop, retired_by, retired_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING",
        )
        .bind(code.as_str())
        .bind(site.0)
        .bind(stop)
        .bind(&actor.name)
        .bind(self.now().0)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?
        .rows_affected();
        if new == 0 {
            return Ok(false);
        }
        record(&mut tx, self.now(), actor, &Deed::CodeRetired, code.as_str(), Scope::Site(site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }

    /// Has a retired code lead to the stop again that bears it. `false` where it was not retired.
    ///
    /// # Errors
    /// `Gone` where no stop of the site bears it, and those of the database.
    pub async fn use_code_again(&self, actor: &Actor, site: SiteId, code: &StopCode) -> Result<bool> {
        let doing = "using a code again";
        let mut tx = self.write(doing).await?;
        let borne: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM stops WHERE code = ? AND site = ?)")
            .bind(code.as_str())
            .bind(site.0)
            .fetch_one(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        if !borne {
            return Err(StoreError::Gone { what: "code", name: code.to_string() });
        }
        let gone = sqlx::query("DELETE FROM retired_codes WHERE code = ?")
            .bind(code.as_str())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?
            .rows_affected();
        if gone == 0 {
            return Ok(false);
        }
        record(&mut tx, self.now(), actor, &Deed::CodeUsedAgain, code.as_str(), Scope::Site(site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }

    /// The retired codes of a site.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn retired_codes(&self, site: SiteId) -> Result<Vec<RetiredCode>> {
        let rows = sqlx::query("SELECT * FROM retired_codes WHERE site = ? ORDER BY code")
            .bind(site.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        rows.iter().map(retired).collect()
    }

    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn retired_code(&self, code: &StopCode) -> Result<Option<RetiredCode>> {
        let row = sqlx::query("SELECT * FROM retired_codes WHERE code = ?")
            .bind(code.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        row.as_ref().map(retired).transpose()
    }
}

fn retired(row: &SqliteRow) -> Result<RetiredCode> {
    let cells = Cells::new("retired_codes", "code", row);
    Ok(RetiredCode {
        code: cells.parsed("code")?,
        site: SiteId(cells.get("site")?),
        stop: cells.get::<Option<i64>>("stop")?.map(StopId),
        by: cells.get("retired_by")?,
        at: Timestamp(cells.get("retired_at")?),
    })
}
