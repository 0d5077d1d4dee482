//! `…/stops/{stop}/review/{language}`: a translation under review, sentence by sentence, as JSON.

use axum::extract::{Path, Query, State as Here};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json;
use super::refusals::{NotChanged, NotRead};
use super::review_types::{MemoryOffer, MemoryOffers, ReviewView, view};
use crate::domain::Language;
use crate::pipeline::MakeError;
use crate::pipeline::review::{Correction, ask_for_guide, mend as mend_sentence};
use crate::store::{MemoryMatch, ReviewFilter, ReviewRow, Reviewed, StoreError};
use crate::web::error::{Result, WebError};
use crate::web::reviewing::{Reviewing, place};
use crate::web::state::State;
use crate::web::workplace::{Edit, MayAt, Needs, Review, See, Sent};

/// Translations told at once.
const PAGE: usize = 200;

/// Which translations are told.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReviewsAsked {
    /// BCP 47; absent: all languages.
    #[param(required = false)]
    language: Option<String>,
    /// Those too that wait for nobody.
    #[serde(default)]
    #[param(required = false)]
    all: bool,
    /// Translations before the first told.
    #[serde(default)]
    #[param(required = false)]
    from: usize,
}

/// Translations of a site.
#[derive(Serialize, ToSchema)]
pub struct Reviews {
    /// At most 200, in the order of the collection.
    pub translations: Vec<ReviewSummary>,
    /// Where the next ones begin, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<usize>,
}

/// One translation.
#[derive(Serialize, ToSchema)]
pub struct ReviewSummary {
    pub stop: String,
    pub language: String,
    /// `draft` or `approved`.
    pub state: String,
    /// `every`, `spot` or `machine`.
    pub rule: &'static str,
    /// Sentences the rule still asks to be read.
    pub left: u64,
    /// Findings that nobody mended or let pass.
    pub findings: u64,
    /// Comments that nobody resolved.
    pub comments: u64,
}

/// Other words for a sentence.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SentenceBody {
    /// The words as they were read: where the sentence says something else by now, nothing is changed.
    pub was: String,
    /// The new words.
    pub words: String,
}

/// A sentence as it was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SentenceSeen {
    pub was: String,
}

/// A text as it was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextSeen {
    /// The `seen` it was read with.
    pub seen: String,
}

/// Why something may stay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub reason: String,
}

/// What somebody says about a sentence.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentBody {
    /// At most 2,000 characters.
    pub body: String,
}

type Text = Path<(String, String, String)>;
type Sentence = Path<(String, String, String, String)>;

async fn read<P: Needs>(state: &State, here: &MayAt<P>, stop: &str, language: &str) -> Result<Reviewing> {
    Reviewing::of(state, &here.site, stop, language).await
}

async fn answer<P: Needs>(state: &State, here: &MayAt<P>, of: &Reviewing) -> Result<Response> {
    json(&view(&read(state, here, of.stop.slug.as_str(), of.text.language.tag()).await?))
}

/// What keeps a change from being made, as a program is told.
fn refused(error: StoreError) -> WebError {
    match error {
        StoreError::OpenFindings { .. } | StoreError::Unchecked { .. } => WebError::AsItStands(error.to_string()),
        StoreError::BadText { .. }
        | StoreError::BadSegment { .. }
        | StoreError::BadWaiver { .. }
        | StoreError::BadComment { .. } => WebError::Unfit(error.to_string()),
        error => error.into(),
    }
}

fn settled(result: Reviewed) -> Result<()> {
    match result {
        Reviewed::Done => Ok(()),
        Reviewed::Changed { now: Some(now) } => Err(WebError::Reworded { now }),
        Reviewed::Changed { now: None } => Err(WebError::Overtaken),
    }
}

/// The translations of a site that wait for somebody.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/review", operation_id = "listReviews", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"), ReviewsAsked),
    responses((status = 200, description = "In the order of the collection", body = Reviews), NotRead))]
pub async fn list(Here(state): Here<State>, here: MayAt<See>, Query(asked): Query<ReviewsAsked>) -> Result<Response> {
    let language = match &asked.language {
        None => None,
        Some(tag) => {
            let language: std::result::Result<Language, _> = tag.parse();
            Some(language.map_err(|_| WebError::UnknownLanguage(tag.chars().take(40).collect()))?)
        }
    };
    let filter = ReviewFilter { sites: vec![here.site.id], language, all: asked.all };
    let rows = state.store.reviews(&filter, (asked.from, PAGE + 1)).await?;
    let summary = |row: &ReviewRow| ReviewSummary {
        stop: row.stop.to_string(),
        language: row.language.tag().to_owned(),
        state: row.state.name().to_owned(),
        rule: row.rule.word(),
        left: row.left,
        findings: row.open,
        comments: row.comments,
    };
    let next = (rows.len() > PAGE).then_some(asked.from + PAGE);
    json(&Reviews { translations: rows.iter().take(PAGE).map(summary).collect(), next })
}

/// A translation beside its source, with what was found, said and approved.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}", operation_id = "getReview",
    tag = "staff", params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug"), ("language" = String, Path, description = "BCP 47")),
    responses((status = 200, description = "The translation", body = ReviewView), NotRead))]
pub async fn get(Here(state): Here<State>, here: MayAt<See>, Path((_, stop, language)): Text) -> Result<Response> {
    json(&view(&read(&state, &here, &stop, &language).await?))
}

/// Gives a sentence other words; they are compared with the source at once, and the text is a draft again.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/sentences/{place}",
    operation_id = "mendSentence", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug"), ("language" = String, Path, description = "BCP 47"),
        ("place" = String, Path, description = "From 0, or `title`")),
    request_body = SentenceBody,
    responses((status = 200, description = "The translation as it stands now", body = ReviewView), NotChanged))]
pub async fn mend(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, language, at)): Sentence,
    Sent(body): Sent<SentenceBody>,
) -> Result<Response> {
    let of = read(&state, &here, &stop, &language).await?;
    let ordinal = place(&at)?;
    of.unit(ordinal)?;
    let given = Correction { language: of.text.language, ordinal, was: &body.was, to: &body.words };
    match mend_sentence(&state.store, &here.may.actor(), &of.stop, given).await {
        Ok(done) => settled(done)?,
        Err(MakeError::Store(error)) => return Err(refused(error)),
        Err(error) => return Err(error.into()),
    }
    answer(&state, &here, &of).await
}

/// Approves one sentence; with the last one, the text.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/sentences/{place}/approve",
    operation_id = "approveSentence", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug"), ("language" = String, Path, description = "BCP 47"),
        ("place" = String, Path, description = "From 0, or `title`")),
    request_body = SentenceSeen,
    responses((status = 200, description = "The translation as it stands now", body = ReviewView), NotChanged))]
pub async fn approve_sentence(
    Here(state): Here<State>,
    here: MayAt<Review>,
    Path((_, stop, language, at)): Sentence,
    Sent(body): Sent<SentenceSeen>,
) -> Result<Response> {
    let of = read(&state, &here, &stop, &language).await?;
    let ordinal = place(&at)?;
    of.unit(ordinal)?;
    let spot = (of.text.language, ordinal);
    let done = state.store.approve_sentence(&here.may.actor(), &of.stop, spot, &body.was).await;
    settled(done.map_err(refused)?)?;
    let of = read(&state, &here, &stop, &language).await?;
    if of.left() == 0 {
        ask_for_guide(&state.store, &of.stop, of.text.language).await?;
    }
    json(&view(&of))
}

/// Approves a whole text, and asks for its guide.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/approve",
    operation_id = "approveText", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug"), ("language" = String, Path, description = "BCP 47")),
    request_body = TextSeen,
    responses((status = 200, description = "The translation as it stands now", body = ReviewView), NotChanged))]
pub async fn approve(
    Here(state): Here<State>,
    here: MayAt<Review>,
    Path((_, stop, language)): Text,
    Sent(body): Sent<TextSeen>,
) -> Result<Response> {
    let of = read(&state, &here, &stop, &language).await?;
    let seen = body.seen.parse();
    let seen = seen.map_err(|_| WebError::Unfit("`seen` is the hash of the text that was read".to_owned()))?;
    let done = state.store.review_approve(&here.may.actor(), &of.stop, of.text.language, seen).await;
    settled(done.map_err(refused)?)?;
    ask_for_guide(&state.store, &of.stop, of.text.language).await?;
    answer(&state, &here, &of).await
}

/// Lets a finding pass, for a reason.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/findings/{finding}/waive",
    operation_id = "waiveFinding", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug"), ("language" = String, Path, description = "BCP 47"),
        ("finding" = String, Path, description = "The finding's `id`")),
    request_body = Reason,
    responses((status = 200, description = "The translation as it stands now", body = ReviewView), NotChanged))]
pub async fn waive(
    Here(state): Here<State>,
    here: MayAt<Review>,
    Path((_, stop, language, finding)): Sentence,
    Sent(body): Sent<Reason>,
) -> Result<Response> {
    let of = read(&state, &here, &stop, &language).await?;
    let found = of.findings.iter().find(|found| found.id.to_string() == finding).ok_or(WebError::NoAddress)?;
    let done = state.store.review_waive(&here.may.actor(), &of.stop, found, &body.reason).await;
    done.map_err(refused)?;
    ask_for_guide(&state.store, &of.stop, of.text.language).await?;
    answer(&state, &here, &of).await
}

/// What the memory knows for a sentence.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/sentences/{place}/memory",
    operation_id = "listMemoryOffers", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug"), ("language" = String, Path, description = "BCP 47"),
        ("place" = String, Path, description = "From 0, or `title`")),
    responses((status = 200, description = "The most alike first", body = MemoryOffers), NotRead,
        (status = 422, description = "The place is neither a number nor `title`")))]
pub async fn memory(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((_, stop, language, at)): Sentence,
) -> Result<Response> {
    let of = read(&state, &here, &stop, &language).await?;
    let offers = of.offers(&state, place(&at)?).await?;
    let offer = |offer: &MemoryMatch| MemoryOffer {
        likeness: offer.score,
        source: offer.segment.source.clone(),
        target: offer.segment.target.clone(),
    };
    json(&MemoryOffers { offers: offers.iter().map(offer).collect() })
}

/// Says something about a sentence.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/sentences/{place}/comments",
    operation_id = "commentOnSentence", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug"), ("language" = String, Path, description = "BCP 47"),
        ("place" = String, Path, description = "From 0, or `title`")),
    request_body = CommentBody,
    responses((status = 200, description = "The translation with its comments", body = ReviewView), NotChanged))]
pub async fn comment(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, language, at)): Sentence,
    Sent(body): Sent<CommentBody>,
) -> Result<Response> {
    let of = read(&state, &here, &stop, &language).await?;
    let kept = state.store.comment(&here.may.actor(), &of.stop, &of.text, place(&at)?, &body.body).await;
    kept.map_err(refused)?.ok_or(WebError::NoAddress)?;
    answer(&state, &here, &of).await
}

/// Notes that nothing more is to be done about a comment.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/comments/{comment}/resolve",
    operation_id = "resolveComment", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug"), ("language" = String, Path, description = "BCP 47"),
        ("comment" = String, Path, description = "The comment's `id`")),
    responses((status = 200, description = "The translation with its comments", body = ReviewView), NotChanged))]
pub async fn resolve(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, stop, language, comment)): Sentence,
) -> Result<Response> {
    let of = read(&state, &here, &stop, &language).await?;
    let id = comment.parse().map_err(|_| WebError::NoAddress)?;
    state.store.resolve_comment(&here.may.actor(), &of.stop, &of.text, id).await?;
    answer(&state, &here, &of).await
}
