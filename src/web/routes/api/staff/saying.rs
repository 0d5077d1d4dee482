//! `…/hearing/{language}/…`: how sentences are said, and one made anew while a program waits.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{Path, State as Here};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusals::NotChanged;
use super::{done, json};
use crate::domain::{Manner, Milliseconds, Verdict};
use crate::pipeline::studio::Remade;
use crate::web::error::{Result, WebError};
use crate::web::hearings::HearingRoom;
use crate::web::problem::Problem;
use crate::web::routes::staff::saying::keep_manner;
use crate::web::saying::sound;
use crate::web::state::State;
use crate::web::studio::Step;
use crate::web::workplace::{Edit, MayAt, Sent};

/// How something is said; what is left out is as usual.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SpokenManner)]
pub struct MannerBody {
    /// One of the voices of the language.
    pub voice: Option<String>,
    /// In percent of the voice's own pace, 50 to 150.
    pub speed: Option<u16>,
    /// In milliseconds after the sentence, at most 10,000.
    pub pause: Option<u64>,
}

impl MannerBody {
    fn manner(self) -> Result<Manner> {
        sound(Manner { voice: self.voice, speed: self.speed, pause: self.pause.map(Milliseconds) })
    }
}

/// What came of making a sentence anew.
#[derive(Serialize, ToSchema)]
#[schema(as = SentenceRemade)]
pub struct RemadeView {
    /// Which attempt at these words in this voice the sound is, from 0.
    pub take: u8,
    /// `pass`, `hold` or `not-judged`; absent where nobody listens here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<&'static str>,
}

impl From<Remade> for RemadeView {
    fn from(made: Remade) -> Self {
        let verdict = made.verdict.map(|verdict| match verdict {
            Verdict::Pass => "pass",
            Verdict::Hold => "hold",
            Verdict::NotJudged => "not-judged",
        });
        Self { take: made.take, verdict }
    }
}

/// Sets how the sentences of a guide are said that have no manner of their own.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/manner",
    operation_id = "setGuideManner", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("language" = String, Path, description = "A BCP 47 tag", example = "vi")),
    request_body = MannerBody,
    responses((status = 204, description = "It is said so, and the guide is brought up to date"), NotChanged))]
pub async fn guide(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, lang)): Path<(String, String, String)>,
    Sent(body): Sent<MannerBody>,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    keep_manner(&state, &here, &room, None, &body.manner()?).await?;
    Ok(done())
}

/// Sets how one sentence is said.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/sentences/{ordinal}/manner",
    operation_id = "setSentenceManner", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("language" = String, Path, description = "A BCP 47 tag", example = "vi"),
        ("ordinal" = u32, Path, description = "The place of the sentence, from 0", example = 0)),
    request_body = MannerBody,
    responses((status = 204, description = "It is said so, and the guide is brought up to date"), NotChanged))]
pub async fn sentence(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, lang, ordinal)): Path<(String, String, String, u32)>,
    Sent(body): Sent<MannerBody>,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    keep_manner(&state, &here, &room, Some(ordinal), &body.manner()?).await?;
    Ok(done())
}

/// Makes the sound of one sentence anew, the others untouched. Who accepts `text/event-stream` is told each step:
/// `{"step":"waits","before":2}`, `speaks`, `hears`, and at the end `done` with what came of it, or `failed` with the
/// problem. Hanging up gives it up.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/sentences/{ordinal}/remake",
    operation_id = "remakeSentence", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("language" = String, Path, description = "A BCP 47 tag", example = "vi"),
        ("ordinal" = u32, Path, description = "The place of the sentence, from 0", example = 0)),
    responses((status = 200, description = "It is made, and the guide is brought up to date", body = RemadeView),
        (status = 429, description = "Too many are waiting", content_type = "application/problem+json"),
        (status = 503, description = "It took too long; ask for `text/event-stream`",
            content_type = "application/problem+json"), NotChanged))]
pub async fn remake(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, lang, ordinal)): Path<(String, String, String, u32)>,
    headers: HeaderMap,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    room.line(ordinal)?;
    let asked = (room.text.language, ordinal);
    let (place, mut steps) = state.studio()?.remake(here.may.actor(), room.stop, asked)?;
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/event-stream") {
        let told = futures_util::stream::unfold((place, steps), |(place, mut steps)| async move {
            let step = steps.recv().await?;
            Some((format!("data: {}\n\n", event(step)), (place, steps)))
        });
        let mut response = Response::new(Body::from_stream(told.map(Ok::<_, Infallible>)));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        return Ok(response);
    }
    while let Some(step) = steps.recv().await {
        if let Step::Done(made) = step {
            drop(place);
            return json(&RemadeView::from(made?));
        }
    }
    Err(WebError::Contradiction("a sentence was made anew and nobody said how it ended".to_owned()))
}

fn event(step: Step) -> serde_json::Value {
    match step {
        Step::Waits(before) => serde_json::json!({ "step": "waits", "before": before }),
        Step::Speaks => serde_json::json!({ "step": "speaks" }),
        Step::Hears => serde_json::json!({ "step": "hears" }),
        Step::Done(Ok(made)) => {
            serde_json::json!({ "step": "done", "take": made.take, "verdict": made.verdict })
        }
        Step::Done(Err(error)) => {
            let problem = Problem::from(error);
            if let Some(cause) = &problem.cause {
                tracing::error!(target: "thuyetminh::web", cause, "a sentence could not be made anew");
            }
            let detail = if problem.kind.status().is_server_error() { problem.kind.title() } else { &problem.detail };
            serde_json::json!({ "step": "failed", "detail": detail })
        }
    }
}
