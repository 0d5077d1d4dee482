//! `/api/v1/kiosk/`: devices enrol, fetch what they are to hold, and report. `docs/kiosk-protocol.md` says it for others.
//!
//! All but enrolment need `Authorization: Bearer TOKEN`. Manifests and files go out byte for byte, never compressed, since
//! their strong tags and ranges speak of these bytes.

pub mod enrol;
pub mod faults;
pub mod files;
pub mod heartbeat;
pub mod inventory;
pub mod manifest;
pub mod plays;
#[cfg(test)]
mod tests;
pub mod types;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::device::{Device, is_report_id};
use crate::web::error::{Result, WebError};
use crate::web::respond::{NEVER_KEPT, put};
use crate::web::state::State;

/// The beginning of the media types that must not be compressed.
pub const EXACT: &str = "application/vnd.thuyetminh";
/// As much as the longest report needs.
const LARGEST_REPORT: usize = 16 << 10;

pub fn all() -> Router<State> {
    Router::new()
        .route("/api/v1/kiosk/enrol", post(enrol::post))
        .route("/api/v1/kiosk/manifest", get(manifest::get))
        .route("/api/v1/kiosk/files/{sha256}", get(files::get))
        .route("/api/v1/kiosk/heartbeat", post(heartbeat::post))
        .route("/api/v1/kiosk/inventory", post(inventory::post))
        .route("/api/v1/kiosk/plays", post(plays::post))
        .route("/api/v1/kiosk/faults", post(faults::post))
        .layer(DefaultBodyLimit::max(LARGEST_REPORT))
}

/// The device that asks.
///
/// # Errors
/// `UnknownDevice`; those of the store.
async fn device(state: &State, headers: &HeaderMap) -> Result<Arc<Device>> {
    let line = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or("");
    let token = line.strip_prefix("Bearer ").and_then(|token| token.trim().parse().ok());
    state.kiosks.device(&state.store, &token.ok_or(WebError::UnknownDevice)?, state.clock.now()).await
}

/// A report as it was sent.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T> {
    serde_json::from_slice(body).map_err(|error| WebError::BadReport(error.to_string()))
}

fn check_id(id: &str) -> Result<()> {
    let bad =
        || WebError::BadReport("an `id` is 32 lower-case hexadecimal digits of the device's own choice".to_owned());
    if is_report_id(id) { Ok(()) } else { Err(bad()) }
}

fn answer(value: &impl Serialize) -> Result<Response> {
    let mut response = Response::new(serde_json::to_vec(value)?.into());
    put(&mut response, axum::http::header::CONTENT_TYPE, "application/json");
    put(&mut response, axum::http::header::CACHE_CONTROL, NEVER_KEPT);
    Ok(response)
}
