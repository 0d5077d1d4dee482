//! `/api/v1/sites/{slug}`: one site.

use axum::extract::{Path, State as Given};
use axum::http::HeaderMap;
use axum::response::Response;

use super::types::SiteView;
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::respond::json;
use crate::web::state::State;

/// One site.
#[utoipa::path(get, path = "/api/v1/sites/{slug}", operation_id = "getSite", tag = "collection",
    params(("slug" = String, Path, description = "The site's name in addresses", example = "thap-doi")),
    responses(
        (status = 200, description = "The site", body = SiteView),
        (status = 304, description = "What `If-None-Match` names is still right"),
        (status = 404, description = "No such site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn get(Given(state): Given<State>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response> {
    let library = state.library().await?;
    let site = library.site(&slug).ok_or_else(|| WebError::UnknownSite(slug.chars().take(80).collect()))?;
    json(&headers, &SiteView::of(&library, site))
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn a_site_is_given_by_its_slug() {
        let house = House::with_guides().await;
        let site = house.get("/api/v1/sites/thap-doi").send().await.json();
        assert_eq!(site["place"]["latitude"], 13.7859);
        assert_eq!(site["cover"]["urls"]["480"], format!("/images/{}-480.jpg", house.cover));
        let answer = house.get("/api/v1/sites/nowhere").header("accept", "text/html").send().await;
        assert_eq!((answer.status, answer.header("content-type")), (404, "application/problem+json"));
        let problem = answer.json();
        assert_eq!(problem["status"], 404);
        assert_eq!(problem["instance"], "/api/v1/sites/nowhere");
        assert_eq!(problem["type"], "/api/#unknown-site");
    }
}
