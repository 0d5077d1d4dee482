//! `/{lang}/sites/{slug}`: a site and its stops.

use axum::extract::{Path, State as Given};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::{chosen, language};
use crate::web::error::{Result, WebError};
use crate::web::respond::page;
use crate::web::state::State;
use crate::web::views::page::{Setting, origin};
use crate::web::views::site;

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
    let found = library.site(&slug).ok_or_else(|| WebError::UnknownSite(slug.chars().take(80).collect()))?;
    let origin = origin(&state, &headers);
    let setting = Setting { state: &state, library: &library, lang, origin: &origin };
    Ok(page(&headers, lang, site::render(&setting, found).await?))
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn a_site_shows_its_stops_in_order() {
        let house = House::with_guides().await;
        let page = house.get("/vi/sites/thap-doi").send().await;
        assert_eq!(page.status, 200);
        let at = |text: &str| page.body.find(text).unwrap_or_else(|| panic!("{text} is missing"));
        assert!(at("/vi/stops/hai-ngon-thap") < at("/vi/stops/chim-than-garuda"));
        assert!(page.body.contains("cuối thế kỷ XII"));
        let page = house.get("/en/sites/thap-doi").send().await;
        // The years in the page's language, the address in the one it is written in.
        assert!(page.body.contains("1170–1230") && page.body.contains("<span lang=\"vi\">Phường Quy Nhơn"));
        // A stop that does not speak English says what it speaks.
        assert!(page.body.contains("Tiếng Việt"));
    }

    #[tokio::test]
    async fn an_unknown_site_is_404() {
        let house = House::with_guides().await;
        let json = house.get("/vi/sites/nowhere").header("accept", "application/json").send().await;
        assert_eq!((json.status, json.json()["type"].as_str()), (404, Some("/api/#unknown-site")));
    }
}
