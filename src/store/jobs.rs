//! The queue of work. The lease of a job lives on its row, so a dead worker's job is taken up again.
//!
//! Invariants:
//! - of one key at most one job waits, and never do two run under leases that hold;
//! - an attempt counts when the job is claimed, so a job that kills its worker runs out of attempts too, and a waiting
//!   twin inherits the attempts of the one it takes over from;
//! - every claim raises the fencing token, and a completion, failure or heartbeat under an older one is refused.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::{Result, Store, StoreError};
use crate::domain::{Job, JobFailure, JobFault, JobId, JobKind, JobState, Milliseconds, Timestamp};

/// Attempts a job has before it is dead.
const MAX_ATTEMPTS: u32 = 5;

/// How many jobs are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    pub waiting: u64,
    pub running: u64,
    pub done: u64,
    pub dead: u64,
}

impl Store {
    /// Asks for work. Where the same work waits already, that job is given back, at the more urgent of both
    /// priorities (smaller runs first); a job of the same key that runs does not count, since what it works on may
    /// have changed.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn enqueue(&self, kind: &JobKind, priority: i64) -> Result<JobId> {
        let doing = "enqueueing a job";
        let now = self.now().0;
        let mut tx = self.write(doing).await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO jobs
             (unique_key, kind, state, max_attempts, priority, not_before, enqueued_at, changed_at)
             VALUES (?1, ?2, 'waiting', ?3, ?4, ?5, ?5, ?5)
             ON CONFLICT (unique_key) WHERE state = 'waiting'
             DO UPDATE SET priority = MIN(priority, excluded.priority)
             RETURNING id",
        )
        .bind(kind.unique_key())
        .bind(to_json("a job", kind)?)
        .bind(MAX_ATTEMPTS)
        .bind(priority)
        .bind(now)
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(JobId(id))
    }

    /// Takes the most urgent job that is due, for as long as the lease holds. `None` where there is nothing to do.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn claim(&self, worker: &str, lease: Milliseconds) -> Result<Option<Job>> {
        let doing = "claiming a job";
        let mut tx = self.write(doing).await?;
        let now = self.now();
        release_expired(&mut tx, now).await?;
        let row = sqlx::query(
            "UPDATE jobs SET state = 'running', attempts = attempts + 1, fencing_token = fencing_token + 1,
                             lease_until = ?1, worker = ?2, changed_at = ?3, started_at = ?3
             WHERE id = (SELECT id FROM jobs AS waiting WHERE state = 'waiting' AND not_before <= ?3
                         AND NOT EXISTS (SELECT 1 FROM jobs AS twin
                                         WHERE twin.state = 'running' AND twin.unique_key = waiting.unique_key)
                         ORDER BY priority, id LIMIT 1)
             RETURNING *",
        )
        .bind(lease_end(now, lease))
        .bind(worker)
        .bind(now.0)
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        let job = row.as_ref().map(job_of).transpose()?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(job)
    }

    /// Holds a job for another lease from this moment.
    ///
    /// # Errors
    /// `LostLease` where another worker has it or it is done; those of the database.
    pub async fn heartbeat(&self, job: JobId, token: i64, lease: Milliseconds) -> Result<()> {
        let doing = "renewing the lease of a job";
        let mut tx = self.write(doing).await?;
        let now = self.now();
        let held = sqlx::query(
            "UPDATE jobs SET lease_until = ?, changed_at = ? WHERE id = ? AND fencing_token = ? AND state = 'running'",
        )
        .bind(lease_end(now, lease))
        .bind(now.0)
        .bind(job.0)
        .bind(token)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        if held.rows_affected() == 0 {
            return Err(StoreError::LostLease { job, token });
        }
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// The job is done.
    ///
    /// # Errors
    /// `LostLease` where another worker has it or it was done before; those of the database.
    pub async fn complete(&self, job: JobId, token: i64) -> Result<()> {
        let doing = "completing a job";
        let mut tx = self.write(doing).await?;
        let held = sqlx::query(
            "UPDATE jobs SET state = 'done', lease_until = NULL, last_error = NULL, fault = NULL, changed_at = ?
             WHERE id = ? AND fencing_token = ? AND state = 'running'",
        )
        .bind(self.now().0)
        .bind(job.0)
        .bind(token)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        if held.rows_affected() == 0 {
            return Err(StoreError::LostLease { job, token });
        }
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// The job failed: it waits until `retry_at`, or is dead where its attempts are used up or `retry_at` is `None`
    /// (a fault that trying again cannot mend). Says what became of it.
    ///
    /// # Errors
    /// `LostLease` where another worker has it or it was done before; those of the database.
    pub async fn fail(
        &self,
        job: JobId,
        token: i64,
        failure: &JobFailure,
        retry_at: Option<Timestamp>,
    ) -> Result<JobState> {
        let doing = "noting the failure of a job";
        let mut tx = self.write(doing).await?;
        let row = sqlx::query("SELECT * FROM jobs WHERE id = ? AND fencing_token = ? AND state = 'running'")
            .bind(job.0)
            .bind(token)
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        let Some(row) = row else { return Err(StoreError::LostLease { job, token }) };
        let state = put_back(&mut tx, &row, failure, retry_at, self.now()).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(state)
    }

    /// Gives a dead job all its attempts again. `false` where there is no such dead job.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn revive(&self, job: JobId) -> Result<bool> {
        let doing = "reviving a job";
        let mut tx = self.write(doing).await?;
        let revived = revive_in(&mut tx, job, self.now()).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(revived)
    }

    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn job(&self, id: JobId) -> Result<Option<Job>> {
        let row = sqlx::query("SELECT * FROM jobs WHERE id = ?")
            .bind(id.0)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a job"))?;
        row.as_ref().map(job_of).transpose()
    }

    /// The last job for a piece of work.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn last_job(&self, kind: &JobKind) -> Result<Option<Job>> {
        let row = sqlx::query("SELECT * FROM jobs WHERE unique_key = ? ORDER BY id DESC LIMIT 1")
            .bind(kind.unique_key())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a job"))?;
        row.as_ref().map(job_of).transpose()
    }

    /// Jobs that gave up: a person has to look.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn dead_jobs(&self) -> Result<Vec<Job>> {
        let rows = sqlx::query("SELECT * FROM jobs WHERE state = 'dead' ORDER BY id")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading the dead jobs"))?;
        rows.iter().map(job_of).collect()
    }

    /// # Errors
    /// Those of the database.
    pub async fn job_counts(&self) -> Result<JobCounts> {
        let row = sqlx::query(
            "SELECT 'all' AS state, COUNT(*) FILTER (WHERE state = 'waiting') AS waiting,
                    COUNT(*) FILTER (WHERE state = 'running') AS running,
                    COUNT(*) FILTER (WHERE state = 'done') AS done, COUNT(*) FILTER (WHERE state = 'dead') AS dead
             FROM jobs",
        )
        .fetch_one(&self.readers)
        .await
        .map_err(StoreError::of("counting the jobs"))?;
        let cells = Cells::new("jobs", "state", &row);
        Ok(JobCounts {
            waiting: cells.number("waiting")?,
            running: cells.number("running")?,
            done: cells.number("done")?,
            dead: cells.number("dead")?,
        })
    }
}

/// `revive` within a transaction that has more to do.
pub(super) async fn revive_in(tx: &mut Transaction<'static, Sqlite>, job: JobId, now: Timestamp) -> Result<bool> {
    let revived = sqlx::query(
        "UPDATE jobs SET state = 'waiting', attempts = 0, not_before = ?1, changed_at = ?1
         WHERE id = ?2 AND state = 'dead' AND NOT EXISTS (
             SELECT 1 FROM jobs AS twin WHERE twin.state = 'waiting' AND twin.unique_key = jobs.unique_key)",
    )
    .bind(now.0)
    .bind(job.0)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::of("reviving a job"))?;
    Ok(revived.rows_affected() > 0)
}

/// Jobs whose lease ran out wait again, or are dead.
async fn release_expired(tx: &mut Transaction<'static, Sqlite>, now: Timestamp) -> Result<()> {
    let rows = sqlx::query("SELECT * FROM jobs WHERE state = 'running' AND lease_until <= ?")
        .bind(now.0)
        .fetch_all(&mut **tx)
        .await
        .map_err(StoreError::of("looking for leases that ran out"))?;
    for row in &rows {
        let silent = JobFailure::new(JobFault::Silent, "the worker went silent and its lease ran out");
        put_back(tx, row, &silent, Some(now), now).await?;
    }
    Ok(())
}

/// A running job goes back: to the dead, or into the line. Where a twin waits already, the job's attempts go over to
/// the twin and the job itself ends, so that a job that kills its workers is not kept alive by being asked for again.
async fn put_back(
    tx: &mut Transaction<'static, Sqlite>,
    row: &SqliteRow,
    failure: &JobFailure,
    retry_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<JobState> {
    let failed = StoreError::of("putting a job back");
    let cells = Cells::new("jobs", "id", row);
    let (id, attempts): (i64, i64) = (cells.get("id")?, cells.get("attempts")?);
    let spent = attempts >= cells.get::<i64>("max_attempts")?;
    let state = if spent || retry_at.is_none() { JobState::Dead } else { JobState::Waiting };
    if state == JobState::Waiting {
        let twin = sqlx::query(
            "UPDATE jobs SET attempts = MAX(attempts, ?), last_error = ?, fault = ?, not_before = MAX(not_before, ?), changed_at = ?
             WHERE state = 'waiting' AND unique_key = ?",
        )
        .bind(attempts)
        .bind(&failure.error)
        .bind(failure.fault.word())
        .bind(retry_at.unwrap_or(now).0)
        .bind(now.0)
        .bind(cells.get::<String>("unique_key")?)
        .execute(&mut **tx)
        .await
        .map_err(&failed)?;
        if twin.rows_affected() > 0 {
            sqlx::query("DELETE FROM jobs WHERE id = ?").bind(id).execute(&mut **tx).await.map_err(&failed)?;
            return Ok(state);
        }
    }
    sqlx::query(
        "UPDATE jobs SET state = ?, lease_until = NULL, last_error = ?, fault = ?, not_before = ?, changed_at = ?
         WHERE id = ?",
    )
    .bind(if state == JobState::Dead { "dead" } else { "waiting" })
    .bind(&failure.error)
    .bind(failure.fault.word())
    .bind(retry_at.unwrap_or(now).0)
    .bind(now.0)
    .bind(id)
    .execute(&mut **tx)
    .await
    .map_err(&failed)?;
    Ok(state)
}

fn lease_end(now: Timestamp, lease: Milliseconds) -> i64 {
    now.plus_millis(i64::try_from(lease.0).unwrap_or(i64::MAX)).0
}

pub(super) fn state_of(cells: &Cells<'_>) -> Result<JobState> {
    match cells.get::<String>("state")?.as_str() {
        "waiting" => Ok(JobState::Waiting),
        "running" => Ok(JobState::Running),
        "done" => Ok(JobState::Done),
        "dead" => Ok(JobState::Dead),
        other => Err(cells.corrupt("state", format!("`{other}` is no state of a job"))),
    }
}

fn job_of(row: &SqliteRow) -> Result<Job> {
    let cells = Cells::new("jobs", "id", row);
    let state = state_of(&cells)?;
    Ok(Job {
        id: JobId(cells.get("id")?),
        kind: cells.json("kind")?,
        state,
        attempts: cells.number("attempts")?,
        priority: cells.get("priority")?,
        fencing_token: cells.get("fencing_token")?,
        lease_until: cells.get::<Option<i64>>("lease_until")?.map(Timestamp),
        last_error: cells.get("last_error")?,
    })
}
