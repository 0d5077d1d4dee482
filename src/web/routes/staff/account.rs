//! `/staff/account`: one's own name, language, password and sessions.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::{StatusCode, header};
use axum::response::Response;

use super::{said, see};
use crate::domain::{Language, SessionId};
use crate::people::{PeopleError, Signed};
use crate::web::error::{Result, WebError};
use crate::web::respond::put;
use crate::web::state::State;
use crate::web::views::staff::account::{Matter, Note, render};
use crate::web::workplace::{Given, May, Nothing, SPOKEN, forget, staff_page};

type Fields = Vec<(String, String)>;

/// The page, with what is to be said on it.
pub(super) async fn page(state: &State, signed: &Signed, status: StatusCode, note: Note) -> Result<Response> {
    let sessions = state.people.sessions(signed).await?;
    let house = house(state).await?;
    let offered = state.people.offered(signed, &house).await?;
    let recovery_codes = state.people.recovery_codes_left(signed).await?;
    let matter = Matter { signed, sessions: &sessions, offered, recovery_codes };
    Ok(staff_page(status, render(state, signed.person.language, matter, note)?))
}

/// What a device calls this house in its list of codes.
pub(in crate::web::routes) async fn house(state: &State) -> Result<String> {
    let names = state.store.collection().await?.map(|collection| collection.names);
    let name = names.as_ref().map_or("", |names| names.best(state.settings.default_language));
    Ok(if name.is_empty() { "Thuyết Minh".to_owned() } else { name.to_owned() })
}

/// The page again, saying what is wrong.
pub(super) async fn refused(state: &State, signed: &Signed, error: PeopleError) -> Result<Response> {
    let (status, why) = said(state.desk.of(signed.person.language), error)?;
    page(state, signed, status, Note { bad: Some(why), good: None }).await
}

pub async fn get(Here(state): Here<State>, may: May<Nothing>, Query(asked): Query<Fields>) -> Result<Response> {
    let words = &state.desk.of(may.lang()).account;
    let good = match asked.field("done") {
        "saved" => Some(&words.saved),
        "password" => Some(&words.changed),
        "session" => Some(&words.ended),
        "removed" => Some(&words.removed),
        _ => None,
    };
    page(&state, &may, StatusCode::OK, Note { bad: None, good: good.cloned() }).await
}

pub async fn save(Here(state): Here<State>, may: May<Nothing>, Form(form): Form<Fields>) -> Result<Response> {
    let language = form.field("language").parse::<Language>().ok().filter(|language| SPOKEN.contains(language));
    let language = language.ok_or_else(|| WebError::Unfit("the pages are in vi and en".to_owned()))?;
    match state.people.change_profile(&may, form.field("name"), language).await {
        Ok(()) => Ok(see("/staff/account?done=saved")),
        Err(error) => refused(&state, &may, error).await,
    }
}

pub async fn password(Here(state): Here<State>, may: May<Nothing>, Form(form): Form<Fields>) -> Result<Response> {
    match state.people.change_password(&may, form.field("current"), form.field("password")).await {
        Ok(()) => Ok(see("/staff/account?done=password")),
        Err(error) => refused(&state, &may, error).await,
    }
}

pub async fn end(Here(state): Here<State>, may: May<Nothing>, Path(id): Path<i64>) -> Result<Response> {
    match state.people.end_session(&may, SessionId(id)).await {
        Ok(()) => Ok(see("/staff/account?done=session")),
        Err(error) => refused(&state, &may, error).await,
    }
}

pub async fn everywhere(Here(state): Here<State>, may: May<Nothing>) -> Result<Response> {
    state.people.sign_out_everywhere(&may).await?;
    let mut response = see("/staff/sign-in");
    put(&mut response, header::SET_COOKIE, &forget());
    Ok(response)
}
