//! `/api/v1/sites`: every site.

use axum::extract::State as Given;
use axum::http::HeaderMap;
use axum::response::Response;

use super::types::{SiteView, Sites};
use crate::web::error::Result;
use crate::web::problem::ProblemDetails;
use crate::web::respond::json;
use crate::web::state::State;

/// Every site, in its order.
#[utoipa::path(get, path = "/api/v1/sites", operation_id = "listSites", tag = "collection", responses(
    (status = 200, description = "All sites", body = Sites),
    (status = 304, description = "What `If-None-Match` names is still right"),
    (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn get(Given(state): Given<State>, headers: HeaderMap) -> Result<Response> {
    let library = state.library().await?;
    json(&headers, &Sites { sites: library.sites.iter().map(|site| SiteView::of(&library, site)).collect() })
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn sites_are_listed_and_known_lists_are_not_sent_again() {
        let house = House::with_guides().await;
        let answer = house.get("/api/v1/sites").send().await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
        let site = &answer.json()["sites"][0];
        assert_eq!(site["names"]["vi"], "Tháp Đôi");
        assert_eq!(site["stops"], serde_json::json!(["hai-ngon-thap", "chim-than-garuda", "bia-da"]));
        let again = house.get("/api/v1/sites").header("if-none-match", answer.header("etag")).send().await;
        assert_eq!((again.status, again.bytes.len()), (304, 0));
        assert_eq!((again.header("etag"), again.header("vary")), (answer.header("etag"), answer.header("vary")));
    }
}
