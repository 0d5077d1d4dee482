//! What waits for one person, for the first page of the workplace: comments, plans. How many of other things wait, the
//! files of those things count.

use sqlx::sqlite::SqliteRow;

use super::cells::Cells;
use super::work::listed;
use super::{Result, Store, StoreError};
use crate::domain::{Language, Names, PersonId, SiteId, Slug, Timestamp};

const READING: &str = "reading what waits for somebody";

/// A comment that nobody resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenComment {
    pub site: SiteId,
    pub stop: Slug,
    pub names: Names,
    pub language: Language,
    /// Of its sentence, from 0; `None` for the title.
    pub ordinal: Option<u32>,
    pub body: String,
    pub by: String,
    pub at: Timestamp,
    /// Whether this person wrote it.
    pub own: bool,
}

/// A publication that is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedPublication {
    pub site: SiteId,
    pub stop: Slug,
    pub names: Names,
    pub language: Language,
    pub at: Timestamp,
    pub by: String,
}

impl Store {
    /// Comments at some sites that nobody resolved: a person's own and those on sentences that they wrote or approved
    /// first, then the newest. And how many there are.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn open_comments(
        &self,
        sites: &[SiteId],
        (person, name): (PersonId, &str),
        limit: usize,
    ) -> Result<(Vec<OpenComment>, u64)> {
        let from = "FROM comments JOIN texts ON texts.id = comments.text JOIN stops ON stops.id = texts.stop
             WHERE comments.resolved_at IS NULL AND stops.site IN (SELECT value FROM json_each(?1))";
        let query = format!(
            "SELECT comments.*, texts.language, stops.slug, stops.names, stops.site, comments.person IS ?2 AS own,
                 (comments.person IS ?2 OR EXISTS (SELECT 1 FROM sentence_marks AS mark
                     WHERE mark.sentence = comments.sentence AND ?3 IN (mark.written_by, mark.approved_by))) AS near
             {from} ORDER BY near DESC, comments.id DESC LIMIT ?4"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(listed(sites))
            .bind(person.0)
            .bind(name)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let all: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) {from}")))
            .bind(listed(sites))
            .fetch_one(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let comment = |row: &SqliteRow| {
            let cells = Cells::new("comments", "id", row);
            let ordinal: i64 = cells.get("ordinal")?;
            Ok(OpenComment {
                site: SiteId(cells.get("site")?),
                stop: cells.parsed("slug")?,
                names: cells.json("names")?,
                language: cells.parsed("language")?,
                ordinal: u32::try_from(ordinal).ok(),
                body: cells.get("body")?,
                by: cells.get("written_by")?,
                at: Timestamp(cells.get("written_at")?),
                own: cells.get("own")?,
            })
        };
        Ok((rows.iter().map(comment).collect::<Result<_>>()?, all.unsigned_abs()))
    }

    /// Publications planned at some sites, the next first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn planned_publications(&self, sites: &[SiteId], limit: usize) -> Result<Vec<PlannedPublication>> {
        let rows = sqlx::query(
            "SELECT planned_editions.*, stops.slug, stops.names, stops.site
             FROM planned_editions JOIN stops ON stops.id = planned_editions.stop
             WHERE stops.site IN (SELECT value FROM json_each(?)) ORDER BY at LIMIT ?",
        )
        .bind(listed(sites))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let planned = |row: &SqliteRow| {
            let cells = Cells::new("planned_editions", "stop", row);
            Ok(PlannedPublication {
                site: SiteId(cells.get("site")?),
                stop: cells.parsed("slug")?,
                names: cells.json("names")?,
                language: cells.parsed("language")?,
                at: Timestamp(cells.get("at")?),
                by: cells.get("planned_by")?,
            })
        };
        rows.iter().map(planned).collect()
    }
}
