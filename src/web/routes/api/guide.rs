//! `/api/v1/stops/{slug}/guides/{lang}`: a published guide, whole.

use axum::extract::{Path, State as Given};
use axum::http::HeaderMap;
use axum::response::Response;

use super::types::GuideView;
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::respond::json;
use crate::web::routes::language;
use crate::web::state::State;

/// The published guide of a stop in one language.
#[utoipa::path(get, path = "/api/v1/stops/{slug}/guides/{lang}", operation_id = "getGuide", tag = "guides",
    params(
        ("slug" = String, Path, description = "The stop's name in addresses", example = "hai-ngon-thap"),
        ("lang" = String, Path, description = "A language tag, BCP 47", example = "en"),
    ),
    responses(
        (status = 200, description = "The guide", body = GuideView),
        (status = 304, description = "What `If-None-Match` names is still right"),
        (status = 404, description = "No such stop or language, or nothing published in it; `available` names what is",
            body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn get(
    Given(state): Given<State>,
    Path((slug, lang)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let library = state.library().await?;
    let stop = library.stop(&slug).ok_or_else(|| WebError::UnknownStop(slug.chars().take(80).collect()))?;
    let language = language(&lang)?;
    let Some(published) = state.store.current_edition(&stop.slug, language).await? else {
        let stop = stop.slug.clone();
        return Err(WebError::NoGuide { published: library.languages_of(&stop), stop, language });
    };
    json(&headers, &GuideView::of(&published))
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn a_guide_is_given_with_its_sound_and_sentences() {
        let house = House::with_guides().await;
        let guide = house.get("/api/v1/stops/hai-ngon-thap/guides/en").send().await.json();
        assert_eq!(guide["audio"][0]["url"], format!("/audio/{}.mp3", house.mp3));
        assert_eq!(guide["audio"][0]["bytes"], house.mp3_bytes.len());
        assert_eq!(guide["sentences"][1]["start_ms"], 2500);
        assert_eq!(guide["voice"]["synthetic"], true);
        assert_eq!(guide["translation"]["route"], serde_json::json!(["vi", "en"]));
        assert_eq!(guide["published_at"], "2026-11-23T00:00:00Z");
        let guide = house.get("/api/v1/stops/hai-ngon-thap/guides/vi").send().await.json();
        assert!(guide.get("translation").is_none());
    }

    #[tokio::test]
    async fn what_came_of_hearing_it_back_stands_with_a_guide() {
        let house = House::with_guides().await;
        let guide =
            async |lang: &str| house.get(&format!("/api/v1/stops/hai-ngon-thap/guides/{lang}")).send().await.json();
        let heard = serde_json::json!({
            "engine": "whisper", "model": "whisper-base", "rules": "9", "sentences": 3, "passed": 2, "by_people": 1,
            "not_judged": 0, "wer": 0.25, "cer": 0.125,
        });
        assert_eq!(guide("en").await["hearing"], heard);
        let weak = &guide("ja").await["hearing"];
        assert_eq!((&weak["not_judged"], weak.get("wer")), (&serde_json::json!(1), None), "{weak}");
        assert_eq!(guide("vi").await.get("hearing"), None, "nobody listened");
    }

    #[tokio::test]
    async fn a_language_that_is_not_there_is_answered_with_those_that_are() {
        let house = House::with_guides().await;
        for (lang, kind) in [("fr", "/api/#no-guide"), ("xx", "/api/#unknown-language")] {
            let answer = house.get(&format!("/api/v1/stops/hai-ngon-thap/guides/{lang}")).send().await;
            assert_eq!((answer.status, answer.json()["type"].as_str()), (404, Some(kind)));
            let available = &answer.json()["available"];
            assert_eq!(available[0]["language"], "vi");
            assert_eq!(available[0]["url"], "/api/v1/stops/hai-ngon-thap/guides/vi");
        }
    }
}
