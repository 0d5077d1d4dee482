//! `/healthz`: the process lives and answers. Nothing else is asked: a restart mends nothing that lies outside.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

pub async fn get() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], r#"{"status":"alive"}"#)
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn a_living_process_says_so_with_its_shields_up() {
        let answer = House::empty().await.get("/healthz").send().await;
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"status":"alive"}"#));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(answer.header("x-request-id").len(), 16);
    }
}
