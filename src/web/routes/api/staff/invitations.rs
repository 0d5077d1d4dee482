//! `/api/v1/staff/invitations`: made, withdrawn, accepted.

use axum::extract::{Extension, Path, State as Here};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::account::spoken;
use super::types::{AcceptanceBody, InvitationBody, InvitationLink, InvitationView, Invitations, PersonView, Places};
use super::{done, json, scope};
use crate::domain::{InvitationId, Role};
use crate::people::{Acceptance, Visitor};
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::respond::put;
use crate::web::state::State;
use crate::web::views::page::origin;
use crate::web::workplace::{Manage, May, Sent, give, plain_http};

/// Invitations that wait, to places where one administers.
#[utoipa::path(get, path = "/api/v1/staff/invitations", operation_id = "listInvitations", tag = "staff", responses(
        (status = 200, description = "The newest first", body = Invitations),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn list(Here(state): Here<State>, may: May<Manage>) -> Result<Response> {
    let places = Places::new(&state.store.sites().await?);
    let open = state.people.invitations(&may).await?;
    json(&Invitations { invitations: open.iter().map(|one| InvitationView::of(one, &places)).collect() })
}

/// Invites somebody.
#[utoipa::path(post, path = "/api/v1/staff/invitations", operation_id = "invite", tag = "staff",
    request_body = InvitationBody,
    responses(
        (status = 201, description = "The link, shown once", body = InvitationLink),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the body does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn invite(
    Here(state): Here<State>,
    may: May<Manage>,
    headers: HeaderMap,
    Sent(body): Sent<InvitationBody>,
) -> Result<Response> {
    let role: Role = body.role.parse().map_err(|error| WebError::Unfit(format!("{error}")))?;
    let scope = scope(&state.store.sites().await?, body.site.as_deref())?;
    let token = state.people.invite(&may, &body.name, scope, role).await?;
    let link = format!("{}/staff/invitation?key={}", origin(&state, &headers), token.reveal());
    let mut response = json(&InvitationLink { link })?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// Withdraws an invitation.
#[utoipa::path(delete, path = "/api/v1/staff/invitations/{id}", operation_id = "withdrawInvitation", tag = "staff",
    params(("id" = i64, Path, description = "The invitation's number")),
    responses(
        (status = 204, description = "Withdrawn"),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn withdraw(Here(state): Here<State>, may: May<Manage>, Path(id): Path<i64>) -> Result<Response> {
    state.people.withdraw(&may, InvitationId(id)).await?;
    Ok(done())
}

/// Makes the account of an invitation, and signs its owner in.
#[utoipa::path(post, path = "/api/v1/staff/invitations/accept", operation_id = "acceptInvitation", tag = "staff",
    request_body = AcceptanceBody,
    responses(
        (status = 201, description = "The account is there: the cookie `__Host-session` is set", body = PersonView),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "Not as things stand", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the body does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; `Retry-After` says when", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn accept(
    Here(state): Here<State>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Sent(body): Sent<AcceptanceBody>,
) -> Result<Response> {
    if plain_http(&headers, state.settings.public_url.as_deref()) {
        return Err(WebError::PlainHttp);
    }
    let language = spoken(&body.language)?;
    let (token, login) = (body.key.as_str(), body.login.as_str());
    let given = Acceptance { token, login, name: &body.name, language, password: &body.password };
    let session = state.people.accept(&visitor, &given).await?;
    let signed = state.people.signed(session.reveal(), &visitor).await?.ok_or(WebError::SignInNeeded)?;
    let places = Places::new(&state.store.sites().await?);
    let mut response = json(&PersonView::of(&signed.person, &places))?;
    *response.status_mut() = StatusCode::CREATED;
    put(&mut response, header::SET_COOKIE, &give(session.reveal()));
    Ok(response)
}
