//! `/api`: the collection and its guides for programs, described by the document at `/api/openapi.json`.

mod guide;
pub mod kiosk;
mod listens;
pub mod openapi;
mod page;
mod pictures;
mod screens;
mod search;
mod site;
mod sites;
pub mod staff;
mod stop;
mod stops;
mod tour_types;
mod tours;
pub mod types;

use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};

use crate::web::state::State;

pub fn all() -> Router<State> {
    Router::new()
        .route("/api", get(async || Redirect::permanent("/api/")))
        .route("/api/", get(page::get))
        .route("/api/openapi.json", get(openapi::get))
        .route("/api/v1/search", get(search::get))
        .route("/api/v1/sites", get(sites::get))
        .route("/api/v1/sites/{slug}", get(site::get))
        .route("/api/v1/sites/{slug}/pictures", get(pictures::of_site))
        .route("/api/v1/stops", get(stops::get))
        .route("/api/v1/stops/{slug}/pictures", get(pictures::of_stop))
        .route("/api/v1/stops/{slug}", get(stop::get))
        .route("/api/v1/stops/{slug}/guides/{lang}", get(guide::get))
        .route("/api/v1/tours", get(tours::list))
        .route("/api/v1/tours/{slug}", get(tours::one))
        .route("/api/v1/listens", post(listens::post))
        .merge(kiosk::all())
        .merge(screens::all())
}
