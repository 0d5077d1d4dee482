//! `/staff/screens/timetables`: the timetables of buses that screens go by.

use axum::extract::{Multipart, Path, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::see;
use crate::domain::{Permission, Scope, Slug};
use crate::pipeline::gtfs::{GtfsError, Source, is_address};
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::timetables::render;
use crate::web::views::strings::fill;
use crate::web::workplace::{Given, Manage, May, See, staff_page};

type Fields = Vec<(String, String)>;

/// Reads an archive aside, since a large one takes its time.
pub(in crate::web::routes) async fn table_of(
    bytes: bytes::Bytes,
) -> Result<std::result::Result<crate::domain::bus::Timetable, GtfsError>> {
    let read = tokio::task::spawn_blocking(move || crate::pipeline::gtfs::read(&mut Source::zip(&bytes)?)).await;
    read.map_err(|error| WebError::Contradiction(error.to_string()))
}

async fn page<P: crate::web::workplace::Needs>(
    state: &State,
    may: &May<P>,
    typed: &Fields,
    (status, note): (StatusCode, Note),
) -> Result<Response> {
    let heads = state.store.timetable_heads().await?;
    Ok(staff_page(status, render(state, may, &heads, typed, note)?))
}

pub async fn get(Here(state): Here<State>, may: May<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let words = &state.desk.of(may.lang()).timetables;
    let good = match asked.field("done") {
        "kept" => Some(words.kept.clone()),
        "removed" => Some(words.removed.clone()),
        _ => None,
    };
    page(&state, &may, &Vec::new(), (StatusCode::OK, Note { bad: None, good })).await
}

pub async fn put(Here(state): Here<State>, may: May<Manage>, mut parts: Multipart) -> Result<Response> {
    may.must(Permission::Manage, Scope::House)?;
    let unread = |error: axum::extract::multipart::MultipartError| WebError::Unreadable {
        status: error.status(),
        why: error.body_text(),
    };
    let (mut fields, mut archive) = (Fields::new(), bytes::Bytes::new());
    while let Some(part) = parts.next_field().await.map_err(unread)? {
        match part.name().map(str::to_owned) {
            Some(name) if name == "archive" => archive = part.bytes().await.map_err(unread)?,
            Some(name) => fields.push((name, part.text().await.map_err(unread)?)),
            None => {}
        }
    }
    let words = &state.desk.of(may.lang()).timetables;
    let refuse = async |bad: String| {
        page(&state, &may, &fields, (StatusCode::UNPROCESSABLE_ENTITY, Note { bad: Some(bad), good: None })).await
    };
    let Ok(name) = fields.field("name").trim().parse::<Slug>() else { return refuse(words.bad_name.clone()).await };
    let positions = fields.field("positions").trim();
    if !positions.is_empty() && !is_address(positions) {
        return refuse(words.bad_positions.clone()).await;
    }
    if archive.is_empty() {
        return refuse(words.no_file.clone()).await;
    }
    match table_of(archive).await? {
        Ok(table) => {
            let positions = (!positions.is_empty()).then_some(positions);
            state.store.put_timetable(&may.actor(), &name, &table, positions).await?;
            Ok(see("/staff/screens/timetables?done=kept"))
        }
        Err(error) => refuse(fill(&words.bad_feed, &[("error", &error.to_string())])).await,
    }
}

pub async fn remove(Here(state): Here<State>, may: May<Manage>, Path(name): Path<String>) -> Result<Response> {
    may.must(Permission::Manage, Scope::House)?;
    let name = name.parse().map_err(|_| WebError::NoAddress)?;
    if !state.store.remove_timetable(&may.actor(), &name).await? {
        return Err(WebError::NoAddress);
    }
    Ok(see("/staff/screens/timetables?done=removed"))
}
