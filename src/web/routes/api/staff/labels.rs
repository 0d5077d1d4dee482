//! `/api/v1/staff/sites/{site}/labels` and `codes`: sheets of labels, and codes that are retired.

use axum::extract::{Path, State as Here};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{done, json};
use crate::domain::StopCode;
use crate::labels::Distance;
use crate::web::error::{Result, WebError};
use crate::web::labelling::{Wanted, draw};
use crate::web::problem::ProblemDetails;
use crate::web::routes::staff::as_pdf;
use crate::web::state::State;
use crate::web::workplace::{Label, MayAt, Sent};

/// The codes of a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct Codes {
    pub printed: Vec<PrintedView>,
    pub retired: Vec<RetiredView>,
}

/// A code with its last printing.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrintedView {
    pub code: String,
    /// Where it leads.
    pub address: String,
    /// The reading distance in centimetres.
    pub distance: u16,
    pub by: String,
    pub at: String,
    /// How many sheets it was on.
    pub times: u32,
}

/// A code that leads to no stop of its own any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetiredView {
    pub code: String,
    /// Empty where its stop was given another code.
    pub by: String,
    pub at: String,
}

/// What to print.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetBody {
    /// The slugs of stops.
    pub stops: Vec<String>,
    /// BCP 47, in the order the names stand on a label.
    pub languages: Vec<String>,
    /// `a4` or `single`.
    pub paper: String,
    /// The reading distance in centimetres, 15 to 1000: a module of the code is a 250th of it.
    pub distance: u16,
    /// `Q` or `H`.
    pub level: String,
    #[serde(default)]
    pub crop_marks: bool,
}

/// Whether a code is retired.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CodeState {
    pub retired: bool,
}

/// Which codes were printed, and which are retired.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/labels", operation_id = "listLabels", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site")),
    responses(
        (status = 200, description = "By code", body = Codes),
        (status = 401, description = "Nobody is signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn list(Here(state): Here<State>, here: MayAt<Label>) -> Result<Response> {
    let printed = state.store.printed_codes(here.site.id).await?.into_iter().map(|code| PrintedView {
        code: code.code.to_string(),
        address: code.address,
        distance: code.distance,
        by: code.by,
        at: code.at.rfc3339(),
        times: code.times,
    });
    let retired = state.store.retired_codes(here.site.id).await?.into_iter().map(|code| RetiredView {
        code: code.code.to_string(),
        by: code.by,
        at: code.at.rfc3339(),
    });
    json(&Codes { printed: printed.collect(), retired: retired.collect() })
}

/// Draws a sheet of labels and notes that they were printed.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/labels", operation_id = "printLabels", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site")),
    request_body = SheetBody,
    responses(
        (status = 200, description = "The sheet", content_type = "application/pdf", body = Vec<u8>),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "Not as things stand; `detail` says why and what to do", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the request does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn print(Here(state): Here<State>, here: MayAt<Label>, Sent(body): Sent<SheetBody>) -> Result<Response> {
    let unfit = |error: &dyn std::fmt::Display| WebError::Unfit(error.to_string());
    let wanted = Wanted {
        stops: body.stops,
        languages: body
            .languages
            .iter()
            .map(|tag| tag.parse().map_err(|error| unfit(&error)))
            .collect::<Result<_>>()?,
        paper: body.paper.parse().map_err(|error| unfit(&error))?,
        distance: Distance::try_from(body.distance).map_err(|error| unfit(&error))?,
        level: body.level.parse().map_err(|error| unfit(&error))?,
        crop_marks: body.crop_marks,
        language: here.may.lang(),
    };
    let pdf = draw(&state, &here.may, &here.site, &wanted).await?;
    Ok(as_pdf(pdf, here.site.slug.as_str()))
}

/// Retires a code, or has it lead to its stop again.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/codes/{code}", operation_id = "setCodeState", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site"), ("code" = String, Path, description = "The code of a stop")),
    request_body = CodeState,
    responses(
        (status = 204, description = "It is so now"),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the request does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn code(
    Here(state): Here<State>,
    here: MayAt<Label>,
    Path((_, code)): Path<(String, String)>,
    Sent(body): Sent<CodeState>,
) -> Result<Response> {
    let code: StopCode = code.parse().map_err(|_| WebError::NoAddress)?;
    let actor = here.may.actor();
    if body.retired {
        state.store.retire_code(&actor, here.site.id, &code).await?;
    } else {
        state.store.use_code_again(&actor, here.site.id, &code).await?;
    }
    Ok(done())
}
