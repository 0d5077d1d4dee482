//! `/readyz`: visitors can be sent here: the store answers, and there is something to hear.

use axum::Json;
use axum::extract::State as Given;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::web::state::State;

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    /// `ok`, or why not.
    store: &'static str,
    editions: &'static str,
    /// How many guides are published.
    published: usize,
}

pub async fn get(Given(state): Given<State>) -> Response {
    let readiness = match state.library().await {
        Ok(library) if library.published() == 0 => {
            Readiness { ready: false, store: "ok", editions: "no guide is published yet", published: 0 }
        }
        Ok(library) => Readiness { ready: true, store: "ok", editions: "ok", published: library.published() },
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(target: "thuyetminh::web", error, "not ready");
            Readiness { ready: false, store: "does not answer: see the log", editions: "unknown", published: 0 }
        }
    };
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(CACHE_CONTROL, "no-store")], Json(readiness)).into_response()
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn readiness_says_what_is_missing() {
        let answer = House::empty().await.get("/readyz").send().await;
        assert_eq!((answer.status, answer.json()["editions"].as_str()), (503, Some("no guide is published yet")));
        let house = House::with_guides().await;
        let answer = house.get("/readyz").send().await;
        assert_eq!((answer.status, answer.json()["ready"].as_bool()), (200, Some(true)));
        house.store.close().await;
        let answer = house.get("/readyz").send().await;
        assert_eq!((answer.status, answer.json()["ready"].as_bool()), (503, Some(false)));
    }
}
