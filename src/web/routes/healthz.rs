//! `/healthz`: the process lives and answers. Nothing else is asked: a restart mends nothing that lies outside.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

pub async fn get() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], r#"{"status":"alive"}"#)
}
