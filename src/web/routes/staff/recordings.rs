//! `/staff/recordings`: what people recorded; handing a file in; whose voice narrates a stop.

use axum::extract::{Form, Multipart, Path, Query, State as Here};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;

use super::see;
use super::stop::Open;
use crate::audio::{DecodeError, Decoder};
use crate::domain::{Actor, JobKind, Language, Permission, Recording, RecordingId, RecordingState, Stop};
use crate::people::Signed;
use crate::pipeline::recordings::{HandedIn, RecordingError, Taken, take_recording};
use crate::pipeline::review::ask_for_guide;
use crate::store::Narration;
use crate::web::error::{Result, WebError};
use crate::web::files::{Bytestore, File, serve};
use crate::web::recordings::{LARGEST, Places, Received, about, found, receive};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::recordings::{Matter, Narrated, refusal, render};
use crate::web::workplace::{Edit, Given, May, MayAt, Publish, See, sound_page};

type Fields = Vec<(String, String)>;

/// What a page of recordings is about: all that somebody may see, or one stop.
async fn page(
    state: &State,
    signed: &Signed,
    at: Option<(&crate::domain::Site, &Stop)>,
    (status, note): (StatusCode, Note),
) -> Result<Response> {
    let places = Places::read(state).await?;
    let mut recordings = state.store.recordings().await?;
    recordings.retain(|recording| signed.person.grants.may(Permission::See, places.scope(recording)));
    let collection = state.store.collection().await?;
    let mut languages = collection.map(|collection| collection.guide_languages).unwrap_or_default();
    if languages.is_empty() {
        languages.push(state.settings.default_language);
    }
    let mut narrated = Vec::new();
    if let Some((_, stop)) = at {
        // A stop's page offers what was handed in for it or for none; others are another stop's.
        recordings.retain(|recording| recording.stop.is_none_or(|id| id == stop.id));
        for language in &languages {
            let narration = state.store.narration(stop.id, *language).await?;
            narrated.push(Narrated { language: *language, narration });
        }
        recordings.retain(|recording| {
            let narrates = |one: &Narrated| one.narration.as_ref().is_some_and(|own| own.recording == recording.id);
            recording.stop.is_some() || narrated.iter().any(narrates)
        });
    }
    let matter = Matter { signed, places: &places, recordings: &recordings, languages: &languages, at, narrated };
    Ok(sound_page(status, render(state, &matter, note)?))
}

fn told(state: &State, signed: &Signed, asked: &Fields) -> Note {
    let own = &state.desk.of(signed.person.language).recordings;
    let good = match asked.field("done") {
        "chosen" => Some(own.chosen.clone()),
        "withdrawn" => Some(own.withdrawn.clone()),
        _ => None,
    };
    Note { bad: None, good }
}

pub async fn list(Here(state): Here<State>, may: May<See>, Query(asked): Query<Fields>) -> Result<Response> {
    page(&state, &may, None, (StatusCode::OK, told(&state, &may, &asked))).await
}

pub async fn of_stop(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((_, slug)): Path<(String, String)>,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let open = Open::read(&state, &here.site, &slug).await?;
    let note = told(&state, &here.may, &asked);
    page(&state, &here.may, Some((&here.site, &open.stop)), (StatusCode::OK, note)).await
}

/// Takes a file in, and asks for it to be heard.
///
/// # Errors
/// `Recording` for a file that is refused.
pub(in crate::web::routes) async fn take(
    state: &State,
    actor: &Actor,
    about: HandedIn,
    received: &Received,
) -> Result<Taken> {
    let about = HandedIn { name: received.name.clone(), ..about };
    let decoder = Decoder::default();
    let taken = take_recording(actor, &state.store, &state.blobs, &decoder, received.file.path(), &about).await?;
    if taken.new {
        state.store.enqueue(&JobKind::HearRecording { recording: taken.recording.id }, 0).await?;
    }
    Ok(taken)
}

pub async fn add(Here(state): Here<State>, may: May<Edit>, parts: Multipart) -> Result<Response> {
    let given = receive(parts, LARGEST, async |fields| about(&state, &may, fields).await).await;
    let taken = match given {
        Ok((about, received)) => take(&state, &may.actor(), about, &received).await,
        Err(error) => Err(error),
    };
    let own = &state.desk.of(may.lang()).recordings;
    let (status, why) = match taken {
        Ok(taken) => {
            let done = if taken.new { "added" } else { "known" };
            return Ok(see(&format!("/staff/recordings/{}?done={done}", taken.recording.id)));
        }
        Err(WebError::Recording(RecordingError::Decode(error))) => {
            let too_large = matches!(error, DecodeError::TooLarge { .. });
            let status = if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
            match refusal(own, &error) {
                Some(why) => (status, why),
                None => return Err(RecordingError::Decode(error).into()),
            }
        }
        Err(WebError::Unfit(_)) => (StatusCode::UNPROCESSABLE_ENTITY, own.incomplete.clone()),
        Err(error) => return Err(error),
    };
    page(&state, &may, None, (status, Note { bad: Some(why), good: None })).await
}

/// The file as it came, in ranges, for whoever may see it: it is never public.
pub async fn sound(
    Here(state): Here<State>,
    may: May<See>,
    Path(id): Path<i64>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let (recording, _) = found(&state, &may, (id, Permission::See)).await?;
    let length = state.blobs.size(recording.original).await?.ok_or(WebError::NoFile)?;
    let bytes = Bytestore::Blob(&state.blobs, recording.original);
    let media_type = media_type(&recording);
    Ok(serve(&method, &headers, &File { tag: recording.original.to_string(), media_type, length, bytes }))
}

/// One of the forms that are taken in; a stored word is never sent as it is.
fn media_type(recording: &Recording) -> &'static str {
    const KNOWN: [&str; 7] =
        ["audio/wav", "audio/mpeg", "audio/mp4", "audio/flac", "audio/ogg", "audio/webm", "audio/x-m4a"];
    let own = recording.media_type.split(';').next().unwrap_or_default();
    KNOWN.into_iter().find(|known| *known == own).unwrap_or("application/octet-stream")
}

/// Chooses whose voice narrates a stop in a language: a recording's, or, with none, a synthetic one.
///
/// # Errors
/// `NoAddress` for a recording that is not there; `Conflict` for one that nobody has read or that is in another language.
pub(in crate::web::routes) async fn choose(
    state: &State,
    actor: &Actor,
    stop: &Stop,
    language: Language,
    recording: Option<RecordingId>,
) -> Result<()> {
    match recording {
        None => {
            state.store.end_narration(actor, stop.id, language).await?;
        }
        Some(id) => {
            let recording = state.store.recording(id).await?.ok_or(WebError::NoAddress)?;
            if recording.language != language {
                let (own, tag) = (recording.language, language);
                return Err(WebError::Unfit(format!("recording {id} is in `{own}`, not in `{tag}`")));
            }
            if recording.state != RecordingState::Corrected {
                return Err(RecordingError::Unread { recording: id, unread: unread(state, id).await? }.into());
            }
            let standing: Option<Narration> = state.store.narration(stop.id, language).await?;
            if standing.is_none_or(|standing| standing.recording != id) {
                state.store.narrate(actor, stop.id, id).await?;
            }
        }
    }
    Ok(ask_for_guide(&state.store, stop, language).await?)
}

pub(in crate::web::routes) async fn unread(state: &State, id: RecordingId) -> Result<usize> {
    let sentences = state.store.recorded_sentences(id).await?;
    Ok(sentences.iter().filter(|sentence| sentence.corrected.is_none()).count())
}

pub async fn narration(
    Here(state): Here<State>,
    here: MayAt<Publish>,
    Path((_, slug)): Path<(String, String)>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let open = Open::read(&state, &here.site, &slug).await?;
    let language = form.field("language");
    let language: Language =
        language.parse().map_err(|_| WebError::UnknownLanguage(language.chars().take(40).collect()))?;
    let recording = match form.field("recording") {
        "" => None,
        id => Some(RecordingId(id.parse().map_err(|_| WebError::Unfit("`recording` is a number".to_owned()))?)),
    };
    let done = if recording.is_some() { "chosen" } else { "withdrawn" };
    match choose(&state, &here.may.actor(), &open.stop, language, recording).await {
        Ok(()) => {
            let place = format!("/staff/sites/{}/stops/{}/recordings", here.site.slug, open.stop.slug);
            Ok(see(&format!("{place}?done={done}")))
        }
        Err(WebError::Recording(RecordingError::Unread { unread, .. })) => {
            let own = &state.desk.of(here.may.lang()).recordings;
            let why = crate::web::views::strings::fill(&own.unread, &[("n", &unread.to_string())]);
            let note = (StatusCode::CONFLICT, Note { bad: Some(why), good: None });
            page(&state, &here.may, Some((&here.site, &open.stop)), note).await
        }
        Err(error) => Err(error),
    }
}
