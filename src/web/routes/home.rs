//! `/` and `/{lang}/`: the way in for whoever has no code to scan.

use axum::extract::{Path, State as Given};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::{chosen, language, wished};
use crate::web::error::Result;
use crate::web::respond::{page, send_to};
use crate::web::state::State;
use crate::web::views::home;
use crate::web::views::page::{Setting, origin};

/// `/`: to the home page in the visitor's language.
pub async fn choose_language(Given(state): Given<State>, uri: Uri, headers: HeaderMap) -> Result<Response> {
    let library = state.library().await?;
    let asked = uri.query().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("lang=")));
    let language = wished(&state, asked, &headers, &library.languages()).await;
    Ok(send_to(StatusCode::FOUND, &format!("/{language}/")))
}

/// `/{lang}`: relative links need the slash.
pub async fn with_slash(Path(lang): Path<String>) -> Result<Response> {
    let lang = language(&lang)?;
    Ok(send_to(StatusCode::PERMANENT_REDIRECT, &format!("/{lang}/")))
}

pub async fn get(
    Given(state): Given<State>,
    Path(lang): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response> {
    let lang = language(&lang)?;
    if let Some(response) = chosen(&state, &uri) {
        return Ok(response);
    }
    let library = state.library().await?;
    let origin = origin(&state, &headers);
    let setting = Setting { state: &state, library: &library, lang, origin: &origin };
    Ok(page(&headers, lang, home::render(&setting).await?))
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn the_root_leads_to_the_visitors_language() {
        let house = House::with_guides().await;
        for (accept, cookie, to) in
            [("", "", "/vi/"), ("en-GB,en;q=0.9", "", "/en/"), ("en", "lang=vi", "/vi/"), ("ko", "", "/vi/")]
        {
            let answer = house.get("/").header("accept-language", accept).header("cookie", cookie).send().await;
            assert_eq!((answer.status, answer.header("location")), (302, to), "{accept} {cookie}");
            assert_eq!(answer.header("vary"), "Accept-Language, Cookie");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        assert_eq!(house.get("/?lang=en").send().await.header("location"), "/en/");
        assert_eq!(house.get("/vi").send().await.header("location"), "/vi/");
    }

    #[tokio::test]
    async fn the_home_page_lists_sites_in_its_language() {
        let house = House::with_guides().await;
        let page = house.get("/en/").send().await;
        assert_eq!((page.status, page.header("content-language")), (200, "en"));
        assert!(page.body.contains("href=\"/en/sites/thap-doi\"") && page.body.contains("The Twin Towers"));
        assert!(page.body.contains("<html lang=\"en\">"));
        assert!(!page.body.contains("http-equiv"));
        // A language nobody speaks yet still has a page, with the picker.
        let page = house.get("/ko/").send().await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("href=\"/vi/?lang=vi\""));
    }

    #[tokio::test]
    async fn a_choice_is_remembered_by_a_plain_link() {
        let house = House::with_guides().await;
        let answer = house.get("/en/?lang=en").send().await;
        assert_eq!((answer.status, answer.header("location")), (303, "/en/"));
        assert!(answer.header("set-cookie").starts_with("lang=en; Path=/"));
        // Nonsense chooses nothing.
        assert_eq!(house.get("/en/?lang=%0d%0ax").send().await.status, 200);
    }

    #[tokio::test]
    async fn an_empty_house_says_so() {
        let house = House::empty().await;
        assert_eq!(house.get("/").send().await.header("location"), "/vi/");
        let page = house.get("/vi/").send().await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("đang được thực hiện"));
    }

    #[tokio::test]
    async fn an_unknown_language_is_answered_with_those_that_are_there() {
        let house = House::with_guides().await;
        let page = house.get("/xx/").header("accept", "text/html").header("accept-language", "en").send().await;
        assert_eq!(page.status, 404);
        assert!(page.body.contains("We do not speak this language yet"));
        assert!(page.body.contains("href=\"/vi/?lang=vi\"") && page.body.contains("href=\"/en/?lang=en\""));
        let json = house.get("/xx/").header("accept", "application/json").send().await.json();
        assert_eq!(json["type"], "/api/#unknown-language");
        assert_eq!(json["available"][0]["url"], "/vi/");
    }
}
