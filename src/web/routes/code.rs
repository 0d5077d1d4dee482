//! `/q/{CODE}`: the code on a label leads to its stop, in the visitor's language. `/q?code=` is the same for those who
//! type the number because the code is scratched or the camera will not have it.

use std::collections::HashMap;

use axum::extract::{Path, Query, State as Given};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::wished;
use crate::domain::StopCode;
use crate::web::error::{Result, WebError};
use crate::web::respond::send_to;
use crate::web::state::State;

/// Told to the script of a stop, which counts hearings by how they came about.
const FROM_LABEL: &str = "qr";

pub async fn scanned(
    Given(state): Given<State>,
    Path(code): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response> {
    lead(&state, &code, query.get("lang").map(String::as_str), &headers).await
}

pub async fn typed(
    Given(state): Given<State>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response> {
    let code = query.get("code").map_or("", String::as_str);
    lead(&state, code, query.get("lang").map(String::as_str), &headers).await
}

async fn lead(state: &State, typed: &str, asked: Option<&str>, headers: &HeaderMap) -> Result<Response> {
    let unknown = || WebError::UnknownCode(typed.trim().chars().filter(|c| !c.is_control()).take(24).collect());
    let code = read(typed).ok_or_else(unknown)?;
    if let Some(old) = state.store.retired_code(&code).await? {
        return Err(WebError::RetiredCode { code: code.to_string(), site: old.site, stop: old.stop });
    }
    let stop = state.store.stop_by_code(&code).await?.ok_or_else(unknown)?;
    let library = state.library().await?;
    // With no guide at all yet, the page says so in the language the visitor would have had.
    let mut there = library.languages_of(&stop.slug);
    if there.is_empty() {
        there = library.languages();
    }
    let language = wished(state, asked, headers, &there).await;
    // The mark after the hash stays in the browser: it tells the page, and nobody on the way, that a label led here.
    Ok(send_to(StatusCode::FOUND, &format!("/{language}/stops/{}#{FROM_LABEL}", stop.slug)))
}

/// A code as people type it: small letters, spaces and hyphens are forgiven.
fn read(typed: &str) -> Option<StopCode> {
    let plain: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '\u{a0}')).take(64).collect();
    plain.to_ascii_uppercase().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::web::testing::House;
    use proptest::prelude::*;

    #[tokio::test]
    async fn a_code_leads_to_its_stop_in_the_visitors_language() {
        let house = House::with_guides().await;
        for (address, accept, cookie, to) in [
            ("/q/TD1", "en-US,en;q=0.9", "", "/en/stops/hai-ngon-thap"),
            ("/q/td1", "en", "", "/en/stops/hai-ngon-thap"),
            ("/q/TD1", "fr", "", "/vi/stops/hai-ngon-thap"),
            ("/q/TD1", "en", "lang=vi", "/vi/stops/hai-ngon-thap"),
            ("/q/TD1?lang=ja", "en", "lang=vi", "/ja/stops/hai-ngon-thap"),
            // This stop speaks Vietnamese only.
            ("/q/TD2", "en", "lang=en", "/vi/stops/chim-than-garuda"),
            ("/q?code=td-1", "en", "", "/en/stops/hai-ngon-thap"),
            ("/q?code=+td+1+", "en", "", "/en/stops/hai-ngon-thap"),
        ] {
            let answer = house.get(address).header("accept-language", accept).header("cookie", cookie).send().await;
            assert_eq!(
                (answer.status, answer.header("location")),
                (302, format!("{to}#qr").as_str()),
                "{address} {accept} {cookie}"
            );
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("vary"), "Accept-Language, Cookie");
        }
    }

    #[tokio::test]
    async fn an_unknown_code_is_answered_with_the_stops_there_are() {
        let house = House::with_guides().await;
        for address in ["/q/ZZ9", "/q/x", "/q/%3Cscript%3E", "/q?code=ZZ9", "/q", "/q/Th%C3%A1p"] {
            let page = house.get(address).header("accept", "text/html").header("accept-language", "en").send().await;
            assert_eq!(page.status, 404, "{address}");
            assert!(page.body.contains("There is no stop") && !page.body.contains("<script>"), "{address}");
            assert!(page.body.contains("href=\"/en/stops/hai-ngon-thap\""), "{address}");
        }
        let json = house.get("/q/ZZ9").header("accept", "application/json").send().await;
        assert_eq!(json.header("content-type"), "application/problem+json");
        assert_eq!(json.json()["type"], "/api/#unknown-code");
    }

    proptest! {
        #[test]
        fn any_typing_is_read_or_refused(text in "\\PC{0,40}") {
            if let Some(code) = read(&text) {
                prop_assert!(code.as_str().len() >= 2);
            }
        }
    }
}
