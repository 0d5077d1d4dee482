//! `/staff/people/{id}`: one person's roles and account.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::{said, scope, see};
use crate::domain::{PersonId, Role};
use crate::people::{PeopleError, Signed};
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::person::render;
use crate::web::workplace::{Accounts, Given, Manage, May, staff_page};

type Fields = Vec<(String, String)>;

async fn page(state: &State, signed: &Signed, id: PersonId, status: StatusCode, note: Note) -> Result<Response> {
    let person = state.people.look_at(signed, id).await?;
    let sites = state.store.sites().await?;
    Ok(staff_page(status, render(state, signed.person.language, signed, &person, &sites, note)?))
}

async fn refused(state: &State, signed: &Signed, id: PersonId, error: PeopleError) -> Result<Response> {
    let (status, why) = said(state.desk.of(signed.person.language), error)?;
    page(state, signed, id, status, Note { bad: Some(why), good: None }).await
}

pub async fn get(
    Here(state): Here<State>,
    may: May<Manage>,
    Path(id): Path<i64>,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let saved = asked.field("done") == "saved";
    let good = saved.then(|| state.desk.of(may.lang()).person.saved.clone());
    page(&state, &may, PersonId(id), StatusCode::OK, Note { bad: None, good }).await
}

pub async fn roles(
    Here(state): Here<State>,
    may: May<Manage>,
    Path(id): Path<i64>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let word = form.field("role");
    let role = if word.is_empty() { None } else { Some(word.parse::<Role>()) };
    let role = role.transpose().map_err(|error| WebError::Unfit(error.to_string()))?;
    let scope = scope(&state.store.sites().await?, form.field("site"))?;
    match state.people.set_role(&may, PersonId(id), scope, role).await {
        // The last role here taken, a person is seen here no more.
        Ok(()) if state.people.look_at(&may, PersonId(id)).await.is_err() => Ok(see("/staff/people")),
        Ok(()) => Ok(see(&format!("/staff/people/{id}?done=saved"))),
        Err(error) => refused(&state, &may, PersonId(id), error).await,
    }
}

pub async fn account(
    Here(state): Here<State>,
    may: May<Accounts>,
    Path(id): Path<i64>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let closed = match form.field("closed") {
        "yes" => true,
        "no" => false,
        _ => return Err(WebError::Unfit("`closed` is yes or no".to_owned())),
    };
    match state.people.set_disabled(&may, PersonId(id), closed).await {
        Ok(()) => Ok(see(&format!("/staff/people/{id}?done=saved"))),
        Err(error) => refused(&state, &may, PersonId(id), error).await,
    }
}
