//! `/api/v1/sites/{slug}/pictures` and `/api/v1/stops/{slug}/pictures`: pictures with their descriptions.

use std::collections::BTreeMap;

use axum::extract::{Path, State as Given};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::types::{Worded, worded};
use crate::domain::{Depicted, Picture};
use crate::web::error::{Result, WebError};
use crate::web::pictures::WIDTHS;
use crate::web::problem::ProblemDetails;
use crate::web::respond::json;
use crate::web::state::State;

/// A picture.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Picture)]
pub struct PictureView {
    pub sha256: String,
    /// Addresses by width in pixels.
    pub urls: BTreeMap<String, String>,
    /// What is to be seen on it.
    pub alt: Worded,
    /// Who made it; may be empty.
    pub credit: String,
    /// Under what terms it is shown; may be empty.
    pub licence: String,
}

/// Pictures in their order; the first is the cover.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pictures {
    pub pictures: Vec<PictureView>,
}

impl From<&Picture> for PictureView {
    fn from(picture: &Picture) -> Self {
        let hash = picture.hash;
        let url = |width: &u32| (width.to_string(), format!("/images/{hash}-{width}.jpg"));
        Self {
            sha256: hash.to_string(),
            urls: WIDTHS.iter().map(url).collect(),
            alt: worded(&picture.alt),
            credit: picture.credit.clone(),
            licence: picture.licence.clone(),
        }
    }
}

async fn show(state: &State, headers: &HeaderMap, of: &[Depicted]) -> Result<Response> {
    let mut pictures = Vec::new();
    for of in of {
        pictures.extend(state.store.pictures_of(*of).await?.iter().map(PictureView::from));
    }
    json(headers, &Pictures { pictures })
}

/// The pictures of a site.
#[utoipa::path(get, path = "/api/v1/sites/{slug}/pictures", operation_id = "listPicturesOfSite", tag = "collection",
    params(("slug" = String, Path, description = "The site's name in addresses", example = "thap-doi")),
    responses(
        (status = 200, description = "In their order", body = Pictures),
        (status = 304, description = "What `If-None-Match` names is still right"),
        (status = 404, description = "No such site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn of_site(Given(state): Given<State>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response> {
    let unknown = || WebError::UnknownSite(slug.chars().take(80).collect());
    let site = state.store.site(&slug.parse().map_err(|_| unknown())?).await?.ok_or_else(unknown)?;
    show(&state, &headers, &[Depicted::Site(site.id)]).await
}

/// The pictures of a stop, and behind them those of the relic it is about.
#[utoipa::path(get, path = "/api/v1/stops/{slug}/pictures", operation_id = "listPicturesOfStop", tag = "collection",
    params(("slug" = String, Path, description = "The stop's name in addresses", example = "hai-ngon-thap")),
    responses(
        (status = 200, description = "In their order", body = Pictures),
        (status = 304, description = "What `If-None-Match` names is still right"),
        (status = 404, description = "No such stop", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn of_stop(Given(state): Given<State>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response> {
    let unknown = || WebError::UnknownStop(slug.chars().take(80).collect());
    let stop = state.store.stop(&slug.parse().map_err(|_| unknown())?).await?.ok_or_else(unknown)?;
    let of: Vec<Depicted> = std::iter::once(Depicted::Stop(stop.id)).chain(stop.relic.map(Depicted::Relic)).collect();
    show(&state, &headers, &of).await
}
