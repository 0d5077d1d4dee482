//! `/api/v1/staff/sites/{site}/plans` and below: drawings of a site with its stops on them, as the pages keep them.

use axum::extract::{Multipart, Path, State as Here};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::collection::{made_on, tagged};
use super::refusals::{NotChanged, NotRead};
use super::{done, json};
use crate::domain::{Plan, Stop};
use crate::web::catalogue::{PlanEntry, read_plan, tag};
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::collection::source_language;
use crate::web::routes::staff::plans::of_address;
use crate::web::state::State;
use crate::web::uploads::Upload;
use crate::web::workplace::{Edit, MayAt, See, Sent};

/// A plan.
#[derive(Serialize, ToSchema)]
pub struct PlanView {
    pub id: i64,
    /// Of its drawing, as it is kept.
    pub sha256: String,
    pub plan: PlanEntry,
    /// What a change of it or its removal names in `If-Match`.
    pub etag: String,
}

/// The plans of a site.
#[derive(Serialize, ToSchema)]
pub struct PlanList {
    pub plans: Vec<PlanView>,
}

/// A drawing and its name.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used: the parts of the form are read one by one")]
pub struct PlanForm {
    /// JPEG or PNG, at most 12 MB.
    #[schema(value_type = String, format = Binary)]
    picture: Vec<u8>,
    /// Its name, in the language after the point: `name.vi`, `name.en` and so on.
    #[schema(rename = "name.vi")]
    name: String,
}

fn view(plan: &Plan, stops: &[Stop]) -> Result<PlanView> {
    let etag = format!("\"{}\"", tag(plan)?);
    Ok(PlanView { id: plan.id.0, sha256: plan.hash.to_string(), plan: PlanEntry::of(plan, stops), etag })
}

fn fit(entry: &PlanEntry, source: crate::domain::Language, stops: &[Stop]) -> Result<()> {
    let faults = entry.faults(source, stops);
    if faults.is_empty() {
        return Ok(());
    }
    Err(WebError::Unfit(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))
}

/// The plans of a site.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/plans", operation_id = "listPlans", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi")),
    responses((status = 200, description = "The oldest first", body = PlanList), NotRead))]
pub async fn list(Here(state): Here<State>, here: MayAt<See>) -> Result<Response> {
    let stops = state.store.stops_of(here.site.id).await?;
    let plans = state.store.plans_of(here.site.id).await?;
    json(&PlanList { plans: plans.iter().map(|plan| view(plan, &stops)).collect::<Result<_>>()? })
}

/// Adds a plan without stops on it.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/plans", operation_id = "addPlan", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi")),
    request_body(content = PlanForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The plan, with its `ETag`", body = PlanView), NotChanged))]
pub async fn add(Here(state): Here<State>, here: MayAt<Edit>, parts: Multipart) -> Result<Response> {
    let upload = Upload::read(parts).await?;
    let entry = read_plan(&upload.fields, &[]).0;
    fit(&entry, source_language(&state).await?, &[])?;
    let bytes = match upload.picture {
        None => return Err(WebError::Unfit("the form has no file `picture`".to_owned())),
        Some(Err(error)) => return Err(WebError::Unfit(error.to_string())),
        Some(Ok(bytes)) => bytes,
    };
    let hash = state.blobs.put(bytes).await?;
    let id = state.store.add_plan(&here.may.actor(), here.site.id, &entry.names(), hash).await?;
    let (plan, stops) = of_address(&state, &here.site, id.0).await?;
    tagged(StatusCode::CREATED, &view(&plan, &stops)?, &tag(&plan)?)
}

/// Names a plan, and puts stops on it.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/plans/{plan}", operation_id = "changePlan", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("plan" = i64, Path, description = "The plan's number"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the plan")),
    request_body = PlanEntry,
    responses((status = 200, description = "The plan as it stands now", body = PlanView), NotChanged))]
pub async fn save(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, number)): Path<(String, i64)>,
    headers: HeaderMap,
    Sent(entry): Sent<PlanEntry>,
) -> Result<Response> {
    let (plan, stops) = of_address(&state, &here.site, number).await?;
    made_on(&headers, &tag(&plan)?)?;
    fit(&entry, source_language(&state).await?, &stops)?;
    if !state.store.keep_plan(&here.may.actor(), &plan, &entry.names(), &entry.marks(&stops)).await? {
        return Err(WebError::Overtaken);
    }
    let (plan, stops) = of_address(&state, &here.site, number).await?;
    tagged(StatusCode::OK, &view(&plan, &stops)?, &tag(&plan)?)
}

/// Takes a plan away; the stops on it stay.
#[utoipa::path(delete, path = "/api/v1/staff/sites/{site}/plans/{plan}", operation_id = "removePlan", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("plan" = i64, Path, description = "The plan's number"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the plan")),
    responses((status = 204, description = "It is gone"), NotChanged))]
pub async fn remove(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, number)): Path<(String, i64)>,
    headers: HeaderMap,
) -> Result<Response> {
    let (plan, _) = of_address(&state, &here.site, number).await?;
    made_on(&headers, &tag(&plan)?)?;
    let gone = state.store.remove_plan(&here.may.actor(), &plan).await?;
    if gone { Ok(done()) } else { Err(WebError::Overtaken) }
}
