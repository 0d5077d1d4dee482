//! `/api/v1/staff/words` and below: the collection's own words for themes, kinds and ages, as the pages keep them.

use axum::extract::{Path, State as Here};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::collection::{made_on, tagged};
use super::json;
use super::refusals::{NotChanged, NotRead};
use crate::store::KeptEntry;
use crate::web::catalogue::{TermEntry, tag};
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::collection::source_language;
use crate::web::routes::staff::terms::{list_of, merge_into, must, shelves, standing};
use crate::web::state::State;
use crate::web::workplace::{Edit, May, See, Sent};

/// A word of a list.
#[derive(Serialize, ToSchema)]
pub struct WordView {
    /// `theme`, `kind` or `age`.
    pub list: &'static str,
    pub entry: TermEntry,
    /// How many sites, relics and stops bear it.
    pub used: u32,
    /// What a change of it names in `If-Match`; `"none"` where it has no names yet.
    pub etag: String,
}

/// Every word, those that have no names yet too.
#[derive(Serialize, ToSchema)]
pub struct WordList {
    pub words: Vec<WordView>,
}

/// Which word takes another one's place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merging {
    pub into: String,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub struct Merged {
    /// How many sites, relics and stops bore the word.
    pub changed: u64,
}

/// The collection's own words.
#[utoipa::path(get, path = "/api/v1/staff/words", operation_id = "listWords", tag = "staff",
    responses((status = 200, description = "List by list", body = WordList), NotRead))]
pub async fn list(Here(state): Here<State>, _may: May<See>) -> Result<Response> {
    let mut words = Vec::new();
    for shelf in shelves(&state).await? {
        for (term, named, used) in &shelf.words {
            let tag = if *named { tag(term)? } else { "none".to_owned() };
            let entry = TermEntry { position: if *named { term.position } else { 0 }, ..TermEntry::from(term) };
            words.push(WordView { list: shelf.list.word(), entry, used: *used, etag: format!("\"{tag}\"") });
        }
    }
    json(&WordList { words })
}

/// Names a word. A word that has no names yet is named with `If-Match: "none"`.
#[utoipa::path(put, path = "/api/v1/staff/words/{list}/{word}", operation_id = "nameWord", tag = "staff",
    params(("list" = String, Path, description = "`theme`, `kind` or `age`", example = "theme"),
        ("word" = String, Path, description = "As it stands in sites and stops", example = "champa"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the word, or `\"none\"`")),
    request_body = TermEntry,
    responses((status = 200, description = "The word as it stands now", body = TermEntry), NotChanged))]
pub async fn save(
    Here(state): Here<State>,
    may: May<Edit>,
    Path((named, word)): Path<(String, String)>,
    headers: HeaderMap,
    Sent(mut entry): Sent<TermEntry>,
) -> Result<Response> {
    must(&may)?;
    let list = list_of(&named)?;
    entry.word = word;
    let base = standing(&state, list, &entry.word).await?;
    made_on(&headers, &base.as_ref().map(tag).transpose()?.unwrap_or_else(|| "none".to_owned()))?;
    let faults = entry.faults(list, source_language(&state).await?);
    if !faults.is_empty() {
        return Err(WebError::Unfit(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")));
    }
    let term = entry.term(list);
    match state.store.keep_term(&may.actor(), &term, base.as_ref()).await? {
        KeptEntry::Done(_) => tagged(StatusCode::OK, &TermEntry::from(&term), &tag(&term)?),
        KeptEntry::Overtaken => Err(WebError::Overtaken),
    }
}

/// Writes another word wherever this one stands, and takes this one off the list.
#[utoipa::path(post, path = "/api/v1/staff/words/{list}/{word}/merge", operation_id = "mergeWord", tag = "staff",
    params(("list" = String, Path, description = "`theme`, `kind` or `age`", example = "theme"),
        ("word" = String, Path, description = "As it stands in sites and stops", example = "champa")),
    request_body = Merging,
    responses((status = 200, description = "It is merged", body = Merged), NotChanged))]
pub async fn merge(
    Here(state): Here<State>,
    may: May<Edit>,
    Path((named, word)): Path<(String, String)>,
    Sent(merging): Sent<Merging>,
) -> Result<Response> {
    must(&may)?;
    let changed = merge_into(&state, &may, list_of(&named)?, &word, &merging.into).await?;
    json(&Merged { changed })
}
