//! Work as people look at it: what waits, runs and failed, at the sites somebody may see, how long such things took, and
//! what a person asks of a job.
//!
//! Invariants: a job counts as failed only while no later job of the same work came after it; what a person asks of a job
//! and its row in the record are one transaction, and it is asked of a job of that site alone.

use sqlx::sqlite::SqliteRow;

use super::cells::Cells;
use super::jobs::{revive_in, state_of};
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::{
    Actor, Deed, JobFailure, JobFault, JobId, JobState, Language, Milliseconds, Names, Scope, Site, SiteId, Slug,
    Timestamp,
};

const READING: &str = "reading what is being made";

/// Guides whose pace is remembered.
const PACES: i64 = 200;
/// The last ones of a language that its pace is taken from.
const MEASURED: i64 = 20;

/// Jobs that ask for somebody's eye: those that failed and were not taken up since.
const FAILED: &str = "jobs.state = 'dead' AND NOT EXISTS
    (SELECT 1 FROM jobs AS later WHERE later.unique_key = jobs.unique_key AND later.id > jobs.id)";

/// One job beside the stop it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkRow {
    pub id: JobId,
    pub state: JobState,
    pub site: SiteId,
    pub stop: Slug,
    pub names: Names,
    /// `None` for work that is for no language.
    pub language: Option<Language>,
    pub attempts: u32,
    pub asked_at: Timestamp,
    /// When it is tried next, at the earliest.
    pub not_before: Timestamp,
    /// When it was taken last.
    pub started_at: Option<Timestamp>,
    /// When it came into its state.
    pub changed_at: Timestamp,
    /// What went wrong at its last attempt.
    pub failure: Option<JobFailure>,
}

/// How many jobs there are at the sites looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorkCounts {
    pub waiting: u64,
    pub running: u64,
    pub failed: u64,
}

/// Guides of a language that are older than their words and are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    pub language: Language,
    pub guides: u64,
    /// Of the texts they are made from.
    pub sentences: u64,
}

/// How long a sentence of a guide took lately, from its text to its sound; `None` for all languages together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pub language: Option<Language>,
    pub sentence: Milliseconds,
}

/// Changes whenever a job is asked for, taken or ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorkMark(i64, i64, i64);

/// The sites as SQLite reads them: a list of numbers.
pub(super) fn listed(sites: &[SiteId]) -> String {
    format!("[{}]", sites.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
}

impl Store {
    /// The jobs in a state at some sites: running and waiting ones in the order they are done in, failed ones the last
    /// first. Jobs that are done are not told of.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn work(&self, sites: &[SiteId], state: JobState, (from, limit): (usize, usize)) -> Result<Vec<WorkRow>> {
        let (wanted, order) = match state {
            JobState::Waiting => ("jobs.state = 'waiting'", "jobs.priority, jobs.id"),
            JobState::Running => ("jobs.state = 'running'", "jobs.started_at, jobs.id"),
            JobState::Dead => (FAILED, "jobs.changed_at DESC, jobs.id DESC"),
            JobState::Done => return Ok(Vec::new()),
        };
        let query = format!(
            "SELECT jobs.*, stops.site, stops.names FROM jobs JOIN stops ON stops.slug = jobs.stop
             WHERE {wanted} AND stops.site IN (SELECT value FROM json_each(?)) ORDER BY {order} LIMIT ? OFFSET ?"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(listed(sites))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(i64::try_from(from).unwrap_or(i64::MAX))
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        rows.iter().map(work_of).collect()
    }

    /// How many jobs wait, run and failed at some sites.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn work_counts(&self, sites: &[SiteId]) -> Result<WorkCounts> {
        let query = format!(
            "SELECT 'all' AS sites, COUNT(*) FILTER (WHERE jobs.state = 'waiting') AS waiting,
                 COUNT(*) FILTER (WHERE jobs.state = 'running') AS running,
                 COUNT(*) FILTER (WHERE {FAILED}) AS failed
             FROM jobs JOIN stops ON stops.slug = jobs.stop
             WHERE jobs.state IN ('waiting', 'running', 'dead') AND stops.site IN (SELECT value FROM json_each(?))"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(listed(sites))
            .fetch_one(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let cells = Cells::new("jobs", "sites", &row);
        Ok(WorkCounts {
            waiting: cells.number("waiting")?,
            running: cells.number("running")?,
            failed: cells.number("failed")?,
        })
    }

    /// What there is to make in the whole house, by language: guides that are asked for and older than the text they are
    /// made from. The others only cost a look.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn backlog(&self) -> Result<Vec<Backlog>> {
        let rows = sqlx::query(
            "SELECT jobs.language, COUNT(*) AS guides,
                 SUM((SELECT COUNT(*) FROM sentences WHERE sentences.text = source.id)) AS sentences
             FROM jobs JOIN stops ON stops.slug = jobs.stop
             JOIN texts AS source ON source.stop = stops.id
                 AND source.language = (SELECT source_language FROM collections ORDER BY slug LIMIT 1)
             LEFT JOIN texts AS own ON own.stop = stops.id AND own.language = jobs.language
             WHERE jobs.state IN ('waiting', 'running') AND jobs.language IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM editions WHERE editions.stop = stops.id AND editions.language = jobs.language
                 AND editions.made_at >= MAX(source.changed_at, COALESCE(own.changed_at, 0)))
             GROUP BY jobs.language",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let backlog = |row: &SqliteRow| {
            let cells = Cells::new("jobs", "language", row);
            let (guides, sentences) = (cells.number("guides")?, cells.number("sentences")?);
            Ok(Backlog { language: cells.parsed("language")?, guides, sentences })
        };
        rows.iter().map(backlog).collect()
    }

    /// The pace of the last guides: of each language, and of all together.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn paces(&self) -> Result<Vec<Pace>> {
        let rows = sqlx::query(
            "WITH last AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY language ORDER BY id DESC) AS place FROM paces)
             SELECT language, SUM(took) / SUM(sentences) AS pace FROM last WHERE place <= ?1 GROUP BY language
             UNION ALL SELECT NULL, SUM(took) / SUM(sentences) FROM (SELECT * FROM paces ORDER BY id DESC LIMIT ?1)
             HAVING COUNT(*) > 0",
        )
        .bind(MEASURED)
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let pace = |row: &SqliteRow| {
            let cells = Cells::new("paces", "language", row);
            Ok(Pace { language: cells.maybe_parsed("language")?, sentence: Milliseconds(cells.number("pace")?) })
        };
        rows.iter().map(pace).collect()
    }

    /// Remembers how long the sentences of a guide took of which something was made.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_pace(&self, language: Language, sentences: usize, took: Milliseconds) -> Result<()> {
        let doing = "remembering how long a guide took";
        let mut tx = self.write(doing).await?;
        sqlx::query("INSERT INTO paces (language, sentences, took) VALUES (?, ?, ?)")
            .bind(language.tag())
            .bind(i64::try_from(sentences.max(1)).unwrap_or(i64::MAX))
            .bind(i64::try_from(took.0).unwrap_or(i64::MAX))
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        sqlx::query("DELETE FROM paces WHERE id <= (SELECT MAX(id) FROM paces) - ?")
            .bind(PACES)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// What a look at the jobs shows cheaply: it differs whenever anything about them changed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn work_mark(&self) -> Result<WorkMark> {
        let (open, last, done): (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM jobs WHERE state IN ('waiting', 'running', 'dead')),
                 (SELECT COALESCE(MAX(changed_at), 0) FROM jobs WHERE state IN ('waiting', 'running', 'dead')),
                 (SELECT COALESCE(MAX(changed_at), 0) FROM jobs WHERE state = 'done')",
        )
        .fetch_one(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        Ok(WorkMark(open, last, done))
    }

    /// Gives a job of a site that failed all its attempts again. `false` where it has not failed, or the same work waits
    /// already.
    ///
    /// # Errors
    /// `Gone` where the site has no such job, and those of the database.
    pub async fn retry_work(&self, actor: &Actor, site: &Site, job: JobId) -> Result<bool> {
        let doing = "trying a job again";
        let (stop, language) = self.work_at(site.id, job).await?;
        let mut tx = self.write(doing).await?;
        if !revive_in(&mut tx, job, self.now()).await? {
            return Ok(false);
        }
        let deed = Deed::WorkRetried { language };
        record(&mut tx, self.now(), actor, &deed, stop.as_str(), Scope::Site(site.id)).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }

    /// Takes a job of a site out of the line. `false` where it waits no longer.
    ///
    /// # Errors
    /// `Gone` where the site has no such job, and those of the database.
    pub async fn cancel_work(&self, actor: &Actor, site: &Site, job: JobId) -> Result<bool> {
        let doing = "taking a job out of the line";
        let (stop, language) = self.work_at(site.id, job).await?;
        let mut tx = self.write(doing).await?;
        let gone = sqlx::query("DELETE FROM jobs WHERE id = ? AND state = 'waiting'")
            .bind(job.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        if gone.rows_affected() == 0 {
            return Ok(false);
        }
        let deed = Deed::WorkCancelled { language };
        record(&mut tx, self.now(), actor, &deed, stop.as_str(), Scope::Site(site.id)).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }

    /// The stop and language of a guide's job, where it is of this site.
    async fn work_at(&self, site: SiteId, job: JobId) -> Result<(Slug, Language)> {
        let row = sqlx::query(
            "SELECT jobs.id, jobs.stop, jobs.language FROM jobs JOIN stops ON stops.slug = jobs.stop
             WHERE jobs.id = ? AND stops.site = ? AND jobs.language IS NOT NULL",
        )
        .bind(job.0)
        .bind(site.0)
        .fetch_optional(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let row = row.ok_or_else(|| StoreError::Gone { what: "job", name: job.to_string() })?;
        let cells = Cells::new("jobs", "id", &row);
        Ok((cells.parsed("stop")?, cells.parsed("language")?))
    }
}

fn work_of(row: &SqliteRow) -> Result<WorkRow> {
    let cells = Cells::new("jobs", "id", row);
    let failure = match (cells.get::<Option<String>>("fault")?, cells.get::<Option<String>>("last_error")?) {
        (_, None) => None,
        (Some(word), Some(error)) => {
            let fault = JobFault::of(&word);
            let fault = fault.ok_or_else(|| cells.corrupt("fault", format!("`{word}` is no kind of failure")))?;
            Some(JobFailure { fault, error })
        }
        // Put down before kinds were.
        (None, Some(error)) => Some(JobFailure::new(JobFault::Program, error)),
    };
    Ok(WorkRow {
        id: JobId(cells.get("id")?),
        state: state_of(&cells)?,
        site: SiteId(cells.get("site")?),
        stop: cells.parsed("stop")?,
        names: cells.json("names")?,
        language: cells.maybe_parsed("language")?,
        attempts: cells.number("attempts")?,
        asked_at: Timestamp(cells.get("enqueued_at")?),
        not_before: Timestamp(cells.get("not_before")?),
        started_at: cells.get::<Option<i64>>("started_at")?.map(Timestamp),
        changed_at: Timestamp(cells.get("changed_at")?),
        failure,
    })
}
