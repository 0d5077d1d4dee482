//! One recording: its sound, what was heard in it line by line, its passages, and what its words become.

use askama::Template;

use crate::domain::{Job, JobState, Language, Milliseconds, Passage, Permission, RecordedSentence, Recording, Scope};
use crate::people::Signed;
use crate::pipeline::recordings::clock;
use crate::web::State;
use crate::web::error::Result;
use crate::web::recordings::Places;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::recordings::{long_clock, state_of};
use crate::web::views::strings::{fill, words};
use crate::web::views::words::{Said, seconds};

words! {
    /// The words of one recording.
    Strings: back, whole, by, job_waits, job_runs, job_failed, job_none, hear, hear_again, lines, lines_lead, line,
    start, end, text, play, heard, read_by, save, page_of, earlier, later, all_read, text_heading, text_lead, stop,
    title, title_hint, part, whole_part, passage, replace, make_text, passages, passages_lead, passage_speaker,
    passage_title, keep_passages, silence, silence_hint, cut, added, known, read, passages_kept, cutting, asked,
    described, overtaken, unfit, unread, nothing_said, text_stands, none_yet, narrates, narrate_lead
}

struct Line {
    ordinal: u32,
    name: String,
    start: String,
    end: String,
    /// For the player: seconds.
    from: String,
    to: String,
    text: String,
    heard: String,
    read_by: Option<String>,
}

struct Part {
    ordinal: u32,
    name: String,
    start: String,
    end: String,
    from: String,
    to: String,
    speaker: String,
    title: String,
}

#[derive(Template)]
#[template(path = "staff/recording.html")]
struct View<'a> {
    page: Frame<'a>,
    recording: &'a Recording,
    here: String,
    state: &'a str,
    length: String,
    language: &'static str,
    stop: Option<(String, Said)>,
    work: String,
    failed: bool,
    /// Whether something is on its way, so that the page asks again by itself.
    in_work: bool,
    may_hear: bool,
    again: bool,
    edits: bool,
    lines: Vec<Line>,
    tag: String,
    at: usize,
    page_of: String,
    earlier: Option<usize>,
    later: Option<usize>,
    unread: Option<String>,
    passages: Vec<Part>,
    passages_tag: String,
    /// Stops whose text this may become: slug, name and whether it was handed in for it.
    stops: Vec<(String, Said, bool)>,
    narrations: Option<String>,
    bad: Option<String>,
    good: Option<String>,
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub recording: &'a Recording,
    pub places: &'a Places,
    pub unread: usize,
    pub lines: &'a [RecordedSentence],
    pub tag: String,
    pub pages: usize,
    /// From 0.
    pub at: usize,
    pub passages: &'a [Passage],
    pub passages_tag: String,
    pub job: Option<Job>,
    pub heard_to: Milliseconds,
    pub scope: Scope,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, matter: &Matter<'_>, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = state.desk.of(lang);
    let (own, recording) = (&words.recording, matter.recording);
    let grants = &matter.signed.person.grants;
    let stop = recording.stop.and_then(|id| matter.places.stop(id));
    let address = |stop: &crate::domain::Stop| {
        let site = matter.places.site(stop)?;
        Some(format!("/staff/sites/{}/stops/{}/recordings", site.slug, stop.slug))
    };
    let reviews = matter.places.stops.iter().filter(|stop| grants.may(Permission::Review, Scope::Site(stop.site)));
    let (work, failed, in_work) = work(own, matter);
    let all_unread = matter.unread == matter.lines.len() || matter.lines.is_empty();
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Recordings, &recording.name),
        recording,
        here: format!("/staff/recordings/{}", recording.id),
        state: state_of(&words.recordings, recording.state),
        length: long_clock(recording.duration),
        language: recording.language.endonym(),
        stop: stop.and_then(|stop| Some((address(stop)?, Said::name(&stop.names, lang)))),
        work,
        failed,
        in_work,
        may_hear: !in_work && (matter.lines.is_empty() || all_unread) && grants.may(Permission::Edit, matter.scope),
        again: !matter.lines.is_empty(),
        edits: grants.may(Permission::Edit, matter.scope),
        lines: matter.lines.iter().map(|one| line(own, one)).collect(),
        tag: matter.tag.clone(),
        at: matter.at + 1,
        page_of: fill(&own.page_of, &[("n", &(matter.at + 1).to_string()), ("all", &matter.pages.to_string())]),
        earlier: (matter.at > 0).then_some(matter.at),
        later: (matter.at + 1 < matter.pages).then_some(matter.at + 2),
        unread: (matter.unread > 0).then(|| fill(&own.unread, &[("n", &matter.unread.to_string())])),
        passages: matter.passages.iter().map(|one| part(own, one)).collect(),
        passages_tag: matter.passages_tag.clone(),
        stops: reviews
            .map(|one| (one.slug.to_string(), Said::name(&one.names, lang), Some(one.id) == recording.stop))
            .collect(),
        narrations: stop.and_then(address),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

/// How the hearing stands, whether it failed, and whether it is on its way.
fn work(own: &Strings, matter: &Matter<'_>) -> (String, bool, bool) {
    let Some(job) = &matter.job else { return (own.job_none.clone(), false, false) };
    match job.state {
        JobState::Waiting => (own.job_waits.clone(), false, true),
        JobState::Running => {
            let (done, all) = (long_clock(matter.heard_to), long_clock(matter.recording.duration));
            (fill(&own.job_runs, &[("done", &done), ("all", &all)]), false, true)
        }
        JobState::Dead => {
            let why = job.last_error.clone().unwrap_or_default();
            (fill(&own.job_failed, &[("why", &why)]), true, false)
        }
        JobState::Done => (String::new(), false, false),
    }
}

fn line(own: &Strings, sentence: &RecordedSentence) -> Line {
    Line {
        ordinal: sentence.ordinal,
        name: fill(&own.line, &[("n", &(sentence.ordinal + 1).to_string())]),
        start: clock(sentence.start),
        end: clock(sentence.end),
        from: seconds(sentence.start),
        to: seconds(sentence.end),
        text: sentence.text().to_owned(),
        heard: sentence.heard.clone(),
        read_by: sentence.corrected_by.as_ref().map(|name| fill(&own.read_by, &[("name", name)])),
    }
}

fn part(own: &Strings, passage: &Passage) -> Part {
    Part {
        ordinal: passage.ordinal,
        name: fill(&own.passage, &[("n", &(passage.ordinal + 1).to_string())]),
        start: clock(passage.start),
        end: clock(passage.end),
        from: seconds(passage.start),
        to: seconds(passage.end),
        speaker: passage.speaker.clone().unwrap_or_default(),
        title: passage.title.clone().unwrap_or_default(),
    }
}

/// The language of the lines, for the template.
impl View<'_> {
    fn lang(&self) -> Language {
        self.recording.language
    }
}
