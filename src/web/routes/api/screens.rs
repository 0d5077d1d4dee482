//! `/api/v1/screens/{code}/playlist`, `/bus` and `/plays`: what a screen plays, where its bus is, what it says it played.
//!
//! The code is the whole key, as the address is what a browser in a bus can be given; it opens nothing that is not
//! published, and what it may write is small and bounded.

use axum::Router;
use axum::extract::{Path, RawQuery, State as Given};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get as getting, post as posting};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ContentHash;
use crate::domain::device::is_report_id;
use crate::domain::screen::{Play, ScreenCode};
use crate::store::Screen;
use crate::web::buses::LiveView;
use crate::web::error::{Result, WebError};
use crate::web::files::validators::{Comparison, EntityTag, matches};
use crate::web::playlists::compose;
use crate::web::problem::ProblemDetails;
use crate::web::respond::{NEVER_KEPT, put};
use crate::web::routes::screens::PREVIEW;
use crate::web::state::State;
use crate::web::views::page::origin;

/// Among the types that are not compressed, so that the strong tag is that of the bytes on the wire.
const MEDIA_TYPE: &str = "application/vnd.thuyetminh.playlist+json";
const MOST_PLAYS: usize = 100;
/// No slide shows for longer within one report than a week; more is a broken clock.
const LONGEST: u64 = 7 * 24 * 3_600_000;

pub fn all() -> Router<State> {
    Router::new()
        .route("/api/v1/screens/{code}/playlist", getting(playlist))
        .route("/api/v1/screens/{code}/bus", getting(bus))
        .route("/api/v1/screens/{code}/plays", posting(plays))
}

async fn screen(state: &State, code: &str) -> Result<Screen> {
    let code: ScreenCode = code.parse().map_err(|_| WebError::NoAddress)?;
    state.store.screen(&code).await?.ok_or(WebError::NoAddress)
}

/// What a screen plays: slides, when they are due, and notices.
#[utoipa::path(get, path = "/api/v1/screens/{code}/playlist", operation_id = "getPlaylist", tag = "screens",
    params(("code" = String, Path, description = "The screen's code")),
    responses(
        (status = 200, description = "The playlist, with a strong `ETag`", body = crate::web::playlists::Playlist,
            content_type = "application/vnd.thuyetminh.playlist+json"),
        (status = 304, description = "The screen has it"),
        (status = 404, description = "No screen has this code, or it is retired", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn playlist(
    Given(state): Given<State>,
    Path(code): Path<String>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Result<Response> {
    let screen = screen(&state, &code).await?;
    if asked.as_deref() != Some(PREVIEW) && state.screens.hear(&screen.code, state.clock.now()) {
        state.store.heard_of_screen(&screen.code).await?;
    }
    let notices = state.store.notices(&screen.code).await?;
    let list = compose(&state, &screen.code, &screen.plan, &notices, &origin(&state, &headers)).await?;
    let body = serde_json::to_vec(&list)?;
    let tag = ContentHash::of(&body).to_string();
    let current = EntityTag { weak: false, opaque: &tag };
    let mut response = if matches(&headers, IF_NONE_MATCH, &current, Comparison::Weak) == Some(true) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = body.into_response();
        put(&mut response, CONTENT_TYPE, MEDIA_TYPE);
        response
    };
    put(&mut response, ETAG, &format!("\"{tag}\""));
    put(&mut response, CACHE_CONTROL, "no-cache");
    Ok(response)
}

/// Where a screen's bus is.
#[derive(Debug, Serialize, ToSchema)]
pub struct BusNow {
    /// Absent where it did not tell lately: then the timetable counts.
    #[schema(required = true)]
    live: Option<LiveView>,
}

/// Where the bus of a screen said it was, as far as that is believed. Small, and asked for often.
#[utoipa::path(get, path = "/api/v1/screens/{code}/bus", operation_id = "getBusOfScreen", tag = "screens",
    params(("code" = String, Path, description = "The screen's code")),
    responses(
        (status = 200, description = "The bus", body = BusNow),
        (status = 404, description = "No screen has this code, or it is retired", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn bus(Given(state): Given<State>, Path(code): Path<String>) -> Result<Response> {
    let screen = screen(&state, &code).await?;
    let live = state.buses.live(&state, &screen.plan).await?;
    written(&BusNow { live })
}

/// Plays that a screen reports; at most 100 at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaysSent {
    #[schema(value_type = Vec<Object>)]
    plays: Vec<Play>,
}

/// How many reports were new.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaysKept {
    new: u64,
    /// Sent before; they count once.
    known: u64,
}

/// Proof of play: for a guide in a language, how often and how long it was shown within some minutes.
#[utoipa::path(post, path = "/api/v1/screens/{code}/plays", operation_id = "sendScreenPlays", tag = "screens",
    params(("code" = String, Path, description = "The screen's code")),
    request_body = PlaysSent,
    responses(
        (status = 200, description = "Kept", body = PlaysKept),
        (status = 404, description = "No screen has this code, or it is retired", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Not understood; `detail` says why", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn plays(Given(state): Given<State>, Path(code): Path<String>, body: Bytes) -> Result<Response> {
    let screen = screen(&state, &code).await?;
    let sent: PlaysSent = serde_json::from_slice(&body).map_err(|error| WebError::BadReport(error.to_string()))?;
    if sent.plays.len() > MOST_PLAYS {
        return Err(WebError::BadReport(format!("at most {MOST_PLAYS} plays at once")));
    }
    for play in &sent.plays {
        check(play)?;
    }
    let kept = state.store.put_screen_plays(&screen.code, &sent.plays).await?;
    written(&PlaysKept { new: kept.new, known: kept.known })
}

/// JSON that is good now.
fn written(value: &impl Serialize) -> Result<Response> {
    let mut response = Response::new(serde_json::to_vec(value)?.into());
    put(&mut response, CONTENT_TYPE, "application/json");
    put(&mut response, CACHE_CONTROL, NEVER_KEPT);
    Ok(response)
}

fn check(play: &Play) -> Result<()> {
    let bad = |why: &str| Err(WebError::BadReport(why.to_owned()));
    if !is_report_id(&play.id) {
        return bad("an `id` is 32 lower-case hexadecimal digits of the screen's own choice");
    }
    if play.times == 0 {
        return bad("`times` begins at 1");
    }
    if play.shown_millis > LONGEST {
        return bad("`shown_millis` is longer than a week");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
