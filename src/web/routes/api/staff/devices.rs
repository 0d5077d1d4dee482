//! `/api/v1/staff/devices`: the devices of the house, as the pages keep them.

use axum::extract::{Path, State as Here};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusals::{NotChanged, NotRead};
use super::{done, json};
use crate::domain::bundle::Scope as Guides;
use crate::domain::device::DeviceHealth;
use crate::domain::{AudioFormat, Deed, Language, Permission, Scope, Slug};
use crate::pipeline::bundles::new_code;
use crate::store::StoreError;
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::devices::{CODE_HOLDS, find, is_name, known, may as holds, take};
use crate::web::state::State;
use crate::web::views::staff::devices::Known;
use crate::web::workplace::{Manage, May, See, Sent};

/// A device and how it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeviceOfHouse)]
pub struct DeviceView {
    pub id: i64,
    pub name: String,
    /// Slugs of the sites it plays; empty for all.
    pub sites: Vec<String>,
    /// Languages it plays; empty for all.
    pub languages: Vec<String>,
    /// `mp3` or `opus`.
    pub audio: String,
    /// `waiting`, `green`, `amber`, `red` or `retired`; green only by the hashes it read again on its own disk.
    pub state: &'static str,
    /// Of the bundle it plays; 0 where it has none.
    pub version: u64,
    /// The version it should play.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<u64>,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<i64>,
    /// What it last said went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// Devices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DevicesOfHouse)]
pub struct DeviceList {
    pub devices: Vec<DeviceView>,
}

/// A device to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceBody {
    name: String,
    /// Slugs; empty for all.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    sites: Vec<Slug>,
    /// Empty for all.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    languages: Vec<Language>,
    /// `mp3` or `opus`.
    #[serde(default)]
    audio: Option<String>,
}

/// The code of a new device, shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceCode {
    pub id: i64,
    /// Six letters, good once, for 24 hours.
    pub code: String,
}

fn view(known: &Known<'_>) -> DeviceView {
    let device = known.device;
    let beat = device.heartbeat.as_ref();
    DeviceView {
        id: device.id.0,
        name: device.name.clone(),
        sites: device.scope.sites.iter().map(ToString::to_string).collect(),
        languages: device.scope.languages.iter().map(ToString::to_string).collect(),
        audio: device.scope.audio.extension().to_owned(),
        state: match known.health {
            DeviceHealth::Waiting => "waiting",
            DeviceHealth::Green => "green",
            DeviceHealth::Amber => "amber",
            DeviceHealth::Red => "red",
            DeviceHealth::Revoked => "retired",
        },
        version: beat.map_or(0, |beat| beat.version),
        newest: known.newest,
        seen_at: device.seen_at.map(|at| at.0),
        last_error: beat.and_then(|beat| beat.last_error.clone()),
    }
}

/// The devices one may look at.
#[utoipa::path(get, path = "/api/v1/staff/devices", operation_id = "listDevices", tag = "staff",
    responses((status = 200, description = "By name", body = DeviceList), NotRead))]
pub async fn list(Here(state): Here<State>, may: May<See>) -> Result<Response> {
    let sites = state.store.sites().await?;
    let mut devices = Vec::new();
    for device in state.store.devices().await? {
        if holds(&may, Permission::See, &sites, &device) {
            devices.push(view(&known(&state, &may, &sites, &device).await?));
        }
    }
    json(&DeviceList { devices })
}

/// One device.
#[utoipa::path(get, path = "/api/v1/staff/devices/{device}", operation_id = "getDevice", tag = "staff",
    params(("device" = i64, Path, description = "The device's number")),
    responses((status = 200, description = "The device", body = DeviceView), NotRead))]
pub async fn get(Here(state): Here<State>, may: May<See>, Path(id): Path<i64>) -> Result<Response> {
    let (sites, device) = find(&state, &may, id).await?;
    json(&view(&known(&state, &may, &sites, &device).await?))
}

/// Adds a device, or gives one that is retired or still waits a new code.
#[utoipa::path(post, path = "/api/v1/staff/devices", operation_id = "addDevice", tag = "staff",
    request_body = DeviceBody,
    responses((status = 201, description = "The code that enrols it", body = DeviceCode), NotChanged))]
pub async fn add(Here(state): Here<State>, may: May<Manage>, Sent(body): Sent<DeviceBody>) -> Result<Response> {
    if !is_name(&body.name) {
        return Err(WebError::Unfit("a device's name has 1 to 60 letters in one line".to_owned()));
    }
    let sites = state.store.sites().await?;
    for slug in &body.sites {
        let site = sites.iter().find(|site| site.slug == *slug);
        may.at(site.ok_or_else(|| WebError::UnknownSite(slug.to_string()))?.id)?;
    }
    if body.sites.is_empty() {
        may.must(Permission::Manage, Scope::House)?;
    }
    let audio = match body.audio.as_deref() {
        None | Some("mp3") => AudioFormat::Mp3,
        Some("opus") => AudioFormat::Opus,
        Some(_) => return Err(WebError::Unfit("`audio` is mp3 or opus".to_owned())),
    };
    let (sites, languages) = (body.sites.into_iter().collect(), body.languages.into_iter().collect());
    let code = new_code()?;
    let guides = Guides { sites, languages, audio };
    match state.store.add_device(&may.actor(), body.name.trim(), &guides, &code, CODE_HOLDS).await {
        Ok(id) => {
            let body = json(&DeviceCode { id: id.0, code: code.to_string() })?;
            Ok((StatusCode::CREATED, body).into_response())
        }
        Err(error @ StoreError::DeviceTaken { .. }) => Err(WebError::Unfit(error.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// Asks a device to sync at its next sign of life.
#[utoipa::path(post, path = "/api/v1/staff/devices/{device}/sync", operation_id = "syncDevice", tag = "staff",
    params(("device" = i64, Path, description = "The device's number")),
    responses((status = 204, description = "It is told within a minute"), NotChanged))]
pub async fn sync(Here(state): Here<State>, may: May<Manage>, Path(id): Path<i64>) -> Result<Response> {
    let device = take(&state, &may, id).await?;
    state.store.note_deed(&may.actor(), &Deed::DeviceAskedToSync, &device.name, Scope::House).await?;
    state.kiosks.ask_to_sync(device.id);
    Ok(done())
}

/// Retires a device: within a minute it gets nothing more.
#[utoipa::path(delete, path = "/api/v1/staff/devices/{device}", operation_id = "retireDevice", tag = "staff",
    params(("device" = i64, Path, description = "The device's number")),
    responses((status = 204, description = "It is retired"), NotChanged))]
pub async fn retire(Here(state): Here<State>, may: May<Manage>, Path(id): Path<i64>) -> Result<Response> {
    let device = take(&state, &may, id).await?;
    state.store.revoke_device(&may.actor(), &device.name).await?;
    Ok(done())
}
