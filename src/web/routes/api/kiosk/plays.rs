//! `POST /api/v1/kiosk/plays`: what was played.

use axum::extract::State as Given;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;

use super::types::{KeptView, PlaysBody};
use super::{answer, device, read};
use crate::domain::device::{MOST_PLAYS, Play};
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::state::State;

/// Guides that were played; an id that was sent before counts once.
#[utoipa::path(post, path = "/api/v1/kiosk/plays", operation_id = "sendPlays", tag = "devices",
    request_body = PlaysBody,
    responses(
        (status = 200, description = "Kept", body = KeptView),
        (status = 401, description = "No device has this token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Not understood; `detail` says why", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn post(Given(state): Given<State>, headers: HeaderMap, body: Bytes) -> Result<Response> {
    let device = device(&state, &headers).await?;
    let sent = read::<PlaysBody>(&body)?.plays;
    if sent.len() > MOST_PLAYS {
        return Err(WebError::BadReport(format!("at most {MOST_PLAYS} plays at once")));
    }
    let plays: Vec<Play> = sent.into_iter().map(Play::try_from).collect::<Result<_>>()?;
    let kept = state.store.put_plays(device.id, &plays).await?;
    answer(&KeptView { new: kept.new, known: kept.known })
}
