//! What every answer gets on its way out: an id, the headers that keep a page to itself, one line in the log, and,
//! where it is an error, a body that its reader understands.
//!
//! The log knows no visitor: neither address, nor device, nor cookie, nor what stands after `?`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{Request, State as Given};
use axum::http::header::{self, CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::domain::Language;
use crate::web::State;
use crate::web::languages::choose;
use crate::web::limits::Largest;
use crate::web::problem::{Available, Kind, Offer, Problem, wants_page};
use crate::web::reading::Library;
use crate::web::respond::{NEVER_KEPT, put};
use crate::web::views::trouble;

/// Names one request in the log and towards the visitor.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

static COUNT: AtomicU64 = AtomicU64::new(0);

/// Different in every process, and no help in guessing anything.
fn next_id() -> String {
    use std::hash::{BuildHasher, RandomState};
    use std::sync::LazyLock;
    static START: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one("request"));
    format!("{:016x}", START.wrapping_add(COUNT.fetch_add(1, Ordering::Relaxed)))
}

/// Nothing is fetched from elsewhere, run from elsewhere, or shown inside another page.
const SHIELDS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"),
];

/// The same, for a page that plays what was made on it.
pub const SHIELD_WITH_SOUND: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// Nothing but the microphone, and that for the house's own pages.
pub const MICROPHONE_ALLOWED: &str = "camera=(), geolocation=(), microphone=(self), interest-cohort=()";

/// The outermost layer: id, shields, log.
pub async fn log(mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = next_id();
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    for (name, value) in SHIELDS {
        response.headers_mut().entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    put(&mut response, HeaderName::from_static("x-request-id"), &id);
    let status = response.status().as_u16();
    let millis = begun.elapsed().as_secs_f64() * 1000.0;
    let bytes = response.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()).unwrap_or("");
    tracing::info!(target: "thuyetminh::web", %method, path, status, millis, bytes, id, "answered");
    response
}

/// A handler that has not begun to answer by then is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Gives a handler up that takes too long. A recording of two hours comes as slowly as its sender's network: there every
/// piece has a limit of its own.
pub async fn patience(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let takes_long = request.method() == Method::POST
        && (path.ends_with("/staff/recordings") || path.ends_with("/recording") && path.contains("/staff/"));
    if takes_long {
        return next.run(request).await;
    }
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Writes every error as its reader wants it: those of the handlers, and those of the framework (405, 408, a panic).
pub async fn errors(Given(state): Given<State>, request: Request, next: Next) -> Response {
    let (uri, asked) = (request.uri().clone(), request.headers().clone());
    let id = request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        // A handler that wrote a body of its own has said what there is to say; the framework's words are plain text.
        None if status.is_success() || status.is_redirection() || is_written(&response) => return response,
        None if status == StatusCode::NOT_FOUND => Problem::new(Kind::NotFound, "there is nothing at this address"),
        None if status.is_client_error() => {
            Problem::new(Kind::Refused(status), refused(status, response.extensions().get::<Largest>().copied()))
        }
        None if status == StatusCode::INTERNAL_SERVER_ERROR => {
            let problem = Problem::new(Kind::Failed, "the id names the entry in the log");
            Problem { cause: Some("a handler panicked".to_owned()), ..problem }
        }
        None if status.is_server_error() => {
            let problem = Problem::new(Kind::Refused(status), "try again in a moment");
            Problem { cause: Some(format!("answered {status} without a word")), ..problem }
        }
        None => return response,
    };
    if let Some(cause) = &problem.cause {
        tracing::error!(target: "thuyetminh::web", id, path = uri.path(), cause, "a request failed");
    }
    let mut written = write(&state, &problem, &uri, &asked, &id).await;
    let kept = [header::ALLOW, header::CONTENT_RANGE, header::RETRY_AFTER, header::WWW_AUTHENTICATE];
    for name in kept {
        if let Some(value) = response.headers_mut().remove(&name) {
            written.headers_mut().insert(name, value);
        }
    }
    put(&mut written, CACHE_CONTROL, NEVER_KEPT);
    put(&mut written, VARY, "Accept, Accept-Language, Cookie, Accept-Encoding");
    written
}

fn is_written(response: &Response) -> bool {
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    ["text/html", "application/json", "application/problem+json"].iter().any(|own| media_type.starts_with(own))
}

fn refused(status: StatusCode, largest: Option<Largest>) -> String {
    let why = match (status, largest) {
        (StatusCode::METHOD_NOT_ALLOWED, _) => "this address answers other methods: see `Allow`",
        (StatusCode::PAYLOAD_TOO_LARGE, Some(largest)) => {
            return format!("the body is larger than this address takes: at most {}", largest.told());
        }
        (StatusCode::PAYLOAD_TOO_LARGE, None) => "the body is larger than this address takes",
        (StatusCode::REQUEST_TIMEOUT, _) => "the request took too long",
        _ => "the request cannot be read",
    };
    why.to_owned()
}

async fn write(state: &State, problem: &Problem, uri: &Uri, asked: &HeaderMap, id: &str) -> Response {
    // A store that does not answer must not keep its own failure from being told.
    let library = state.library().await.ok();
    let published = library.as_deref().map(Library::languages).unwrap_or_default();
    if wants_page(uri.path(), asked) {
        let language = language_of(uri.path())
            .or_else(|| choose(None, asked, &published, state.settings.default_language))
            .unwrap_or(state.settings.default_language);
        match trouble::render(state, library.as_deref(), problem, uri.path(), language, id) {
            Ok(html) => {
                let mut response = (problem.kind.status(), html).into_response();
                put(&mut response, CONTENT_TYPE, "text/html; charset=utf-8");
                put(&mut response, header::CONTENT_LANGUAGE, language.tag());
                return response;
            }
            Err(error) => tracing::error!(target: "thuyetminh::web", id, %error, "the page of an error failed"),
        }
    }
    let offered = match &problem.offer {
        Offer::Languages(Some(languages)) => languages.clone(),
        Offer::Languages(None) => published,
        _ => Vec::new(),
    };
    let available = offered.into_iter().map(|language| Available { language, url: in_language(uri.path(), language) });
    let details = problem.details(uri.path(), id, available.collect());
    let body = serde_json::to_vec(&details).unwrap_or_default();
    let mut response = (problem.kind.status(), body).into_response();
    put(&mut response, CONTENT_TYPE, "application/problem+json");
    response
}

/// The language an address names in its first place, or, for the guides of the interface, in its last.
#[must_use]
pub fn language_of(path: &str) -> Option<Language> {
    path.split('/').nth(1)?.parse().ok()
}

/// The same address in another language.
#[must_use]
pub fn in_language(path: &str, language: Language) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    let place = if path.starts_with("/api/") { parts.len().saturating_sub(1) } else { 1 };
    if let Some(part) = parts.get_mut(place) {
        *part = language.tag();
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_turned_into_another_language() {
        assert_eq!(in_language("/xx/stops/a", Language::EN), "/en/stops/a");
        assert_eq!(in_language("/xx/", Language::JA), "/ja/");
        assert_eq!(in_language("/api/v1/stops/a/guides/xx", Language::PT), "/api/v1/stops/a/guides/pt");
    }

    #[test]
    fn ids_differ() {
        assert_ne!(next_id(), next_id());
        assert_eq!(next_id().len(), 16);
    }
}
