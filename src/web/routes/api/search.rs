//! `/api/v1/search?q=`: sites and stops by name, code, kind, theme or address, with or without Vietnamese marks.

use axum::extract::{Query, State as Given};
use axum::http::HeaderMap;
use axum::response::Response;

use super::types::{Matches, SiteView, StopView};
use crate::web::catalogue::{Found, search};
use crate::web::error::Result;
use crate::web::problem::ProblemDetails;
use crate::web::respond::json;
use crate::web::state::State;
use crate::web::workplace::Given as _;

/// Sites and stops that fit every word of a query.
#[utoipa::path(get, path = "/api/v1/search", operation_id = "search", tag = "collection",
    params(("q" = Option<String>, Query, description = "Words that must all be there; Vietnamese marks may be left out", example = "thap doi")),
    responses(
    (status = 200, description = "The best first, at most 50; nothing for an empty query", body = Matches),
    (status = 304, description = "What `If-None-Match` names is still right"),
    (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn get(
    Given(state): Given<State>,
    headers: HeaderMap,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let library = state.library().await?;
    let mut matches = Matches { sites: Vec::new(), stops: Vec::new() };
    for found in search(asked.field("q"), &library.sites, &[], &library.stops) {
        match found {
            Found::Site(site) => matches.sites.push(SiteView::of(&library, site)),
            Found::Stop(_, stop) => matches.stops.push(StopView::of(&library, stop)?),
            Found::Relic(..) => {}
        }
    }
    json(&headers, &matches)
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn marks_may_be_typed_or_left_out() {
        let house = House::with_guides().await;
        let found = async |query: &str| {
            let answer = house.get(&format!("/api/v1/search?q={query}")).send().await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            let json = answer.json();
            let slugs = |what: &str| -> Vec<String> {
                let list = json[what].as_array().unwrap();
                list.iter().map(|one| one["slug"].as_str().unwrap().to_owned()).collect()
            };
            (slugs("sites"), slugs("stops"))
        };
        let both = (vec!["thap-doi".to_owned()], Vec::new());
        assert_eq!(found("thap%20doi").await, both);
        assert_eq!(found("th%C3%A1p%20%C4%91%C3%B4i").await, both);
        assert_eq!(found("td2").await, (Vec::new(), vec!["chim-than-garuda".to_owned()]));
        assert_eq!(found("").await, (Vec::new(), Vec::new()));
        assert_eq!(found("%3Cscript%3E").await, (Vec::new(), Vec::new()));
    }
}
