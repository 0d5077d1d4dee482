//! `/api/v1/staff/account`: one's own name, language and password.

use axum::extract::State as Here;
use axum::response::Response;

use super::done;
use super::types::{PasswordBody, ProfileBody};
use crate::domain::Language;
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::state::State;
use crate::web::workplace::{May, Nothing, SPOKEN, Sent};

/// The language of somebody's pages.
pub(super) fn spoken(tag: &str) -> Result<Language> {
    let language = tag.parse::<Language>().ok().filter(|language| SPOKEN.contains(language));
    language.ok_or_else(|| WebError::Unfit("`language` is vi or en".to_owned()))
}

/// Changes one's own name and language.
#[utoipa::path(put, path = "/api/v1/staff/account", operation_id = "setProfile", tag = "staff", request_body = ProfileBody,
    responses(
        (status = 204, description = "Changed"),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the body does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn save(Here(state): Here<State>, may: May<Nothing>, Sent(body): Sent<ProfileBody>) -> Result<Response> {
    state.people.change_profile(&may, &body.name, spoken(&body.language)?).await?;
    Ok(done())
}

/// Changes one's own password; other sessions end.
#[utoipa::path(put, path = "/api/v1/staff/account/password", operation_id = "setPassword", tag = "staff",
    request_body = PasswordBody,
    responses(
        (status = 204, description = "Changed"),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the body does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; `Retry-After` says when", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn password(Here(state): Here<State>, may: May<Nothing>, Sent(body): Sent<PasswordBody>) -> Result<Response> {
    state.people.change_password(&may, &body.current, &body.password).await?;
    Ok(done())
}
