//! `GET /api/v1/kiosk/files/{sha256}`: a file of the device's manifest, whole or from where it broke off.

use axum::extract::{Path, State as Given};
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use super::device;
use crate::domain::ContentHash;
use crate::pipeline::bundles::{Source, edition_bytes};
use crate::web::error::{Result, WebError};
use crate::web::files::{Bytestore, File, serve};
use crate::web::problem::ProblemDetails;
use crate::web::state::State;

/// What it is stands in the manifest.
const MEDIA_TYPE: &str = "application/vnd.thuyetminh.file";

/// A file that the device's newest manifest lists. Its entity tag is its hash.
#[utoipa::path(get, path = "/api/v1/kiosk/files/{sha256}", operation_id = "getFile", tag = "devices",
    params(("sha256" = String, Path, description = "64 lower-case hexadecimal digits")),
    responses(
        (status = 200, description = "The whole file", content_type = "application/vnd.thuyetminh.file"),
        (status = 206, description = "The part that `Range` asks for, where `If-Range` is the file's tag"),
        (status = 401, description = "No device has this token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "The newest manifest does not list it", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 416, description = "The file has no such part", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn get(
    Given(state): Given<State>,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let device = device(&state, &headers).await?;
    let hash: ContentHash = name.parse().map_err(|_| WebError::NoFile)?;
    let shelf = state.kiosks.shelf(&state, &device.scope).await?;
    let source = *shelf.bundle.sources.get(&hash).ok_or(WebError::NoFile)?;
    let lost = || WebError::Contradiction(format!("the file {hash} is in a manifest, and is not there"));
    let (length, bytes) = match source {
        Source::Blob => {
            let length = state.blobs.size(hash).await?.ok_or_else(lost)?;
            (length, Bytestore::Blob(&state.blobs, hash))
        }
        Source::Edition(id) => {
            let bytes = edition_bytes(&state.store, id).await?.ok_or(WebError::NoFile)?;
            (bytes.len() as u64, Bytestore::Memory(bytes))
        }
    };
    Ok(serve(&method, &headers, &File { tag: hash.to_string(), media_type: MEDIA_TYPE, length, bytes }))
}
