//! `/staff/people` and `/staff/sites/{site}/people`: who works here; invitations.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{said, scope, see};
use crate::domain::{InvitationId, Role, Scope, Site};
use crate::people::Signed;
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::views::page::origin;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::people::{Matter, link, render};
use crate::web::workplace::{Given, Manage, May, MayAt, staff_page};

type Fields = Vec<(String, String)>;

async fn page(state: &State, signed: &Signed, site: Option<&Site>, status: StatusCode, note: Note) -> Result<Response> {
    let mut people = state.people.list(signed).await?;
    if let Some(site) = site {
        people.retain(|person| person.grants.role(Scope::Site(site.id)).is_some());
    }
    let invitations = state.people.invitations(signed).await?;
    let sites = state.store.sites().await?;
    let matter = Matter { signed, people: &people, invitations: &invitations, sites: &sites, site };
    Ok(staff_page(status, render(state, signed.person.language, &matter, note)?))
}

pub async fn get(Here(state): Here<State>, may: May<Manage>, Query(asked): Query<Fields>) -> Result<Response> {
    let withdrawn = asked.field("done") == "withdrawn";
    let good = withdrawn.then(|| state.desk.of(may.lang()).people.withdrawn.clone());
    page(&state, &may, None, StatusCode::OK, Note { bad: None, good }).await
}

pub async fn at_site(Here(state): Here<State>, here: MayAt<Manage>) -> Result<Response> {
    page(&state, &here.may, Some(&here.site), StatusCode::OK, Note::default()).await
}

pub async fn invite(
    Here(state): Here<State>,
    may: May<Manage>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let role: Role = form.field("role").parse().map_err(|error| WebError::Unfit(format!("{error}")))?;
    let scope = scope(&state.store.sites().await?, form.field("site"))?;
    match state.people.invite(&may, form.field("name"), scope, role).await {
        Ok(token) => {
            let address = format!("{}/staff/invitation?key={}", origin(&state, &headers), token.reveal());
            Ok(staff_page(StatusCode::OK, link(&state, may.lang(), &may, form.field("name"), &address)?))
        }
        Err(error) => {
            let (status, why) = said(state.desk.of(may.lang()), error)?;
            page(&state, &may, None, status, Note { bad: Some(why), good: None }).await
        }
    }
}

pub async fn withdraw(Here(state): Here<State>, may: May<Manage>, Path(id): Path<i64>) -> Result<Response> {
    match state.people.withdraw(&may, InvitationId(id)).await {
        Ok(()) => Ok(see("/staff/people?done=withdrawn")),
        Err(error) => {
            let (status, why) = said(state.desk.of(may.lang()), error)?;
            page(&state, &may, None, status, Note { bad: Some(why), good: None }).await
        }
    }
}
