//! `/api/v1/staff/account/second-factor` and `/recovery-codes`.

use axum::extract::State as Here;
use axum::response::Response;

use super::types::{CodeBody, ConfirmBody, RecoveryCodes, SecondFactorOffer};
use super::{done, json};
use crate::web::error::Result;
use crate::web::problem::ProblemDetails;
use crate::web::state::State;
use crate::web::workplace::{May, Nothing, Sent};

/// Begins to set up a second factor; it counts once a code confirms it.
#[utoipa::path(post, path = "/api/v1/staff/account/second-factor", operation_id = "offerSecondFactor", tag = "staff",
    request_body = ConfirmBody,
    responses(
        (status = 200, description = "The secret, for a device", body = SecondFactorOffer),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the body does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; `Retry-After` says when", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn offer(Here(state): Here<State>, may: May<Nothing>, Sent(body): Sent<ConfirmBody>) -> Result<Response> {
    let house = crate::web::routes::staff::house(&state).await?;
    let offered = state.people.offer_second_factor(&may, &house, &body.current).await?;
    json(&SecondFactorOffer { uri: offered.uri, secret: offered.secret })
}

/// Turns the second factor on.
#[utoipa::path(put, path = "/api/v1/staff/account/second-factor", operation_id = "confirmSecondFactor", tag = "staff",
    request_body = CodeBody,
    responses(
        (status = 200, description = "On; these codes are shown once", body = RecoveryCodes),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "Not as things stand", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the body does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; `Retry-After` says when", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn confirm(Here(state): Here<State>, may: May<Nothing>, Sent(body): Sent<CodeBody>) -> Result<Response> {
    json(&RecoveryCodes { codes: state.people.confirm_second_factor(&may, &body.code).await? })
}

/// Turns the second factor off.
#[utoipa::path(post, path = "/api/v1/staff/account/second-factor/remove", operation_id = "removeSecondFactor",
    tag = "staff", request_body = ConfirmBody,
    responses(
        (status = 204, description = "Off"),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the body does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; `Retry-After` says when", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn remove(Here(state): Here<State>, may: May<Nothing>, Sent(body): Sent<ConfirmBody>) -> Result<Response> {
    state.people.remove_second_factor(&may, &body.current).await?;
    Ok(done())
}

/// Makes new recovery codes; the old ones count no more.
#[utoipa::path(post, path = "/api/v1/staff/account/recovery-codes", operation_id = "newRecoveryCodes", tag = "staff",
    request_body = ConfirmBody,
    responses(
        (status = 200, description = "These codes are shown once", body = RecoveryCodes),
        (status = 400, description = "The request cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is signed in, or the password or code is wrong", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Not with this role, or asked for by another site", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "Not as things stand", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Something in the body does not fit", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; `Retry-After` says when", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "The house failed", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn codes(Here(state): Here<State>, may: May<Nothing>, Sent(body): Sent<ConfirmBody>) -> Result<Response> {
    json(&RecoveryCodes { codes: state.people.new_recovery_codes(&may, &body.current).await? })
}
