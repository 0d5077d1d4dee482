//! `/staff/screens`: the screens of the house, a new one, and one of them with its plan.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::{HeaderName, StatusCode};
use axum::response::Response;

use super::see;
use crate::domain::screen::Plan;
use crate::domain::{Language, Permission};
use crate::store::{Screen, StoreError};
use crate::web::clips::slides_of;
use crate::web::error::Result;
use crate::web::respond::put;
use crate::web::screening::{self, Fields, Stock, all_known, fault, fields_of, find, fresh_code, known, read, take};
use crate::web::state::State;
use crate::web::views::page::origin;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::screen_form::said;
use crate::web::views::staff::screens::{ListMatter, Matter, list, new, one};
use crate::web::views::strings::fill;
use crate::web::workplace::{Given, Manage, May, See, staff_page};

/// As of every page, and the screen's own page in a frame.
const WITH_A_FRAME: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The languages a screen can speak: those in which something is published, and the house's own.
async fn languages(state: &State) -> Result<Vec<Language>> {
    let mut all = state.library().await?.languages();
    for own in [Language::VI, Language::EN] {
        if !all.contains(&own) {
            all.push(own);
        }
    }
    Ok(all)
}

pub async fn get(Here(state): Here<State>, may: May<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let words = &state.desk.of(may.lang()).screens;
    let good = match asked.field("done") {
        "retired" => Some(words.gone.clone()),
        "notice" => Some(words.notice_given.clone()),
        "ended" => Some(words.notice_ended.clone()),
        _ => None,
    };
    page(&state, &may, &Vec::new(), StatusCode::OK, Note { bad: None, good }).await
}

/// The list, with what was typed for a notice.
pub(super) async fn page(
    state: &State,
    may: &May<See>,
    typed: &Fields,
    status: StatusCode,
    note: Note,
) -> Result<Response> {
    let stock = Stock::read(state).await?;
    let matter = ListMatter {
        signed: may,
        screens: &all_known(state, &stock, may).await?,
        notices: &state.store.given_notices().await?,
        stock: &stock,
        languages: &languages(state).await?,
        typed,
        now: state.clock.now(),
    };
    Ok(staff_page(status, list(state, &matter, note)?))
}

/// A form on its way to somebody.
async fn form(
    state: &State,
    may: &May<Manage>,
    fields: &Fields,
    status: StatusCode,
    bad: Option<String>,
) -> Result<Response> {
    let stock = Stock::read(state).await?;
    let note = Note { bad, good: None };
    let page = new(state, may, &stock, &languages(state).await?, fields, note).await?;
    Ok(staff_page(status, page))
}

pub async fn blank(Here(state): Here<State>, may: May<Manage>) -> Result<Response> {
    let usual = [("language", Language::VI.tag()), ("language", Language::EN.tag()), ("seconds", "12")];
    let fields = usual.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    form(&state, &may, &fields, StatusCode::OK, None).await
}

/// The plan that was typed, or what is wrong with it in the words of the page.
async fn typed(
    state: &State,
    may: &May<Manage>,
    stock: &Stock,
    fields: &Fields,
) -> Result<std::result::Result<Plan, String>> {
    let words = &state.desk.of(may.lang()).screens;
    let plan = match read(fields, &stock.stops) {
        Ok(plan) => plan,
        Err(fault) => return Ok(Err(said(words, &fault))),
    };
    match fault(state, stock, &plan).await? {
        Some(fault) => Ok(Err(said(words, &fault))),
        None => Ok(Ok(plan)),
    }
}

pub async fn add(Here(state): Here<State>, may: May<Manage>, Form(fields): Form<Fields>) -> Result<Response> {
    let stock = Stock::read(&state).await?;
    let plan = match typed(&state, &may, &stock, &fields).await? {
        Ok(plan) => plan,
        Err(bad) => return form(&state, &may, &fields, StatusCode::UNPROCESSABLE_ENTITY, Some(bad)).await,
    };
    stock.must(&may, Permission::Manage, &plan)?;
    let code = fresh_code()?;
    match state.store.add_screen(&may.actor(), &code, &plan).await {
        Ok(()) => Ok(see(&format!("/staff/screens/{code}?done=added"))),
        Err(StoreError::ScreenTaken { name }) => {
            let bad = fill(&state.desk.of(may.lang()).screens.taken, &[("name", &name)]);
            form(&state, &may, &fields, StatusCode::CONFLICT, Some(bad)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// One screen, with its plan or what was typed over it.
async fn show<P: crate::web::workplace::Needs>(
    state: &State,
    may: &May<P>,
    stock: &Stock,
    (screen, origin): (Screen, String),
    typed: Option<&Fields>,
    (status, note): (StatusCode, Note),
) -> Result<Response> {
    let notices = state.store.given_notices().await?;
    let own = fields_of(&screen.plan, &stock.stops);
    let slides = slides_of(state, &screen, &origin).await?;
    let matter = Matter {
        signed: may,
        slides: &slides,
        stock,
        languages: &languages(state).await?,
        bus: state.buses.whereabouts(state, &screen.plan).await?,
        known: known(state, stock, may, &notices, screen).await?,
        fields: typed.unwrap_or(&own),
        origin,
    };
    let mut response = staff_page(status, one(state, &matter, note).await?);
    put(&mut response, HeaderName::from_static("content-security-policy"), WITH_A_FRAME);
    Ok(response)
}

pub async fn get_one(
    Here(state): Here<State>,
    may: May<See>,
    Path(code): Path<String>,
    Query(asked): Query<Fields>,
    headers: axum::http::HeaderMap,
) -> Result<Response> {
    let stock = Stock::read(&state).await?;
    let screen = find(&state, &stock, &may, &code).await?;
    let words = state.desk.of(may.lang());
    let good = match asked.field("done") {
        "added" => Some(words.screens.added.clone()),
        "saved" => Some(words.screens.saved.clone()),
        _ => None,
    };
    let origin = origin(&state, &headers);
    show(&state, &may, &stock, (screen, origin), None, (StatusCode::OK, Note { bad: None, good })).await
}

pub async fn save(
    Here(state): Here<State>,
    may: May<Manage>,
    Path(code): Path<String>,
    headers: axum::http::HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let stock = Stock::read(&state).await?;
    let screen = take(&state, &stock, &may, &code).await?;
    let here = (screen.clone(), origin(&state, &headers));
    let refuse = |status, bad: String| (status, Note { bad: Some(bad), good: None });
    let plan = match typed(&state, &may, &stock, &fields).await? {
        Ok(plan) => plan,
        Err(bad) => {
            return show(&state, &may, &stock, here, Some(&fields), refuse(StatusCode::UNPROCESSABLE_ENTITY, bad))
                .await;
        }
    };
    // Who gives a screen to another site must look after that one too.
    stock.must(&may, Permission::Manage, &plan)?;
    let words = &state.desk.of(may.lang()).screens;
    let untouched = fields.field("tag") == screen.changed_at.0.to_string();
    let kept = match untouched {
        true => state.store.keep_screen(&may.actor(), &screen, &plan).await,
        false => Ok(false),
    };
    match kept {
        Ok(true) => Ok(see(&format!("/staff/screens/{code}?done=saved"))),
        Ok(false) => {
            let now = take(&state, &stock, &may, &code).await?;
            let status = refuse(StatusCode::CONFLICT, words.overtaken.clone());
            show(&state, &may, &stock, (now, here.1), Some(&fields), status).await
        }
        Err(StoreError::ScreenTaken { name }) => {
            let status = refuse(StatusCode::CONFLICT, fill(&words.taken, &[("name", &name)]));
            show(&state, &may, &stock, here, Some(&fields), status).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn retire(Here(state): Here<State>, may: May<Manage>, Path(code): Path<String>) -> Result<Response> {
    let screen = take(&state, &Stock::read(&state).await?, &may, &code).await?;
    state.store.retire_screen(&may.actor(), &screen.code).await?;
    Ok(see("/staff/screens?done=retired"))
}

/// What a screen showed, day by day.
pub async fn plays(
    Here(state): Here<State>,
    may: May<See>,
    Path(code): Path<String>,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let stock = Stock::read(&state).await?;
    let screen = find(&state, &stock, &may, &code).await?;
    let now = state.clock.now();
    let (status, days, bad) = match crate::web::counting::Days::read(asked.field("from"), asked.field("to"), now) {
        Ok(days) => (StatusCode::OK, days, None),
        Err(_) => {
            let bad = state.desk.of(may.lang()).numbers.bad_days.clone();
            (StatusCode::UNPROCESSABLE_ENTITY, crate::web::counting::Days::read("", "", now)?, Some(bad))
        }
    };
    let shown = screening::shown_days(&state, &screen, &days).await?;
    let page =
        crate::web::views::staff::screen_plays::render(&state, &may, (&screen, &stock.stops), (&days, &shown), bad)?;
    Ok(staff_page(status, page))
}

pub async fn plays_csv(
    Here(state): Here<State>,
    may: May<See>,
    Path(code): Path<String>,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let stock = Stock::read(&state).await?;
    let screen = find(&state, &stock, &may, &code).await?;
    let days = crate::web::counting::Days::read(asked.field("from"), asked.field("to"), state.clock.now())?;
    screening::plays_as_csv(&state, &screen, &stock.stops, &days).await
}
