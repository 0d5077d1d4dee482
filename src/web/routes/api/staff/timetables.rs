//! `/api/v1/staff/timetables`: timetables of buses, as archives in GTFS.

use axum::extract::{Path, Query, State as Here};
use axum::response::Response;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::notices::house;
use super::refusals::{NotChanged, NotRead};
use super::{done, json};
use crate::domain::Slug;
use crate::pipeline::gtfs::is_address;
use crate::store::TimetableHead;
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::timetables::table_of;
use crate::web::state::State;
use crate::web::workplace::{Manage, May, See};

/// A timetable.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimetableView {
    pub name: String,
    pub routes: u64,
    pub stops: u64,
    pub trips: u64,
    /// The last day on which anything runs.
    pub ends: String,
    /// Where its vehicles tell where they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positions: Option<String>,
    pub kept_by: String,
    /// Milliseconds since 1970.
    pub kept_at: i64,
}

/// Timetables.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimetableList {
    pub timetables: Vec<TimetableView>,
}

/// Where vehicles tell where they are.
#[derive(Deserialize)]
pub struct Positions {
    #[serde(default)]
    positions: Option<String>,
}

fn view(head: TimetableHead) -> TimetableView {
    TimetableView {
        name: head.name.to_string(),
        routes: head.routes,
        stops: head.stops,
        trips: head.trips,
        ends: head.ends,
        positions: head.positions,
        kept_by: head.kept_by,
        kept_at: head.kept_at.0,
    }
}

/// The timetables of the house.
#[utoipa::path(get, path = "/api/v1/staff/timetables", operation_id = "listTimetables", tag = "staff",
    responses((status = 200, description = "By name", body = TimetableList), NotRead))]
pub async fn list(Here(state): Here<State>, _: May<See>) -> Result<Response> {
    let heads = state.store.timetable_heads().await?;
    json(&TimetableList { timetables: heads.into_iter().map(view).collect() })
}

/// Puts in a timetable, over the one of this name.
#[utoipa::path(put, path = "/api/v1/staff/timetables/{timetable}", operation_id = "putTimetable", tag = "staff",
    params(("timetable" = String, Path, description = "Its name: letters a-z, digits, hyphens"), ("positions" = Option<String>, Query, description = "Address of vehicle positions (GTFS Realtime)")),
    request_body(content = Vec<u8>, description = "A zip archive in GTFS, at most 24 MB", content_type = "application/octet-stream"),
    responses((status = 200, description = "The timetables of the house", body = TimetableList), NotChanged))]
pub async fn put(
    Here(state): Here<State>,
    may: May<Manage>,
    Path(name): Path<String>,
    Query(asked): Query<Positions>,
    body: Bytes,
) -> Result<Response> {
    house(&may)?;
    let name: Slug = name.parse().map_err(|error: crate::domain::IdError| WebError::Unfit(error.to_string()))?;
    let positions = asked.positions.as_deref().filter(|address| !address.is_empty());
    if positions.is_some_and(|address| !is_address(address)) {
        return Err(WebError::Unfit("`positions` begins with https:// or http://".to_owned()));
    }
    let table = table_of(body).await?.map_err(|error| WebError::Unfit(error.to_string()))?;
    state.store.put_timetable(&may.actor(), &name, &table, positions).await?;
    let heads = state.store.timetable_heads().await?;
    json(&TimetableList { timetables: heads.into_iter().map(view).collect() })
}

/// Takes a timetable away; its screens play on as any other.
#[utoipa::path(delete, path = "/api/v1/staff/timetables/{timetable}", operation_id = "removeTimetable", tag = "staff",
    params(("timetable" = String, Path, description = "Its name")),
    responses((status = 204, description = "It is gone"), NotChanged))]
pub async fn remove(Here(state): Here<State>, may: May<Manage>, Path(name): Path<String>) -> Result<Response> {
    house(&may)?;
    let name = name.parse().map_err(|_| WebError::NoAddress)?;
    if state.store.remove_timetable(&may.actor(), &name).await? { Ok(done()) } else { Err(WebError::NoAddress) }
}
