//! `/staff/collection` and `/staff/sites/{site}`: the sites somebody looks after, finding a stop, adding one.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Form, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::see;
use crate::domain::{Language, Names, Site, Stop, StopId, TextState};
use crate::people::Signed;
use crate::store::{KeptStop, NewStop, StoreError};
use crate::text::plain_letters;
use crate::web::error::Result;
use crate::web::reading::Library;
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::collection::{self, Known, Matter, Typed};
use crate::web::views::strings::fill;
use crate::web::workplace::{Edit, Given, May, MayAt, See, staff_page};

type Fields = Vec<(String, String)>;

/// The most stops a search shows.
const MOST_FOUND: usize = 100;
/// The longest slug that is made of a name.
const LONGEST_SLUG: usize = 60;

/// What lists show of guides: how far narrations have come, and in how many languages each stop is heard.
struct Guides {
    states: HashMap<StopId, TextState>,
    library: Arc<Library>,
}

impl Guides {
    async fn read(state: &State) -> Result<Self> {
        let source = source_language(state).await?;
        let states = state.store.text_states(source).await?;
        Ok(Self { states, library: state.library().await? })
    }

    fn known<'a>(&self, stop: &'a Stop) -> Known<'a> {
        let published = self.library.editions_of(&stop.slug).len();
        Known { stop, state: self.states.get(&stop.id).copied(), published }
    }
}

/// The language narrations are written in first.
pub(in crate::web::routes) async fn source_language(state: &State) -> Result<Language> {
    Ok(state.store.collection().await?.map_or(Language::VI, |collection| collection.source_language))
}

pub async fn get(Here(state): Here<State>, may: May<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let mut sites = state.store.sites().await?;
    sites.retain(|site| may.at(site.id).is_ok());
    let mut stops = state.store.stops().await?;
    stops.retain(|stop| sites.iter().any(|site| site.id == stop.site));
    let mut counts: HashMap<_, usize> = HashMap::new();
    for stop in &stops {
        *counts.entry(stop.site).or_default() += 1;
    }
    let wanted = asked.field("q").trim();
    let guides = Guides::read(&state).await?;
    let found: Vec<Known<'_>> =
        stops.iter().filter(|stop| matches(stop, wanted)).take(MOST_FOUND).map(|stop| guides.known(stop)).collect();
    let matter = Matter { signed: &may, sites: &sites, stops: &found, relics: &[] };
    let count = |site: &Site| counts.get(&site.id).copied().unwrap_or_default();
    let asked = (!wanted.is_empty()).then_some(wanted);
    Ok(staff_page(StatusCode::OK, collection::sites(&state, &matter, count, asked)?))
}

/// Whether a stop's code, address or one of its names holds every word that is asked for, marks or none.
fn matches(stop: &Stop, asked: &str) -> bool {
    let words: Vec<String> = asked.split_whitespace().map(folded).collect();
    let mut own: Vec<String> = stop.names.0.values().map(|name| folded(name)).collect();
    own.extend([folded(stop.code.as_str()), folded(stop.slug.as_str())]);
    !words.is_empty() && words.iter().all(|word| own.iter().any(|own| own.contains(word.as_str())))
}

fn folded(text: &str) -> String {
    plain_letters(&text.to_lowercase())
}

async fn page(
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
    let matter = Matter { signed, sites: std::slice::from_ref(site), stops: &known, relics: &relics };
    Ok(staff_page(status, collection::site(state, site, &matter, typed, note)?))
}

pub async fn site(Here(state): Here<State>, here: MayAt<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let saved = asked.field("done") == "saved";
    let good = saved.then(|| state.desk.of(here.may.lang()).entry.saved.clone());
    page(&state, &here.may, &here.site, Typed::default(), StatusCode::OK, Note { bad: None, good }).await
}

pub async fn add(Here(state): Here<State>, here: MayAt<Edit>, Form(form): Form<Fields>) -> Result<Response> {
    let field = |name| form.field(name).trim().to_owned();
    let typed = Typed { code: field("stop-code").to_uppercase(), slug: field("slug"), name: field("name") };
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
