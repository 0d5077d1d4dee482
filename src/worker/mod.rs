//! Takes jobs and does them, floor 5: one at a time, under a lease that is renewed while it works.
//!
//! Invariants: a job whose worker died is taken up again when its lease runs out; a job that fails is tried again later
//! if that may help, and ends as dead, with its error, if not; nothing a job finished is lost when it fails.

mod watchers;

pub use watchers::Watchers;

use std::sync::Arc;
use std::time::Duration;

use crate::domain::{Job, JobFailure, JobFault, JobKind, Language, Milliseconds, Slug, Timestamp};
use crate::pipeline::{self, GuideReport, MakeError, Progress, Workshop};
use crate::ports::Cancel;
use crate::store::StoreError;

/// Longer than any single step between two renewals can take.
const LEASE: Milliseconds = Milliseconds(120_000);
const RENEW_EVERY: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What the worker tells whoever watches it.
pub trait Watcher: Progress {
    fn begins(&self, stop: &Slug, language: Language);
    fn made(&self, report: &GuideReport);
    fn failed(&self, job: &JobKind, error: &str);
    /// Nothing is left to do for the moment.
    fn idle(&self);
}

/// A worker of this process.
pub struct Worker {
    pub workshop: Workshop,
    /// Names the worker on the rows of its jobs.
    pub name: String,
    pub watcher: Arc<dyn Watcher>,
}

/// Why a job did not end well.
#[derive(Debug, thiserror::Error)]
enum JobError {
    #[error(transparent)]
    Make(#[from] MakeError),
    #[error("there is no stop `{0}` any more")]
    NoStop(Slug),
}

impl JobError {
    fn failure(&self) -> JobFailure {
        let fault = match self {
            Self::NoStop(_) => JobFault::Vanished,
            Self::Make(error) => error.fault(),
        };
        JobFailure::new(fault, self.to_string())
    }
}

/// Publishes what was planned for now. What cannot be published any more is given up and told.
async fn publish_due(workshop: &Workshop) -> Result<(), StoreError> {
    for due in pipeline::publishing::publish_due(&workshop.store, &workshop.blobs).await? {
        match due.error {
            None => tracing::info!(stop = %due.stop, language = %due.language, "published as planned"),
            Some(error) => {
                tracing::error!(stop = %due.stop, language = %due.language, %error, "a planned publication was given up");
            }
        }
    }
    Ok(())
}

impl Worker {
    /// Works until `stop` is cancelled. A job at hand is then given back at its next sentence.
    pub async fn run(&self, stop: &Cancel) {
        let mut was_idle = false;
        while !stop.is_cancelled() {
            match self.one_job(stop).await {
                Ok(true) => was_idle = false,
                Ok(false) => {
                    if !was_idle {
                        self.watcher.idle();
                    }
                    was_idle = true;
                    tokio::time::sleep(LOOK_EVERY).await;
                }
                Err(error) => {
                    tracing::error!(%error, "the worker cannot reach its jobs; it looks again in a while");
                    tokio::time::sleep(RENEW_EVERY).await;
                }
            }
        }
    }

    /// Takes one job and does it. `false` where none was waiting.
    ///
    /// # Errors
    /// Those of the database; what goes wrong with the job itself is kept on its row.
    pub async fn one_job(&self, stop: &Cancel) -> Result<bool, StoreError> {
        let store = &self.workshop.store;
        publish_due(&self.workshop).await?;
        let Some(job) = store.claim(&self.name, LEASE).await? else { return Ok(false) };
        let (cancel, began) = (Cancel::new(), self.workshop.clock.now());
        let working = self.work_on(&job, &cancel);
        tokio::pin!(working);
        let mut renewal = tokio::time::interval(RENEW_EVERY);
        renewal.reset();
        let mut look = tokio::time::interval(Duration::from_millis(200));
        let result = loop {
            tokio::select! {
                result = &mut working => break result,
                _ = renewal.tick() => if let Err(error) = store.heartbeat(job.id, job.fencing_token, LEASE).await {
                    tracing::warn!(job = %job.id, %error, "the lease is lost; the job is left to whoever holds it");
                    cancel.cancel();
                },
                _ = look.tick() => if stop.is_cancelled() { cancel.cancel() },
            }
        };
        self.conclude(&job, result, began, stop).await?;
        Ok(true)
    }

    /// What became of a guide; `None` for other work.
    async fn work_on(&self, job: &Job, cancel: &Cancel) -> Result<Option<GuideReport>, JobError> {
        let (stop, language) = match &job.kind {
            JobKind::MakeGuide { stop, language } => (stop, language),
            JobKind::HearRecording { recording } => {
                pipeline::recordings::hear_recording(&self.workshop, *recording, cancel).await?;
                return Ok(None);
            }
            JobKind::CutRecording { recording, silence } => {
                pipeline::recordings::cut_recording(&self.workshop, *recording, *silence).await?;
                return Ok(None);
            }
        };
        self.watcher.begins(stop, *language);
        let found = self.workshop.store.stop(stop).await.map_err(MakeError::from)?;
        let found = found.ok_or_else(|| JobError::NoStop(stop.clone()))?;
        let progress: &dyn Progress = &*self.watcher;
        Ok(Some(pipeline::make_guide(&self.workshop, &found, *language, cancel, progress).await?))
    }

    async fn conclude(
        &self,
        job: &Job,
        result: Result<Option<GuideReport>, JobError>,
        began: Timestamp,
        stop: &Cancel,
    ) -> Result<(), StoreError> {
        let store = &self.workshop.store;
        let outcome = match result {
            Ok(report) => {
                if let Some(report) = &report {
                    self.watcher.made(report);
                    self.note_pace(report, began).await?;
                }
                store.complete(job.id, job.fencing_token).await
            }
            // Stopping is no failure: the job is taken up at the next start, at once.
            Err(error) if stop.is_cancelled() => {
                let now = self.workshop.clock.now();
                store.fail(job.id, job.fencing_token, &error.failure(), Some(now)).await.map(drop)
            }
            Err(error) => {
                let failure = error.failure();
                self.watcher.failed(&job.kind, &failure.error);
                let may_pass = matches!(&error, JobError::Make(error) if error.may_pass());
                let retry = may_pass.then(|| self.retry_at(job.attempts));
                store.fail(job.id, job.fencing_token, &failure, retry).await.map(drop)
            }
        };
        match outcome {
            Err(StoreError::LostLease { .. }) => Ok(()),
            other => other,
        }
    }

    /// What later guesses of the time left are made from; a guide that only cost a look says nothing.
    async fn note_pace(&self, report: &GuideReport, began: Timestamp) -> Result<(), StoreError> {
        let sentences = report.translated.max(report.synthesized).max(report.heard);
        if sentences == 0 {
            return Ok(());
        }
        let took = self.workshop.clock.now().0.saturating_sub(began.0);
        let took = Milliseconds(u64::try_from(took).unwrap_or(0));
        self.workshop.store.note_pace(report.language, sentences, took).await
    }

    /// A minute, then four, then nine ...
    fn retry_at(&self, attempts: u32) -> Timestamp {
        let minutes = i64::from(attempts.clamp(1, 12)).pow(2);
        self.workshop.clock.now().plus_millis(minutes * 60_000)
    }
}
