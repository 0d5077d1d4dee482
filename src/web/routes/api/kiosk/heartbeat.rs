//! `POST /api/v1/kiosk/heartbeat`: a device lives.

use axum::extract::State as Given;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;

use super::types::{HeartbeatBody, HeartbeatView};
use super::{answer, device, read};
use crate::domain::Timestamp;
use crate::domain::device::{Device, Heartbeat};
use crate::web::error::Result;
use crate::web::problem::ProblemDetails;
use crate::web::state::State;

/// Milliseconds after which a token is replaced.
const TOKEN_HOLDS: i64 = 30 * 24 * 3_600_000;

fn is_due(device: &Device, now: Timestamp) -> bool {
    device.token_given_at.is_none_or(|given| given.plus_millis(TOKEN_HOLDS) < now)
}

/// A sign of life, every minute or so. It may be answered with a new token.
#[utoipa::path(post, path = "/api/v1/kiosk/heartbeat", operation_id = "sendHeartbeat", tag = "devices",
    request_body = HeartbeatBody,
    responses(
        (status = 200, description = "Kept", body = HeartbeatView),
        (status = 401, description = "No device has this token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Not understood; `detail` says why", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn post(Given(state): Given<State>, headers: HeaderMap, body: Bytes) -> Result<Response> {
    let device = device(&state, &headers).await?;
    let beat: Heartbeat = read::<HeartbeatBody>(&body)?.try_into()?;
    let now = state.clock.now();
    state.kiosks.beat(&state.store, device.id, beat, now);
    let mut token = None;
    if is_due(&device, now) {
        let new = super::enrol::new_token()?;
        token = state.store.offer_token(device.id, &new).await?.then_some(new);
    }
    let version = state.kiosks.shelf(&state, &device.scope).await?.bundle.manifest.version;
    let sync = state.kiosks.is_asked(device.id);
    answer(&HeartbeatView { version, token, sync })
}
