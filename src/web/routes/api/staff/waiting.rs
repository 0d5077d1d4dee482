//! `/api/v1/staff/waiting`: what waits for whoever asks, and why.

use axum::extract::State as Here;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::json;
use super::refusals::NotRead;
use crate::store::{OpenComment, PlannedPublication};
use crate::web::error::Result;
use crate::web::state::State;
use crate::web::waiting::Waiting;
use crate::web::workplace::{May, Nothing};

/// What one's roles let one do something about.
#[derive(Serialize, ToSchema)]
#[schema(as = Waiting)]
pub struct WaitingView {
    /// Translations that ask for a reviewer, by site.
    pub reviews: Vec<SiteReviews>,
    /// The first five open comments, one's own and those near one's work first.
    pub comments: Vec<WaitingComment>,
    /// How many comments are open.
    pub all_comments: u64,
    /// Jobs that failed.
    pub failed: u64,
    /// The next five planned publications.
    pub planned: Vec<WaitingPublication>,
}

/// Translations of one site.
#[derive(Serialize, ToSchema)]
pub struct SiteReviews {
    pub site: String,
    pub translations: u64,
}

/// A comment nobody resolved.
#[derive(Serialize, ToSchema)]
pub struct WaitingComment {
    pub site: String,
    pub stop: String,
    pub language: String,
    pub by: String,
    pub at: String,
    pub body: String,
    /// Whether one wrote it.
    pub own: bool,
}

/// A publication at a time.
#[derive(Serialize, ToSchema)]
pub struct WaitingPublication {
    pub site: String,
    pub stop: String,
    pub language: String,
    pub at: String,
    pub by: String,
}

/// What waits for whoever asks.
#[utoipa::path(get, path = "/api/v1/staff/waiting", operation_id = "getWaiting", tag = "staff",
    responses((status = 200, description = "What waits", body = WaitingView), NotRead))]
pub async fn get(Here(state): Here<State>, may: May<Nothing>) -> Result<Response> {
    let waiting = Waiting::of(&state, &may).await?;
    let slug = |id| waiting.site(id).map(|site| site.slug.to_string());
    let comment = |one: &OpenComment| {
        Some(WaitingComment {
            site: slug(one.site)?,
            stop: one.stop.to_string(),
            language: one.language.tag().to_owned(),
            by: one.by.clone(),
            at: one.at.rfc3339(),
            body: one.body.clone(),
            own: one.own,
        })
    };
    let planned = |one: &PlannedPublication| {
        Some(WaitingPublication {
            site: slug(one.site)?,
            stop: one.stop.to_string(),
            language: one.language.tag().to_owned(),
            at: one.at.rfc3339(),
            by: one.by.clone(),
        })
    };
    let reviews = waiting.reviews.iter().filter_map(|(id, n)| Some(SiteReviews { site: slug(*id)?, translations: *n }));
    json(&WaitingView {
        reviews: reviews.collect(),
        comments: waiting.comments.iter().filter_map(comment).collect(),
        all_comments: waiting.all_comments,
        failed: waiting.failed,
        planned: waiting.planned.iter().filter_map(planned).collect(),
    })
}
