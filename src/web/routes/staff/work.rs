//! `/staff/work`: what is being made, waits and failed; asked for again, or taken out of the line.

use std::convert::Infallible;

use axum::extract::{Path, Query, State as Here};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};

use super::see;
use crate::domain::JobId;
use crate::people::Signed;
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::work::{render, render_now};
use crate::web::work::{Paging, Sight, changes};
use crate::web::workplace::{Edit, Given, May, MayAt, See, staff_page};

type Fields = Vec<(String, String)>;

fn from(asked: &Fields) -> Paging {
    let number = |name| asked.field(name).parse().unwrap_or(0);
    Paging { waiting: number("from"), failed: number("failed") }
}

async fn page(state: &State, signed: &Signed, from: Paging, status: StatusCode, note: Note) -> Result<Response> {
    let sight = Sight::of(state, signed, from).await?;
    Ok(staff_page(status, render(state, signed, &sight, from, note)?))
}

pub async fn get(Here(state): Here<State>, may: May<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let own = &state.desk.of(may.lang()).work;
    let good = match asked.field("done") {
        "retried" => Some(own.retried.clone()),
        "cancelled" => Some(own.cancelled.clone()),
        _ => None,
    };
    page(&state, &may, from(&asked), StatusCode::OK, Note { bad: None, good }).await
}

/// The part of the page that changes, each time it does.
pub async fn events(Here(state): Here<State>, may: May<See>, Query(asked): Query<Fields>) -> Response {
    let from = from(&asked);
    let changes = changes(&state, may.signed.clone());
    told(changes.then(move |signed| {
        let state = state.clone();
        async move {
            let sight = Sight::of(&state, &signed, from).await?;
            Ok(Event::default().event("now").data(render_now(&state, &signed, &sight, from)?))
        }
    }))
}

/// Events until one cannot be made, and a last one that says that no more will come.
pub(in crate::web::routes) fn told(events: impl Stream<Item = Result<Event>> + Send + 'static) -> Response {
    let whole = events.scan((), |(), event| {
        let event = event.inspect_err(|error| tracing::warn!(%error, "a stream of events ended"));
        std::future::ready(event.ok())
    });
    let last = stream::once(async { Event::default().event("end").data("over") });
    Sse::new(whole.chain(last).map(Ok::<_, Infallible>)).keep_alive(KeepAlive::default()).into_response()
}

/// The job an address names.
pub(in crate::web::routes) fn job(number: &str) -> Result<JobId> {
    number.parse().map(JobId).map_err(|_| WebError::NoAddress)
}

/// Whoever reloads the answer to a change is led to the page.
pub async fn back() -> Response {
    see("/staff/work")
}

pub async fn retry(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, number)): Path<(String, String)>,
) -> Result<Response> {
    if state.store.retry_work(&here.may.actor(), &here.site, job(&number)?).await? {
        return Ok(see("/staff/work?done=retried"));
    }
    let bad = Some(state.desk.of(here.may.lang()).work.not_retried.clone());
    page(&state, &here.may, Paging::default(), StatusCode::CONFLICT, Note { bad, good: None }).await
}

pub async fn cancel(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, number)): Path<(String, String)>,
) -> Result<Response> {
    if state.store.cancel_work(&here.may.actor(), &here.site, job(&number)?).await? {
        return Ok(see("/staff/work?done=cancelled"));
    }
    let bad = Some(state.desk.of(here.may.lang()).work.not_cancelled.clone());
    page(&state, &here.may, Paging::default(), StatusCode::CONFLICT, Note { bad, good: None }).await
}
