//! `/staff/sites/{site}/stops/{stop}/hearing/{lang}`: a guide heard sentence by sentence, and let pass or held by hand.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;

use super::see;
use crate::domain::{Language, Stop};
use crate::pipeline::review::ask_for_guide;
use crate::store::StoreError;
use crate::web::error::{Result, WebError};
use crate::web::files::{Bytestore, File, serve};
use crate::web::hearings::{HearingRoom, NamedGuide};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::hearing::{Matter, render};
use crate::web::workplace::{Given, MayAt, Needs, Review, See, sound_page};

type Fields = Vec<(String, String)>;
type Address = Path<(String, String, String)>;

/// The page of a guide, from which every change of it is made.
pub(super) fn address<P: Needs>(here: &MayAt<P>, stop: &Stop, language: Language) -> String {
    format!("/staff/sites/{}/stops/{}/hearing/{language}", here.site.slug, stop.slug)
}

pub(super) async fn page<P: Needs>(
    state: &State,
    here: &MayAt<P>,
    room: &HearingRoom,
    typed: Option<&Fields>,
    (status, note): (StatusCode, Note),
) -> Result<Response> {
    let public = state.store.current_edition(&room.stop.slug, room.text.language).await?;
    let voices = match &state.studio {
        Some(studio) => Some(studio.voices(room.text.language).await),
        None => None,
    };
    let matter = Matter {
        signed: &here.may,
        site: &here.site,
        room,
        public: public.map(|edition| edition.number),
        voices: voices.as_deref(),
        typed,
    };
    Ok(sound_page(status, render(state, here.may.lang(), &matter, note)?))
}

pub async fn get(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((_, stop, lang)): Address,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    let words = state.desk.of(here.may.lang());
    let (own, saying) = (&words.hearing, &words.saying);
    let good = match asked.field("done") {
        "accepted" => Some(own.done_accepted.clone()),
        "held" => Some(own.done_held.clone()),
        "spoken" => Some(words.recorder.done_spoken.clone()),
        "taken-back" => Some(words.recorder.done_taken_back.clone()),
        "word" => Some(saying.done_word.clone()),
        "manner" => Some(saying.done_manner.clone()),
        "remade" => Some(saying.done_remade.clone()),
        "remaking" => Some(saying.done_remaking.clone()),
        _ => None,
    };
    page(&state, &here, &room, None, (StatusCode::OK, Note { bad: None, good })).await
}

/// Whoever reloads the answer to a change is led to the page.
pub async fn back(Here(state): Here<State>, here: MayAt<See>, Path((_, stop, lang)): Address) -> Result<Response> {
    let guide = NamedGuide::find(&state, &here.site, (&stop, &lang)).await?;
    Ok(see(&address(&here, &guide.stop, guide.text.language)))
}

/// Lets the sound of a sentence pass, or holds it.
pub async fn decide(
    Here(state): Here<State>,
    here: MayAt<Review>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    let ordinal = form.field("ordinal").parse();
    let ordinal = ordinal.map_err(|_| WebError::Unfit("`ordinal` is the place of a sentence".to_owned()))?;
    let passes = match form.field("do") {
        "accept" => true,
        "hold" => false,
        _ => return Err(WebError::Unfit("`do` is accept or hold".to_owned())),
    };
    let own = &state.desk.of(here.may.lang()).hearing;
    let refuse = |status, bad: &str| (status, Note { bad: Some(bad.to_owned()), good: None });
    match keep(&state, &here, &room, ordinal, form.field("sound"), (passes, form.field("reason"))).await {
        Ok(()) => {
            let done = if passes { "accepted" } else { "held" };
            Ok(see(&format!("{}?done={done}#s{ordinal}", address(&here, &room.stop, room.text.language))))
        }
        Err(WebError::Overtaken) => {
            page(&state, &here, &room, None, refuse(StatusCode::CONFLICT, &own.other_sound)).await
        }
        Err(WebError::Store(StoreError::BadAcceptance { .. })) => {
            page(&state, &here, &room, None, refuse(StatusCode::UNPROCESSABLE_ENTITY, &own.reason_missing)).await
        }
        Err(error) => Err(error),
    }
}

/// Keeps a decision about the sound that was heard, and asks for the guide to be brought up to date.
///
/// # Errors
/// `Overtaken` where another sound says the sentence now; those of the store.
pub(in crate::web::routes) async fn keep(
    state: &State,
    here: &MayAt<Review>,
    room: &HearingRoom,
    ordinal: u32,
    seen: &str,
    decision: (bool, &str),
) -> Result<()> {
    let language = room.text.language;
    let blob = room.sound(ordinal, seen)?.blob;
    state.store.decide_clip(&here.may.actor(), &room.stop, (language, ordinal), blob, decision).await?;
    Ok(ask_for_guide(&state.store, &room.stop, language).await?)
}

/// The sound of one sentence, in ranges.
pub async fn clip(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((_, stop, lang, ordinal)): Path<(String, String, String, u32)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let hash = NamedGuide::find(&state, &here.site, (&stop, &lang)).await?.blob(&state, ordinal).await?;
    let length = state.blobs.size(hash).await?.ok_or(WebError::NoFile)?;
    let bytes = Bytestore::Blob(&state.blobs, hash);
    Ok(serve(&method, &headers, &File { tag: hash.to_string(), media_type: "audio/wav", length, bytes }))
}
