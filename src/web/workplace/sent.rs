//! A JSON body as a program sends it. What cannot be read of it is said in words: the field, the place, what was expected.

use axum::Json;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::web::error::WebError;
use crate::web::state::State;

/// A body that was read.
#[derive(Clone, Copy, Debug)]
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<State> for Sent<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &State) -> Result<Self, WebError> {
        let read = Json::<T>::from_request(request, state).await;
        read.map(|Json(body)| Self(body))
            .map_err(|error| WebError::Unreadable { status: error.status(), why: error.body_text() })
    }
}
