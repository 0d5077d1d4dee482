//! `POST /api/v1/kiosk/inventory`: what the files on the disk really are.

use axum::extract::State as Given;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;

use super::types::{InventoryBody, InventoryView};
use super::{answer, device, read};
use crate::domain::device::Inventory;
use crate::web::error::Result;
use crate::web::problem::ProblemDetails;
use crate::web::state::State;

/// The result of reading every file again and hashing it.
#[utoipa::path(post, path = "/api/v1/kiosk/inventory", operation_id = "sendInventory", tag = "devices",
    request_body = InventoryBody,
    responses(
        (status = 200, description = "Kept", body = InventoryView),
        (status = 401, description = "No device has this token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Not understood; `detail` says why", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn post(Given(state): Given<State>, headers: HeaderMap, body: Bytes) -> Result<Response> {
    let device = device(&state, &headers).await?;
    let inventory: Inventory = read::<InventoryBody>(&body)?.try_into()?;
    state.store.put_inventory(device.id, &inventory).await?;
    let shelf = state.kiosks.shelf(&state, &device.scope).await?;
    let newest = &shelf.bundle.manifest;
    answer(&InventoryView { matches: inventory.version == newest.version && inventory.digest == newest.inventory() })
}
