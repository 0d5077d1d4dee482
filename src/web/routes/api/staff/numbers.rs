//! `/api/v1/staff/sites/{site}/numbers`: how often guides are heard.

use axum::extract::{Query, State as Here};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json;
use crate::domain::Moment;
use crate::web::counting::Days;
use crate::web::error::Result;
use crate::web::problem::ProblemDetails;
use crate::web::routes::staff::as_csv;
use crate::web::state::State;
use crate::web::workplace::{Count, MayAt};

/// Which days; four weeks where none are named.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// Sums of hearings.
#[derive(Debug, Serialize, ToSchema)]
pub struct Numbers {
    pub from: String,
    pub to: String,
    pub sums: Vec<Sum>,
}

/// Hearings of one guide from one source in one hour.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sum {
    pub stop: String,
    pub language: String,
    /// `qr`, `kiosk` or `link`.
    pub source: String,
    pub day: String,
    pub hour: u8,
    /// The tenth of the guide they stopped in, 0 to 9; 10: they heard it to its end; absent: they began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_in: Option<u8>,
    pub count: u64,
}

/// How often guides are heard, as sums by guide, source and hour; nothing of any one listener is kept.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/numbers", operation_id = "readNumbers", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site"), ("from" = Option<String>, Query, description = "A day: `2026-11-01`"), ("to" = Option<String>, Query, description = "A day: `2026-11-30`")),
    responses(
        (status = 200, description = "By time", body = Numbers),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the request does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn get(Here(state): Here<State>, here: MayAt<Count>, Query(asked): Query<Asked>) -> Result<Response> {
    let days = Days::read(&asked.from, &asked.to, state.clock.now())?;
    let sums = state.store.listens(here.site.id, &days.from, &days.to).await?.into_iter().map(|heard| Sum {
        stop: heard.stop.to_string(),
        language: heard.language.tag().to_owned(),
        source: heard.source.word().to_owned(),
        day: heard.hour.day,
        hour: heard.hour.hour,
        stopped_in: match heard.moment {
            Moment::Began => None,
            Moment::Ended(tenth) => Some(tenth),
        },
        count: heard.count,
    });
    let sums = sums.collect();
    json(&Numbers { from: days.from, to: days.to, sums })
}

/// The same for spreadsheets (RFC 4180); no cell of it is a formula.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/numbers.csv", operation_id = "readNumbersAsCsv", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site"), ("from" = Option<String>, Query, description = "A day: `2026-11-01`"), ("to" = Option<String>, Query, description = "A day: `2026-11-30`")),
    responses(
        (status = 200, description = "A row a sum", content_type = "text/csv", body = String),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the request does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn csv(Here(state): Here<State>, here: MayAt<Count>, Query(asked): Query<Asked>) -> Result<Response> {
    let days = Days::read(&asked.from, &asked.to, state.clock.now())?;
    let heard = state.store.listens(here.site.id, &days.from, &days.to).await?;
    as_csv(&state, &here.site, &days, &heard).await
}
