//! The page a visitor sees on the device, served to the device's own browser from what the folder holds.
//!
//! One page: flags, numbers, a stop, and an idle loop, worked by keys alone if need be. Every byte of sound it is given was
//! verified as it was read. It asks nothing of any network.

mod entrance;
mod ranges;
pub mod watchdog;

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State as Given};
use axum::http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

pub use self::entrance::Entrance;
use self::ranges::Part;
use super::{Disk, Holding, KioskError, Playing};
use crate::domain::bundle::{BundleSite, BundleStop};
use crate::domain::{Clock, ContentHash, Language, Names, StopCode};

const PAGE: &str = include_str!("player.html");
const SCRIPT: &str = include_str!("player.js");
const STYLE: &str = include_str!("player.css");
/// As much of a file as one answer holds: a browser asks on.
const MOST_AT_ONCE: u64 = 1 << 20;
/// A guide is never longer than this.
const LONGEST_PLAY: u32 = 3 * 3600;

/// What the page is answered from.
pub struct Player<D> {
    holding: Holding<D>,
    clock: Arc<dyn Clock>,
    /// Where the page may take a code.
    entrance: Option<Entrance>,
}

/// What the page shows.
#[derive(Debug, Serialize)]
struct Shown {
    version: u64,
    /// The bundle is past its date: the page says so.
    old: bool,
    house: Names,
    languages: Vec<Flag>,
    sites: Vec<BundleSite>,
    stops: Vec<BundleStop>,
}

#[derive(Debug, Serialize)]
struct Flag {
    tag: Language,
    name: &'static str,
}

#[derive(Debug, Deserialize)]
struct Played {
    stop: StopCode,
    language: Language,
    seconds: u32,
}

impl<D: Disk + 'static> Player<D> {
    #[must_use]
    pub fn new(holding: Holding<D>, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { holding, clock, entrance: None })
    }

    /// A player whose page enrols the device where it belongs to no house yet.
    #[must_use]
    pub fn with_entrance(holding: Holding<D>, clock: Arc<dyn Clock>, entrance: Entrance) -> Arc<Self> {
        Arc::new(Self { holding, clock, entrance: Some(entrance) })
    }

    /// Whether a bundle can be played: what the watchdog is told.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.holding.playing().is_ok()
    }

    /// Every address of the page.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/", get(async || asset("text/html; charset=utf-8", PAGE)))
            .route("/player.js", get(async || asset("text/javascript; charset=utf-8", SCRIPT)))
            .route("/player.css", get(async || asset("text/css; charset=utf-8", STYLE)))
            .route("/bundle", get(shown::<D>))
            .route("/files/{sha256}", get(file::<D>))
            .route("/played", post(played::<D>))
            .route("/entrance", get(standing::<D>).post(enter::<D>))
            .with_state(self)
    }
}

/// Serves the page until `stop` comes.
///
/// # Errors
/// Where the listener fails.
pub async fn serve<D: Disk + 'static>(
    listener: TcpListener,
    player: Arc<Player<D>>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, player.router()).with_graceful_shutdown(stop).await
}

fn asset(media_type: &'static str, text: &'static str) -> Response {
    let mut response = text.into_response();
    put(&mut response, CONTENT_TYPE, media_type);
    // The program may have been replaced overnight.
    put(&mut response, CACHE_CONTROL, "no-cache");
    let policy = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";
    put(&mut response, HeaderName::from_static("content-security-policy"), policy);
    response
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// The page has words of its own for each status.
fn trouble(error: &KioskError) -> Response {
    tracing::warn!(error = error as &dyn std::error::Error, "the player cannot answer");
    match error {
        KioskError::NoBundle => StatusCode::NOT_FOUND,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
    .into_response()
}

async fn standing<D: Disk + 'static>(Given(player): Given<Arc<Player<D>>>) -> Response {
    match &player.entrance {
        Some(entrance) => entrance.standing(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn enter<D: Disk + 'static>(Given(player): Given<Arc<Player<D>>>, body: Bytes) -> Response {
    match player.entrance.clone() {
        Some(entrance) => entrance.enter(body).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn shown<D: Disk + 'static>(Given(player): Given<Arc<Player<D>>>) -> Response {
    let found = || -> Result<Shown, KioskError> {
        let playing = player.holding.playing()?.ok_or(KioskError::NoBundle)?;
        let old = player.holding.time(player.clock.now(), Some(&playing))? > playing.manifest.valid_until;
        let Playing { manifest, .. } = playing;
        let languages = manifest.languages.iter().map(|tag| Flag { tag: *tag, name: tag.endonym() }).collect();
        let (version, house) = (manifest.version, manifest.house);
        Ok(Shown { version, old, house, languages, sites: manifest.sites, stops: manifest.stops })
    };
    match found() {
        Ok(shown) => axum::Json(shown).into_response(),
        Err(error) => trouble(&error),
    }
}

async fn file<D: Disk + 'static>(
    Given(player): Given<Arc<Player<D>>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(hash) = name.parse::<ContentHash>() else { return StatusCode::NOT_FOUND.into_response() };
    // Disks of small devices are slow: their reading must not hold up the other answers.
    let answer = tokio::task::spawn_blocking(move || part(&player, hash, &headers));
    answer.await.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

fn part<D: Disk>(player: &Player<D>, hash: ContentHash, headers: &HeaderMap) -> Response {
    let playing = match player.holding.playing() {
        Ok(Some(playing)) => playing,
        Ok(None) => return trouble(&KioskError::NoBundle),
        Err(error) => return trouble(&error),
    };
    let Some(file) = playing.manifest.file(hash) else { return StatusCode::NOT_FOUND.into_response() };
    let asked = headers.get("range").and_then(|value| value.to_str().ok()).unwrap_or("");
    let (status, from, to) = match ranges::part(asked, file.size, MOST_AT_ONCE) {
        Part::Whole => (StatusCode::OK, 0, file.size),
        Part::Some { from, to } => (StatusCode::PARTIAL_CONTENT, from, to),
        Part::None => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            put(&mut response, CONTENT_RANGE, &format!("bytes */{}", file.size));
            return response;
        }
    };
    let bytes = match player.holding.play(&playing.manifest, hash, from, to) {
        Ok(bytes) => bytes,
        Err(error) => {
            // What cannot be noted either is in the log.
            let _ = player.holding.note_fault(&error, &*player.clock);
            return trouble(&error);
        }
    };
    let mut response = (status, Bytes::from(bytes)).into_response();
    put(&mut response, CONTENT_TYPE, &file.media_type);
    put(&mut response, CONTENT_LENGTH, &(to - from).to_string());
    put(&mut response, ACCEPT_RANGES, "bytes");
    put(&mut response, CACHE_CONTROL, "no-store");
    if status == StatusCode::PARTIAL_CONTENT {
        put(&mut response, CONTENT_RANGE, &format!("bytes {from}-{}/{}", to - 1, file.size));
    }
    response
}

/// A range of a file of 1,000 bytes, for `src/fuzzed.rs`.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_hostile_range(asked: &str) {
    if let ranges::Part::Some { from, to } = ranges::part(asked, 1_000, 100) {
        assert!(from < to && to <= 1_000, "a part that is not there: {from} to {to}");
    }
}

async fn played<D: Disk + 'static>(Given(player): Given<Arc<Player<D>>>, body: Bytes) -> Response {
    let Ok(played) = serde_json::from_slice::<Played>(&body) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    let seconds = played.seconds.min(LONGEST_PLAY);
    let began = player.clock.now().plus_millis(-i64::from(seconds) * 1000);
    match player.holding.note_play(played.stop, played.language, began, seconds) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => trouble(&error),
    }
}
