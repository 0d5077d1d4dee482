//! `/api/v1/staff/tours` and below: tours, read, made, changed and taken away, as the pages do it.

use axum::extract::{Path, State as Here};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::collection::{kept, made_on, tagged};
use super::refusals::{NotChanged, NotRead};
use super::{done, json};
use crate::web::catalogue::{TourEntry, keep_tour, tag};
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::tours::{Ground, must_edit, own, seen};
use crate::web::state::State;
use crate::web::workplace::{Edit, May, See, Sent};

/// Tours, in their order.
#[derive(Serialize, ToSchema)]
pub struct TourEntries {
    pub tours: Vec<TourEntry>,
}

async fn show(state: &State, status: StatusCode, slug: &str) -> Result<Response> {
    let slug = slug.parse().map_err(|_| WebError::NoAddress)?;
    let tour = state.store.tour(&slug).await?.ok_or(WebError::NoAddress)?;
    let ground = Ground::read(state).await?;
    tagged(status, &TourEntry::of(&tour, &ground.around()), &tag(&tour)?)
}

/// The tours that go through something one may see, open or not.
#[utoipa::path(get, path = "/api/v1/staff/tours", operation_id = "listStaffTours", tag = "staff",
    responses((status = 200, description = "In their order", body = TourEntries), NotRead))]
pub async fn list(Here(state): Here<State>, may: May<See>) -> Result<Response> {
    let ground = Ground::read(&state).await?;
    let tours = seen(&state, &may).await?;
    json(&TourEntries { tours: tours.iter().map(|tour| TourEntry::of(tour, &ground.around())).collect() })
}

/// Makes a tour.
#[utoipa::path(post, path = "/api/v1/staff/tours", operation_id = "addTour", tag = "staff", request_body = TourEntry,
    responses((status = 201, description = "The tour, with its `ETag`", body = TourEntry), NotChanged))]
pub async fn add(Here(state): Here<State>, may: May<Edit>, Sent(entry): Sent<TourEntry>) -> Result<Response> {
    let ground = Ground::read(&state).await?;
    must_edit(&may, &ground, &entry.site)?;
    kept(keep_tour(&state, &may.actor(), &ground.around(), &entry, None).await?)?;
    show(&state, StatusCode::CREATED, &entry.slug).await
}

/// A tour.
#[utoipa::path(get, path = "/api/v1/staff/tours/{tour}", operation_id = "getStaffTour", tag = "staff",
    params(("tour" = String, Path, description = "The tour's slug", example = "thap-cham")),
    responses((status = 200, description = "The tour, with its `ETag`", body = TourEntry), NotRead))]
pub async fn get(Here(state): Here<State>, may: May<See>, Path(slug): Path<String>) -> Result<Response> {
    let there = seen(&state, &may).await?.iter().any(|tour| tour.slug.as_str() == slug);
    if there { show(&state, StatusCode::OK, &slug).await } else { Err(WebError::NoAddress) }
}

/// Changes a tour.
#[utoipa::path(put, path = "/api/v1/staff/tours/{tour}", operation_id = "changeTour", tag = "staff",
    params(("tour" = String, Path, description = "The tour's slug", example = "thap-cham"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` it was read with")),
    request_body = TourEntry,
    responses((status = 200, description = "The tour as it stands now", body = TourEntry), NotChanged))]
pub async fn save(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Sent(mut entry): Sent<TourEntry>,
) -> Result<Response> {
    let tour = own(&state, &may, &slug).await?;
    let ground = Ground::read(&state).await?;
    must_edit(&may, &ground, &entry.site)?;
    let own = tag(&tour)?;
    made_on(&headers, &own)?;
    entry.slug = slug;
    kept(keep_tour(&state, &may.actor(), &ground.around(), &entry, Some((&tour, &own))).await?)?;
    show(&state, StatusCode::OK, &entry.slug).await
}

/// Takes a tour away; its stops stay.
#[utoipa::path(delete, path = "/api/v1/staff/tours/{tour}", operation_id = "removeTour", tag = "staff",
    params(("tour" = String, Path, description = "The tour's slug", example = "thap-cham"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` it was read with")),
    responses((status = 204, description = "It is gone"), NotChanged))]
pub async fn remove(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let tour = own(&state, &may, &slug).await?;
    made_on(&headers, &tag(&tour)?)?;
    if state.store.remove_tour(&may.actor(), &tour).await? { Ok(done()) } else { Err(WebError::Overtaken) }
}
