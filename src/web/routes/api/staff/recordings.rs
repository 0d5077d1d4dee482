//! `/api/v1/staff/recordings` and below: what people recorded, for programs.

use axum::extract::{Multipart, Path, State as Here};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::collection::{made_on, tagged};
use super::json;
use super::recording_types::{
    CutBody, LinesBody, LinesView, NarrationBody, PassagesBody, RecordingList, RecordingView, TextBody, view,
};
use super::refusals::{NotChanged, NotRead};
use crate::domain::{JobKind, Language, Permission, RecordingId};
use crate::pipeline::recordings::Description;
use crate::web::error::{Result, WebError};
use crate::web::recordings::{LARGEST, Places, about, found, receive};
use crate::web::routes::staff::recording as page;
use crate::web::routes::staff::recordings as pages;
use crate::web::routes::staff::stop::Open;
use crate::web::state::State;
use crate::web::workplace::{Edit, May, MayAt, Publish, Review, See, Sent};

/// What the file form holds, the file last.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRecording)]
#[expect(dead_code, reason = "describes a form that is read piece by piece")]
pub struct RecordingForm {
    pub speaker: String,
    pub language: String,
    pub stop: Option<String>,
    pub note: Option<String>,
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}

/// What became of a file.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordingTaken)]
pub struct TakenView {
    pub recording: RecordingView,
    /// False where this very file was handed in before.
    pub new: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// Every recording that may be seen, the latest first.
#[utoipa::path(get, path = "/api/v1/staff/recordings", operation_id = "listRecordings", tag = "staff",
    responses((status = 200, description = "The latest first", body = RecordingList), NotRead))]
pub async fn list(Here(state): Here<State>, may: May<See>) -> Result<Response> {
    let places = Places::read(&state).await?;
    let mut recordings = state.store.recordings().await?;
    recordings.retain(|recording| may.person.grants.may(Permission::See, places.scope(recording)));
    let mut views = Vec::with_capacity(recordings.len());
    for recording in &recordings {
        views.push(view(&state, recording, &places).await?);
    }
    json(&RecordingList { recordings: views })
}

/// Hands a recording in: up to two hours and 2 GiB. It is heard by a machine next.
#[utoipa::path(post, path = "/api/v1/staff/recordings", operation_id = "addRecording", tag = "staff",
    request_body(content = RecordingForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "It is taken in", body = TakenView),
        (status = 200, description = "It was handed in before", body = TakenView), NotChanged))]
pub async fn add(Here(state): Here<State>, may: May<Edit>, parts: Multipart) -> Result<Response> {
    let (about, received) = receive(parts, LARGEST, async |fields| about(&state, &may, fields).await).await?;
    let taken = pages::take(&state, &may.actor(), about, &received).await?;
    let places = Places::read(&state).await?;
    let recording = view(&state, &taken.recording, &places).await?;
    let mut response = json(&TakenView { recording, new: taken.new, warning: taken.warning })?;
    *response.status_mut() = if taken.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(response)
}

/// One recording, and how far a machine has heard it.
#[utoipa::path(get, path = "/api/v1/staff/recordings/{recording}", operation_id = "getRecording", tag = "staff",
    params(("recording" = i64, Path, description = "Its number", example = 1)),
    responses((status = 200, description = "The recording", body = RecordingView), NotRead))]
pub async fn get(Here(state): Here<State>, may: May<See>, Path(id): Path<i64>) -> Result<Response> {
    let (recording, places) = found(&state, &may, (id, Permission::See)).await?;
    json(&view(&state, &recording, &places).await?)
}

/// The file as it came, in ranges. It is never public.
#[utoipa::path(get, path = "/api/v1/staff/recordings/{recording}/sound", operation_id = "getRecordingSound",
    tag = "staff",
    params(("recording" = i64, Path, description = "Its number", example = 1)),
    responses((status = 200, description = "The whole file", content_type = "audio/*"),
        (status = 206, description = "A part of it"), (status = 304, description = "It is known already"),
        (status = 412, description = "It is another one", content_type = "application/problem+json"),
        (status = 416, description = "There is no such part", content_type = "application/problem+json"), NotRead))]
pub async fn sound(
    state: Here<State>,
    may: May<See>,
    id: Path<i64>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    pages::sound(state, may, id, method, headers).await
}

/// Has a machine write down what is said (again).
#[utoipa::path(post, path = "/api/v1/staff/recordings/{recording}/hear", operation_id = "hearRecording", tag = "staff",
    params(("recording" = i64, Path, description = "Its number", example = 1)),
    responses((status = 204, description = "It waits for its turn"), NotChanged))]
pub async fn hear(Here(state): Here<State>, may: May<Edit>, Path(id): Path<i64>) -> Result<Response> {
    let (recording, _) = found(&state, &may, (id, Permission::Edit)).await?;
    page::ask_to_hear(&state, &recording).await?;
    Ok(super::done())
}

/// What is said, line by line, with its `ETag`.
#[utoipa::path(get, path = "/api/v1/staff/recordings/{recording}/lines", operation_id = "getRecordingLines",
    tag = "staff",
    params(("recording" = i64, Path, description = "Its number", example = 1)),
    responses((status = 200, description = "In order", body = LinesView), NotRead))]
pub async fn lines(Here(state): Here<State>, may: May<See>, Path(id): Path<i64>) -> Result<Response> {
    let (recording, _) = found(&state, &may, (id, Permission::See)).await?;
    let lines = state.store.recorded_sentences(recording.id).await?;
    tagged(StatusCode::OK, &LinesView::of(&lines), &page::tag_of_lines(&lines)?)
}

/// Says what was said: every line, as it was read and corrected.
#[utoipa::path(put, path = "/api/v1/staff/recordings/{recording}/lines", operation_id = "correctRecording",
    tag = "staff",
    params(("recording" = i64, Path, description = "Its number", example = 1),
        ("If-Match" = Option<String>, Header, description = "The `ETag` the lines were read with")),
    request_body = LinesBody,
    responses((status = 200, description = "The lines as they stand now", body = LinesView), NotChanged))]
pub async fn correct(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(id): Path<i64>,
    headers: HeaderMap,
    Sent(body): Sent<LinesBody>,
) -> Result<Response> {
    let (recording, _) = found(&state, &may, (id, Permission::Edit)).await?;
    let standing = state.store.recorded_sentences(recording.id).await?;
    let tag = page::tag_of_lines(&standing)?;
    made_on(&headers, &tag)?;
    let corrections = body.corrections(standing.len())?;
    page::correct(&state, &may, &recording, &corrections, &tag).await?;
    let lines = state.store.recorded_sentences(recording.id).await?;
    tagged(StatusCode::OK, &LinesView::of(&lines), &page::tag_of_lines(&lines)?)
}

/// The passages of a recording, with their `ETag`.
#[utoipa::path(get, path = "/api/v1/staff/recordings/{recording}/passages", operation_id = "getPassages", tag = "staff",
    params(("recording" = i64, Path, description = "Its number", example = 1)),
    responses((status = 200, description = "In order", body = PassagesBody), NotRead))]
pub async fn passages(Here(state): Here<State>, may: May<See>, Path(id): Path<i64>) -> Result<Response> {
    let (recording, _) = found(&state, &may, (id, Permission::See)).await?;
    let passages = state.store.passages(recording.id).await?;
    tagged(StatusCode::OK, &PassagesBody::of(&passages), &page::tag_of_passages(&passages)?)
}

/// Names and moves the passages of a recording, in place of those that stand.
#[utoipa::path(put, path = "/api/v1/staff/recordings/{recording}/passages", operation_id = "savePassages",
    tag = "staff",
    params(("recording" = i64, Path, description = "Its number", example = 1),
        ("If-Match" = Option<String>, Header, description = "The `ETag` they were read with")),
    request_body = PassagesBody,
    responses((status = 200, description = "The passages as they stand now", body = PassagesBody), NotChanged))]
pub async fn save_passages(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(id): Path<i64>,
    headers: HeaderMap,
    Sent(body): Sent<PassagesBody>,
) -> Result<Response> {
    let (recording, _) = found(&state, &may, (id, Permission::Edit)).await?;
    let tag = page::tag_of_passages(&state.store.passages(recording.id).await?)?;
    made_on(&headers, &tag)?;
    page::keep_passages(&state, &may, &recording, &body.passages()?, &tag).await?;
    let passages = state.store.passages(recording.id).await?;
    tagged(StatusCode::OK, &PassagesBody::of(&passages), &page::tag_of_passages(&passages)?)
}

/// Cuts a recording into passages at its silences, in place of those that stand.
#[utoipa::path(post, path = "/api/v1/staff/recordings/{recording}/cut", operation_id = "cutRecording", tag = "staff",
    params(("recording" = i64, Path, description = "Its number", example = 1)),
    request_body = CutBody,
    responses((status = 204, description = "It waits for its turn"), NotChanged))]
pub async fn cut(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(id): Path<i64>,
    Sent(body): Sent<CutBody>,
) -> Result<Response> {
    let (recording, _) = found(&state, &may, (id, Permission::Edit)).await?;
    let silence = page::silence(body.silence)?;
    state.store.enqueue(&JobKind::CutRecording { recording: recording.id, silence }, 0).await?;
    Ok(super::done())
}

/// Makes the words of a recording, or of a passage, what a stop says.
#[utoipa::path(post, path = "/api/v1/staff/recordings/{recording}/text", operation_id = "describeFromRecording",
    tag = "staff",
    params(("recording" = i64, Path, description = "Its number", example = 1)),
    request_body = TextBody,
    responses((status = 204, description = "The stop says so, and its guides are brought up to date"), NotChanged))]
pub async fn text(
    Here(state): Here<State>,
    may: May<Review>,
    Path(id): Path<i64>,
    Sent(body): Sent<TextBody>,
) -> Result<Response> {
    let (recording, _) = found(&state, &may, (id, Permission::See)).await?;
    let how = Description { passage: body.passage, title: body.title, replace: body.replace };
    page::make_text(&state, &may, &recording, &body.stop, &how).await?;
    Ok(super::done())
}

/// Chooses whose voice narrates a stop in a language.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/stops/{stop}/narrators/{language}", operation_id = "chooseNarrator",
    tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("language" = String, Path, description = "A BCP 47 tag", example = "vi")),
    request_body = NarrationBody,
    responses((status = 204, description = "It narrates, and the guide is brought up to date"), NotChanged))]
pub async fn narrate(
    Here(state): Here<State>,
    here: MayAt<Publish>,
    Path((_, slug, lang)): Path<(String, String, String)>,
    Sent(body): Sent<NarrationBody>,
) -> Result<Response> {
    let open = Open::read(&state, &here.site, &slug).await?;
    let language: Language = lang.parse().map_err(|_| WebError::UnknownLanguage(lang.chars().take(40).collect()))?;
    let recording = body.recording.map(RecordingId);
    pages::choose(&state, &here.may.actor(), &open.stop, language, recording).await?;
    Ok(super::done())
}
