//! `/api/v1/tours` and `/api/v1/tours/{slug}`: the tours that visitors see.

use axum::extract::{Path, State as Given};
use axum::http::HeaderMap;
use axum::response::Response;

use super::tour_types::{TourView, Tours};
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::respond::json;
use crate::web::state::State;

/// Every tour, in its order.
#[utoipa::path(get, path = "/api/v1/tours", operation_id = "listTours", tag = "collection", responses(
    (status = 200, description = "All tours", body = Tours),
    (status = 304, description = "What `If-None-Match` names is still right"),
    (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn list(Given(state): Given<State>, headers: HeaderMap) -> Result<Response> {
    let library = state.library().await?;
    json(&headers, &Tours { tours: library.tours.iter().map(|tour| TourView::of(&library, tour)).collect() })
}

/// One tour.
#[utoipa::path(get, path = "/api/v1/tours/{slug}", operation_id = "getTour", tag = "collection",
    params(("slug" = String, Path, description = "The tour's name in addresses", example = "thap-cham")),
    responses(
        (status = 200, description = "The tour", body = TourView),
        (status = 304, description = "What `If-None-Match` names is still right"),
        (status = 404, description = "No such tour", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn one(Given(state): Given<State>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response> {
    let library = state.library().await?;
    let tour = library.tour(&slug).ok_or_else(|| WebError::UnknownTour(slug.chars().take(80).collect()))?;
    json(&headers, &TourView::of(&library, tour))
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn tours_tell_their_stops_in_order_with_the_way_between() {
        let house = House::with_guides().await;
        let tours = house.get("/api/v1/tours").send().await.json();
        let tour = house.get("/api/v1/tours/quanh-thap").send().await.json();
        assert_eq!(tours["tours"], serde_json::json!([tour]));
        assert_eq!((tour["minutes"].as_u64(), tour["metres"].as_u64()), (Some(40), Some(1_200)));
        let order: Vec<_> = tour["stops"].as_array().unwrap().iter().map(|one| one["stop"].clone()).collect();
        assert_eq!(order, ["chim-than-garuda", "hai-ngon-thap"]);
        assert_eq!(tour["stops"][1]["hint"]["en"], "Round to the left.");
        assert_eq!(house.get("/api/v1/tours/nowhere").send().await.status, 404);
    }
}
