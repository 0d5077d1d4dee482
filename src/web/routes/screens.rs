//! `/screens/{code}`: what a screen's browser is pointed at, and the worker that keeps it running without a network.

use axum::extract::{Path, RawQuery, State as Given};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};

use crate::web::assets::SCREEN_WORKER;
use crate::web::error::{Result, WebError};
use crate::web::respond::{page, put};
use crate::web::state::State;
use crate::web::views::screen;

/// What the page asks for when the workplace shows it in a frame.
pub const PREVIEW: &str = "preview";
/// As of every page, but the house's own pages may show it in a frame.
const IN_A_FRAME: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'self'";

pub async fn get(
    Given(state): Given<State>,
    Path(code): Path<String>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Result<Response> {
    let preview = asked.as_deref() == Some(PREVIEW);
    let code = code.parse().map_err(|_| WebError::NoAddress)?;
    let found = state.store.screen(&code).await?.ok_or(WebError::NoAddress)?;
    let lang = found.plan.languages.first().copied().unwrap_or(state.settings.default_language);
    let house = state.store.collection().await?;
    let name = house.as_ref().map(|house| house.names.best(lang)).filter(|name| !name.is_empty());
    let html = screen::render(&state, &code, name.unwrap_or("Thuyết Minh"), lang, preview)?;
    let mut response = page(&headers, lang, html);
    // The worker keeps it; a copy in between would keep an old one.
    put(&mut response, CACHE_CONTROL, "no-cache");
    if preview {
        put(&mut response, HeaderName::from_static("content-security-policy"), IN_A_FRAME);
        put(&mut response, HeaderName::from_static("x-frame-options"), "SAMEORIGIN");
    }
    Ok(response)
}

/// At an address that never changes, since a worker reaches no further than the folder it lies in.
pub async fn worker() -> Response {
    let mut response = SCREEN_WORKER.into_response();
    put(&mut response, CONTENT_TYPE, "text/javascript; charset=utf-8");
    put(&mut response, CACHE_CONTROL, "no-cache");
    response
}

#[cfg(test)]
mod tests {
    use crate::domain::Actor;
    use crate::domain::screen::{Plan, ScreenCode};
    use crate::web::testing::House;

    #[tokio::test]
    async fn the_page_runs_its_own_scripts_only_and_is_asked_for_each_time() {
        let house = House::with_guides().await;
        let plan: Plan = toml::from_str("name = \"<bus>\"\nlanguages = [\"en\"]").unwrap();
        let code = house.store.put_screen(&Actor::shell(), &ScreenCode::from_random([3; 10]), &plan).await.unwrap();
        let page = house.get(&format!("/screens/{code}")).send().await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-cache"));
        assert!(page.body.contains(&format!("data-code=\"{code}\"")));
        assert!(!page.body.contains("<script>") && !page.body.contains("style="));
        // What the worker keeps with the page is there.
        let assets: Vec<&str> = page.body.split('"').filter(|part| part.starts_with("/assets/")).collect();
        assert_eq!(assets.len(), 4);
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
        let preview = house.get(&format!("/screens/{code}?preview")).send().await;
        assert!(preview.body.contains("data-preview") && !page.body.contains("data-preview"));
        assert!(preview.header("content-security-policy").contains("frame-ancestors 'self'"));
        for asset in assets {
            assert_eq!(house.get(asset).send().await.status, 200, "{asset}");
        }
        let worker = house.get("/screens/worker.js").send().await;
        assert_eq!(worker.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(worker.header("cache-control"), "no-cache");
    }
}
