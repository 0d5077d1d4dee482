//! A translation under review: each sentence beside its source, with what was found, offered and heard.

use askama::Template;

use super::moment::Moment;
use crate::domain::{
    Author, ContentHash, Finding, Language, Permission, ReviewRule, Scope, Site, Span, TextState, Verdict,
};
use crate::people::Signed;
use crate::store::{Comment, GuideHearing, StoredFinding};
use crate::web::State;
use crate::web::error::Result;
use crate::web::reviewing::{Reviewing, Standing, Unit};
use crate::web::views::staff::account::Note;
use crate::web::views::staff::found;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::strings::{fill, words};

words! {
    /// The words of a translation under review.
    Strings: heading, lead, back, source, target, title, sentence, by_machine, by_person, route, approved,
    approved_plain, draft, uncompared, edit, words, save, conflict, gone, changed, saved, waived, done_approved,
    done_accepted, finding, waived_by, reason, waive, reason_missing, memory, likeness, play, heard,
    accept, accepted_by, held, approve, approve_lead, open_findings, unchecked, empty, edited_by, read_by, asked,
    approve_one, comments, comment, say, resolve, resolved_by, about, gone_comments, look_up, no_offers,
    back_to_text, take_over, keys, key_next, key_before, key_asked, key_approve, key_edit, key_play, key_comment,
    key_memory, key_whole, key_save, key_help, rule_every, rule_spot, rule_machine, left, nothing_left, rules,
    done_read, done_commented, done_resolved, comment_bad
}

/// A stretch of a sentence, and whether something was found there.
#[derive(Debug, PartialEq, Eq)]
struct Stretch {
    text: String,
    found: bool,
}

struct Found {
    id: i64,
    message: String,
    /// Who let it pass and why.
    waived: Option<String>,
}

struct Said {
    id: i64,
    body: String,
    by: String,
    at: Moment,
    /// What the sentence said when it was said, where it says something else now.
    about: Option<String>,
    resolved: Option<String>,
}

struct Sound {
    /// Numbers the hearing, where the clip was heard back.
    id: i64,
    heard: Option<String>,
    /// What was heard otherwise, in words.
    differences: Vec<String>,
    held: bool,
    accepted: Option<String>,
}

struct Row {
    /// Names its place on the page.
    anchor: String,
    /// From 0; empty for the title, as the form sends it.
    ordinal: String,
    name: String,
    source: Option<Vec<Stretch>>,
    target: Vec<Stretch>,
    /// The words as they stand.
    words: String,
    /// What stands in the field: the words, or what somebody wrote when another was faster.
    mine: String,
    open: bool,
    standing: Standing,
    /// Who wrote it and who approved it, in words.
    writer: String,
    reader: Option<String>,
    /// Whether it was compared with its source, and can be approved by itself.
    compared: bool,
    findings: Vec<Found>,
    comments: Vec<Said>,
    /// How many of them nobody resolved.
    talk: usize,
    sound: Option<Sound>,
}

#[derive(Template)]
#[template(path = "staff/review.html")]
struct View<'a> {
    page: Frame<'a>,
    heading: String,
    /// The address of this page, which that of every change begins with.
    here: String,
    hearing_href: String,
    from: &'static str,
    to: Language,
    route: String,
    state: String,
    /// What the rule asks, and what is left of it.
    rule: String,
    left: String,
    rules_href: Option<String>,
    rows: Vec<Row>,
    /// Comments whose sentence is gone.
    stray: Vec<Said>,
    seen: ContentHash,
    may_edit: bool,
    may_approve: bool,
    /// What must be settled before an approval.
    open_findings: Option<String>,
    /// Words whose sentence is gone.
    lost: Option<String>,
    bad: Option<String>,
    good: Option<String>,
}

/// Words that could not be saved, to be shown again.
pub struct Kept {
    pub ordinal: Option<u32>,
    pub words: String,
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub site: &'a Site,
    pub of: &'a Reviewing,
    pub hearings: &'a [GuideHearing],
    /// Places of sentences whose sound is there.
    pub clips: &'a [u32],
    pub kept: Option<Kept>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, matter: &Matter<'_>, note: Note) -> Result<String> {
    let words = state.desk.of(lang);
    let own = &words.review;
    let of = matter.of;
    let text = &of.text;
    let site = Scope::Site(matter.site.id);
    let may = |permission| matter.signed.person.grants.may(permission, site);
    let open = of.findings.iter().filter(|found| found.waiver.is_none()).count();
    let name = if lang == Language::EN { text.language.endonym() } else { text.language.vietnamese_name() };
    let heading = fill(&own.heading, &[("stop", of.stop.names.best(lang)), ("language", name)]);
    let stray = |kept: &&Kept| kept.ordinal.is_some_and(|at| at as usize >= of.sentences.len());
    let gone = |one: &&Comment| one.ordinal.is_some() && one.sentence.is_none();
    let left = of.left();
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Review, &heading),
        heading,
        here: format!("/staff/sites/{}/stops/{}/review/{}", matter.site.slug, of.stop.slug, text.language),
        hearing_href: format!("/staff/sites/{}/stops/{}/hearing/{}", matter.site.slug, of.stop.slug, text.language),
        from: of.checks.first().map_or("", |check| check.source_language.tag()),
        to: text.language,
        route: route(&text.author),
        state: match (text.state, &of.approver) {
            (TextState::Approved, Some(by)) => fill(&own.approved, &[("name", by)]),
            (TextState::Approved, None) => own.approved_plain.clone(),
            (TextState::Draft, _) => own.draft.clone(),
        },
        rule: rule(own, of.rule),
        left: if left == 0 { own.nothing_left.clone() } else { fill(&own.left, &[("n", &left.to_string())]) },
        rules_href: may(Permission::Publish).then(|| format!("/staff/sites/{}/review-rules", matter.site.slug)),
        rows: of.units().map(|unit| row((own, &words.found), matter, unit)).collect(),
        stray: of.comments.iter().filter(gone).map(|one| said(own, one, "")).collect(),
        seen: of.seen(),
        may_edit: may(Permission::Edit),
        may_approve: may(Permission::Review),
        open_findings: (open > 0).then(|| fill(&own.open_findings, &[("n", &open.to_string())])),
        lost: matter.kept.as_ref().filter(stray).map(|kept| kept.words.clone()),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

/// What must be read, in words.
#[must_use]
pub fn rule(own: &Strings, rule: ReviewRule) -> String {
    match rule {
        ReviewRule::Every => own.rule_every.clone(),
        ReviewRule::Spot { share } => fill(&own.rule_spot, &[("share", &share.percent().to_string())]),
        ReviewRule::Machine => own.rule_machine.clone(),
    }
}

fn said(own: &Strings, comment: &Comment, now: &str) -> Said {
    Said {
        id: comment.id,
        body: comment.body.clone(),
        by: comment.by.clone(),
        at: comment.at.into(),
        about: (comment.words != now).then(|| comment.words.clone()),
        resolved: comment.resolved.as_ref().map(|(by, _)| fill(&own.resolved_by, &[("name", by)])),
    }
}

fn route(author: &Author) -> String {
    match author {
        Author::Person { name } => name.clone(),
        Author::Machine { engine, route } => {
            let tags: Vec<&str> = route.iter().map(|language| language.tag()).collect();
            format!("{} ({engine})", tags.join(" → "))
        }
    }
}

fn row((own, told): (&Strings, &found::Strings), matter: &Matter<'_>, unit: Unit<'_>) -> Row {
    let (of, ordinal) = (matter.of, unit.ordinal);
    let check = of.check(unit.id);
    let here: Vec<&StoredFinding> = of.findings.iter().filter(|found| found.ordinal == ordinal).collect();
    let open: Vec<&Finding> = here.iter().filter(|one| one.waiver.is_none()).map(|one| &one.finding).collect();
    let kept = matter.kept.as_ref().filter(|kept| kept.ordinal == ordinal);
    let standing = of.standing(unit.id);
    let talk = |one: &&Comment| one.sentence == unit.id && (unit.id.is_some() || one.ordinal.is_none());
    let comments: Vec<Said> = of.comments.iter().filter(talk).map(|one| said(own, one, unit.words)).collect();
    Row {
        anchor: ordinal.map_or_else(|| "0".to_owned(), |at| (at + 1).to_string()),
        ordinal: ordinal.map(|at| at.to_string()).unwrap_or_default(),
        name: ordinal.map_or_else(|| own.title.clone(), |at| fill(&own.sentence, &[("n", &(at + 1).to_string())])),
        source: check.map(|check| stretches(&check.source, open.iter().filter_map(|one| one.source.as_ref()))),
        target: stretches(unit.words, open.iter().filter_map(|one| one.target.as_ref())),
        words: unit.words.to_owned(),
        mine: kept.map_or_else(|| unit.words.to_owned(), |kept| kept.words.clone()),
        open: kept.is_some(),
        writer: match &standing.written {
            Some(name) => fill(&own.edited_by, &[("name", name)]),
            None if of.text.author.is_person() => own.by_person.clone(),
            None => own.by_machine.clone(),
        },
        reader: standing.approved.as_ref().map(|name| fill(&own.read_by, &[("name", name)])),
        standing,
        compared: check.is_some(),
        findings: here
            .iter()
            .map(|found| Found {
                id: found.id.0,
                message: found::finding(told, &found.finding),
                waived: found
                    .waiver
                    .as_ref()
                    .map(|waiver| fill(&own.waived_by, &[("name", &waiver.by), ("reason", &waiver.reason)])),
            })
            .collect(),
        talk: comments.iter().filter(|one| one.resolved.is_none()).count(),
        comments,
        sound: ordinal.and_then(|at| sound((own, told), matter, at, unit.words)),
    }
}

fn sound((own, of): (&Strings, &found::Strings), matter: &Matter<'_>, at: u32, content: &str) -> Option<Sound> {
    let clip = matter.hearings.iter().find(|clip| clip.ordinal == at && clip.sentence == content);
    let Some(clip) = clip else {
        let there = matter.clips.contains(&at);
        return there.then(|| Sound { id: 0, heard: None, differences: Vec::new(), held: false, accepted: None });
    };
    let accepted = clip.accepted.as_ref();
    Some(Sound {
        id: clip.id,
        heard: Some(clip.hearing.heard.clone()),
        differences: clip.hearing.findings.iter().map(|one| found::hearing(of, one)).collect(),
        held: clip.hearing.verdict != Verdict::Pass && accepted.is_none(),
        accepted: accepted.map(|one| fill(&own.accepted_by, &[("name", &one.by), ("reason", &one.reason)])),
    })
}

/// A sentence cut where findings begin and end; stretches that overlap are one.
fn stretches<'a>(text: &str, spans: impl Iterator<Item = &'a Span>) -> Vec<Stretch> {
    let spans: Vec<&Span> = spans.collect();
    let mut cut: Vec<Stretch> = Vec::new();
    for (at, letter) in text.chars().enumerate() {
        let found = spans.iter().any(|span| (span.start..span.end).contains(&at));
        match cut.last_mut() {
            Some(last) if last.found == found => last.text.push(letter),
            _ => cut.push(Stretch { text: letter.to_string(), found }),
        }
    }
    cut
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_sentence_is_cut_and_loses_nothing(text in "\\PC{0,30}", start in 0usize..40, length in 0usize..40) {
            let span = Span { text: String::new(), start, end: start + length };
            let cut = stretches(&text, [&span].into_iter());
            prop_assert_eq!(cut.iter().map(|one| one.text.as_str()).collect::<String>(), text.clone());
            let marked: usize = cut.iter().filter(|one| one.found).map(|one| one.text.chars().count()).sum();
            prop_assert_eq!(marked, text.chars().count().saturating_sub(start).min(length));
        }
    }
}
