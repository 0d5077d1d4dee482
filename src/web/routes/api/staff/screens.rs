//! `/api/v1/staff/screens`: screens, their plans, and what they say they showed.

use axum::extract::{Path, Query, State as Here};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::collection::{made_on, tagged};
use super::refusals::{NotChanged, NotRead};
use super::{done, json};
use crate::domain::Permission;
use crate::domain::screen::{Plan, Standing};
use crate::store::{Screen, StoreError};
use crate::web::counting::Days;
use crate::web::error::{Result, WebError};
use crate::web::screening::{self, Known, Stock, all_known, fault, find, fresh_code, known, take};
use crate::web::state::State;
use crate::web::workplace::{Manage, May, See, Sent};

/// A screen and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScreenView {
    /// In its address, `/screens/{code}`.
    pub code: String,
    /// Its plan, as `thuyetminh screen put` reads it: `name`, `languages`, `seconds`, `sound`, `utc_offset_minutes`, `show`, `bus`.
    #[schema(value_type = Object)]
    pub plan: Plan,
    /// `waiting`, `green`, `amber`, `red` or `retired`.
    pub state: &'static str,
    /// Why: `waiting`, `plays`, `quiet`, `dark`, `lost-bus`, `silent` or `retired`.
    pub why: &'static str,
    /// When it was last heard of; milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<i64>,
    pub shown_times: u64,
    pub shown_millis: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_shown: Option<LastShownView>,
    /// What a change of it names in `If-Match`.
    pub etag: String,
}

/// What a screen said it showed last.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastShownView {
    pub stop: String,
    pub language: String,
    pub began_at: i64,
}

/// Screens.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScreenList {
    pub screens: Vec<ScreenView>,
}

/// What a screen said it showed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScreenPlays {
    pub from: String,
    pub to: String,
    pub shown: Vec<ShownView>,
}

/// A guide on a screen on one day of its local time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownView {
    pub day: String,
    pub stop: String,
    pub language: String,
    pub times: u64,
    pub millis: u64,
}

/// Which days; four weeks where none are named.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

fn tag(screen: &Screen) -> String {
    format!("{}-{}", screen.code, screen.changed_at.0)
}

fn view(known: Known) -> ScreenView {
    let (state, why) = match known.standing {
        Standing::Retired => ("retired", "retired"),
        Standing::Waiting => ("waiting", "waiting"),
        Standing::Green => ("green", "plays"),
        Standing::Quiet => ("amber", "quiet"),
        Standing::Dark => ("amber", "dark"),
        Standing::LostBus => ("amber", "lost-bus"),
        Standing::Silent => ("red", "silent"),
    };
    ScreenView {
        code: known.screen.code.to_string(),
        etag: format!("\"{}\"", tag(&known.screen)),
        plan: known.screen.plan,
        state,
        why,
        heard_at: known.heard_at.map(|at| at.0),
        shown_times: known.shown.times,
        shown_millis: known.shown.millis,
        last_shown: known.last.map(|last| LastShownView {
            stop: last.stop.to_string(),
            language: last.language.to_string(),
            began_at: last.began_at.0,
        }),
    }
}

/// The screens one may look at.
#[utoipa::path(get, path = "/api/v1/staff/screens", operation_id = "listScreens", tag = "staff",
    responses((status = 200, description = "By name, those that are retired last", body = ScreenList), NotRead))]
pub async fn list(Here(state): Here<State>, may: May<See>) -> Result<Response> {
    let stock = Stock::read(&state).await?;
    let screens = all_known(&state, &stock, &may).await?.into_iter().map(view).collect();
    json(&ScreenList { screens })
}

/// One screen.
#[utoipa::path(get, path = "/api/v1/staff/screens/{screen}", operation_id = "getScreen", tag = "staff",
    params(("screen" = String, Path, description = "The screen's code")),
    responses((status = 200, description = "The screen, with its `ETag`", body = ScreenView), NotRead))]
pub async fn get(Here(state): Here<State>, may: May<See>, Path(code): Path<String>) -> Result<Response> {
    let stock = Stock::read(&state).await?;
    let screen = find(&state, &stock, &may, &code).await?;
    answer(&state, &stock, &may, StatusCode::OK, screen).await
}

async fn answer<P: crate::web::workplace::Needs>(
    state: &State,
    stock: &Stock,
    may: &May<P>,
    status: StatusCode,
    screen: Screen,
) -> Result<Response> {
    let tag = tag(&screen);
    let notices = state.store.given_notices().await?;
    tagged(status, &view(known(state, stock, may, &notices, screen).await?), &tag)
}

/// A plan that can be followed, by somebody who may give it.
async fn fit(state: &State, stock: &Stock, may: &May<Manage>, plan: &Plan) -> Result<()> {
    if let Some(fault) = fault(state, stock, plan).await? {
        return Err(WebError::Unfit(fault.to_string()));
    }
    stock.must(may, Permission::Manage, plan)
}

/// A name that is taken is no failure of the house.
fn named(error: StoreError) -> WebError {
    match error {
        StoreError::ScreenTaken { .. } => WebError::Unfit(error.to_string()),
        error => error.into(),
    }
}

/// Adds a screen.
#[utoipa::path(post, path = "/api/v1/staff/screens", operation_id = "addScreen", tag = "staff",
    request_body(content = Object, description = "The plan", example = json!({ "name": "bus 77B-012.34", "languages": ["vi", "en"], "show": [{ "sites": ["thap-doi"] }] })),
    responses((status = 201, description = "The screen, with its `ETag`", body = ScreenView), NotChanged))]
pub async fn add(Here(state): Here<State>, may: May<Manage>, Sent(plan): Sent<Plan>) -> Result<Response> {
    let stock = Stock::read(&state).await?;
    fit(&state, &stock, &may, &plan).await?;
    let code = fresh_code()?;
    state.store.add_screen(&may.actor(), &code, &plan).await.map_err(named)?;
    let screen = find(&state, &stock, &may, code.as_str()).await?;
    answer(&state, &stock, &may, StatusCode::CREATED, screen).await
}

/// Gives a screen another plan.
#[utoipa::path(put, path = "/api/v1/staff/screens/{screen}", operation_id = "changeScreen", tag = "staff",
    params(("screen" = String, Path, description = "The screen's code"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the screen")),
    request_body(content = Object, description = "The plan", example = json!({ "name": "bus 77B-012.34", "languages": ["vi", "en"] })),
    responses((status = 200, description = "The screen as it stands now", body = ScreenView), NotChanged))]
pub async fn save(
    Here(state): Here<State>,
    may: May<Manage>,
    Path(code): Path<String>,
    headers: HeaderMap,
    Sent(plan): Sent<Plan>,
) -> Result<Response> {
    let stock = Stock::read(&state).await?;
    let screen = take(&state, &stock, &may, &code).await?;
    made_on(&headers, &tag(&screen))?;
    fit(&state, &stock, &may, &plan).await?;
    if !state.store.keep_screen(&may.actor(), &screen, &plan).await.map_err(named)? {
        return Err(WebError::Overtaken);
    }
    let screen = find(&state, &stock, &may, &code).await?;
    answer(&state, &stock, &may, StatusCode::OK, screen).await
}

/// Retires a screen; what it showed stays.
#[utoipa::path(delete, path = "/api/v1/staff/screens/{screen}", operation_id = "retireScreen", tag = "staff",
    params(("screen" = String, Path, description = "The screen's code")),
    responses((status = 204, description = "From now on it is given nothing"), NotChanged))]
pub async fn retire(Here(state): Here<State>, may: May<Manage>, Path(code): Path<String>) -> Result<Response> {
    let screen = take(&state, &Stock::read(&state).await?, &may, &code).await?;
    state.store.retire_screen(&may.actor(), &screen.code).await?;
    Ok(done())
}

/// Proof of play: what a screen said it showed, day by day.
#[utoipa::path(get, path = "/api/v1/staff/screens/{screen}/plays", operation_id = "readScreenPlays", tag = "staff",
    params(("screen" = String, Path, description = "The screen's code"), ("from" = Option<String>, Query, description = "A day: `2026-11-01`"), ("to" = Option<String>, Query, description = "A day: `2026-11-30`")),
    responses((status = 200, description = "The newest day first", body = ScreenPlays), NotChanged))]
pub async fn plays(
    Here(state): Here<State>,
    may: May<See>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let screen = find(&state, &Stock::read(&state).await?, &may, &code).await?;
    let days = Days::read(&asked.from, &asked.to, state.clock.now())?;
    let shown = screening::shown_days(&state, &screen, &days).await?.into_iter().map(|one| ShownView {
        day: one.day,
        stop: one.stop.to_string(),
        language: one.language.to_string(),
        times: one.times,
        millis: one.millis,
    });
    let shown = shown.collect();
    json(&ScreenPlays { from: days.from, to: days.to, shown })
}

/// The same for spreadsheets (RFC 4180); no cell of it is a formula.
#[utoipa::path(get, path = "/api/v1/staff/screens/{screen}/plays.csv", operation_id = "readScreenPlaysAsCsv", tag = "staff",
    params(("screen" = String, Path, description = "The screen's code"), ("from" = Option<String>, Query, description = "A day: `2026-11-01`"), ("to" = Option<String>, Query, description = "A day: `2026-11-30`")),
    responses((status = 200, description = "A row a guide and day", content_type = "text/csv", body = String), NotChanged))]
pub async fn plays_csv(
    Here(state): Here<State>,
    may: May<See>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let stock = Stock::read(&state).await?;
    let screen = find(&state, &stock, &may, &code).await?;
    let days = Days::read(&asked.from, &asked.to, state.clock.now())?;
    screening::plays_as_csv(&state, &screen, &stock.stops, &days).await
}
