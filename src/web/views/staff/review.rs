//! A translation under review: each sentence beside its source, with what was found, offered and heard.

use std::collections::HashMap;

use askama::Template;

use crate::domain::{
    Author, ContentHash, Finding, Language, Permission, Scope, Sentence, SentenceId, Site, Span, Stop, Text, TextState,
    Verdict,
};
use crate::people::Signed;
use crate::store::{GuideHearing, MemoryMatch, StoredCheck, StoredFinding, text_hash};
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::found;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::strings::{fill, words};

words! {
    /// The words of a translation under review.
    Strings: heading, lead, back, source, target, title, sentence, by_machine, by_person, route, approved,
    approved_plain, draft, uncompared, edit, words, save, conflict, gone, changed, saved, waived, done_approved,
    done_accepted, finding, waived_by, reason, waive, reason_missing, memory, likeness, play, heard,
    accept, accepted_by, held, approve, approve_lead, open_findings, unchecked, empty
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

struct Offer {
    likeness: String,
    target: String,
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
    person: bool,
    findings: Vec<Found>,
    offers: Vec<Offer>,
    sound: Option<Sound>,
}

#[derive(Template)]
#[template(path = "staff/review.html")]
struct View<'a> {
    page: Frame<'a>,
    heading: String,
    /// The address of this page, which that of every change begins with.
    here: String,
    from: &'static str,
    to: Language,
    route: String,
    state: String,
    rows: Vec<Row>,
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
    pub stop: &'a Stop,
    pub text: &'a Text,
    pub sentences: &'a [Sentence],
    pub approver: Option<String>,
    pub checks: &'a [StoredCheck],
    pub findings: &'a [StoredFinding],
    pub hearings: &'a [GuideHearing],
    /// Places of sentences whose sound is there.
    pub clips: &'a [u32],
    pub offers: &'a HashMap<Option<SentenceId>, Vec<MemoryMatch>>,
    pub kept: Option<Kept>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, matter: &Matter<'_>, note: Note) -> Result<String> {
    let words = state.desk.of(lang);
    let own = &words.review;
    let text = matter.text;
    let site = Scope::Site(matter.site.id);
    let may = |permission| matter.signed.person.grants.may(permission, site);
    let contents = matter.sentences.iter().map(|sentence| (sentence.paragraph, sentence.content.as_str()));
    let seen = text_hash(text.language, &text.title, contents);
    let open = matter.findings.iter().filter(|found| found.waiver.is_none()).count();
    let name = if lang == Language::EN { text.language.endonym() } else { text.language.vietnamese_name() };
    let heading = fill(&own.heading, &[("stop", matter.stop.names.best(lang)), ("language", name)]);
    let told = (own, &words.found);
    let title = row(told, matter, None, &text.title);
    let bodies = matter.sentences.iter().map(|sentence| row(told, matter, Some(sentence), &sentence.content));
    let rows: Vec<Row> = std::iter::once(title).chain(bodies).collect();
    let stray = |kept: &&Kept| kept.ordinal.is_some_and(|at| at as usize >= matter.sentences.len());
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Review, &heading),
        heading,
        here: format!("/staff/sites/{}/stops/{}/review/{}", matter.site.slug, matter.stop.slug, text.language),
        from: matter.checks.first().map_or("", |check| check.source_language.tag()),
        to: text.language,
        route: route(&text.author),
        state: match (text.state, &matter.approver) {
            (TextState::Approved, Some(by)) => fill(&own.approved, &[("name", by)]),
            (TextState::Approved, None) => own.approved_plain.clone(),
            (TextState::Draft, _) => own.draft.clone(),
        },
        rows,
        seen,
        may_edit: may(Permission::Edit),
        may_approve: may(Permission::Review),
        open_findings: (open > 0).then(|| fill(&own.open_findings, &[("n", &open.to_string())])),
        lost: matter.kept.as_ref().filter(stray).map(|kept| kept.words.clone()),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
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

fn row((own, of): (&Strings, &found::Strings), matter: &Matter<'_>, sentence: Option<&Sentence>, content: &str) -> Row {
    let id = sentence.map(|sentence| sentence.id);
    let ordinal = sentence.map(|sentence| sentence.ordinal);
    let check = matter.checks.iter().find(|check| check.sentence == id);
    let here: Vec<&StoredFinding> = matter.findings.iter().filter(|found| found.ordinal == ordinal).collect();
    let open: Vec<&Finding> = here.iter().filter(|one| one.waiver.is_none()).map(|one| &one.finding).collect();
    let offers = matter.offers.get(&id).map(Vec::as_slice).unwrap_or_default();
    let by_person = |offer: &MemoryMatch| offer.segment.author.is_person() && offer.segment.target == content;
    let kept = matter.kept.as_ref().filter(|kept| kept.ordinal == ordinal);
    let other = offers.iter().filter(|offer| offer.segment.target != content);
    Row {
        ordinal: ordinal.map(|at| at.to_string()).unwrap_or_default(),
        name: ordinal.map_or_else(|| own.title.clone(), |at| fill(&own.sentence, &[("n", &(at + 1).to_string())])),
        source: check.map(|check| stretches(&check.source, open.iter().filter_map(|one| one.source.as_ref()))),
        target: stretches(content, open.iter().filter_map(|one| one.target.as_ref())),
        words: content.to_owned(),
        mine: kept.map_or_else(|| content.to_owned(), |kept| kept.words.clone()),
        open: kept.is_some(),
        person: matter.text.author.is_person() || offers.iter().any(by_person),
        findings: here
            .iter()
            .map(|found| Found {
                id: found.id.0,
                message: found::finding(of, &found.finding),
                waived: found
                    .waiver
                    .as_ref()
                    .map(|waiver| fill(&own.waived_by, &[("name", &waiver.by), ("reason", &waiver.reason)])),
            })
            .collect(),
        offers: other
            .map(|offer| Offer {
                likeness: fill(&own.likeness, &[("n", &offer.score.to_string())]),
                target: offer.segment.target.clone(),
            })
            .collect(),
        sound: ordinal.and_then(|at| sound((own, of), matter, at, content)),
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
