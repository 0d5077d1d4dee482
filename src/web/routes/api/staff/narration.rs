//! `…/stops/{stop}/narration`: what a stop says in the collection's source language, and its versions.

use axum::extract::{Path, State as Here};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::collection::{made_on, tagged};
use super::json;
use super::refusals::{NotChanged, NotRead};
use crate::domain::{Author, Site, TextState};
use crate::store::{NewText, Revised, TextChange, TextVersion, hash_of};
use crate::text::narration::{body_of, read_narration};
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::stop::{LONGEST_TITLE, Open, make_guides, wanted_state};
use crate::web::state::State;
use crate::web::workplace::{Edit, MayAt, See, Sent};

/// What a stop is to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NarrationBody {
    /// At most 200 characters.
    pub title: String,
    /// Plain sentences that can be spoken, with an empty line between paragraphs; at most 60,000 characters.
    pub body: String,
    /// `draft`, or `approved` where one may review: guides are made of an approved one.
    pub state: String,
}

/// What a stop says.
#[derive(Serialize, ToSchema)]
#[schema(as = Narration)]
pub struct NarrationView {
    pub language: String,
    pub title: String,
    pub body: String,
    /// `draft` or `approved`.
    pub state: String,
    /// Who wrote it; absent for a machine's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// RFC 3339.
    pub changed_at: String,
}

/// What a stop said at one time.
#[derive(Serialize, ToSchema)]
#[schema(as = NarrationVersion)]
pub struct VersionView {
    /// From 1.
    pub number: u32,
    pub title: String,
    pub body: String,
    pub state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    pub at: String,
}

/// The versions of a narration, the newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = NarrationVersions)]
pub struct Versions {
    pub versions: Vec<VersionView>,
}

fn person(author: &Author) -> Option<String> {
    match author {
        Author::Person { name } => Some(name.clone()),
        Author::Machine { .. } => None,
    }
}

/// The tag of what stands; that of nothing is `none`.
fn tag(open: &Open) -> String {
    open.text.as_ref().map_or_else(|| "none".to_owned(), |(text, sentences)| hash_of(text, sentences).to_string())
}

async fn show(state: &State, site: &Site, slug: &str) -> Result<Response> {
    let open = Open::read(state, site, slug).await?;
    let Some((text, sentences)) = &open.text else { return Err(WebError::NoAddress) };
    let body = body_of(sentences.iter().map(|s| (s.paragraph, s.content.as_str())), open.source);
    let view = NarrationView {
        language: open.source.tag().to_owned(),
        title: text.title.clone(),
        body: body.trim().to_owned(),
        state: text.state.name().to_owned(),
        author: person(&text.author),
        changed_at: text.changed_at.rfc3339(),
    };
    tagged(StatusCode::OK, &view, &tag(&open))
}

/// What a stop says in the collection's source language.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/stops/{stop}/narration", operation_id = "getNarration",
    tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap")),
    responses((status = 200, description = "The narration, with its `ETag`", body = NarrationView), NotRead))]
pub async fn get(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response> {
    show(&state, &here.site, &slug).await
}

/// Writes what a stop says. The first one is written with `If-Match: "none"`.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/stops/{stop}/narration", operation_id = "writeNarration",
    tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` it was read with, or `\"none\"`")),
    request_body = NarrationBody,
    responses((status = 200, description = "The narration as it stands now", body = NarrationView), NotChanged))]
pub async fn write(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, slug)): Path<(String, String)>,
    headers: HeaderMap,
    Sent(body): Sent<NarrationBody>,
) -> Result<Response> {
    let open = Open::read(&state, &here.site, &slug).await?;
    made_on(&headers, &tag(&open))?;
    let title = body.title.trim().to_owned();
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        return Err(WebError::Unfit(format!("`title` is needed, with at most {LONGEST_TITLE} characters")));
    }
    let paragraphs = read_narration(&body.body, open.source).map_err(|error| WebError::Unfit(error.to_string()))?;
    let new = NewText {
        stop: open.stop.id,
        language: open.source,
        title,
        author: Author::Person { name: here.may.person.name.clone() },
        state: wanted_state(&here, &body.state)?,
        made_from: None,
        sentences: NewText::sentences_of(paragraphs),
    };
    let base = open.text.as_ref().map(|(text, sentences)| hash_of(text, sentences));
    match state.store.revise_text(&here.may.actor(), &open.stop, &new, base).await? {
        Revised::Overtaken => return Err(WebError::Overtaken),
        Revised::Kept(TextChange::Unchanged) => {}
        Revised::Kept(_) if new.state == TextState::Approved => make_guides(&state, &open.stop).await?,
        Revised::Kept(_) => {}
    }
    show(&state, &here.site, &slug).await
}

/// What a stop said before, and who wrote it.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/stops/{stop}/narration/versions",
    operation_id = "listNarrationVersions", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap")),
    responses((status = 200, description = "The newest first", body = Versions), NotRead))]
pub async fn versions(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response> {
    let open = Open::read(&state, &here.site, &slug).await?;
    let view = |version: &TextVersion| VersionView {
        number: version.number,
        title: version.title.clone(),
        body: body_of(version.sentences.iter().map(|s| (s.paragraph, s.content.as_str())), open.source)
            .trim()
            .to_owned(),
        state: version.state.name().to_owned(),
        author: person(&version.author),
        at: version.at.rfc3339(),
    };
    let versions = state.store.text_versions(open.stop.id, open.source).await?;
    json(&Versions { versions: versions.iter().map(view).collect() })
}
