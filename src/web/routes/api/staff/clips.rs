//! `/api/v1/staff/screens/{screen}/clips/{stop}/{language}`: a slide as a film.

use axum::extract::{Path, State as Here};
use axum::http::HeaderMap;
use axum::response::Response;

use super::refusals::NotRead;
use crate::web::error::Result;
use crate::web::problem::ProblemDetails;
use crate::web::routes::staff::clips;
use crate::web::state::State;
use crate::web::workplace::{May, See};

/// A slide of a screen as an MP4 (H.264, 1920 by 1080, AAC), with its sound where the screen sounds; it takes some seconds.
#[utoipa::path(get, path = "/api/v1/staff/screens/{screen}/clips/{stop}/{language}", operation_id = "getClip", tag = "staff",
    params(("screen" = String, Path, description = "The screen's code"), ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("language" = String, Path, description = "One of the screen's languages", example = "vi")),
    responses((status = 200, description = "The film", body = Vec<u8>, content_type = "video/mp4"),
        (status = 409, description = "A program or font is missing on the house's machine", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Another film is being made", body = ProblemDetails, content_type = "application/problem+json"), NotRead))]
pub async fn get(
    here: Here<State>,
    may: May<See>,
    path: Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    clips::get(here, may, path, headers).await
}
