//! `/api/`: the same description as a page for people, with the kinds of problems that answers may name.

use axum::extract::State as Given;
use axum::http::HeaderMap;
use axum::response::Response;

use super::openapi::document;
use crate::domain::Language;
use crate::web::error::Result;
use crate::web::respond::page;
use crate::web::state::State;
use crate::web::views::api;

pub async fn get(Given(state): Given<State>, headers: HeaderMap) -> Result<Response> {
    let library = state.library().await?;
    let document = serde_json::to_value(document())?;
    let origin = crate::web::views::page::origin(&state, &headers);
    Ok(page(&headers, Language::EN, api::render(&state, &library, &document, &origin)?))
}

#[cfg(test)]
mod tests {
    use crate::web::problem::Kind;
    use crate::web::testing::House;

    #[tokio::test]
    async fn every_address_and_every_problem_is_on_the_page() {
        let house = House::with_guides().await;
        let page = house.get("/api/").send().await;
        assert_eq!((page.status, page.header("content-language")), (200, "en"));
        for text in ["/api/v1/stops/{slug}/guides/{lang}", "A published guide in a list", "duration_ms", "Guide"] {
            assert!(page.body.contains(text), "{text}");
        }
        for kind in Kind::NAMED {
            assert!(page.body.contains(&format!("id=\"{}\"", kind.anchor())), "{kind:?}");
        }
        assert_eq!(house.get("/api").send().await.header("location"), "/api/");
    }
}
