//! `/api/v1/staff/sites/{site}/publishing`: what waits, published now or at a time, taken back, restored.

use axum::extract::{Path, State as Here};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{done, json};
use crate::domain::{EditionId, Stop};
use crate::pipeline::publishing::{GuideStanding, Standing, planned_time, publish_edition, standings};
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::routes::staff::publishing::named;
use crate::web::state::State;
use crate::web::workplace::{MayAt, Publish, Sent};

/// The guides of a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct Guides {
    /// Whether everything made for this site waits for a person.
    pub by_hand: bool,
    pub guides: Vec<GuideRow>,
}

/// One guide as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuideRow {
    pub stop: String,
    pub language: String,
    /// `public`, `ready`, `planned`, `held`, `in-work`, `failed` or `not-made`.
    pub standing: &'static str,
    /// What keeps a guide that is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The number of the edition that is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<u32>,
    /// The edition that waits, to be named when it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<i64>,
    /// What a device fetches at most when it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// The editions of a guide.
#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    pub editions: Vec<PastEdition>,
}

/// One edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct PastEdition {
    pub id: i64,
    pub number: u32,
    pub title: String,
    pub made_at: String,
    pub current: bool,
    /// When it became public.
    pub published: Vec<PastPublication>,
}

/// A moment at which an edition became public.
#[derive(Debug, Serialize, ToSchema)]
pub struct PastPublication {
    pub at: String,
    /// Empty where the policy of the house did it.
    pub by: String,
}

/// Whether everything waits for a person.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ByHandBody {
    pub by_hand: bool,
}

/// An edition to be published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationBody {
    /// The `id` of an edition of the guide: the one that waits, or an earlier one.
    pub edition: i64,
    /// When, by the clock in Vietnam: `2026-11-24T08:30`; absent: now.
    #[serde(default)]
    pub at: Option<String>,
}

fn row(guide: GuideStanding, stops: &[Stop]) -> Option<GuideRow> {
    let stop = stops.iter().find(|stop| stop.id == guide.stop)?;
    let (standing, why) = match guide.standing {
        Standing::Public => ("public", None),
        Standing::Ready => ("ready", None),
        Standing::Planned => ("planned", None),
        Standing::Held(reason) => ("held", Some(reason.reason().to_owned())),
        Standing::InWork => ("in-work", None),
        Standing::Failed => ("failed", guide.state.as_ref().and_then(|state| state.job.as_ref()?.error.clone())),
        Standing::NotMade => ("not-made", None),
    };
    let ready = guide.state.as_ref().and_then(|state| state.ready);
    Some(GuideRow {
        stop: stop.slug.to_string(),
        language: guide.language.tag().to_owned(),
        standing,
        why,
        current: guide.state.as_ref().and_then(|state| state.current).map(|(number, _)| number),
        ready: ready.map(|ready| ready.id.0),
        bytes: ready.map(|ready| ready.bytes),
    })
}

/// How every guide of a site stands.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/publishing", operation_id = "listGuideStandings", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site")),
    responses(
        (status = 200, description = "Stop by stop", body = Guides),
        (status = 401, description = "Nobody is signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn list(Here(state): Here<State>, here: MayAt<Publish>) -> Result<Response> {
    let stops = state.store.stops_of(here.site.id).await?;
    let guides = standings(&state.store, here.site.id).await?;
    let by_hand = state.store.publishes_by_hand(here.site.id).await?;
    json(&Guides { by_hand, guides: guides.into_iter().filter_map(|guide| row(guide, &stops)).collect() })
}

/// Decides whether everything made for a site waits for a person.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/publishing", operation_id = "setPublishingByHand", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site")),
    request_body = ByHandBody,
    responses(
        (status = 204, description = "It is so now"),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the request does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn by_hand(Here(state): Here<State>, here: MayAt<Publish>, Sent(body): Sent<ByHandBody>) -> Result<Response> {
    state.store.set_publishing_by_hand(&here.may.actor(), here.site.id, &here.site.slug, body.by_hand).await?;
    Ok(done())
}

type Guide = Path<(String, String, String)>;

/// The editions of a guide, the newest first.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/publishing/{stop}/{language}", operation_id = "listEditions", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site"), ("stop" = String, Path, description = "The slug of a stop"), ("language" = String, Path, description = "BCP 47")),
    responses(
        (status = 200, description = "The newest first", body = History),
        (status = 401, description = "Nobody is signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn history(
    Here(state): Here<State>,
    here: MayAt<Publish>,
    Path((_, stop, language)): Guide,
) -> Result<Response> {
    let (stop, language) = named(&state, &here, &stop, &language).await?;
    let editions = state.store.editions_of(stop.id, language).await?.into_iter().map(|edition| PastEdition {
        id: edition.id.0,
        number: edition.number,
        title: edition.title,
        made_at: edition.made_at.rfc3339(),
        current: edition.current,
        published: edition.published.into_iter().map(|(at, by)| PastPublication { at: at.rfc3339(), by }).collect(),
    });
    json(&History { editions: editions.collect() })
}

/// Publishes an edition of a guide, now or at a time. An earlier edition than the newest holds the guide: what is made
/// of it later waits.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/publishing/{stop}/{language}", operation_id = "publishEdition", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site"), ("stop" = String, Path, description = "The slug of a stop"), ("language" = String, Path, description = "BCP 47")),
    request_body = PublicationBody,
    responses(
        (status = 204, description = "It is public, or will be at that time"),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "Not as things stand; `detail` says why and what to do", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the request does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn publish(
    Here(state): Here<State>,
    here: MayAt<Publish>,
    Path((_, stop, language)): Guide,
    Sent(body): Sent<PublicationBody>,
) -> Result<Response> {
    let (stop, language) = named(&state, &here, &stop, &language).await?;
    let (actor, edition) = (here.may.actor(), EditionId(body.edition));
    match body.at {
        None => {
            publish_edition(&state.store, &state.blobs, &actor, (&stop.slug, language), edition).await?;
        }
        Some(at) => {
            let at = planned_time(&at).filter(|at| *at > state.clock.now());
            let at = at.ok_or_else(|| WebError::Unfit("`at` is a time to come: 2026-11-24T08:30".to_owned()))?;
            state.store.plan_edition(&actor, &stop.slug, language, edition, at).await?;
        }
    }
    Ok(done())
}

/// Takes a guide back: nothing of it is public before a person publishes it. Plans for it are given up.
#[utoipa::path(delete, path = "/api/v1/staff/sites/{site}/publishing/{stop}/{language}", operation_id = "takeGuideBack", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site"), ("stop" = String, Path, description = "The slug of a stop"), ("language" = String, Path, description = "BCP 47")),
    responses(
        (status = 204, description = "Nothing of it is public"),
        (status = 401, description = "Nobody is signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn take_back(
    Here(state): Here<State>,
    here: MayAt<Publish>,
    Path((_, stop, language)): Guide,
) -> Result<Response> {
    let (stop, language) = named(&state, &here, &stop, &language).await?;
    state.store.take_back(&here.may.actor(), &stop.slug, language).await?;
    Ok(done())
}

/// Gives a planned publication up.
#[utoipa::path(delete, path = "/api/v1/staff/sites/{site}/publishing/{stop}/{language}/plan", operation_id = "unplanEdition", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site"), ("stop" = String, Path, description = "The slug of a stop"), ("language" = String, Path, description = "BCP 47")),
    responses(
        (status = 204, description = "Nothing is planned"),
        (status = 401, description = "Nobody is signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn unplan(
    Here(state): Here<State>,
    here: MayAt<Publish>,
    Path((_, stop, language)): Guide,
) -> Result<Response> {
    let (stop, language) = named(&state, &here, &stop, &language).await?;
    state.store.unplan_edition(&here.may.actor(), &stop.slug, language).await?;
    Ok(done())
}
