//! `/{lang}/stops/{slug}`: where a visitor listens. Where the guide is not published in the language, the page says so
//! and offers those that are there: never silence.

use axum::extract::{Path, State as Given};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::{chosen, language};
use crate::web::error::{Result, WebError};
use crate::web::problem::wants_page;
use crate::web::respond::page;
use crate::web::state::State;
use crate::web::views::page::{Setting, origin};
use crate::web::views::stop;

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
    let found = library.stop(&slug).ok_or_else(|| WebError::UnknownStop(slug.chars().take(80).collect()))?;
    let published = state.store.current_edition(&found.slug, lang).await?;
    if published.is_none() && !wants_page(uri.path(), &headers) {
        let stop = found.slug.clone();
        return Err(WebError::NoGuide { published: library.languages_of(&stop), stop, language: lang });
    }
    let origin = origin(&state, &headers);
    let setting = Setting { state: &state, library: &library, lang, origin: &origin };
    let walked = uri.query().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("tour=")));
    let tour = walked.and_then(|slug| library.tour(slug));
    let edition = published.as_ref().map(|published| &published.edition);
    let html = stop::render(&setting, found, edition, tour).await?;
    let mut response = page(&headers, lang, html);
    if published.is_none() && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use crate::web::testing::{House, SECOND_SENTENCE};

    #[tokio::test]
    async fn a_stop_can_be_read_and_heard_without_a_script() {
        let house = House::with_guides().await;
        let page = house.get("/vi/stops/hai-ngon-thap").send().await;
        assert_eq!((page.status, page.header("content-language")), (200, "vi"));
        assert!(page.body.contains("<audio id=\"sound\" controls"));
        assert!(page.body.contains(&format!("<source src=\"/audio/{}.mp3\" type=\"audio/mpeg\">", house.mp3)));
        assert!(page.body.contains(&format!("src=\"/captions/{}.vtt\"", house.captions)));
        assert!(page.body.contains(SECOND_SENTENCE) && page.body.contains("data-start=\"2.500\""));
        // Two sentences of one paragraph, one of the next.
        let words = page.body.split("id=\"words\"").nth(1).unwrap().split("</div>").next().unwrap();
        assert_eq!((words.matches("<p>").count(), words.matches("class=\"s\"").count()), (2, 3));
    }

    #[tokio::test]
    async fn a_stop_tells_machines_about_its_languages() {
        let house = House::with_guides().await;
        let page = house.get("/en/stops/hai-ngon-thap").header("host", "guide.example").send().await;
        for line in [
            "<link rel=\"canonical\" href=\"http://guide.example/en/stops/hai-ngon-thap\">",
            "hreflang=\"vi\" href=\"http://guide.example/vi/stops/hai-ngon-thap\"",
            "hreflang=\"ja\" href=\"http://guide.example/ja/stops/hai-ngon-thap\"",
            "hreflang=\"x-default\" href=\"http://guide.example/en/stops/hai-ngon-thap\"",
            "property=\"og:title\"",
            "property=\"og:image\" content=\"http://guide.example/images/",
        ] {
            assert!(page.body.contains(line), "{line}");
        }
        // A host that is not one is not echoed.
        let page = house.get("/en/stops/hai-ngon-thap").header("host", "a\"><script>").send().await;
        assert!(page.body.contains("http://localhost/en/"));
    }

    #[tokio::test]
    async fn what_a_machine_did_is_said() {
        let house = House::with_guides().await;
        let page = house.get("/en/stops/hai-ngon-thap").send().await;
        assert!(page.body.contains("Translated by machine. Nobody has checked this text yet. (Tiếng Việt → English)"));
        assert!(page.body.contains("Read by a synthetic voice."));
        let page = house.get("/ja/stops/hai-ngon-thap").send().await;
        assert!(page.body.contains("簡易な合成音声") && !page.body.contains("機械翻訳"));
        let page = house.get("/vi/stops/hai-ngon-thap").send().await;
        assert!(!page.body.contains("Bản dịch máy"));
    }

    #[tokio::test]
    async fn what_came_of_hearing_a_guide_back_is_said() {
        let house = House::with_guides().await;
        let page = house.get("/en/stops/hai-ngon-thap").send().await.body;
        assert!(page.contains("Every sentence was heard back by a machine (whisper-base)"), "{page}");
        let page = house.get("/ja/stops/hai-ngon-thap").send().await.body;
        assert!(page.contains("この音声はまだ誰も確認していません。音声認識（whisper-base）"), "{page}");
        let page = house.get("/vi/stops/hai-ngon-thap").send().await.body;
        assert!(!page.contains("máy nghe lại") && !page.contains("máy nhận dạng"), "nobody listened: {page}");
    }

    #[tokio::test]
    async fn a_guide_that_is_not_there_is_said_and_others_offered() {
        let house = House::with_guides().await;
        let page = house.get("/en/stops/chim-than-garuda").header("accept", "text/html").send().await;
        assert_eq!(page.status, 404);
        assert!(page.body.contains("This guide is not available in English yet."));
        assert!(page.body.contains("href=\"/vi/stops/chim-than-garuda?lang=vi\"") && !page.body.contains("<audio"));
        assert!(page.body.contains("name=\"robots\" content=\"noindex\""));
        let json = house.get("/en/stops/chim-than-garuda").header("accept", "application/json").send().await.json();
        assert_eq!(json["available"][0]["url"], "/vi/stops/chim-than-garuda");
        // A stop that says nothing yet in any language.
        let page = house.get("/en/stops/bia-da").header("accept", "text/html").send().await;
        assert_eq!(page.status, 404);
        assert!(page.body.contains("still being made"));
    }

    #[tokio::test]
    async fn stops_lead_to_each_other() {
        let house = House::with_guides().await;
        let first = house.get("/vi/stops/hai-ngon-thap").send().await.body;
        assert!(first.contains("rel=\"next\" href=\"/vi/stops/chim-than-garuda\"") && !first.contains("rel=\"prev\""));
        let last = house.get("/vi/stops/bia-da").send().await.body;
        assert!(last.contains("rel=\"prev\" href=\"/vi/stops/chim-than-garuda\"") && !last.contains("rel=\"next\""));
    }

    #[tokio::test]
    async fn a_page_weighs_little_and_fetches_nothing_from_elsewhere() {
        let house = House::with_guides().await;
        let page = house.get("/vi/stops/hai-ngon-thap").send().await.body;
        let attribute = |name: &str| -> Vec<String> {
            page.split(&format!("{name}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
        };
        let mut weight = page.len();
        for address in attribute("src").into_iter().chain(attribute("href")) {
            assert!(!address.starts_with("//"), "{address}");
            if address.starts_with("/assets/") {
                weight += house.get(&address).send().await.body.len();
            }
        }
        assert!(attribute("src").iter().all(|address| address.starts_with('/')), "something is fetched from elsewhere");
        assert!(weight < 60_000, "{weight} bytes");
    }

    #[tokio::test]
    async fn a_stop_whose_cover_is_damaged_still_has_its_page() {
        let house = House::with_guides().await;
        let page = house.get("/vi/stops/chim-than-garuda").send().await;
        assert_eq!(page.status, 200);
        // Its own cover is no picture: the site's stands in.
        assert!(page.body.contains(&format!("/images/{}-960.jpg", house.cover)));
    }
}
