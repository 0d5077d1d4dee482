//! `POST /api/v1/kiosk/enrol`: a code becomes a token, once.

use axum::extract::State as Given;
use axum::response::Response;
use bytes::Bytes;

use super::types::{EnrolBody, EnrolView};
use super::{answer, read};
use crate::domain::device::{DeviceToken, EnrolCode};
use crate::pipeline::bundles::Keyring;
use crate::store::Enrolment;
use crate::web::error::{Result, WebError};
use crate::web::problem::ProblemDetails;
use crate::web::state::State;

/// Gives a device its token, for the code that `device add` printed.
#[utoipa::path(post, path = "/api/v1/kiosk/enrol", operation_id = "enrolDevice", tag = "devices",
    request_body = EnrolBody,
    responses(
        (status = 200, description = "The device's token and the key it trusts", body = EnrolView),
        (status = 403, description = "Wrong, used or too old", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "The body is not understood", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too many wrong codes; wait a minute", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn post(Given(state): Given<State>, body: Bytes) -> Result<Response> {
    let now = state.clock.now();
    state.kiosks.may_try_code(now)?;
    let refused = || {
        state.kiosks.wrong_code(now);
        WebError::CodeRefused
    };
    let code: EnrolCode = read::<EnrolBody>(&body)?.code.parse().map_err(|_| refused())?;
    let key = Keyring::open(&state.settings.kiosk_keys)?.public();
    let token = new_token()?;
    match state.store.enrol_device(&code, &token).await? {
        Enrolment::Unknown => Err(refused()),
        Enrolment::Enrolled(device) => {
            let scope = device.scope.id();
            answer(&EnrolView { device: device.name, token, key, scope })
        }
    }
}

/// # Errors
/// Where the system gives no random numbers.
pub fn new_token() -> Result<DeviceToken> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| WebError::Contradiction(format!("the system gives no random numbers: {error}")))?;
    Ok(DeviceToken::from_random(bytes))
}
