//! One file an endpoint: its handler and its tests.

pub mod api;
mod assets;
mod audio;
mod captions;
mod code;
mod healthz;
mod home;
mod images;
mod readyz;
mod screens;
mod site;
mod staff;
mod stop;
mod tour;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use tower_http::limit::RequestBodyLimitLayer;

use crate::domain::{ContentHash, Language};
use crate::web::error::{Result, WebError};
use crate::web::languages::remember;
use crate::web::respond::{put, send_to};
use crate::web::state::State;

/// Visitors send no bodies; what little a client may send is for its own good.
const LARGEST_BODY: usize = 16 << 10;

/// Every address, without the layers around all of them.
pub fn all(state: &State) -> Router<State> {
    public().merge(staff::all(state)).merge(api::staff::all(state))
}

/// What visitors and programs read.
fn public() -> Router<State> {
    Router::new()
        .route("/", get(home::choose_language))
        .route("/q", get(code::typed))
        .route("/q/{code}", get(code::scanned))
        .route("/{lang}", get(home::with_slash))
        .route("/{lang}/", get(home::get))
        .route("/{lang}/sites/{slug}", get(site::get))
        .route("/{lang}/stops/{slug}", get(stop::get))
        .route("/{lang}/tours/{slug}", get(tour::get))
        .route("/audio/{name}", get(audio::get))
        .route("/captions/{name}", get(captions::get))
        .route("/images/{name}", get(images::get))
        .route("/assets/{name}", get(assets::get))
        .route("/screens/worker.js", get(screens::worker))
        .route("/screens/{code}", get(screens::get))
        .route("/healthz", get(healthz::get))
        .route("/readyz", get(readyz::get))
        .merge(api::all())
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .fallback(async || WebError::NoAddress)
}

/// The language an address names.
fn language(tag: &str) -> Result<Language> {
    tag.parse().map_err(|_| WebError::UnknownLanguage(tag.chars().take(40).collect()))
}

/// `{sha256}.{extension}`: anything else names no file.
fn file_name(name: &str) -> Result<(ContentHash, &str)> {
    let (hash, extension) = name.split_once('.').ok_or(WebError::NoFile)?;
    Ok((hash.parse().map_err(|_| WebError::NoFile)?, extension))
}

/// Where a page is asked for with `?lang=`, a visitor chose that language: it is remembered, and they are led to the
/// page in it.
fn chosen(state: &State, uri: &Uri) -> Option<Response> {
    let query = uri.query()?;
    let asked = query.split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    let language: Language = asked.parse().ok()?;
    let rest = uri.path().splitn(3, '/').nth(2).unwrap_or("");
    let others: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("lang=") && !pair.is_empty()).collect();
    let others = if others.is_empty() { String::new() } else { format!("?{}", others.join("&")) };
    let mut response = send_to(StatusCode::SEE_OTHER, &format!("/{language}/{rest}{others}"));
    put(&mut response, axum::http::header::SET_COOKIE, &remember(language, is_secure(state)));
    Some(response)
}

fn is_secure(state: &State) -> bool {
    state.settings.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
}

/// The language for an answer whose address names none.
async fn wished(state: &State, asked: Option<&str>, headers: &HeaderMap, there: &[Language]) -> Language {
    let default = state.settings.default_language;
    crate::web::languages::choose(asked, headers, there, default).unwrap_or(default)
}
