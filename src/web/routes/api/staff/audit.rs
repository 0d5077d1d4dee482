//! `/api/v1/staff/audit`: the record.

use axum::extract::{Query, State as Here};
use axum::response::Response;
use serde::Deserialize;

use super::json;
use super::types::{AuditView, Record};
use crate::domain::AuditId;
use crate::web::error::Result;
use crate::web::problem::ProblemDetails;
use crate::web::state::State;
use crate::web::workplace::{Audit, May};

/// Entries in one answer.
const PAGE: u32 = 200;

#[derive(Deserialize)]
pub struct Asked {
    before: Option<i64>,
}

/// The record, the newest entries first.
#[utoipa::path(get, path = "/api/v1/staff/audit", operation_id = "readRecord", tag = "staff",
    params(("before" = Option<i64>, Query, description = "Only entries older than the one of this number")),
    responses(
        (status = 200, description = "At most 200 entries", body = Record),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn get(Here(state): Here<State>, _may: May<Audit>, Query(asked): Query<Asked>) -> Result<Response> {
    let mut entries = state.store.audit(asked.before.map(AuditId), PAGE + 1).await?;
    let more = entries.len() > PAGE as usize;
    entries.truncate(PAGE as usize);
    let older = entries.last().filter(|_| more).map(|entry| entry.id.0);
    json(&Record { entries: entries.iter().map(AuditView::from).collect(), older })
}
