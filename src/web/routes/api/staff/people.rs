//! `/api/v1/staff/people`: who works here, their roles, their accounts.

use axum::extract::{Path, State as Here};
use axum::response::Response;

use super::types::{AccountBody, People, PersonView, Places, RoleBody};
use super::{done, json, scope};
use crate::domain::{PersonId, Role, Scope};
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::state::State;
use crate::web::workplace::{Accounts, Manage, May, MayAt, Sent};

/// Everybody who works where one administers.
#[utoipa::path(get, path = "/api/v1/staff/people", operation_id = "listPeople", tag = "staff", responses(
        (status = 200, description = "People, by name", body = People),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn list(Here(state): Here<State>, may: May<Manage>) -> Result<Response> {
    let places = Places::new(&state.store.sites().await?);
    let people = state.people.list(&may).await?;
    json(&People { people: people.iter().map(|person| PersonView::of(person, &places)).collect() })
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/staff/people/{id}", operation_id = "getPerson", tag = "staff",
    params(("id" = i64, Path, description = "The person's number")),
    responses(
        (status = 200, description = "The person", body = PersonView),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn get(Here(state): Here<State>, may: May<Manage>, Path(id): Path<i64>) -> Result<Response> {
    let person = state.people.look_at(&may, PersonId(id)).await?;
    json(&PersonView::of(&person, &Places::new(&state.store.sites().await?)))
}

/// Who works at a site, those of the whole house among them where one administers that.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/people", operation_id = "listPeopleAtSite", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi")),
    responses(
        (status = 200, description = "People, by name", body = People),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn at_site(Here(state): Here<State>, here: MayAt<Manage>) -> Result<Response> {
    let places = Places::new(&state.store.sites().await?);
    let people = state.people.list(&here.may).await?;
    let held = people.iter().filter(|person| person.grants.role(Scope::Site(here.site.id)).is_some());
    json(&People { people: held.map(|person| PersonView::of(person, &places)).collect() })
}

/// Gives a role at one place, or takes it away.
#[utoipa::path(put, path = "/api/v1/staff/people/{id}/roles", operation_id = "setRole", tag = "staff",
    params(("id" = i64, Path, description = "The person's number")), request_body = RoleBody,
    responses(
        (status = 204, description = "The role is set"),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "Not as things stand", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the body does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn roles(
    Here(state): Here<State>,
    may: May<Manage>,
    Path(id): Path<i64>,
    Sent(body): Sent<RoleBody>,
) -> Result<Response> {
    let scope = scope(&state.store.sites().await?, body.site.as_deref())?;
    let role = body.role.map(|word| word.parse::<Role>()).transpose();
    let role = role.map_err(|error| WebError::Unfit(error.to_string()))?;
    state.people.set_role(&may, PersonId(id), scope, role).await?;
    Ok(done())
}

/// Closes an account or opens it again.
#[utoipa::path(put, path = "/api/v1/staff/people/{id}/account", operation_id = "setAccount", tag = "staff",
    params(("id" = i64, Path, description = "The person's number")), request_body = AccountBody,
    responses(
        (status = 204, description = "Done"),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "Not as things stand", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the body does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn account(
    Here(state): Here<State>,
    may: May<Accounts>,
    Path(id): Path<i64>,
    Sent(body): Sent<AccountBody>,
) -> Result<Response> {
    state.people.set_disabled(&may, PersonId(id), body.closed).await?;
    Ok(done())
}
