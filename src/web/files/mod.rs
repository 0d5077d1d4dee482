//! Files at addresses that hold their hash: what never changes, served whole or in parts.
//!
//! A blob goes out piece by piece: no request holds more of it in memory than one piece.

pub mod ranges;
pub mod validators;

use axum::body::Body;
use axum::http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use self::ranges::{Plan, plan};
use crate::blobs::Blobs;
use crate::domain::ContentHash;
use crate::web::error::WebError;
use crate::web::problem::{Kind, Problem};

/// For a year, which is as long as RFC 9111 lets anything be called fresh; `immutable` is RFC 8246.
pub const FOR_EVER: &str = "public, max-age=31536000, immutable";
const PIECE: u64 = 256 << 10;

/// Where a file's bytes lie.
pub enum Bytestore<'a> {
    Memory(Bytes),
    Blob(&'a Blobs, ContentHash),
}

/// A file to be served under a name that will always mean these bytes.
pub struct File<'a> {
    /// The entity tag without its quotes: the hash, with whatever else makes the bytes what they are.
    pub tag: String,
    pub media_type: &'static str,
    /// Bytes.
    pub length: u64,
    pub bytes: Bytestore<'a>,
}

/// Answers one request for a file.
#[must_use]
pub fn serve(method: &Method, headers: &HeaderMap, file: &File) -> Response {
    let (status, body, sent) = match plan(method, headers, &file.tag, file.length) {
        Plan::Whole => (StatusCode::OK, file.body(0, file.length), file.length),
        Plan::Part { first, last } => {
            let range = format!("bytes {first}-{last}/{}", file.length);
            let mut response = file.dressed(StatusCode::PARTIAL_CONTENT, file.body(first, last + 1), last + 1 - first);
            put(&mut response, CONTENT_RANGE, &range);
            return response;
        }
        Plan::NotModified => {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            file.name_in(&mut response);
            return response;
        }
        Plan::PreconditionFailed => return WebError::Precondition.into_response(),
        Plan::Unsatisfiable => {
            let detail = format!("the file has {} bytes, and none of those asked for", file.length);
            let mut response = Problem::new(Kind::Unsatisfiable, detail).into_response();
            put(&mut response, CONTENT_RANGE, &format!("bytes */{}", file.length));
            return response;
        }
    };
    file.dressed(status, body, sent)
}

impl File<'_> {
    /// The bytes `from..to`.
    fn body(&self, from: u64, to: u64) -> Body {
        match &self.bytes {
            Bytestore::Memory(bytes) => {
                let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
                Body::from(bytes.slice(at(from)..at(to)))
            }
            Bytestore::Blob(blobs, hash) => pieces((*blobs).clone(), *hash, from, to),
        }
    }

    fn dressed(&self, status: StatusCode, body: Body, length: u64) -> Response {
        let mut response = (status, body).into_response();
        put(&mut response, CONTENT_TYPE, self.media_type);
        put(&mut response, CONTENT_LENGTH, &length.to_string());
        put(&mut response, ACCEPT_RANGES, "bytes");
        self.name_in(&mut response);
        response
    }

    /// What a 304 repeats (RFC 9110 section 15.4.5).
    fn name_in(&self, response: &mut Response) {
        put(response, ETAG, &format!("\"{}\"", self.tag));
        put(response, CACHE_CONTROL, FOR_EVER);
    }
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// The bytes `from..to` of a blob, read as the client takes them. A failure on the way ends the connection before the
/// length that was promised, so no client takes a part for the whole.
fn pieces(blobs: Blobs, hash: ContentHash, from: u64, to: u64) -> Body {
    let next = move |at: u64| {
        let blobs = blobs.clone();
        async move {
            if at >= to {
                return Ok(None);
            }
            let end = to.min(at.saturating_add(PIECE));
            match blobs.get_range(hash, at..end).await {
                Ok(Some(bytes)) => Ok(Some((bytes, end))),
                Ok(None) => {
                    Err(std::io::Error::new(std::io::ErrorKind::NotFound, "the file went away while it was sent"))
                }
                Err(error) => {
                    tracing::error!(%hash, at, error = &error as &dyn std::error::Error, "a file broke off while it was sent");
                    Err(std::io::Error::other(error))
                }
            }
        }
    };
    Body::from_stream(futures_util::stream::try_unfold(from, next))
}
