//! `GET /api/v1/kiosk/manifest`: what the device is to hold.

use axum::extract::{Query, State as Given};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::device;
use crate::web::error::Result;
use crate::web::files::validators::{Comparison, EntityTag, matches};
use crate::web::problem::ProblemDetails;
use crate::web::respond::put;
use crate::web::state::State;

const MEDIA_TYPE: &str = "application/vnd.thuyetminh.manifest+json";
/// Kept by the device, and asked about each time.
const KEPT: &str = "private, no-cache";

#[derive(Debug, Deserialize)]
pub struct Asked {
    /// The version the device holds.
    #[serde(default)]
    have: Option<u64>,
}

/// The device's signed manifest, or what leads to it from the version it has.
#[utoipa::path(get, path = "/api/v1/kiosk/manifest", operation_id = "getManifest", tag = "devices",
    params(("have" = Option<u64>, Query, description = "The version the device holds; the answer may then be a delta, which has `head`")),
    responses(
        (status = 200, description = "Canonical JSON (RFC 8785) with an Ed25519 signature, or a delta", body = Object,
            content_type = "application/vnd.thuyetminh.manifest+json"),
        (status = 304, description = "The device has it: `If-None-Match` was the SHA-256 of the manifest as it came"),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "No device has this token", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn get(Given(state): Given<State>, Query(asked): Query<Asked>, headers: HeaderMap) -> Result<Response> {
    let device = device(&state, &headers).await?;
    let shelf = state.kiosks.shelf(&state, &device.scope).await?;
    let current = EntityTag { weak: false, opaque: &shelf.tag };
    let (mut response, tag) = if matches(&headers, IF_NONE_MATCH, &current, Comparison::Weak) == Some(true) {
        (StatusCode::NOT_MODIFIED.into_response(), format!("\"{}\"", shelf.tag))
    } else {
        let delta = asked.have.map(|from| Ok::<_, crate::web::WebError>((from, shelf.delta(from)?))).transpose()?;
        let (body, tag) = match delta {
            Some((from, Some(delta))) => (delta, format!("\"{}-from-{from}\"", shelf.tag)),
            _ => (shelf.bytes.clone(), format!("\"{}\"", shelf.tag)),
        };
        let mut response = body.into_response();
        put(&mut response, CONTENT_TYPE, MEDIA_TYPE);
        (response, tag)
    };
    put(&mut response, ETAG, &tag);
    put(&mut response, CACHE_CONTROL, KEPT);
    Ok(response)
}
