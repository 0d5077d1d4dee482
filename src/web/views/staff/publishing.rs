//! Publishing: what is public at a site, what waits and why, and one guide with its history.

use askama::Template;

use super::moment::Moment;
use crate::domain::{EditionId, Language, Permission, Role, Site, Stop, StopId};
use crate::people::Signed;
use crate::pipeline::HeldBack;
use crate::pipeline::publishing::{GuideStanding, Standing};
use crate::store::HoldReason;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::places::{Elsewhere, elsewhere};
use crate::web::views::staff::words::Words;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of publishing.
    Strings: heading, lead, stop, language, state, size, public, ready, planned, held, in_work, failed, not_made,
    no_text, no_voice, not_approved, open_findings, machine, clips_held, unheard, last_resort, waits, taken_back,
    edition, publish, publish_all, take_back, plan, plan_at, plan_hint, unplan, restore, history, made, was_public,
    by_policy, current, back, nothing, summary, for_kiosks, show_all, show_waiting, more, by_hand, by_hand_on,
    by_hand_off, by_hand_start, by_hand_end, done_published, done_planned, done_unplanned, done_taken, done_saved,
    lost_file, other_voice, bad_time, title, length, number, mine, publisher, reviewer, editor,
    open, to_read
}

/// A guide in the list.
pub struct Row {
    pub slug: String,
    pub code: String,
    pub name: Said,
    pub tag: &'static str,
    pub endonym: &'static str,
    pub state: String,
    pub why: String,
    /// What is public.
    pub current: Option<(u32, Moment)>,
    /// The edition that waits: its number in the database, and its size.
    pub ready: Option<(i64, u32, String)>,
    /// Whether it asks for somebody.
    pub waits: bool,
}

/// What somebody could do at a site, by the role it takes.
pub struct Task {
    pub site: Said,
    pub href: String,
    pub lines: Vec<(String, usize)>,
}

/// How many rows a page has.
pub const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "staff/publishing.html")]
struct View<'a> {
    page: Frame<'a>,
    site: &'a Site,
    name: Said,
    sites: Vec<Elsewhere>,
    summary: Vec<(String, usize)>,
    /// Bytes of everything that waits, for a device.
    size: String,
    any_ready: bool,
    rows: Vec<Row>,
    all: bool,
    next: Option<usize>,
    by_hand: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// What the page of a site is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub sites: &'a [Site],
    pub site: &'a Site,
    pub stops: &'a [Stop],
    pub guides: &'a [GuideStanding],
    pub by_hand: bool,
    /// Whether those that need nobody are shown too.
    pub all: bool,
    /// Rows before the first shown.
    pub from: usize,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, matter: &Matter<'_>, note: Note) -> Result<String> {
    let words = state.desk.of(lang);
    let shown = |guide: &&GuideStanding| matter.all || asks(guide.standing);
    let mut left = matter.guides.iter().filter(shown).skip(matter.from);
    let rows: Vec<Row> = left.by_ref().take(PAGE).filter_map(|guide| row(guide, matter.stops, lang, words)).collect();
    let ready = matter.guides.iter().filter(|guide| guide.standing == Standing::Ready);
    let bytes = ready.filter_map(|guide| guide.state.as_ref()?.ready).map(|ready| ready.bytes).sum();
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Publishing, &words.publishing.heading),
        site: matter.site,
        name: Said::name(&matter.site.names, lang),
        sites: elsewhere(matter.sites, matter.signed, Permission::Publish, "publishing", lang),
        summary: summary(matter.guides, words),
        size: size(bytes),
        any_ready: matter.guides.iter().any(|guide| guide.standing == Standing::Ready),
        next: left.next().map(|_| matter.from + PAGE),
        rows,
        all: matter.all,
        by_hand: matter.by_hand,
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

/// Whether a guide needs somebody.
#[must_use]
pub fn asks(standing: Standing) -> bool {
    !matches!(standing, Standing::Public | Standing::InWork | Standing::NotMade)
}

pub(super) fn row(guide: &GuideStanding, stops: &[Stop], lang: Language, words: &Words) -> Option<Row> {
    let stop = stops.iter().find(|stop| stop.id == guide.stop)?;
    let state = guide.state.as_ref();
    Some(Row {
        slug: stop.slug.to_string(),
        code: stop.code.to_string(),
        name: Said::name(&stop.names, lang),
        tag: guide.language.tag(),
        endonym: guide.language.endonym(),
        state: standing(guide.standing, words).to_owned(),
        why: why(guide, words),
        current: state.and_then(|state| state.current).map(|(number, at)| (number, at.into())),
        ready: state
            .and_then(|state| state.ready)
            .filter(|_| matches!(guide.standing, Standing::Ready | Standing::Planned))
            .map(|ready| (ready.id.0, ready.number, size(ready.bytes))),
        waits: asks(guide.standing),
    })
}

/// The word for how a guide stands.
#[must_use]
pub fn standing(standing: Standing, words: &Words) -> &str {
    let own = &words.publishing;
    match standing {
        Standing::Public => &own.public,
        Standing::Ready => &own.ready,
        Standing::Planned => &own.planned,
        Standing::Held(_) => &own.held,
        Standing::InWork => &own.in_work,
        Standing::Failed => &own.failed,
        Standing::NotMade => &own.not_made,
    }
}

/// What keeps a guide, and what to do about it.
#[must_use]
pub fn reason(reason: HeldBack, words: &Words) -> &str {
    let own = &words.publishing;
    match reason {
        HeldBack::NoText => &own.no_text,
        HeldBack::NoVoice => &own.no_voice,
        HeldBack::NotApproved => &own.not_approved,
        HeldBack::OpenFindings => &own.open_findings,
        HeldBack::MachineTranslation => &own.machine,
        HeldBack::SentencesToRead => &own.to_read,
        HeldBack::ClipsHeld => &own.clips_held,
        HeldBack::SpeechUnheard => &own.unheard,
        HeldBack::LastResortVoice => &own.last_resort,
        HeldBack::WaitsForPerson => &own.waits,
    }
}

fn why(guide: &GuideStanding, words: &Words) -> String {
    let own = &words.publishing;
    let state = guide.state.as_ref();
    match guide.standing {
        Standing::Held(held) => reason(held, words).to_owned(),
        Standing::Ready => match state.and_then(|state| state.hold.as_ref()) {
            Some(hold) if hold.reason == HoldReason::TakenBack => {
                let at = Moment::from(hold.at).shown;
                fill(&own.taken_back, &[("who", &hold.by), ("when", &at)])
            }
            _ => own.waits.clone(),
        },
        Standing::Planned => {
            let planned = state.and_then(|state| state.planned.as_ref());
            planned.map(|planned| Moment::from(planned.at).shown).unwrap_or_default()
        }
        Standing::Failed => {
            state.and_then(|state| state.job.as_ref()).and_then(|job| job.error.clone()).unwrap_or_default()
        }
        Standing::Public | Standing::InWork | Standing::NotMade => String::new(),
    }
}

/// How many guides stand how, those that need somebody first.
fn summary(guides: &[GuideStanding], words: &Words) -> Vec<(String, usize)> {
    let mut sums: Vec<(String, usize)> = Vec::new();
    for guide in guides {
        let name = standing(guide.standing, words);
        match sums.iter_mut().find(|(own, _)| own == name) {
            Some((_, count)) => *count += 1,
            None => sums.push((name.to_owned(), 1)),
        }
    }
    sums
}

/// Bytes as people read them.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1_000_000.0),
    }
}

/// What waits for a person at each site, as far as their roles there reach: `sites` with what they may do.
#[must_use]
pub fn tasks(signed: &Signed, sites: &[Site], guides: &[GuideStanding], lang: Language, words: &Words) -> Vec<Task> {
    let own = &words.publishing;
    let task = |site: &Site| {
        let may = |permission| signed.person.grants.may(permission, crate::domain::Scope::Site(site.id));
        let here = || guides.iter().filter(|guide| guide.site == site.id);
        let mut lines: Vec<(String, usize)> = Vec::new();
        let mut add = |role: Role, text: &str, count: usize| {
            if count > 0 {
                let by = match role {
                    Role::Publisher => &own.publisher,
                    Role::Reviewer => &own.reviewer,
                    _ => &own.editor,
                };
                lines.push((format!("{by}: {text}"), count));
            }
        };
        let count = |wanted: Standing| here().filter(|guide| guide.standing == wanted).count();
        if may(Permission::Publish) {
            add(Role::Publisher, &own.waits, count(Standing::Ready));
        }
        let held = |add: &mut dyn FnMut(Role, &str, usize), role, reasons: &[HeldBack]| {
            for held in reasons {
                add(role, reason(*held, words), count(Standing::Held(*held)));
            }
        };
        if may(Permission::Review) {
            use HeldBack::{ClipsHeld, MachineTranslation, NotApproved, OpenFindings, SentencesToRead, SpeechUnheard};
            held(
                &mut add,
                Role::Reviewer,
                &[OpenFindings, MachineTranslation, SentencesToRead, NotApproved, ClipsHeld, SpeechUnheard],
            );
        }
        if may(Permission::Edit) {
            held(&mut add, Role::Editor, &[HeldBack::NoText]);
            add(Role::Editor, &own.failed, count(Standing::Failed));
        }
        let href =
            if may(Permission::Publish) { format!("/staff/sites/{}/publishing", site.slug) } else { String::new() };
        Task { site: Said::name(&site.names, lang), href, lines }
    };
    sites.iter().map(task).filter(|task| !task.lines.is_empty()).collect()
}

/// The edition of a guide that is compared with the public one: the wanted one, else the one that waits.
#[must_use]
pub fn shown(guide: &GuideStanding, wanted: Option<EditionId>) -> Option<EditionId> {
    let ready = guide.state.as_ref().and_then(|state| state.ready).map(|ready| ready.id);
    wanted.or_else(|| ready.filter(|_| matches!(guide.standing, Standing::Ready | Standing::Planned)))
}

/// The standing of one guide among all of its site's.
#[must_use]
pub fn one(guides: Vec<GuideStanding>, stop: StopId, language: Language) -> Option<GuideStanding> {
    guides.into_iter().find(|guide| guide.stop == stop && guide.language == language)
}
