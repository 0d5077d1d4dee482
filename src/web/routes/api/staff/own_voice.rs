//! `…/hearing/{language}/sentences/{ordinal}/recording`: a sentence in a person's own voice, for programs.

use axum::extract::{Multipart, Path, State as Here};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::done;
use super::refusals::NotChanged;
use crate::pipeline::recordings::LARGEST_SENTENCE;
use crate::web::error::Result;
use crate::web::hearings::HearingRoom;
use crate::web::recordings::{receive, speaker};
use crate::web::routes::staff::own_voice::{end, keep};
use crate::web::state::State;
use crate::web::workplace::{Edit, MayAt};

/// What the form holds, the file last.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSpokenSentence)]
#[expect(dead_code, reason = "describes a form that is read piece by piece")]
pub struct SpokenForm {
    pub speaker: String,
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}

/// Lets a person's voice say a sentence: up to 90 seconds and 32 MiB.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/sentences/{ordinal}/recording",
    operation_id = "speakSentence", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("language" = String, Path, description = "A BCP 47 tag", example = "vi"),
        ("ordinal" = u32, Path, description = "The place of the sentence, from 0", example = 0)),
    request_body(content = SpokenForm, content_type = "multipart/form-data"),
    responses((status = 204, description = "It says the sentence, and the guide is brought up to date"), NotChanged))]
pub async fn record(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, lang, ordinal)): Path<(String, String, String, u32)>,
    parts: Multipart,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    room.line(ordinal)?;
    let (speaker, received) = receive(parts, LARGEST_SENTENCE, async |fields| speaker(fields)).await?;
    keep(&state, &here, &room, (ordinal, &speaker), &received).await?;
    Ok(done())
}

/// Takes a person's voice from a sentence, and from the public every edition that holds it.
#[utoipa::path(delete, path = "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/sentences/{ordinal}/recording",
    operation_id = "takeSpokenSentenceBack", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("language" = String, Path, description = "A BCP 47 tag", example = "vi"),
        ("ordinal" = u32, Path, description = "The place of the sentence, from 0", example = 0)),
    responses((status = 204, description = "A voice says it again"), NotChanged))]
pub async fn take_back(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, lang, ordinal)): Path<(String, String, String, u32)>,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    end(&state, &here, &room, ordinal).await?;
    Ok(done())
}
