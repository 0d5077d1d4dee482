//! `/staff/sites/{site}`: the stops of a site, and adding one.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Form, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::bulk::standing;
use super::see;
use crate::domain::{Language, Names, Site, Stop, StopId, TextState};
use crate::people::Signed;
use crate::store::{KeptStop, NewStop, StoreError};
use crate::web::catalogue::tag;
use crate::web::error::Result;
use crate::web::fulltext::folded;
use crate::web::grounds::Grounds;
use crate::web::reading::Library;
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::collection::{self, Known, Matter, Typed};
use crate::web::views::strings::fill;
use crate::web::workplace::{Edit, Given, MayAt, See, staff_page};

type Fields = Vec<(String, String)>;

/// The longest slug that is made of a name.
const LONGEST_SLUG: usize = 60;

/// What lists show of guides: how far narrations have come, and in how many languages each stop is heard.
pub(super) struct Guides {
    states: HashMap<StopId, TextState>,
    library: Arc<Library>,
}

impl Guides {
    pub(super) async fn read(state: &State) -> Result<Self> {
        let source = source_language(state).await?;
        let states = state.store.text_states(source).await?;
        Ok(Self { states, library: state.library().await? })
    }

    pub(super) fn state(&self, stop: StopId) -> Option<TextState> {
        self.states.get(&stop).copied()
    }

    pub(super) fn known<'a>(&self, stop: &'a Stop) -> Known<'a> {
        let published = self.library.editions_of(&stop.slug).len();
        Known { stop, state: self.state(stop.id), published, said: None }
    }
}

/// The language narrations are written in first.
pub(in crate::web::routes) async fn source_language(state: &State) -> Result<Language> {
    Ok(state.store.collection().await?.map_or(Language::VI, |collection| collection.source_language))
}

pub(super) async fn page(
    state: &State,
    signed: &Signed,
    site: &Site,
    typed: Typed,
    status: StatusCode,
    note: Note,
) -> Result<Response> {
    let stops = state.store.stops_of(site.id).await?;
    let relics = state.store.relics_of(site.id).await?;
    let guides = Guides::read(state).await?;
    let known: Vec<Known<'_>> = stops.iter().map(|stop| guides.known(stop)).collect();
    let ground = Grounds::get(state).await?;
    let order = tag(&standing(&stops))?;
    let matter = Matter { signed, stops: &known, relics: &relics, ground: ground.as_deref(), order };
    Ok(staff_page(status, collection::site(state, site, &matter, typed, note)?))
}

pub async fn site(Here(state): Here<State>, here: MayAt<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let words = state.desk.of(here.may.lang());
    let good = match asked.field("done") {
        "saved" => Some(words.entry.saved.clone()),
        "ordered" => Some(words.collection.ordered.clone()),
        _ => None,
    };
    page(&state, &here.may, &here.site, Typed::default(), StatusCode::OK, Note { bad: None, good }).await
}

pub async fn add(Here(state): Here<State>, here: MayAt<Edit>, Form(form): Form<Fields>) -> Result<Response> {
    let field = |name| form.field(name).trim().to_owned();
    let typed =
        Typed { code: field("stop-code").to_uppercase(), slug: field("slug"), name: field("name"), bulk: Vec::new() };
    let words = &state.desk.of(here.may.lang()).collection;
    let refuse = |why: String| (StatusCode::UNPROCESSABLE_ENTITY, why);
    let stop = match new_stop(&state, &here.site, &typed).await? {
        Ok(stop) => stop,
        Err(Unfit::Name) => return refused(&state, &here, typed, refuse(words.bad_name.clone())).await,
        Err(Unfit::Code) => return refused(&state, &here, typed, refuse(words.bad_code.clone())).await,
        Err(Unfit::Slug) => return refused(&state, &here, typed, refuse(words.bad_slug.clone())).await,
    };
    let why = match state.store.keep_stop(&here.may.actor(), &stop, None).await {
        Ok(KeptStop::Kept(_)) => {
            return Ok(see(&format!("/staff/sites/{}/stops/{}?done=added", here.site.slug, stop.slug)));
        }
        Ok(KeptStop::Overtaken) => fill(&words.taken_slug, &[("slug", stop.slug.as_str())]),
        Err(StoreError::CodeTaken { code, holder, .. }) => {
            fill(&words.taken_code, &[("code", code.as_str()), ("stop", holder.as_str())])
        }
        Err(error) => return Err(error.into()),
    };
    refused(&state, &here, typed, (StatusCode::CONFLICT, why)).await
}

async fn refused(
    state: &State,
    here: &MayAt<Edit>,
    typed: Typed,
    (status, why): (StatusCode, String),
) -> Result<Response> {
    page(state, &here.may, &here.site, typed, status, Note { bad: Some(why), good: None }).await
}

/// A field that cannot be used.
enum Unfit {
    Name,
    Code,
    Slug,
}

async fn new_stop(state: &State, site: &Site, typed: &Typed) -> Result<std::result::Result<NewStop, Unfit>> {
    if typed.name.is_empty() || typed.name.chars().count() > 200 {
        return Ok(Err(Unfit::Name));
    }
    let Ok(code) = typed.code.parse() else { return Ok(Err(Unfit::Code)) };
    let slug = if typed.slug.is_empty() { slug_of(&typed.name) } else { typed.slug.clone() };
    let Ok(slug) = slug.parse() else { return Ok(Err(Unfit::Slug)) };
    let last = state.store.stops_of(site.id).await?.iter().map(|stop| stop.position).max();
    Ok(Ok(NewStop {
        site: site.id,
        relic: None,
        slug,
        code,
        names: Names([(source_language(state).await?, typed.name.clone())].into()),
        kind: String::new(),
        period: None,
        place: None,
        themes: Vec::new(),
        sources: Vec::new(),
        cover: None,
        position: last.unwrap_or_default().saturating_add(1),
    }))
}

/// A name as it can stand in an address.
fn slug_of(name: &str) -> String {
    let plain = folded(name);
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut slug = words.join("-");
    slug.truncate(LONGEST_SLUG);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_an_address() {
        assert_eq!(slug_of("Tháp Đôi — Hưng Thạnh (TK. XII)"), "thap-doi-hung-thanh-tk-xii");
        assert_eq!(slug_of("塔"), "");
        assert!(slug_of(&"dài ".repeat(60)).parse::<crate::domain::Slug>().is_ok());
    }
}
