//! `…/sites/{site}/order` and `…/sites/{site}/bulk`: the order of a site's stops, and one change made to many of them.

use axum::extract::State as Here;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::collection::{made_on, tagged};
use super::json;
use super::refusals::{NotChanged, NotRead};
use crate::domain::{Stop, StopId};
use crate::web::catalogue::{BulkDeed, BulkOutcome, change_all, tag, word_of};
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::bulk::standing;
use crate::web::state::State;
use crate::web::workplace::{Edit, MayAt, See, Sent};

/// Stops by their slugs.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopOrder {
    pub stops: Vec<String>,
}

/// One change of many stops.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkChange {
    /// Their slugs; all of this site.
    pub stops: Vec<String>,
    #[serde(rename = "do")]
    pub deed: BulkDeed,
    /// The theme or kind.
    pub word: String,
}

/// The stops of these slugs, in the order they are named.
fn named(stops: &[Stop], slugs: &[String]) -> Result<Vec<Stop>> {
    let find = |slug: &String| {
        let stop = stops.iter().find(|stop| stop.slug.as_str() == slug);
        stop.cloned().ok_or_else(|| WebError::UnknownStop(slug.chars().take(80).collect()))
    };
    slugs.iter().map(find).collect()
}

fn order_of(stops: &[Stop]) -> StopOrder {
    StopOrder { stops: stops.iter().map(|stop| stop.slug.to_string()).collect() }
}

/// The order of a site's stops.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/order", operation_id = "getStopOrder", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi")),
    responses((status = 200, description = "The stops, with the `ETag` of their order", body = StopOrder), NotRead))]
pub async fn get(Here(state): Here<State>, here: MayAt<See>) -> Result<Response> {
    let stops = state.store.stops_of(here.site.id).await?;
    tagged(StatusCode::OK, &order_of(&stops), &tag(&standing(&stops))?)
}

/// Puts a site's stops in order.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/order", operation_id = "orderStops", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` the order was read with")),
    request_body = StopOrder,
    responses((status = 200, description = "The order as it stands now", body = StopOrder), NotChanged))]
pub async fn order(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    headers: HeaderMap,
    Sent(wanted): Sent<StopOrder>,
) -> Result<Response> {
    let stops = state.store.stops_of(here.site.id).await?;
    let base = standing(&stops);
    made_on(&headers, &tag(&base)?)?;
    let order: Vec<StopId> = named(&stops, &wanted.stops)?.iter().map(|stop| stop.id).collect();
    let mut once = order.clone();
    once.sort();
    once.dedup();
    if once.len() != stops.len() || order.len() != stops.len() {
        return Err(WebError::Unfit("`stops` names each stop of the site, once".to_owned()));
    }
    if !state.store.order_stops(&here.may.actor(), &here.site, &base, &order).await? {
        return Err(WebError::Overtaken);
    }
    let stops = state.store.stops_of(here.site.id).await?;
    tagged(StatusCode::OK, &order_of(&stops), &tag(&standing(&stops))?)
}

/// Makes one change to many stops; each is recorded as if it were made alone.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/bulk", operation_id = "changeStops", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi")), request_body = BulkChange,
    responses((status = 200, description = "What came of it", body = BulkOutcome), NotChanged))]
pub async fn change(Here(state): Here<State>, here: MayAt<Edit>, Sent(wanted): Sent<BulkChange>) -> Result<Response> {
    let stops = state.store.stops_of(here.site.id).await?;
    let stops = named(&stops, &wanted.stops)?;
    let word = word_of(&wanted.word).map_err(|fault| WebError::Unfit(fault.to_string()))?;
    json(&change_all(&state, &here.may.actor(), &stops, wanted.deed, &word).await?)
}
