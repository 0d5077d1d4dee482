//! `…/hearing/{lang}/recording`: a sentence in a person's own voice, in place of the synthetic one; and taken back.

use axum::extract::{Form, Multipart, Path, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::hearing::{address, page};
use super::see;
use crate::audio::DecodeError;
use crate::pipeline::recordings::{LARGEST_SENTENCE, RecordingError, Said, take_sentence};
use crate::pipeline::review::ask_for_guide;
use crate::web::error::{Result, WebError};
use crate::web::hearings::HearingRoom;
use crate::web::recordings::{Received, receive, speaker};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::recordings::refusal;
use crate::web::workplace::{Edit, Given, MayAt};

type Fields = Vec<(String, String)>;
type Address = Path<(String, String, String)>;

fn ordinal(fields: &Fields) -> Result<u32> {
    let unfit = |_| WebError::Unfit("`ordinal` is the place of a sentence".to_owned());
    fields.field("ordinal").parse().map_err(unfit)
}

/// Lets the sound in a file say a sentence, and asks for the guide.
///
/// # Errors
/// `NoAddress` for a sentence that is not there; `Recording` for a file that is refused.
pub(in crate::web::routes) async fn keep(
    state: &State,
    here: &MayAt<Edit>,
    room: &HearingRoom,
    (ordinal, speaker): (u32, &str),
    received: &Received,
) -> Result<()> {
    let said = Said {
        stop: &room.stop,
        language: room.text.language,
        ordinal,
        sentence: &room.line(ordinal)?.sentence.content,
        speaker,
        name: &received.name,
    };
    let actor = here.may.actor();
    let clip = take_sentence(&state.store, &state.blobs, &actor, received.file.path(), said).await?;
    let row = (ordinal, said.sentence, clip.key);
    state.store.put_remade_clip(&actor, &room.stop, room.text.language, row).await?;
    Ok(ask_for_guide(&state.store, &room.stop, room.text.language).await?)
}

pub async fn record(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, lang)): Address,
    parts: Multipart,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    let given = receive(parts, LARGEST_SENTENCE, async |fields| {
        let ordinal = ordinal(fields)?;
        room.line(ordinal)?;
        Ok((ordinal, speaker(fields)?))
    });
    let kept = match given.await {
        Ok(((ordinal, speaker), received)) => {
            keep(&state, &here, &room, (ordinal, &speaker), &received).await.map(|()| ordinal)
        }
        Err(error) => Err(error),
    };
    let words = state.desk.of(here.may.lang());
    let (status, why) = match kept {
        Ok(ordinal) => {
            return Ok(see(&format!("{}?done=spoken#s{ordinal}", address(&here, &room.stop, room.text.language))));
        }
        Err(WebError::Recording(RecordingError::Decode(error))) => {
            let large = matches!(error, DecodeError::TooLarge { .. });
            let status = if large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
            match refusal(&words.recordings, &error) {
                Some(why) => (status, why),
                None => return Err(RecordingError::Decode(error).into()),
            }
        }
        Err(WebError::Recording(RecordingError::Audio(_))) => {
            (StatusCode::UNPROCESSABLE_ENTITY, words.recordings.silent.clone())
        }
        Err(WebError::Unfit(_)) => (StatusCode::UNPROCESSABLE_ENTITY, words.recordings.incomplete.clone()),
        Err(error) => return Err(error),
    };
    page(&state, &here, &room, None, (status, Note { bad: Some(why), good: None })).await
}

/// Takes a person's voice from a sentence, and from the public every edition that holds it.
///
/// # Errors
/// `NoAddress` where no person says it; those of the store.
pub(in crate::web::routes) async fn end(
    state: &State,
    here: &MayAt<Edit>,
    room: &HearingRoom,
    ordinal: u32,
) -> Result<()> {
    let sentence = &room.line(ordinal)?.sentence.content;
    let (actor, language) = (here.may.actor(), room.text.language);
    if !state.store.take_spoken_sentence_back(&actor, &room.stop, language, (ordinal, sentence)).await? {
        return Err(WebError::NoAddress);
    }
    Ok(ask_for_guide(&state.store, &room.stop, language).await?)
}

pub async fn take_back(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    end(&state, &here, &room, ordinal(&form)?).await?;
    Ok(see(&format!("{}?done=taken-back", address(&here, &room.stop, room.text.language))))
}
