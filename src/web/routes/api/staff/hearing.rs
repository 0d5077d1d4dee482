//! `…/stops/{stop}/hearing/{lang}`: the sentences of a guide with what was heard in them, for programs.

use axum::extract::{Path, State as Here};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusals::{NotChanged, NotRead};
use super::{done, json};
use crate::domain::{HearingFinding, Milliseconds};
use crate::store::StoreError;
use crate::text::hearing::Piece;
use crate::web::error::{Result, WebError};
use crate::web::hearings::{HearingRoom, Line};
use crate::web::routes::staff::hearing as page;
use crate::web::state::State;
use crate::web::workplace::{MayAt, Review, See, Sent};

/// A stretch of a sentence as it was meant and as it was heard; equal where they agree.
#[derive(Serialize, ToSchema)]
#[schema(as = HeardPiece)]
pub struct PieceView {
    /// `same`, `missing`, `added` or `changed`.
    pub what: &'static str,
    pub meant: String,
    pub heard: String,
}

/// A word as it was heard.
#[derive(Serialize, ToSchema)]
#[schema(as = TimedWord)]
pub struct WordView {
    pub text: String,
    /// In milliseconds from the start of the sentence's sound.
    pub start: u64,
    pub end: u64,
}

/// One thing that may be wrong.
#[derive(Serialize, ToSchema)]
#[schema(as = HearingFinding)]
pub struct FindingView {
    /// `missing`, `changed`, `fact`, `name` and others.
    pub kind: String,
    pub expected: String,
    pub heard: String,
    /// Begin and end in milliseconds from the start of the sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<[u64; 2]>,
    pub message: String,
}

/// What a person decided about a sound.
#[derive(Serialize, ToSchema)]
#[schema(as = SoundDecision)]
pub struct DecisionView {
    pub passes: bool,
    pub by: String,
    pub reason: String,
    /// RFC 3339.
    pub at: String,
}

/// What was heard in a sentence's sound.
#[derive(Serialize, ToSchema)]
#[schema(as = SentenceHeard)]
pub struct HeardView {
    /// `pass`, `hold` or `not-judged`.
    pub verdict: String,
    pub text: String,
    pub words: Vec<WordView>,
    pub pieces: Vec<PieceView>,
    pub findings: Vec<FindingView>,
    /// Word error rate; absent in languages written without spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wer: Option<f64>,
    /// Character error rate.
    pub cer: f64,
    pub engine: String,
    pub model: String,
    pub rules: String,
}

/// A sentence and its sound.
#[derive(Serialize, ToSchema)]
#[schema(as = HearingSentence)]
pub struct SentenceView {
    /// From 0.
    pub ordinal: u32,
    pub text: String,
    /// As it is given to the voice, numbers in words.
    pub spoken: String,
    /// `silent`, `unheard`, `passed`, `not-judged`, `held`, `accepted` or `held-by-hand`.
    pub standing: &'static str,
    /// The hash of the sound, which a decision about it names; absent where nothing says the sentence yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard: Option<HeardView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionView>,
}

/// A guide, sentence by sentence.
#[derive(Serialize, ToSchema)]
#[schema(as = GuideHeard)]
pub struct GuideView {
    pub stop: String,
    pub language: String,
    pub title: String,
    pub sentences: Vec<SentenceView>,
}

/// What a person decides about a sound.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSoundDecision)]
pub struct DecisionBody {
    /// The hash of the sound that was heard.
    pub sound: String,
    pub passes: bool,
    pub reason: String,
}

fn piece(piece: &Piece) -> PieceView {
    let (what, meant, heard) = match piece {
        Piece::Same(words) => ("same", words.clone(), words.clone()),
        Piece::Missing(words) => ("missing", words.clone(), String::new()),
        Piece::Added(words) => ("added", String::new(), words.clone()),
        Piece::Changed { meant, heard } => ("changed", meant.clone(), heard.clone()),
    };
    PieceView { what, meant, heard }
}

fn finding(found: &HearingFinding) -> Result<FindingView> {
    Ok(FindingView {
        kind: word(&found.kind)?,
        expected: found.expected.clone(),
        heard: found.heard.clone(),
        at: found.at.map(|[Milliseconds(start), Milliseconds(end)]| [start, end]),
        message: found.message.clone(),
    })
}

/// The word by which an enumeration is written.
fn word(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_value(value)?.as_str().unwrap_or_default().to_owned())
}

fn heard(line: &Line) -> Result<Option<HeardView>> {
    let Some(heard) = &line.heard else { return Ok(None) };
    let hearing = &heard.hearing;
    let words = hearing.words.iter();
    Ok(Some(HeardView {
        verdict: word(&hearing.verdict)?,
        text: hearing.heard.clone(),
        words: words.map(|word| WordView { text: word.text.clone(), start: word.start.0, end: word.end.0 }).collect(),
        pieces: line.pieces.iter().map(piece).collect(),
        findings: hearing.findings.iter().map(finding).collect::<Result<_>>()?,
        wer: hearing.wer,
        cer: hearing.cer,
        engine: hearing.listener.engine.clone(),
        model: hearing.listener.model.clone(),
        rules: hearing.listener.rules.clone(),
    }))
}

fn sentence(line: &Line, here: &str) -> Result<SentenceView> {
    let ordinal = line.sentence.ordinal;
    Ok(SentenceView {
        ordinal,
        text: line.sentence.content.clone(),
        spoken: line.spoken.clone(),
        standing: line.standing().word(),
        sound: line.sound.as_ref().map(|sound| sound.blob.to_string()),
        url: line.sound.as_ref().map(|_| format!("{here}/clips/{ordinal}")),
        voice: line.sound.as_ref().map(|sound| sound.mark.voice.clone()),
        heard: heard(line)?,
        decision: line.decision.as_ref().map(|decision| DecisionView {
            passes: decision.passes,
            by: decision.by.clone(),
            reason: decision.reason.clone(),
            at: decision.at.rfc3339(),
        }),
    })
}

/// The sentences of a guide with their sounds, what was heard in them and what people decided.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}", operation_id = "getHearing",
    tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("language" = String, Path, description = "A BCP 47 tag", example = "vi")),
    responses((status = 200, description = "Sentence by sentence", body = GuideView), NotRead))]
pub async fn get(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((site, stop, lang)): Path<(String, String, String)>,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    let address = format!("/api/v1/staff/sites/{site}/stops/{stop}/hearing/{lang}");
    json(&GuideView {
        stop: room.stop.slug.to_string(),
        language: room.text.language.tag().to_owned(),
        title: room.text.title.clone(),
        sentences: room.lines.iter().map(|line| sentence(line, &address)).collect::<Result<_>>()?,
    })
}

/// The sound of a sentence, as WAV and in ranges.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/clips/{ordinal}",
    operation_id = "getSentenceSound", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("language" = String, Path, description = "A BCP 47 tag", example = "vi"),
        ("ordinal" = u32, Path, description = "The place of the sentence, from 0", example = 0)),
    responses((status = 200, description = "The whole sound", content_type = "audio/wav"),
        (status = 206, description = "A part of it"), (status = 304, description = "It is known already"),
        (status = 412, description = "Another sound says it now", content_type = "application/problem+json"),
        (status = 416, description = "There is no such part", content_type = "application/problem+json"), NotRead))]
pub async fn clip(
    state: Here<State>,
    here: MayAt<See>,
    path: Path<(String, String, String, u32)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    page::clip(state, here, path, method, headers).await
}

/// Lets the sound of a sentence pass, or holds it, whatever a machine heard.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/sentences/{ordinal}/decision",
    operation_id = "decideSound", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("language" = String, Path, description = "A BCP 47 tag", example = "vi"),
        ("ordinal" = u32, Path, description = "The place of the sentence, from 0", example = 0)),
    request_body = DecisionBody,
    responses((status = 204, description = "It is decided, and the guide is brought up to date"), NotChanged))]
pub async fn decide(
    Here(state): Here<State>,
    here: MayAt<Review>,
    Path((_, stop, lang, ordinal)): Path<(String, String, String, u32)>,
    Sent(body): Sent<DecisionBody>,
) -> Result<Response> {
    let room = HearingRoom::read(&state, &here.site, (&stop, &lang)).await?;
    match page::keep(&state, &here, &room, ordinal, &body.sound, (body.passes, &body.reason)).await {
        Err(WebError::Store(StoreError::BadAcceptance { .. })) => Err(WebError::Unfit("`reason` is needed".to_owned())),
        Err(error) => Err(error),
        Ok(()) => Ok(done()),
    }
}
