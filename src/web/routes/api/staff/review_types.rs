//! A translation under review as programs read it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Author, Span};
use crate::store::{Comment, StoredFinding};
use crate::web::reviewing::{Reviewing, Unit};

/// A translation beside its source.
#[derive(Serialize, ToSchema)]
#[schema(as = Review)]
pub struct ReviewView {
    pub stop: String,
    pub language: String,
    /// `draft` or `approved`.
    pub state: String,
    /// Who approved the whole text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// The languages a machine went through, the first one written by people; empty where a person wrote it.
    pub route: Vec<String>,
    /// What must be read before it is public: `every`, `spot` or `machine`.
    pub rule: &'static str,
    /// Of a spot check, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<u8>,
    /// Sentences the rule still asks to be read.
    pub left: usize,
    /// The hash of what it says, by which it is approved.
    pub seen: String,
    /// The title, then the sentences.
    pub sentences: Vec<SentenceView>,
}

/// A sentence, or the title.
#[derive(Serialize, ToSchema)]
#[schema(as = ReviewSentence)]
pub struct SentenceView {
    /// From 0, or `title`.
    pub place: String,
    /// What it was compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    pub words: String,
    /// Who wrote these words; absent for a machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// Whether the rule asks for it to be read, and nobody has.
    pub asked: bool,
    pub findings: Vec<FindingView>,
    pub comments: Vec<CommentView>,
}

/// What a check found.
#[derive(Serialize, ToSchema)]
#[schema(as = ReviewFinding)]
pub struct FindingView {
    pub id: i64,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SpanView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<SpanView>,
    /// Who let it pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waived_by: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A stretch of a sentence, in characters.
#[derive(Serialize, ToSchema)]
#[schema(as = ReviewSpan)]
pub struct SpanView {
    pub text: String,
    pub start: usize,
    pub end: usize,
}

/// What somebody said.
#[derive(Serialize, ToSchema)]
#[schema(as = ReviewComment)]
pub struct CommentView {
    pub id: i64,
    pub by: String,
    pub at: String,
    pub body: String,
    /// What the sentence said then.
    pub about: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved_by: Option<String>,
}

/// What the memory knows for a sentence.
#[derive(Serialize, ToSchema)]
pub struct MemoryOffers {
    pub offers: Vec<MemoryOffer>,
}

/// One earlier translation.
#[derive(Serialize, ToSchema)]
pub struct MemoryOffer {
    /// Percent; 101 where the sentences around it are the same too.
    pub likeness: u8,
    pub source: String,
    pub target: String,
}

fn span(span: &Span) -> SpanView {
    SpanView { text: span.text.clone(), start: span.start, end: span.end }
}

fn finding(found: &StoredFinding) -> FindingView {
    FindingView {
        id: found.id.0,
        message: found.finding.message.clone(),
        source: found.finding.source.as_ref().map(span),
        target: found.finding.target.as_ref().map(span),
        waived_by: found.waiver.as_ref().map(|waiver| waiver.by.clone()),
        reason: found.waiver.as_ref().map(|waiver| waiver.reason.clone()),
    }
}

fn comment(comment: &Comment) -> CommentView {
    CommentView {
        id: comment.id,
        by: comment.by.clone(),
        at: comment.at.rfc3339(),
        body: comment.body.clone(),
        about: comment.words.clone(),
        resolved_by: comment.resolved.as_ref().map(|(by, _)| by.clone()),
    }
}

fn sentence(of: &Reviewing, unit: &Unit<'_>) -> SentenceView {
    let standing = of.standing(unit.id);
    let own = |one: &&Comment| one.sentence == unit.id && (unit.id.is_some() || one.ordinal.is_none());
    SentenceView {
        place: unit.ordinal.map_or_else(|| "title".to_owned(), |at| at.to_string()),
        source: of.check(unit.id).map(|check| check.source.clone()),
        words: unit.words.to_owned(),
        written_by: standing.written,
        approved_by: standing.approved,
        asked: standing.asked,
        findings: of.findings.iter().filter(|found| found.ordinal == unit.ordinal).map(finding).collect(),
        comments: of.comments.iter().filter(own).map(comment).collect(),
    }
}

/// A translation as it stands.
#[must_use]
pub fn view(of: &Reviewing) -> ReviewView {
    ReviewView {
        stop: of.stop.slug.to_string(),
        language: of.text.language.tag().to_owned(),
        state: of.text.state.name().to_owned(),
        approved_by: of.approver.clone(),
        route: match &of.text.author {
            Author::Person { .. } => Vec::new(),
            Author::Machine { route, .. } => route.iter().map(|language| language.tag().to_owned()).collect(),
        },
        rule: of.rule.word(),
        share: of.rule.share().map(|share| share.percent()),
        left: of.left(),
        seen: of.seen().to_string(),
        sentences: of.units().map(|unit| sentence(of, &unit)).collect(),
    }
}
