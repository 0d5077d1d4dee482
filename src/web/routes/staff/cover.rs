//! `/staff/sites/{site}/stops/{stop}/cover`: the picture of a stop.

use axum::extract::{Multipart, Path, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::see;
use super::stop::{Instead, Open, page};
use crate::domain::Stop;
use crate::store::{KeptStop, NewStop};
use crate::web::error::{Result, WebError};
use crate::web::photograph::tidy;
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::workplace::{Edit, MayAt};

/// Keeps the stop. Whoever came between reading and keeping it is told like everybody else who was overtaken.
async fn keep(state: &State, here: &MayAt<Edit>, before: &Stop, new: &NewStop) -> Result<Response> {
    match state.store.keep_stop(&here.may.actor(), new, Some(before)).await? {
        KeptStop::Kept(_) => Ok(see(&format!("/staff/sites/{}/stops/{}?done=cover", here.site.slug, before.slug))),
        KeptStop::Overtaken => Err(WebError::Precondition),
    }
}

pub async fn save(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, slug)): Path<(String, String)>,
    mut parts: Multipart,
) -> Result<Response> {
    let open = Open::read(&state, &here.site, &slug).await?;
    let mut picture = None;
    while let Some(part) = parts.next_field().await.map_err(|error| WebError::Unfit(error.body_text()))? {
        if part.name() == Some("picture") {
            picture = Some(part.bytes().await.map_err(|error| WebError::Unfit(error.body_text()))?);
        }
    }
    let picture = picture.ok_or_else(|| WebError::Unfit("the form has no field `picture`".to_owned()))?;
    let tidied = tokio::task::spawn_blocking(move || tidy(&picture)).await;
    match tidied.map_err(|error| WebError::Contradiction(error.to_string()))? {
        Ok(bytes) => {
            let hash = state.blobs.put(bytes).await?;
            let new = NewStop { cover: Some(hash), ..NewStop::from(open.stop.clone()) };
            keep(&state, &here, &open.stop, &new).await
        }
        Err(error) => {
            tracing::info!(target: "thuyetminh::web", stop = %open.stop.slug, %error, "a picture was refused");
            let note = Note { bad: Some(state.desk.of(here.may.lang()).stop.cover_bad.clone()), good: None };
            let what = (StatusCode::UNPROCESSABLE_ENTITY, note);
            page(&state, &here.may, &here.site, &open, Instead::default(), what).await
        }
    }
}
