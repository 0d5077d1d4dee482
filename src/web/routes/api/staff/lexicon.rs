//! `/api/v1/staff/lexicon/{language}` and below: how words are said, for programs.

use axum::extract::{Path, State as Here};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::collection::{made_on, tagged};
use super::json;
use super::refusals::{NotChanged, NotRead};
use crate::domain::{LexiconEntry, Manner, Pronunciation};
use crate::pipeline::studio::change_lexicon;
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::lexicon::{language_of, tag_of};
use crate::web::routes::staff::saying::wav;
use crate::web::routes::staff::terms::must;
use crate::web::saying;
use crate::web::state::State;
use crate::web::workplace::{Edit, May, See, Sent};

/// How a word is said.
#[derive(Serialize, ToSchema)]
#[schema(as = LexiconEntry)]
pub struct EntryView {
    pub word: String,
    /// `alias`: other words are said in its place; `ipa`: these phonemes are.
    pub kind: &'static str,
    pub said: String,
    /// What a change of it names in `If-Match`.
    pub etag: String,
}

/// The lexicon of a language.
#[derive(Serialize, ToSchema)]
#[schema(as = Lexicon)]
pub struct LexiconView {
    pub language: String,
    pub entries: Vec<EntryView>,
}

/// How a word is to be said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPronunciation)]
pub struct EntryBody {
    /// `alias` or `ipa`.
    pub kind: String,
    pub said: String,
}

/// What came of a change.
#[derive(Serialize, ToSchema)]
#[schema(as = LexiconChanged)]
pub struct Changed {
    /// How many guides hold the word and are brought up to date.
    pub guides: usize,
}

/// A sentence as it would be said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SpokenPreview)]
pub struct PreviewBody {
    /// At most 1,000 characters.
    pub sentence: String,
    /// A word that is said otherwise than the lexicon has it; with `kind` and `said`.
    pub word: Option<String>,
    pub kind: Option<String>,
    pub said: Option<String>,
    pub voice: Option<String>,
    /// In percent, 50 to 150.
    pub speed: Option<u16>,
}

fn view(entry: &LexiconEntry) -> Result<EntryView> {
    let (kind, said) = match &entry.pronunciation {
        Pronunciation::Alias(words) => ("alias", words),
        Pronunciation::Ipa(ipa) => ("ipa", ipa),
    };
    let etag = format!("\"{}\"", tag_of(Some(&entry.pronunciation))?);
    Ok(EntryView { word: entry.grapheme.clone(), kind, said: said.clone(), etag })
}

/// The lexicon of a language in its order.
#[utoipa::path(get, path = "/api/v1/staff/lexicon/{language}", operation_id = "getLexicon", tag = "staff",
    params(("language" = String, Path, description = "A BCP 47 tag", example = "en")),
    responses((status = 200, description = "Every entry", body = LexiconView), NotRead))]
pub async fn get(Here(state): Here<State>, _may: May<See>, Path(lang): Path<String>) -> Result<Response> {
    let language = language_of(&lang)?;
    let entries = state.store.lexicon(language).await?;
    let entries = entries.iter().map(view).collect::<Result<_>>()?;
    json(&LexiconView { language: language.tag().to_owned(), entries })
}

/// Has a word said so. The first time, with `If-Match: "none"`.
#[utoipa::path(put, path = "/api/v1/staff/lexicon/{language}/{word}", operation_id = "setPronunciation", tag = "staff",
    params(("language" = String, Path, description = "A BCP 47 tag", example = "en"),
        ("word" = String, Path, description = "As it is written", example = "Shiva"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the entry, or `\"none\"`")),
    request_body = EntryBody,
    responses((status = 200, description = "It is said so from now on", body = Changed), NotChanged))]
pub async fn save(
    Here(state): Here<State>,
    may: May<Edit>,
    Path((lang, word)): Path<(String, String)>,
    headers: HeaderMap,
    Sent(body): Sent<EntryBody>,
) -> Result<Response> {
    must(&may)?;
    let entry = saying::entry(language_of(&lang)?, (&word, &body.kind, &body.said))?;
    change(&state, &may, &headers, (&lang, &entry.grapheme), Some(&entry.pronunciation)).await
}

/// Has a word said as usual again.
#[utoipa::path(delete, path = "/api/v1/staff/lexicon/{language}/{word}", operation_id = "removePronunciation",
    tag = "staff",
    params(("language" = String, Path, description = "A BCP 47 tag", example = "en"),
        ("word" = String, Path, description = "As it is written", example = "Shiva"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the entry")),
    responses((status = 200, description = "It is said as usual from now on", body = Changed), NotChanged))]
pub async fn remove(
    Here(state): Here<State>,
    may: May<Edit>,
    Path((lang, word)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    must(&may)?;
    if state.store.pronunciation(language_of(&lang)?, &word).await?.is_none() {
        return Err(WebError::NoAddress);
    }
    change(&state, &may, &headers, (&lang, &word), None).await
}

async fn change(
    state: &State,
    may: &May<Edit>,
    headers: &HeaderMap,
    (lang, word): (&str, &str),
    said: Option<&Pronunciation>,
) -> Result<Response> {
    let language = language_of(lang)?;
    let standing = state.store.pronunciation(language, word).await?;
    let tag = match &standing {
        Some(standing) => tag_of(Some(standing))?,
        None => "none".to_owned(),
    };
    made_on(headers, &tag)?;
    let changed = change_lexicon(&state.store, &may.actor(), (language, word), said, standing.as_ref()).await?;
    let guides = changed.ok_or(WebError::Overtaken)?;
    let tag = if said.is_some() { tag_of(said)? } else { "none".to_owned() };
    tagged(StatusCode::OK, &Changed { guides }, &tag)
}

/// Speaks a sentence once, as WAV, and keeps nothing. One sentence is spoken at a time: who finds too many waiting is
/// told so.
#[utoipa::path(post, path = "/api/v1/staff/previews/{language}", operation_id = "previewSentence", tag = "staff",
    params(("language" = String, Path, description = "A BCP 47 tag", example = "en")),
    request_body = PreviewBody,
    responses((status = 200, description = "The sound", content_type = "audio/wav"),
        (status = 429, description = "Too many are waiting", content_type = "application/problem+json"), NotChanged))]
pub async fn preview(
    Here(state): Here<State>,
    _may: May<Edit>,
    Path(lang): Path<String>,
    Sent(body): Sent<PreviewBody>,
) -> Result<Response> {
    let language = language_of(&lang)?;
    let entry = match (&body.word, &body.kind, &body.said) {
        (None, None, None) => None,
        (word, kind, said) => {
            let text = |field: &Option<String>| field.clone().unwrap_or_default();
            Some(saying::entry(language, (&text(word), &text(kind), &text(said)))?)
        }
    };
    let manner = saying::sound(Manner { voice: body.voice, speed: body.speed, pause: None })?;
    Ok(wav(state.studio()?.preview(language, saying::sentence(&body.sentence)?, entry, manner).await?))
}
