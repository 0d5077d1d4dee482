//! `/staff/devices`: the devices of the house, a new one, and one of them.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::see;
use crate::domain::bundle::Scope as Guides;
use crate::domain::device::{Device, SILENT_AFTER};
use crate::domain::{AudioFormat, Deed, Milliseconds, Permission, Scope, Site};
use crate::people::{PeopleError, Signed};
use crate::pipeline::bundles::new_code;
use crate::store::StoreError;
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::views::page::origin;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::devices::{Known, Matter, Typed, code, list, one};
use crate::web::views::staff::people::places;
use crate::web::views::staff::says::Sites;
use crate::web::views::strings::fill;
use crate::web::workplace::{Given, Manage, May, See, staff_page};

type Fields = Vec<(String, String)>;

/// How long a code is good.
pub(in crate::web::routes) const CODE_HOLDS: Milliseconds = Milliseconds(24 * 3_600_000);
const LONGEST_NAME: usize = 60;
/// Plays and faults that are shown.
const SHOWN: u32 = 100;

/// Whether somebody may do a thing to a device: everywhere that it plays.
pub(in crate::web::routes) fn may(signed: &Signed, permission: Permission, sites: &[Site], device: &Device) -> bool {
    let grants = &signed.person.grants;
    let at = |slug| sites.iter().find(|site| site.slug == slug).map(|site| Scope::Site(site.id));
    if device.scope.sites.is_empty() {
        return grants.may(permission, Scope::House);
    }
    device.scope.sites.iter().all(|slug| at(slug.clone()).is_some_and(|scope| grants.may(permission, scope)))
}

/// Whether a device can be called so.
pub(in crate::web::routes) fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control)
}

/// How a device stands against the newest manifest of what it plays.
pub(in crate::web::routes) async fn known<'a>(
    state: &State,
    signed: &Signed,
    sites: &[Site],
    device: &'a Device,
) -> Result<Known<'a>> {
    let plays = device.enrolled_at.is_some() && device.revoked_at.is_none();
    let newest = match plays {
        true => {
            let shelf = state.kiosks.shelf(state, &device.scope).await?;
            Some((shelf.bundle.manifest.version, shelf.bundle.manifest.inventory()))
        }
        false => None,
    };
    Ok(Known {
        device,
        health: device.health(newest, state.clock.now(), SILENT_AFTER),
        newest: newest.map(|(version, _)| version),
        manages: plays && may(signed, Permission::Manage, sites, device),
    })
}

async fn page(state: &State, signed: &Signed, typed: Typed, status: StatusCode, note: Note) -> Result<Response> {
    let sites = state.store.sites().await?;
    let mut devices = state.store.devices().await?;
    devices.retain(|device| may(signed, Permission::See, &sites, device));
    let mut rows = Vec::with_capacity(devices.len());
    for device in &devices {
        rows.push(known(state, signed, &sites, device).await?);
    }
    let names = Sites::new(state.desk.of(signed.person.language), signed.person.language, &sites);
    let own = |scope| signed.person.grants.may(Permission::Manage, scope);
    let places = places(&sites, &names, own, None);
    let matter = Matter { signed, sites: &sites, devices: &rows, places, now: state.clock.now() };
    Ok(staff_page(status, list(state, matter, typed, note)?))
}

pub async fn get(Here(state): Here<State>, may: May<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let gone = asked.field("done") == "retired";
    let good = gone.then(|| state.desk.of(may.lang()).devices.gone.clone());
    page(&state, &may, Typed::default(), StatusCode::OK, Note { bad: None, good }).await
}

pub async fn add(
    Here(state): Here<State>,
    may: May<Manage>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let name = form.field("name").trim().to_owned();
    let words = &state.desk.of(may.lang()).devices;
    let sites = match super::scope(&state.store.sites().await?, form.field("site"))? {
        Scope::House => {
            may.must(Permission::Manage, Scope::House)?;
            Vec::new()
        }
        Scope::Site(id) => {
            may.at(id)?;
            vec![form.field("site").parse().map_err(|_| WebError::UnknownSite(form.field("site").to_owned()))?]
        }
    };
    let audio = match form.field("audio") {
        "" | "mp3" => AudioFormat::Mp3,
        "opus" => AudioFormat::Opus,
        _ => return Err(WebError::Unfit("`audio` is mp3 or opus".to_owned())),
    };
    let refuse = async |status, why: String| {
        page(&state, &may, Typed { name: name.clone() }, status, Note { bad: Some(why), good: None }).await
    };
    if !is_name(&name) {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, words.bad_name.clone()).await;
    }
    let guides = Guides { sites: sites.into_iter().collect(), languages: Default::default(), audio };
    let fresh = new_code()?;
    match state.store.add_device(&may.actor(), &name, &guides, &fresh, CODE_HOLDS).await {
        Ok(_) => {
            let page = code(&state, &may, &name, fresh.to_string(), &origin(&state, &headers))?;
            Ok(staff_page(StatusCode::OK, page))
        }
        Err(StoreError::DeviceTaken { name }) => {
            refuse(StatusCode::CONFLICT, fill(&words.taken, &[("name", &name)])).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A device that somebody may look at.
pub(in crate::web::routes) async fn find(state: &State, signed: &Signed, id: i64) -> Result<(Vec<Site>, Device)> {
    let sites = state.store.sites().await?;
    let device = state.store.devices().await?.into_iter().find(|device| device.id.0 == id);
    let device = device.ok_or(WebError::NoAddress)?;
    if !may(signed, Permission::See, &sites, &device) {
        return Err(PeopleError::Forbidden(Permission::See).into());
    }
    Ok((sites, device))
}

/// A device that somebody may do something to.
pub(in crate::web::routes) async fn take(state: &State, signed: &Signed, id: i64) -> Result<Device> {
    let (sites, device) = find(state, signed, id).await?;
    if !may(signed, Permission::Manage, &sites, &device) {
        return Err(PeopleError::Forbidden(Permission::Manage).into());
    }
    Ok(device)
}

pub async fn show(
    Here(state): Here<State>,
    may: May<See>,
    Path(id): Path<i64>,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let (sites, device) = find(&state, &may, id).await?;
    let (_, faults) = state.store.reports_of(device.id, SHOWN).await?;
    let plays = state.store.plays_of(device.id, SHOWN).await?;
    let known = known(&state, &may, &sites, &device).await?;
    let asked = asked.field("done") == "asked";
    let good = asked.then(|| state.desk.of(may.lang()).devices.asked.clone());
    Ok(staff_page(StatusCode::OK, one(&state, &may, &known, (&plays, &faults), Note { bad: None, good })?))
}

pub async fn sync(Here(state): Here<State>, may: May<Manage>, Path(id): Path<i64>) -> Result<Response> {
    let device = take(&state, &may, id).await?;
    state.store.note_deed(&may.actor(), &Deed::DeviceAskedToSync, &device.name, Scope::House).await?;
    state.kiosks.ask_to_sync(device.id);
    Ok(see(&format!("/staff/devices/{id}?done=asked")))
}

pub async fn retire(Here(state): Here<State>, may: May<Manage>, Path(id): Path<i64>) -> Result<Response> {
    let device = take(&state, &may, id).await?;
    state.store.revoke_device(&may.actor(), &device.name).await?;
    Ok(see("/staff/devices?done=retired"))
}
