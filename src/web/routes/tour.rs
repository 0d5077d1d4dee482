//! `/{lang}/tours/{slug}`: a tour and its stops, in the order of the way.

use axum::extract::{Path, State as Given};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::{chosen, language};
use crate::web::error::{Result, WebError};
use crate::web::respond::page;
use crate::web::state::State;
use crate::web::views::page::{Setting, origin};
use crate::web::views::tour;

pub async fn get(
    Given(state): Given<State>,
    Path((lang, slug)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response> {
    let lang = language(&lang)?;
    if let Some(response) = chosen(&state, &uri) {
        return Ok(response);
    }
    let library = state.library().await?;
    let found = library.tour(&slug).ok_or_else(|| WebError::UnknownTour(slug.chars().take(80).collect()))?;
    let origin = origin(&state, &headers);
    let setting = Setting { state: &state, library: &library, lang, origin: &origin };
    Ok(page(&headers, lang, tour::render(&setting, found).await?))
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn a_tour_leads_from_stop_to_stop_in_its_own_order() {
        let house = House::with_guides().await;
        let page = house.get("/vi/tours/quanh-thap").send().await;
        assert_eq!(page.status, 200, "{}", page.body);
        let at = |text: &str| page.body.rfind(text).unwrap_or_else(|| panic!("{text} is missing: {}", page.body));
        let garuda = "/vi/stops/chim-than-garuda?tour=quanh-thap";
        assert!(at("Đi qua cổng chính.") < at(garuda) && at(garuda) < at("/vi/stops/hai-ngon-thap?tour=quanh-thap"));
        assert!(page.body.contains("40 phút") && page.body.contains("1,2 km"));
        // A hint nobody translated is shown in a language it has, and says which.
        let page = house.get("/ja/tours/quanh-thap").send().await.body;
        assert!(page.contains("<p class=\"hint\" lang=\"en\">Through the main gate.</p>"), "{page}");
        // On the way, a stop leads along the tour and not through its site.
        let stop = house.get("/en/stops/chim-than-garuda?tour=quanh-thap").header("accept", "text/html").send().await;
        assert!(stop.body.contains("rel=\"next\" href=\"/en/stops/hai-ngon-thap?tour=quanh-thap\""), "{}", stop.body);
        assert!(!stop.body.contains("rel=\"prev\"") && stop.body.contains("href=\"/en/tours/quanh-thap\""));
        assert!(stop.body.contains("Round to the left."), "the way to the next stop is told");
        // Another language keeps to the tour.
        let other = house.get("/vi/stops/chim-than-garuda?tour=quanh-thap&lang=vi").send().await;
        assert_eq!(other.header("location"), "/vi/stops/chim-than-garuda?tour=quanh-thap");
        // A tour the stop is not on changes nothing.
        let stop = house.get("/vi/stops/bia-da?tour=quanh-thap").header("accept", "text/html").send().await.body;
        assert!(stop.contains("rel=\"prev\" href=\"/vi/stops/chim-than-garuda\""));
        for address in ["/vi/", "/vi/sites/thap-doi"] {
            assert!(house.get(address).send().await.body.contains("href=\"/vi/tours/quanh-thap\""), "{address}");
        }
    }

    #[tokio::test]
    async fn a_tour_that_is_not_open_is_not_there() {
        let house = House::with_guides().await;
        let tour = house.store.tour(&"quanh-thap".parse().unwrap()).await.unwrap().unwrap();
        house.store.upsert_tour(&crate::domain::Tour { open: false, ..tour }).await.unwrap();
        let page = house.get("/vi/tours/quanh-thap").header("accept", "text/html").send().await;
        assert_eq!(page.status, 404);
        let json = house.get("/api/v1/tours/quanh-thap").send().await;
        assert_eq!((json.status, json.json()["type"].as_str()), (404, Some("/api/#unknown-tour")));
        assert!(!house.get("/vi/").send().await.body.contains("quanh-thap"));
    }
}
