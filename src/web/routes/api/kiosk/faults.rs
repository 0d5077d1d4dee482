//! `POST /api/v1/kiosk/faults`: what went wrong.

use axum::extract::State as Given;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;

use super::types::{FaultsBody, KeptView};
use super::{answer, device, read};
use crate::domain::device::{Fault, MOST_FAULTS};
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::state::State;

/// Faults; an id that was sent before counts once.
#[utoipa::path(post, path = "/api/v1/kiosk/faults", operation_id = "sendFaults", tag = "devices",
    request_body = FaultsBody,
    responses(
        (status = 200, description = "Kept", body = KeptView),
        (status = 401, description = "No device has this token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Not understood; `detail` says why", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn post(Given(state): Given<State>, headers: HeaderMap, body: Bytes) -> Result<Response> {
    let device = device(&state, &headers).await?;
    let sent = read::<FaultsBody>(&body)?.faults;
    if sent.len() > MOST_FAULTS {
        return Err(WebError::BadReport(format!("at most {MOST_FAULTS} faults at once")));
    }
    let faults: Vec<Fault> = sent.into_iter().map(Fault::try_from).collect::<Result<_>>()?;
    let kept = state.store.put_faults(device.id, &faults).await?;
    answer(&KeptView { new: kept.new, known: kept.known })
}
