//! `/api/v1/staff/sites` and below: sites, relics and stops, read, made and changed; searched with and without marks.
//!
//! What is read bears an `ETag`; a change names it in `If-Match`, and is refused where somebody else was first.

use std::collections::HashMap;

use axum::extract::{Path, Query, State as Here};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::json;
use super::refusals::{NotChanged, NotRead};
use crate::domain::{Permission, Relic, Scope, Site, Stop, StopId};
use crate::web::catalogue::{
    Entry, Found, Outcome, keep_relic, keep_site, keep_stop, search, tag, tag_of_site, tag_of_stop,
};
use crate::web::error::{Result, WebError};
use crate::web::files::validators::{Comparison, EntityTag, matches};
use crate::web::fulltext::Fulltext;
use crate::web::respond::put;
use crate::web::routes::staff::collection::source_language;
use crate::web::routes::staff::stop::Open;
use crate::web::state::State;
use crate::web::workplace::{Edit, Given, May, MayAt, See, Sent};

/// Sites, relics or stops, in their order.
#[derive(Serialize, ToSchema)]
pub struct Entries {
    pub entries: Vec<Entry>,
}

/// A site with all that is in it.
#[derive(Serialize, ToSchema)]
pub struct WholeSite {
    pub site: Entry,
    pub relics: Vec<Entry>,
    pub stops: Vec<Entry>,
}

/// Something that was found.
#[derive(Serialize, ToSchema)]
pub struct Finding {
    /// `site`, `relic` or `stop`.
    pub what: &'static str,
    /// The slug of its site; its own for a site.
    pub site: String,
    pub entry: Entry,
    /// Where a stop was found by what it says: that sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<FoundSentence>,
}

/// A sentence that was found.
#[derive(Serialize, ToSchema)]
pub struct FoundSentence {
    pub language: String,
    pub text: String,
}

/// What was found, the best first.
#[derive(Serialize, ToSchema)]
pub struct Findings {
    pub findings: Vec<Finding>,
}

/// JSON under the tag that a change of it names.
pub(super) fn tagged(status: StatusCode, value: &impl Serialize, tag: &str) -> Result<Response> {
    let mut response = json(value)?;
    *response.status_mut() = status;
    put(&mut response, header::ETAG, &format!("\"{tag}\""));
    Ok(response)
}

/// Refuses a change that was not made on what stands.
pub(super) fn made_on(headers: &HeaderMap, tag: &str) -> Result<()> {
    match matches(headers, header::IF_MATCH, &EntityTag { weak: false, opaque: tag }, Comparison::Strong) {
        Some(true) => Ok(()),
        Some(false) => Err(WebError::Overtaken),
        None => Err(WebError::Unconditional),
    }
}

pub(super) fn kept(outcome: Outcome) -> Result<()> {
    match outcome {
        Outcome::Kept => Ok(()),
        Outcome::Overtaken => Err(WebError::Overtaken),
        Outcome::Faulty(faults) => {
            let named: Vec<String> = faults.iter().map(ToString::to_string).collect();
            Err(WebError::Unfit(named.join("; ")))
        }
    }
}

async fn relic_of(state: &State, site: &Site, slug: &str) -> Result<Relic> {
    let relics = state.store.relics_of(site.id).await?;
    relics.into_iter().find(|relic| relic.slug.as_str() == slug).ok_or(WebError::NoAddress)
}

async fn show_site(state: &State, status: StatusCode, slug: &str) -> Result<Response> {
    let unknown = || WebError::UnknownSite(slug.chars().take(80).collect());
    let site = state.store.site(&slug.parse().map_err(|_| unknown())?).await?.ok_or_else(unknown)?;
    tagged(status, &Entry::from(&site), &tag_of_site(&site)?)
}

async fn show_stop(state: &State, status: StatusCode, site: &Site, slug: &str) -> Result<Response> {
    let stop = Open::read(state, site, slug).await?.stop;
    let relics = state.store.relics_of(site.id).await?;
    tagged(status, &Entry::of_stop(&stop, &relics), &tag_of_stop(&stop)?)
}

/// The sites one may see.
#[utoipa::path(get, path = "/api/v1/staff/sites", operation_id = "listStaffSites", tag = "staff",
    responses((status = 200, description = "In their order", body = Entries), NotRead))]
pub async fn sites(Here(state): Here<State>, may: May<See>) -> Result<Response> {
    let sites = state.store.sites().await?;
    let seen = sites.iter().filter(|site| may.at(site.id).is_ok());
    json(&Entries { entries: seen.map(Entry::from).collect() })
}

/// Makes a site.
#[utoipa::path(post, path = "/api/v1/staff/sites", operation_id = "addSite", tag = "staff", request_body = Entry,
    responses((status = 201, description = "The site, with its `ETag`", body = Entry), NotChanged))]
pub async fn add_site(Here(state): Here<State>, may: May<Edit>, Sent(entry): Sent<Entry>) -> Result<Response> {
    may.signed.must(Permission::Edit, Scope::House)?;
    kept(keep_site(&state, &may.actor(), source_language(&state).await?, &entry, None).await?)?;
    show_site(&state, StatusCode::CREATED, &entry.slug).await
}

/// A site, with its relics and stops.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}", operation_id = "getStaffSite", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi")),
    responses((status = 200, description = "The site; `ETag` is that of the site itself", body = WholeSite), NotRead))]
pub async fn site(Here(state): Here<State>, here: MayAt<See>) -> Result<Response> {
    let relics = state.store.relics_of(here.site.id).await?;
    let stops = state.store.stops_of(here.site.id).await?;
    let stop = |stop: &Stop| Entry::of_stop(stop, &relics);
    let whole = WholeSite {
        site: Entry::from(&here.site),
        stops: stops.iter().map(stop).collect(),
        relics: relics.iter().map(Entry::from).collect(),
    };
    tagged(StatusCode::OK, &whole, &tag_of_site(&here.site)?)
}

/// Changes a site.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}", operation_id = "changeSite", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` it was read with")),
    request_body = Entry,
    responses((status = 200, description = "The site as it stands now", body = Entry), NotChanged))]
pub async fn save_site(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    headers: HeaderMap,
    Sent(mut entry): Sent<Entry>,
) -> Result<Response> {
    let own = tag_of_site(&here.site)?;
    made_on(&headers, &own)?;
    entry.slug = here.site.slug.to_string();
    let source = source_language(&state).await?;
    kept(keep_site(&state, &here.may.actor(), source, &entry, Some((&here.site, &own))).await?)?;
    show_site(&state, StatusCode::OK, &entry.slug).await
}

/// Makes a relic of a site.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/relics", operation_id = "addRelic", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi")), request_body = Entry,
    responses((status = 201, description = "The relic, with its `ETag`", body = Entry), NotChanged))]
pub async fn add_relic(Here(state): Here<State>, here: MayAt<Edit>, Sent(entry): Sent<Entry>) -> Result<Response> {
    let source = source_language(&state).await?;
    kept(keep_relic(&state, &here.may.actor(), source, &here.site, &entry, None).await?)?;
    let relic = relic_of(&state, &here.site, &entry.slug).await?;
    tagged(StatusCode::CREATED, &Entry::from(&relic), &tag(&relic)?)
}

/// A relic.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/relics/{relic}", operation_id = "getRelic", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("relic" = String, Path, description = "The relic's slug within its site")),
    responses((status = 200, description = "The relic, with its `ETag`", body = Entry), NotRead))]
pub async fn relic(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response> {
    let relic = relic_of(&state, &here.site, &slug).await?;
    tagged(StatusCode::OK, &Entry::from(&relic), &tag(&relic)?)
}

/// Changes a relic.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/relics/{relic}", operation_id = "changeRelic", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("relic" = String, Path, description = "The relic's slug within its site"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` it was read with")),
    request_body = Entry,
    responses((status = 200, description = "The relic as it stands now", body = Entry), NotChanged))]
pub async fn save_relic(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, slug)): Path<(String, String)>,
    headers: HeaderMap,
    Sent(mut entry): Sent<Entry>,
) -> Result<Response> {
    let before = relic_of(&state, &here.site, &slug).await?;
    let own = tag(&before)?;
    made_on(&headers, &own)?;
    entry.slug = slug;
    let source = source_language(&state).await?;
    kept(keep_relic(&state, &here.may.actor(), source, &here.site, &entry, Some((&before, &own))).await?)?;
    let relic = relic_of(&state, &here.site, &entry.slug).await?;
    tagged(StatusCode::OK, &Entry::from(&relic), &tag(&relic)?)
}

/// Makes a stop of a site.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/stops", operation_id = "addStop", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi")), request_body = Entry,
    responses((status = 201, description = "The stop, with its `ETag`", body = Entry), NotChanged))]
pub async fn add_stop(Here(state): Here<State>, here: MayAt<Edit>, Sent(entry): Sent<Entry>) -> Result<Response> {
    let source = source_language(&state).await?;
    kept(keep_stop(&state, &here.may.actor(), source, &here.site, &entry, None).await?)?;
    show_stop(&state, StatusCode::CREATED, &here.site, &entry.slug).await
}

/// A stop.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/stops/{stop}", operation_id = "getStaffStop", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap")),
    responses((status = 200, description = "The stop, with its `ETag`", body = Entry), NotRead))]
pub async fn stop(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response> {
    show_stop(&state, StatusCode::OK, &here.site, &slug).await
}

/// Changes a stop.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/stops/{stop}", operation_id = "changeStop", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` it was read with")),
    request_body = Entry,
    responses((status = 200, description = "The stop as it stands now", body = Entry), NotChanged))]
pub async fn save_stop(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, slug)): Path<(String, String)>,
    headers: HeaderMap,
    Sent(mut entry): Sent<Entry>,
) -> Result<Response> {
    let before = Open::read(&state, &here.site, &slug).await?.stop;
    let own = tag_of_stop(&before)?;
    made_on(&headers, &own)?;
    entry.slug = slug;
    let source = source_language(&state).await?;
    kept(keep_stop(&state, &here.may.actor(), source, &here.site, &entry, Some((&before, &own))).await?)?;
    show_stop(&state, StatusCode::OK, &here.site, &entry.slug).await
}

/// Looks for sites, relics and stops one may see, by name, code, kind, theme or address and by what stops say, with or
/// without Vietnamese marks.
#[utoipa::path(get, path = "/api/v1/staff/search", operation_id = "searchCollection", tag = "staff",
    params(("q" = Option<String>, Query, description = "Every word of it must be there", example = "thap doi")),
    responses((status = 200, description = "At most 50 by their names, then at most 50 by what they say", body = Findings), NotRead))]
pub async fn find(
    Here(state): Here<State>,
    may: May<See>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let mut sites = state.store.sites().await?;
    sites.retain(|site| may.at(site.id).is_ok());
    let stops = state.store.stops().await?;
    let mut relics = Vec::new();
    for site in &sites {
        relics.extend(state.store.relics_of(site.id).await?);
    }
    let finding = |found: &Found<'_>| {
        let (what, site, entry) = match found {
            Found::Site(site) => ("site", site, Entry::from(*site)),
            Found::Relic(site, relic) => ("relic", site, Entry::from(*relic)),
            Found::Stop(site, stop) => ("stop", site, Entry::of_stop(stop, &relics)),
        };
        Finding { what, site: site.slug.to_string(), entry, said: None }
    };
    let found = search(asked.field("q"), &sites, &relics, &stops);
    let mut findings: Vec<Finding> = found.iter().map(finding).collect();
    let by_id: HashMap<StopId, &Stop> = stops.iter().map(|stop| (stop.id, stop)).collect();
    let theirs = |stop| by_id.get(&stop).is_some_and(|stop| sites.iter().any(|site| site.id == stop.site));
    for hit in Fulltext::find(&state, asked.field("q"), theirs).await? {
        let Some(&stop) = by_id.get(&hit.stop) else { continue };
        let Some(site) = sites.iter().find(|site| site.id == stop.site) else { continue };
        if findings.iter().any(|other| other.what == "stop" && other.entry.slug == stop.slug.as_str()) {
            continue;
        }
        let said = FoundSentence { language: hit.language.tag().to_owned(), text: hit.sentence };
        let entry = Entry::of_stop(stop, &relics);
        findings.push(Finding { what: "stop", site: site.slug.to_string(), entry, said: Some(said) });
    }
    json(&Findings { findings })
}
