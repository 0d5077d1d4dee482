//! `POST /api/v1/listens`: the pages tell that a guide is heard, and how far. Sums are kept of it and nothing else.

use axum::extract::State as Given;
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::{Hour, Language, Listen, ListenSource, Moment, Slug};
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::state::State;
use crate::web::workplace::visitor;

/// A hearing that began, or, with `heard`, that ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListenBody {
    pub stop: String,
    /// BCP 47.
    pub language: String,
    /// `qr` or `link`.
    pub source: String,
    /// The share of the guide that was heard, 0 to 1; absent where the hearing begins.
    #[serde(default)]
    pub heard: Option<f64>,
}

/// Counts one hearing. Nothing of who heard is kept: no address, no cookie, no name of a browser.
#[utoipa::path(post, path = "/api/v1/listens", operation_id = "countListen", tag = "guides",
    request_body = ListenBody,
    responses(
        (status = 204, description = "Counted, or passed over because no such guide is published"),
        (status = 403, description = "Asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Not understood; `detail` says why", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too much from one place; `Retry-After` says for how long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn post(
    Given(state): Given<State>,
    extensions: Extensions,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response> {
    let fetched_by = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if fetched_by.is_some_and(|site| site != "same-origin") {
        return Err(WebError::CrossOrigin);
    }
    let now = state.clock.now();
    let network = visitor(&extensions, &headers, &state.settings.trusted_proxies).network;
    state.listening.one_more(&network, now)?;
    let listen = read(&body, now)?;
    state.store.count_listens(&[(listen, 1)]).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn read(body: &[u8], now: crate::domain::Timestamp) -> Result<Listen> {
    let unfit = |error: &dyn std::fmt::Display| WebError::Unfit(error.to_string());
    let body: ListenBody = serde_json::from_slice(body).map_err(|error| unfit(&error))?;
    let stop: Slug = body.stop.parse().map_err(|error| unfit(&error))?;
    let language: Language = body.language.parse().map_err(|error| unfit(&error))?;
    let source: ListenSource = body.source.parse().map_err(|error| unfit(&error))?;
    if source == ListenSource::Kiosk {
        return Err(WebError::Unfit("devices report what they play at /api/v1/kiosk/plays".to_owned()));
    }
    let moment = match body.heard {
        None => Moment::Began,
        Some(share) if (0.0..=1.0).contains(&share) => Moment::stopped_at(share),
        Some(_) => return Err(WebError::Unfit("`heard` is a share from 0 to 1".to_owned())),
    };
    let hour = Hour::of(now).ok_or_else(|| WebError::Contradiction("the clock shows no time".to_owned()))?;
    Ok(Listen { stop, language, source, moment, hour })
}

#[cfg(test)]
mod tests {
    use crate::domain::{ListenSource, Moment};
    use crate::web::testing::House;
    use serde_json::json;

    #[tokio::test]
    async fn hearings_become_sums_and_nothing_else() {
        let (house, [here, _]) = House::with_sites().await;
        let body = |heard: serde_json::Value| json!({ "stop": "hai-ngon-thap", "language": "vi", "source": "qr", "heard": heard });
        let tell = async |body: &serde_json::Value| house.json("POST", "/api/v1/listens", body).send().await.status;
        for heard in [json!(null), json!(null), json!(0.42), json!(1)] {
            assert_eq!(tell(&body(heard)).await, 204);
        }
        let sums = house.store.listens(here, "2026-01-01", "2026-12-31").await.unwrap();
        let kept: Vec<_> = sums.iter().map(|sum| (sum.source, sum.moment, sum.count)).collect();
        let qr = ListenSource::Qr;
        assert_eq!(kept, [(qr, Moment::Began, 2), (qr, Moment::Ended(4), 1), (qr, Moment::Ended(10), 1)]);
        assert_eq!((sums[0].hour.day.as_str(), sums[0].hour.hour), ("2026-11-23", 7));
        // What is not published is not counted, and nobody is told so.
        let unheard = json!({ "stop": "bia-da", "language": "vi", "source": "link" });
        assert_eq!(tell(&unheard).await, 204);
        assert_eq!(house.store.listens(here, "2026-01-01", "2026-12-31").await.unwrap().len(), 3);
    }

    #[tokio::test]
    async fn what_is_no_hearing_is_refused() {
        let house = House::with_guides().await;
        let good = json!({ "stop": "hai-ngon-thap", "language": "vi", "source": "link" });
        for (key, value) in [
            ("heard", json!(1.5)),
            ("heard", json!("x")),
            ("source", json!("kiosk")),
            ("source", json!("mail")),
            ("stop", json!("<script>")),
            ("language", json!("xx")),
            ("visitor", json!("7")),
        ] {
            let mut body = good.clone();
            body[key] = value;
            let answer = house.json("POST", "/api/v1/listens", &body).send().await;
            assert_eq!(answer.status, 422, "{body}");
        }
        let other =
            house.ask("POST", "/api/v1/listens").header("sec-fetch-site", "cross-site").json(&good).send().await;
        assert_eq!(other.status, 403);
        for _ in 0..240 {
            house.ask("POST", "/api/v1/listens").json(&good).send().await;
        }
        let many = house.ask("POST", "/api/v1/listens").json(&good).send().await;
        assert_eq!((many.status, many.header("retry-after")), (429, "60"));
        assert_eq!(house.ask("POST", "/api/v1/listens").from("198.51.100.7").json(&good).send().await.status, 204);
    }
}
