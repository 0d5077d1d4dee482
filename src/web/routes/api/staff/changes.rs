//! `…/publishing/{stop}/{language}/changes`: what publishing an edition changes and for whom; and many guides published at
//! once.

use axum::extract::{Path, Query, State as Here};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json;
use super::refusals::{NotChanged, NotRead};
use crate::domain::{EditionId, Slug};
use crate::pipeline::changes::{Change, Reworded};
use crate::pipeline::publishing::{publish_ready, standings};
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::publishing::{compared, named};
use crate::web::state::State;
use crate::web::views::staff::publishing::{one, shown};
use crate::web::workplace::{MayAt, Publish, Sent};

/// Which edition is compared.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangesAsked {
    /// The `id` of an edition of the guide; absent: the one that waits.
    #[param(required = false)]
    edition: Option<i64>,
}

/// What publishing an edition changes.
#[derive(Serialize, ToSchema)]
pub struct EditionChanges {
    pub edition: i64,
    pub number: u32,
    /// Whether nothing of the guide is public: then all of it is new.
    pub new: bool,
    /// Of the edition.
    pub sentences: usize,
    /// Sentences that stay as they are.
    pub same: usize,
    /// Those that do not, in the order of the text.
    pub changes: Vec<SentenceChange>,
    /// Whether another voice speaks.
    pub other_voice: bool,
    /// Devices that play guides of this site in this language.
    pub devices: usize,
    /// What one of them fetches at most.
    pub bytes_each: u64,
    /// What all of them fetch.
    pub bytes_all: u64,
}

/// A sentence that changes: new where it has no `from`, gone where it has no `to`.
#[derive(Serialize, ToSchema)]
pub struct SentenceChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Stops whose guides are published.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopsToPublish {
    /// Their slugs; all of this site.
    pub stops: Vec<String>,
}

/// What publishing many came to.
#[derive(Serialize, ToSchema)]
pub struct ManyPublished {
    pub published: usize,
    /// Guides that go on waiting: a file was lost, or somebody else narrates by now.
    pub kept_back: usize,
}

fn sentence(one: Reworded) -> SentenceChange {
    match one {
        Reworded::Added(to) => SentenceChange { from: None, to: Some(to) },
        Reworded::Removed(from) => SentenceChange { from: Some(from), to: None },
        Reworded::Changed(Change { from, to }) => SentenceChange { from: Some(from), to: Some(to) },
    }
}

/// What publishing an edition of a guide would change, and for how many devices.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/publishing/{stop}/{language}/changes",
    operation_id = "getEditionChanges", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site"),
        ("stop" = String, Path, description = "The slug of a stop"),
        ("language" = String, Path, description = "BCP 47"), ChangesAsked),
    responses((status = 200, description = "Against the public edition", body = EditionChanges), NotRead))]
pub async fn get(
    Here(state): Here<State>,
    here: MayAt<Publish>,
    Path((_, stop, language)): Path<(String, String, String)>,
    Query(asked): Query<ChangesAsked>,
) -> Result<Response> {
    let (stop, language) = named(&state, &here, &stop, &language).await?;
    let guide = one(standings(&state.store, here.site.id).await?, stop.id, language).ok_or(WebError::NoAddress)?;
    let id = shown(&guide, asked.edition.map(EditionId));
    let found = compared(&state, &here, (&stop, language), id).await?.ok_or(WebError::NoAddress)?;
    let (new, same, voice, changes) = match found.changes {
        None => (true, 0, false, Vec::new()),
        Some(changes) => (false, changes.same, changes.voice.is_some(), changes.sentences),
    };
    json(&EditionChanges {
        edition: found.id.0,
        number: found.number,
        new,
        sentences: found.sentences,
        same,
        changes: changes.into_iter().map(sentence).collect(),
        other_voice: voice,
        devices: found.reach.devices,
        bytes_each: found.reach.each,
        bytes_all: found.reach.all,
    })
}

/// Publishes all that waits of some stops, each guide by itself.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/publishing", operation_id = "publishMany", tag = "staff",
    params(("site" = String, Path, description = "The slug of a site")), request_body = StopsToPublish,
    responses((status = 200, description = "What came of it", body = ManyPublished), NotChanged))]
pub async fn publish_many(
    Here(state): Here<State>,
    here: MayAt<Publish>,
    Sent(body): Sent<StopsToPublish>,
) -> Result<Response> {
    let stops = state.store.stops_of(here.site.id).await?;
    if let Some(stray) = body.stops.iter().find(|slug| !stops.iter().any(|stop| stop.slug.as_str() == *slug)) {
        return Err(WebError::UnknownStop(stray.chars().take(80).collect()));
    }
    let wanted = |slug: &Slug| body.stops.iter().any(|own| own == slug.as_str());
    let many = publish_ready(&state.store, &state.blobs, &here.may.actor(), here.site.id, wanted).await?;
    json(&ManyPublished { published: many.published, kept_back: many.kept_back })
}
