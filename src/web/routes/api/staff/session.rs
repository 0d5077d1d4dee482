//! `/api/v1/staff/session` and `/sessions`: in, out, and where one is signed in.

use axum::extract::{Extension, Path, State as Here};
use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::types::{PersonView, Places, SessionView, Sessions, SignInBody};
use super::{done, json};
use crate::domain::SessionId;
use crate::people::{PeopleError, SignIn, Visitor};
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::respond::put;
use crate::web::state::State;
use crate::web::workplace::{May, Nothing, Sent, forget, give, plain_http};

/// Signs in, and sets the cookie of the session.
#[utoipa::path(post, path = "/api/v1/staff/session", operation_id = "signIn", tag = "staff", request_body = SignInBody,
    responses(
        (status = 200, description = "Signed in: the cookie `__Host-session` is set", body = PersonView),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the body does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; `Retry-After` says when", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn sign_in(
    Here(state): Here<State>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Sent(body): Sent<SignInBody>,
) -> Result<Response> {
    if plain_http(&headers, state.settings.public_url.as_deref()) {
        return Err(WebError::PlainHttp);
    }
    let token = match (state.people.sign_in(&visitor, &body.login, &body.password).await?, body.code) {
        (SignIn::Done(token), _) => token,
        (SignIn::SecondFactor(challenge), Some(code)) => {
            state.people.second_factor(&visitor, challenge.reveal(), &code).await?
        }
        (SignIn::SecondFactor(_), None) => return Err(PeopleError::CodeNeeded.into()),
    };
    let signed = state.people.signed(token.reveal(), &visitor).await?.ok_or(WebError::SignInNeeded)?;
    let places = Places::new(&state.store.sites().await?);
    let mut response = json(&PersonView::of(&signed.person, &places))?;
    put(&mut response, header::SET_COOKIE, &give(token.reveal()));
    Ok(response)
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/staff/session", operation_id = "whoAmI", tag = "staff", responses(
        (status = 200, description = "Whoever holds the session", body = PersonView),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn get(Here(state): Here<State>, may: May<Nothing>) -> Result<Response> {
    json(&PersonView::of(&may.person, &Places::new(&state.store.sites().await?)))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/staff/session", operation_id = "signOut", tag = "staff", responses(
        (status = 204, description = "The session is ended"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn sign_out(Here(state): Here<State>, may: May<Nothing>) -> Result<Response> {
    state.people.end_session(&may, may.session).await?;
    Ok(forgotten())
}

/// Where one is signed in.
#[utoipa::path(get, path = "/api/v1/staff/sessions", operation_id = "listSessions", tag = "staff", responses(
        (status = 200, description = "One's own sessions, the one used last first", body = Sessions),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn list(Here(state): Here<State>, may: May<Nothing>) -> Result<Response> {
    let sessions = state.people.sessions(&may).await?;
    let view = |session: &crate::store::Session| SessionView::of(session, session.id == may.session);
    json(&Sessions { sessions: sessions.iter().map(view).collect() })
}

/// Signs out everywhere.
#[utoipa::path(delete, path = "/api/v1/staff/sessions", operation_id = "signOutEverywhere", tag = "staff", responses(
        (status = 204, description = "All sessions are ended, this one too"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn everywhere(Here(state): Here<State>, may: May<Nothing>) -> Result<Response> {
    state.people.sign_out_everywhere(&may).await?;
    Ok(forgotten())
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/staff/sessions/{id}", operation_id = "endSession", tag = "staff",
    params(("id" = i64, Path, description = "The session's number")),
    responses(
        (status = 204, description = "The session is ended"),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn end(Here(state): Here<State>, may: May<Nothing>, Path(id): Path<i64>) -> Result<Response> {
    state.people.end_session(&may, SessionId(id)).await?;
    Ok(done())
}

fn forgotten() -> Response {
    let mut response = done();
    put(&mut response, header::SET_COOKIE, &forget());
    response
}
