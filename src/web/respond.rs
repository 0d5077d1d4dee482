//! Pages and JSON on their way out: type, language, how long they may be kept, and a weak tag over their bytes, so that
//! a phone that has the page already is told so and no more. Weak, because the compression changes the bytes.

use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::domain::{ContentHash, Language};
use crate::web::error::WebError;
use crate::web::files::validators::{Comparison, EntityTag, matches};

/// A page or list may be shown for a minute before it is asked for again.
pub const A_MINUTE: &str = "public, max-age=60";
/// Answers that depend on the one visitor.
pub const NEVER_KEPT: &str = "no-store";
/// Everything a choice of language looks at.
pub const VARIES_BY_LANGUAGE: &str = "Accept-Language, Cookie";

/// A page in one language, or 304.
#[must_use]
pub fn page(asked: &HeaderMap, language: Language, html: String) -> Response {
    let mut response = tagged(asked, "text/html; charset=utf-8", html.into_bytes());
    put(&mut response, CONTENT_LANGUAGE, language.tag());
    response
}

/// JSON, or 304.
///
/// # Errors
/// Where the value has no JSON form.
pub fn json(asked: &HeaderMap, value: &impl Serialize) -> Result<Response, WebError> {
    Ok(tagged(asked, "application/json", serde_json::to_vec(value)?))
}

/// Sends a visitor on, in a way that is asked for afresh each time.
#[must_use]
pub fn send_to(status: StatusCode, address: &str) -> Response {
    let mut response = status.into_response();
    put(&mut response, axum::http::header::LOCATION, address);
    put(&mut response, CACHE_CONTROL, NEVER_KEPT);
    put(&mut response, VARY, VARIES_BY_LANGUAGE);
    response
}

fn tagged(asked: &HeaderMap, media_type: &str, body: Vec<u8>) -> Response {
    let opaque = &ContentHash::of(&body).to_string()[..32];
    let tag = EntityTag { weak: true, opaque };
    let mut response = if matches(asked, IF_NONE_MATCH, &tag, Comparison::Weak) == Some(true) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = body.into_response();
        put(&mut response, CONTENT_TYPE, media_type);
        response
    };
    put(&mut response, ETAG, &format!("W/\"{opaque}\""));
    put(&mut response, CACHE_CONTROL, A_MINUTE);
    put(&mut response, VARY, "Accept-Encoding");
    response
}

pub fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_known_already_is_not_sent_again() {
        let first = page(&HeaderMap::new(), Language::VI, "<p>Tháp Đôi</p>".to_owned());
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[CONTENT_LANGUAGE], "vi");
        let mut again = HeaderMap::new();
        again.insert(IF_NONE_MATCH, first.headers()[ETAG].clone());
        let second = page(&again, Language::VI, "<p>Tháp Đôi</p>".to_owned());
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        for name in [ETAG, CACHE_CONTROL, VARY] {
            assert_eq!(first.headers()[&name], second.headers()[&name], "{name}");
        }
        assert_eq!(page(&again, Language::VI, "<p>Tháp Bánh Ít</p>".to_owned()).status(), StatusCode::OK);
    }
}
