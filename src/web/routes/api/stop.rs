//! `/api/v1/stops/{slug}`: one stop.

use axum::extract::{Path, State as Given};
use axum::http::HeaderMap;
use axum::response::Response;

use super::types::StopView;
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::respond::json;
use crate::web::state::State;

/// One stop.
#[utoipa::path(get, path = "/api/v1/stops/{slug}", operation_id = "getStop", tag = "collection",
    params(("slug" = String, Path, description = "The stop's name in addresses", example = "hai-ngon-thap")),
    responses(
        (status = 200, description = "The stop", body = StopView),
        (status = 304, description = "What `If-None-Match` names is still right"),
        (status = 404, description = "No such stop", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn get(Given(state): Given<State>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response> {
    let library = state.library().await?;
    let stop = library.stop(&slug).ok_or_else(|| WebError::UnknownStop(slug.chars().take(80).collect()))?;
    json(&headers, &StopView::of(&library, stop)?)
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn a_stop_is_given_by_its_slug() {
        let house = House::with_guides().await;
        let stop = house.get("/api/v1/stops/hai-ngon-thap").send().await.json();
        assert_eq!((stop["code"].as_str(), stop["label"].as_str()), (Some("TD1"), Some("/q/TD1")));
        assert_eq!(stop["guides"][1]["url"], "/api/v1/stops/hai-ngon-thap/guides/en");
        assert_eq!(stop["guides"][1]["machine_translated"], true);
        assert_eq!(house.get("/api/v1/stops/nowhere").send().await.json()["type"], "/api/#unknown-stop");
        assert_eq!(house.get("/api/v1/stops/").send().await.json()["type"], "/api/#not-found");
    }
}
