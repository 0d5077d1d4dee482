//! What is being made: which guide is at which step, what waits, what failed and why, and how long it will take.

use askama::Template;

use super::moment::Moment;
use crate::domain::{JobFailure, JobFault, Language, Milliseconds, Permission, Scope};
use crate::people::Signed;
use crate::pipeline::{Doing, Step};
use crate::store::WorkRow;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::words::Words;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;
use crate::web::work::{Left, PAGE, Paging, Sight};

words! {
    /// The words of the work.
    Strings: heading, lead, running, waiting, failed, nothing_running, nothing_waiting, nothing_failed, stop, language,
    step, since, asked, why, begin, translate, speak, hear, finish, elsewhere, sentences, left, minutes, hours,
    left_unknown, retry, cancel, retried, cancelled, not_retried, not_cancelled, again, engine, files, database,
    recording, vanished, silent, program, live, stale, later, first, sums
}

struct Row {
    id: i64,
    /// Of the job's own changes.
    action: String,
    href: String,
    name: Said,
    site: Said,
    tag: &'static str,
    endonym: &'static str,
    at: Moment,
    step: String,
    /// Sentences behind us, and all of them.
    counted: Option<(usize, usize)>,
    /// What went wrong, in the words of the page, and as the program said it.
    failure: Option<(String, String)>,
    again: Option<String>,
    may_change: bool,
}

/// What changes while one looks.
#[derive(Template)]
#[template(path = "staff/work_now.html")]
struct Now<'a> {
    words: &'a Words,
    sums: [(&'a str, u64); 3],
    left: Option<String>,
    running: Vec<Row>,
    failed: Vec<Row>,
    waiting: Vec<Row>,
    later_waiting: Option<usize>,
    later_failed: Option<usize>,
    from: Paging,
}

#[derive(Template)]
#[template(path = "staff/work.html")]
struct View<'a> {
    page: Frame<'a>,
    now: Now<'a>,
    bad: Option<String>,
    good: Option<String>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, signed: &Signed, sight: &Sight, from: Paging, note: Note) -> Result<String> {
    let lang = signed.person.language;
    let words = state.desk.of(lang);
    let view = View {
        page: Frame::new(state, lang, Some(signed), Place::Work, &words.work.heading),
        now: now(state, signed, sight, from),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

/// The part of the page that changes.
///
/// # Errors
/// Where it cannot be written.
pub fn render_now(state: &State, signed: &Signed, sight: &Sight, from: Paging) -> Result<String> {
    Ok(now(state, signed, sight, from).render()?)
}

fn now<'a>(state: &'a State, signed: &Signed, sight: &Sight, from: Paging) -> Now<'a> {
    let lang = signed.person.language;
    let words = state.desk.of(lang);
    let own = &words.work;
    let listed = |rows: &[WorkRow]| rows.iter().filter_map(|row| self::row(sight, row, signed, words)).collect();
    let running = sight.running.iter().filter_map(|running| {
        let row = row(sight, &running.row, signed, words)?;
        let (step, counted) = step(own, running.doing.as_ref());
        Some(Row { step, counted, at: running.row.started_at.unwrap_or(running.row.changed_at).into(), ..row })
    });
    let later = |from: usize, shown: usize, all: u64| (from + shown < all as usize).then_some(from + PAGE);
    Now {
        words,
        sums: [
            (&own.running, sight.counts.running),
            (&own.waiting, sight.counts.waiting),
            (&own.failed, sight.counts.failed),
        ],
        left: match sight.left {
            Left::Nothing => None,
            Left::Unknown => Some(own.left_unknown.clone()),
            Left::About(time) => Some(fill(&own.left, &[("time", &span(own, time))])),
        },
        running: running.collect(),
        failed: listed(&sight.failed),
        waiting: listed(&sight.waiting),
        later_waiting: later(from.waiting, sight.waiting.len(), sight.counts.waiting),
        later_failed: later(from.failed, sight.failed.len(), sight.counts.failed),
        from,
    }
}

fn row(sight: &Sight, row: &WorkRow, signed: &Signed, words: &Words) -> Option<Row> {
    let (own, lang) = (&words.work, signed.person.language);
    let site = sight.site(row)?;
    let waits = row.not_before > row.changed_at;
    Some(Row {
        id: row.id.0,
        action: format!("/staff/sites/{}/work/{}", site.slug, row.id),
        href: format!("/staff/sites/{}/stops/{}", site.slug, row.stop),
        name: Said::name(&row.names, lang),
        site: Said::name(&site.names, lang),
        tag: row.language.map_or("", Language::tag),
        endonym: row.language.map_or("–", Language::endonym),
        at: row.asked_at.into(),
        step: String::new(),
        counted: None,
        failure: row.failure.as_ref().map(|failure| (reason(own, failure).to_owned(), failure.error.clone())),
        again: waits.then(|| fill(&own.again, &[("when", &Moment::from(row.not_before).shown)])),
        may_change: signed.person.grants.may(Permission::Edit, Scope::Site(row.site)),
    })
}

/// What a job is at, in words, and how far.
fn step(own: &Strings, doing: Option<&Doing>) -> (String, Option<(usize, usize)>) {
    let Some(doing) = doing else { return (own.elsewhere.clone(), None) };
    let name = match doing.step {
        Step::Begin => &own.begin,
        Step::Translate => &own.translate,
        Step::Speak => &own.speak,
        Step::Hear => &own.hear,
        Step::Finish => &own.finish,
    };
    (name.clone(), (doing.of > 0).then_some((doing.done, doing.of)))
}

/// What went wrong and what to do about it.
fn reason<'a>(own: &'a Strings, failure: &JobFailure) -> &'a str {
    match failure.fault {
        JobFault::Engine => &own.engine,
        JobFault::Files => &own.files,
        JobFault::Database => &own.database,
        JobFault::Recording => &own.recording,
        JobFault::Vanished => &own.vanished,
        JobFault::Silent => &own.silent,
        JobFault::Program => &own.program,
    }
}

/// Whole minutes, at least one; from three hours on whole hours.
fn span(own: &Strings, time: Milliseconds) -> String {
    let minutes = time.0.div_ceil(60_000).max(1);
    match minutes {
        0..180 => fill(&own.minutes, &[("n", &minutes.to_string())]),
        _ => fill(&own.hours, &[("n", &((minutes + 30) / 60).to_string())]),
    }
}
