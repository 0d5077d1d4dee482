//! `…/hearing/{lang}/…`: a sentence said differently. Previews of what is not kept yet, words for the lexicon, the manner of
//! a sentence or of the guide, and a sentence made anew at once.

use std::time::Duration;

use axum::extract::{Form, Path, State as Here};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::hearing::{address, page};
use super::see;
use super::terms::must;
use crate::domain::{Language, Manner};
use crate::pipeline::review::ask_for_guide;
use crate::pipeline::studio::{Remade, change_lexicon};
use crate::web::error::{Result, WebError};
use crate::web::hearings::HearingRoom;
use crate::web::problem::Problem;
use crate::web::saying;
use crate::web::state::State;
use crate::web::studio::Step;
use crate::web::views::staff::account::Note;
use crate::web::views::strings::fill;
use crate::web::workplace::{Edit, Given, MayAt};

type Fields = Vec<(String, String)>;
type Address = Path<(String, String, String)>;

/// A page that is waited for longer than this is answered, and the work goes on.
const PATIENCE: Duration = Duration::from_secs(20);

/// A sound that is kept nowhere.
pub(in crate::web::routes) fn wav(bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("audio/wav"));
    response
}

/// The place of a sentence that a form names; `None` where it names the whole guide.
fn place(form: &Fields) -> Result<Option<u32>> {
    match form.field("ordinal") {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| WebError::Unfit("`ordinal` is the place of a sentence".to_owned())),
    }
}

/// Speaks a sentence as a form would have it, and keeps nothing.
pub(super) async fn spoken(state: &State, language: Language, form: &Fields, sentence: String) -> Result<Response> {
    let entry = saying::maybe_entry(language, form)?;
    let manner = Manner { pause: None, ..saying::manner(form)? };
    Ok(wav(state.studio()?.preview(language, sentence, entry, manner).await?))
}

pub async fn preview(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    let ordinal = place(&form)?.unwrap_or_default();
    let sentence = room.line(ordinal)?.sentence.content.clone();
    spoken(&state, room.text.language, &form, sentence).await
}

/// What came of something that was asked for, back on the page of the guide, with what was typed.
async fn told(
    state: &State,
    here: &MayAt<Edit>,
    room: &HearingRoom,
    form: &Fields,
    (status, bad): (StatusCode, String),
) -> Result<Response> {
    page(state, here, room, Some(form), (status, Note { bad: Some(bad), good: None })).await
}

/// Where a form leads that was kept: back to its sentence, if it is about one.
fn leads(here: &MayAt<Edit>, room: &HearingRoom, form: &Fields, done: &str) -> Response {
    let place = form.field("ordinal");
    let anchor = if place.is_empty() { String::new() } else { format!("#s{place}") };
    see(&format!("{}?done={done}{anchor}", address(here, &room.stop, room.text.language)))
}

/// Puts a word of a sentence into the lexicon.
pub async fn word(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    must(&here.may)?;
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    let own = &state.desk.of(here.may.lang()).saying;
    let language = room.text.language;
    let asked = saying::entry(language, (form.field("word"), form.field("kind"), form.field("said")));
    let entry = match asked {
        Ok(entry) => entry,
        Err(flaw) => {
            let why = crate::web::views::staff::saying::flaw(own, flaw).to_owned();
            return told(&state, &here, &room, &form, (StatusCode::UNPROCESSABLE_ENTITY, why)).await;
        }
    };
    let word = (language, entry.grapheme.as_str());
    match change_lexicon(&state.store, &here.may.actor(), word, Some(&entry.pronunciation), None).await? {
        Some(_) => Ok(leads(&here, &room, &form, "word")),
        None => {
            let why = fill(&own.known_already, &[("word", &entry.grapheme)]);
            told(&state, &here, &room, &form, (StatusCode::CONFLICT, why)).await
        }
    }
}

/// Sets how a sentence, or the whole guide, is said.
pub async fn manner(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    let own = &state.desk.of(here.may.lang()).saying;
    let asked = saying::manner(&form);
    let kept = match asked {
        Ok(manner) => keep_manner(&state, &here, &room, place(&form)?, &manner).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(()) => Ok(leads(&here, &room, &form, "manner")),
        Err(WebError::Unfit(_)) => {
            told(&state, &here, &room, &form, (StatusCode::UNPROCESSABLE_ENTITY, own.bad_manner.clone())).await
        }
        Err(error) => Err(error),
    }
}

/// Keeps a manner, and asks for the guide.
///
/// # Errors
/// `Unfit` for a voice that does not speak the language here; `NoAddress` for a sentence that is not there.
pub(in crate::web::routes) async fn keep_manner(
    state: &State,
    here: &MayAt<Edit>,
    room: &HearingRoom,
    ordinal: Option<u32>,
    manner: &Manner,
) -> Result<()> {
    let language = room.text.language;
    if let Some(voice) = &manner.voice
        && !state.studio()?.voices(language).await.contains(voice)
    {
        return Err(WebError::Unfit(format!("no voice `{voice}` speaks `{language}` here")));
    }
    let sentence = match ordinal {
        Some(ordinal) => Some((ordinal, room.line(ordinal)?.sentence.content.as_str())),
        None => None,
    };
    if state.store.set_manner(&here.may.actor(), &room.stop, language, sentence, manner).await? {
        ask_for_guide(&state.store, &room.stop, language).await?;
    }
    Ok(())
}

/// Makes a sentence anew while the page is waited for.
pub async fn remake(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    let ordinal = place(&form)?.ok_or_else(|| WebError::Unfit("`ordinal` is the place of a sentence".to_owned()))?;
    room.line(ordinal)?;
    let asked = (room.text.language, ordinal);
    let (kept, mut steps) = state.studio()?.remake(here.may.actor(), room.stop.clone(), asked)?;
    let ended = tokio::time::timeout(PATIENCE, async {
        while let Some(step) = steps.recv().await {
            if let Step::Done(made) = step {
                return Some(made);
            }
        }
        None
    });
    match ended.await {
        Ok(Some(Ok(Remade { .. }))) => Ok(leads(&here, &room, &form, "remade")),
        Ok(Some(Err(error))) => {
            let problem = Problem::from(error);
            match problem.kind.status() {
                status if status.is_server_error() => Ok(problem.into_response()),
                status => told(&state, &here, &room, &form, (status, problem.detail.clone())).await,
            }
        }
        Ok(None) => Err(WebError::Contradiction("a sentence was made anew and nobody said how it ended".to_owned())),
        Err(_) => {
            // Nobody waits any more, and yet it is wanted.
            tokio::spawn(async move {
                let _kept = kept;
                while steps.recv().await.is_some() {}
            });
            Ok(leads(&here, &room, &form, "remaking"))
        }
    }
}
