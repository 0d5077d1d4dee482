//! `/api/v1/stops`: every stop with the guides published for it.

use axum::extract::State as Given;
use axum::http::HeaderMap;
use axum::response::Response;

use super::types::{StopView, Stops};
use crate::web::error::Result;
use crate::web::problem::ProblemDetails;
use crate::web::respond::json;
use crate::web::state::State;

/// Every stop, site by site.
#[utoipa::path(get, path = "/api/v1/stops", operation_id = "listStops", tag = "collection", responses(
    (status = 200, description = "All stops", body = Stops),
    (status = 304, description = "What `If-None-Match` names is still right"),
    (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn get(Given(state): Given<State>, headers: HeaderMap) -> Result<Response> {
    let library = state.library().await?;
    let stops = library.stops.iter().map(|stop| StopView::of(&library, stop)).collect::<Result<_>>()?;
    json(&headers, &Stops { stops })
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn stops_are_listed_with_their_guides() {
        let house = House::with_guides().await;
        let stops = house.get("/api/v1/stops").send().await.json();
        let languages = |at: usize| -> Vec<String> {
            let guides = stops["stops"][at]["guides"].as_array().unwrap();
            guides.iter().map(|guide| guide["language"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(languages(0), ["vi", "en", "ja"]);
        assert_eq!(languages(1), ["vi"]);
        assert!(languages(2).is_empty());
    }
}
