//! `/staff/sites/{site}/numbers`: how often guides are heard.

use axum::extract::{Query, State as Here};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::choose_site;
use crate::domain::{Permission, Site};
use crate::store::Heard;
use crate::web::counting::{self, Days, count};
use crate::web::error::{Result, WebError};
use crate::web::respond::put;
use crate::web::state::State;
use crate::web::views::staff::frame::Place;
use crate::web::views::staff::numbers::{Matter, render};
use crate::web::workplace::{Count, Given, May, MayAt, staff_page};

type Fields = Vec<(String, String)>;

/// The choice of a site; straight on where there is only one.
pub async fn choose(Here(state): Here<State>, may: May<Count>) -> Result<Response> {
    let heading = &state.desk.of(may.lang()).numbers.heading;
    choose_site(&state, &may, may.lang(), (Permission::Count, "numbers"), Place::Numbers, heading).await
}

pub async fn get(Here(state): Here<State>, here: MayAt<Count>, Query(asked): Query<Fields>) -> Result<Response> {
    let lang = here.may.lang();
    let now = state.clock.now();
    let (status, days, bad) = match Days::read(asked.field("from"), asked.field("to"), now) {
        Ok(days) => (StatusCode::OK, days, None),
        Err(_) => {
            let bad = state.desk.of(lang).numbers.bad_days.clone();
            (StatusCode::UNPROCESSABLE_ENTITY, Days::read("", "", now)?, Some(bad))
        }
    };
    let (mut heard, stops, sites) = tokio::try_join!(
        state.store.listens(here.site.id, &days.from, &days.to),
        state.store.stops_of(here.site.id),
        state.store.sites(),
    )?;
    let stop = match asked.field("stop") {
        "" => None,
        slug => {
            let found = stops.iter().find(|stop| stop.slug.as_str() == slug);
            Some(found.ok_or_else(|| WebError::UnknownStop(slug.chars().take(80).collect()))?)
        }
    };
    heard.retain(|heard| stop.is_none_or(|stop| stop.slug == heard.stop));
    let (total, by_stop) = count(&heard);
    let matter = Matter {
        signed: &here.may,
        sites: &sites,
        site: &here.site,
        stops: &stops,
        days: &days,
        stop,
        total: &total,
        by_stop: &by_stop,
        bad,
    };
    Ok(staff_page(status, render(&state, lang, matter)?))
}

pub async fn csv(Here(state): Here<State>, here: MayAt<Count>, Query(asked): Query<Fields>) -> Result<Response> {
    let days = Days::read(asked.field("from"), asked.field("to"), state.clock.now())?;
    let heard = state.store.listens(here.site.id, &days.from, &days.to).await?;
    as_csv(&state, &here.site, &days, &heard).await
}

/// The sums as a file for spreadsheets.
pub async fn as_csv(state: &State, site: &Site, days: &Days, heard: &[Heard]) -> Result<Response> {
    let stops = state.store.stops_of(site.id).await?;
    let default = state.settings.default_language;
    let text = counting::csv(heard, |slug| {
        let stop = stops.iter().find(|stop| stop.slug == *slug);
        stop.map(|stop| (stop.code.to_string(), stop.names.best(default).to_owned())).unwrap_or_default()
    });
    let mut response = text.into_response();
    put(&mut response, header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present");
    let name = format!("attachment; filename=\"listens-{}-{}-{}.csv\"", site.slug, days.from, days.to);
    put(&mut response, header::CONTENT_DISPOSITION, &name);
    Ok(response)
}
