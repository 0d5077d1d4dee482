//! `/api/v1/staff/work`: what is being made, waits and failed, as JSON and as a stream of it.

use axum::extract::{Path, Query, State as Here};
use axum::response::Response;
use axum::response::sse::Event;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::refusals::{NotChanged, NotRead};
use super::{done, json};
use crate::pipeline::{Doing, Step};
use crate::store::WorkRow;
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::work::{job, told};
use crate::web::state::State;
use crate::web::work::{Left, Paging, Sight, changes};
use crate::web::workplace::{Edit, May, MayAt, See};

/// From where on the lists are told.
#[derive(Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct WorkFrom {
    /// Waiting jobs before the first told.
    #[param(required = false)]
    from: usize,
    /// Failed jobs before the first told.
    #[param(required = false)]
    failed: usize,
}

/// What is being made at the sites one sees.
#[derive(Serialize, ToSchema)]
pub struct Work {
    pub running: u64,
    pub waiting: u64,
    pub failed: u64,
    /// About how long what waits in the whole house will take, by the pace of earlier guides; absent where none was
    /// measured yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds_left: Option<u64>,
    /// Running ones, then failed ones (the last first, at most 50), then waiting ones in their order (at most 50).
    pub jobs: Vec<WorkJob>,
}

/// One job.
#[derive(Serialize, ToSchema)]
pub struct WorkJob {
    pub id: i64,
    pub site: String,
    pub stop: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// `running`, `failed` or `waiting`.
    pub state: &'static str,
    /// `begin`, `translate`, `speak`, `hear` or `finish`; absent where another process has the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<&'static str>,
    /// Sentences of this step that are done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<usize>,
    /// Sentences of this step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<usize>,
    pub attempts: u32,
    pub asked_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When a job that waits is tried, at the earliest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<String>,
    /// The kind of what went wrong at the last attempt: `engine`, `files`, `database`, `recording`, `vanished`, `silent`
    /// or `program`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

fn view(sight: &Sight, row: &WorkRow, state: &'static str, doing: Option<&Doing>) -> Option<WorkJob> {
    let counted = doing.filter(|doing| doing.of > 0);
    Some(WorkJob {
        id: row.id.0,
        site: sight.site(row)?.slug.to_string(),
        stop: row.stop.to_string(),
        language: row.language.map(|language| language.tag().to_owned()),
        state,
        step: doing.map(|doing| match doing.step {
            Step::Begin => "begin",
            Step::Translate => "translate",
            Step::Speak => "speak",
            Step::Hear => "hear",
            Step::Finish => "finish",
        }),
        done: counted.map(|doing| doing.done),
        of: counted.map(|doing| doing.of),
        attempts: row.attempts,
        asked_at: row.asked_at.rfc3339(),
        started_at: (state == "running").then_some(row.started_at).flatten().map(|at| at.rfc3339()),
        not_before: (state == "waiting").then(|| row.not_before.rfc3339()),
        fault: row.failure.as_ref().map(|failure| failure.fault.word()),
        error: row.failure.as_ref().map(|failure| failure.error.clone()),
    })
}

fn work(sight: &Sight) -> Work {
    let running = sight.running.iter().filter_map(|one| view(sight, &one.row, "running", one.doing.as_ref()));
    let failed = sight.failed.iter().filter_map(|row| view(sight, row, "failed", None));
    let waiting = sight.waiting.iter().filter_map(|row| view(sight, row, "waiting", None));
    Work {
        running: sight.counts.running,
        waiting: sight.counts.waiting,
        failed: sight.counts.failed,
        seconds_left: match sight.left {
            Left::Nothing => Some(0),
            Left::About(time) => Some(time.0.div_ceil(1000)),
            Left::Unknown => None,
        },
        jobs: running.chain(failed).chain(waiting).collect(),
    }
}

impl From<WorkFrom> for Paging {
    fn from(asked: WorkFrom) -> Self {
        Self { waiting: asked.from, failed: asked.failed }
    }
}

/// What is being made at the sites one sees, what waits and what failed.
#[utoipa::path(get, path = "/api/v1/staff/work", operation_id = "getWork", tag = "staff", params(WorkFrom),
    responses((status = 200, description = "The work", body = Work), NotRead))]
pub async fn get(Here(state): Here<State>, may: May<See>, Query(asked): Query<WorkFrom>) -> Result<Response> {
    json(&work(&Sight::of(&state, &may, asked.into()).await?))
}

/// The same, at once and within two seconds of every change, as events named `work`; an event named `end` comes last,
/// when the session ends or the house closes.
#[utoipa::path(get, path = "/api/v1/staff/work/events", operation_id = "watchWork", tag = "staff", params(WorkFrom),
    responses((status = 200, description = "Server-sent events, each with the work as JSON", content_type = "text/event-stream",
        body = String), NotRead))]
pub async fn events(Here(state): Here<State>, may: May<See>, Query(asked): Query<WorkFrom>) -> Response {
    let changes = changes(&state, may.signed.clone());
    told(changes.then(move |signed| {
        let state = state.clone();
        async move {
            let sight = Sight::of(&state, &signed, asked.into()).await?;
            Ok(Event::default().event("work").data(serde_json::to_string(&work(&sight))?))
        }
    }))
}

/// Gives a job that failed all its attempts again.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/work/{job}/retry", operation_id = "retryWork", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("job" = String, Path, description = "The job's `id`")),
    responses((status = 204, description = "It waits for its turn"), NotChanged))]
pub async fn retry(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, number)): Path<(String, String)>,
) -> Result<Response> {
    if state.store.retry_work(&here.may.actor(), &here.site, job(&number)?).await? {
        return Ok(done());
    }
    Err(WebError::NotNow("the job has not failed, or the same work waits already"))
}

/// Takes a job that waits out of the line.
#[utoipa::path(delete, path = "/api/v1/staff/sites/{site}/work/{job}", operation_id = "cancelWork", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("job" = String, Path, description = "The job's `id`")),
    responses((status = 204, description = "It waits no more"), NotChanged))]
pub async fn cancel(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, number)): Path<(String, String)>,
) -> Result<Response> {
    if state.store.cancel_work(&here.may.actor(), &here.site, job(&number)?).await? {
        return Ok(done());
    }
    Err(WebError::NotNow("the job waits no longer: it was begun, or has ended"))
}
