//! `/staff/sites/{site}/bulk`: one change made to many stops of a site, and their order.

use axum::extract::{Form, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::collection::page;
use super::see;
use crate::domain::{Permission, Scope, Slug, Stop, StopId};
use crate::pipeline::publishing::publish_ready;
use crate::web::catalogue::{BulkDeed, change_all, tag, word_of};
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::collection::Typed;
use crate::web::views::staff::fields::said;
use crate::web::views::strings::fill;
use crate::web::workplace::{Edit, Given, MayAt};

type Fields = Vec<(String, String)>;

/// The order the stops of a site stand in: each with its number.
#[must_use]
pub(in crate::web::routes) fn standing(stops: &[Stop]) -> Vec<(StopId, i64)> {
    stops.iter().map(|stop| (stop.id, stop.position)).collect()
}

async fn refuse(
    state: &State,
    here: &MayAt<Edit>,
    (status, why): (StatusCode, String),
    form: &Fields,
) -> Result<Response> {
    let note = Note { bad: Some(why), good: None };
    let typed = Typed { bulk: form.clone(), ..Typed::default() };
    page(state, &here.may, &here.site, typed, status, note).await
}

pub async fn post(Here(state): Here<State>, here: MayAt<Edit>, Form(form): Form<Fields>) -> Result<Response> {
    let stops = state.store.stops_of(here.site.id).await?;
    let deed = form.field("do");
    if deed == "order" {
        return order(&state, &here, &stops, &form).await;
    }
    let words = state.desk.of(here.may.lang());
    let wanted = |stop: &&Stop| form.iter().any(|(name, value)| name == "stop" && value == stop.slug.as_str());
    let chosen: Vec<Stop> = stops.iter().filter(wanted).cloned().collect();
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    if chosen.is_empty() {
        return refuse(&state, &here, (unfit, words.collection.none_chosen.clone()), &form).await;
    }
    if deed == "labels" {
        let slugs: Vec<String> = chosen.iter().map(|stop| format!("stop={}", stop.slug)).collect();
        return Ok(see(&format!("/staff/sites/{}/labels?{}", here.site.slug, slugs.join("&"))));
    }
    if deed == "publish" {
        return publish(&state, &here, &chosen, &form).await;
    }
    let deed = BulkDeed::of(deed).ok_or_else(|| WebError::Unfit("`do` is no deed".to_owned()))?;
    let word = match word_of(form.field("word")) {
        Ok(word) => word,
        Err(fault) => {
            let why = format!("{}: {}", words.collection.bulk_word, said(&words.entry, &fault.flaw));
            return refuse(&state, &here, (unfit, why), &form).await;
        }
    };
    let outcome = change_all(&state, &here.may.actor(), &chosen, deed, &word).await?;
    let (changed, unchanged) = (outcome.changed.to_string(), outcome.unchanged.to_string());
    let overtaken = outcome.overtaken.to_string();
    let told = fill(
        &words.collection.bulk_done,
        &[("changed", &changed), ("unchanged", &unchanged), ("overtaken", &overtaken)],
    );
    let note = match outcome.overtaken {
        0 => Note { bad: None, good: Some(told) },
        _ => Note { bad: Some(told), good: None },
    };
    let status = if outcome.overtaken == 0 { StatusCode::OK } else { StatusCode::CONFLICT };
    page(&state, &here.may, &here.site, Typed::default(), status, note).await
}

/// All that is made of the chosen stops and waits is published, by whoever may.
async fn publish(state: &State, here: &MayAt<Edit>, chosen: &[Stop], form: &Fields) -> Result<Response> {
    here.may.signed.must(Permission::Publish, Scope::Site(here.site.id))?;
    let wanted = |slug: &Slug| chosen.iter().any(|stop| stop.slug == *slug);
    let many = publish_ready(&state.store, &state.blobs, &here.may.actor(), here.site.id, wanted).await?;
    let (n, kept) = (many.published.to_string(), many.kept_back.to_string());
    let words = &state.desk.of(here.may.lang()).collection;
    let told = fill(&words.bulk_published, &[("n", &n), ("kept", &kept)]);
    if many.kept_back > 0 {
        return refuse(state, here, (StatusCode::CONFLICT, told), form).await;
    }
    let note = Note { bad: None, good: Some(told) };
    page(state, &here.may, &here.site, Typed::default(), StatusCode::OK, note).await
}

/// The stops in the order of the numbers typed; equal and missing ones stay in the order they had.
async fn order(state: &State, here: &MayAt<Edit>, stops: &[Stop], form: &Fields) -> Result<Response> {
    let words = state.desk.of(here.may.lang());
    let mut rows = Vec::new();
    for stop in stops {
        let typed = form.field(&format!("place.{}", stop.slug)).trim().replace(',', ".");
        let place = if typed.is_empty() { Some(f64::MAX) } else { typed.parse::<f64>().ok().filter(|n| n.is_finite()) };
        let Some(place) = place else {
            let why = format!("{}: {}", stop.code, words.entry.number);
            return refuse(state, here, (StatusCode::UNPROCESSABLE_ENTITY, why), form).await;
        };
        rows.push((place, stop.id));
    }
    rows.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let order: Vec<StopId> = rows.into_iter().map(|(_, id)| id).collect();
    let base = standing(stops);
    if tag(&base)? == form.field("order")
        && state.store.order_stops(&here.may.actor(), &here.site, &base, &order).await?
    {
        return Ok(see(&format!("/staff/sites/{}?done=ordered", here.site.slug)));
    }
    refuse(state, here, (StatusCode::CONFLICT, words.collection.order_overtaken.clone()), form).await
}
