//! One guide: what publishing its edition would change and for whom, what is public of it, and all its editions.

use askama::Template;

use super::moment::Moment;
use super::publishing::{Row, row, size};
use crate::domain::{EditionId, Site, Stop, VoiceMark};
use crate::people::Signed;
use crate::pipeline::changes::{Change, Changes, Reach, Reworded};
use crate::pipeline::publishing::{GuideStanding, Standing};
use crate::store::EditionRow;
use crate::web::State;
use crate::web::error::{Result, WebError};
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::strings::{fill, words};
use crate::web::views::words::clock;

words! {
    /// The words of what publishing changes.
    Strings: what_changes, all_new, sentences_new, added, removed, changed, same, nothing, title, voice, human, length,
    unread_before, unread_after, for_whom, visitors, devices, no_devices, pictures, compare
}

/// An edition beside the public one.
pub struct Compared {
    pub id: EditionId,
    pub number: u32,
    /// How many it has.
    pub sentences: usize,
    /// `None` where nothing is public.
    pub changes: Option<Changes>,
    pub reach: Reach,
}

/// One edition in the history.
struct Past {
    edition: EditionRow,
    /// Whether it can be chosen here: it is neither public nor the one that waits above.
    earlier: bool,
    made: Moment,
    length: String,
    public: Vec<(Moment, String)>,
}

/// The words of a sentence before and after; one of them is missing where it is new or goes.
struct Words {
    label: String,
    before: Option<String>,
    after: Option<String>,
}

/// What changes, in words.
struct Told {
    number: u32,
    lines: Vec<String>,
    words: Vec<Words>,
    devices: String,
}

#[derive(Template)]
#[template(path = "staff/guide.html")]
struct View<'a> {
    page: Frame<'a>,
    site: &'a Site,
    row: Row,
    planned: bool,
    is_current: bool,
    told: Option<Told>,
    past: Vec<Past>,
    bad: Option<String>,
    good: Option<String>,
}

/// One guide with its history.
///
/// # Errors
/// Where the page cannot be written.
pub fn render(
    state: &State,
    (signed, site, stop): (&Signed, &Site, &Stop),
    (guide, editions): (&GuideStanding, Vec<EditionRow>),
    compared: Option<&Compared>,
    note: Note,
) -> Result<String> {
    let lang = signed.person.language;
    let words = state.desk.of(lang);
    let waiting = guide.state.as_ref().and_then(|state| state.ready).map(|ready| ready.id);
    let waiting = waiting.filter(|_| matches!(guide.standing, Standing::Ready | Standing::Planned));
    let past = |edition: EditionRow| Past {
        earlier: !edition.current && Some(edition.id) != waiting,
        made: edition.made_at.into(),
        length: clock(edition.duration),
        public: edition.published.iter().map(|(at, by)| ((*at).into(), by.clone())).collect(),
        edition,
    };
    let missing = || WebError::UnknownStop(stop.slug.to_string());
    let row = row(guide, std::slice::from_ref(stop), lang, words).ok_or_else(missing)?;
    let view = View {
        page: Frame::new(state, lang, Some(signed), Place::Publishing, &words.publishing.heading),
        site,
        planned: guide.standing == Standing::Planned,
        is_current: row.current.is_some(),
        told: compared.map(|compared| told(&words.guide, compared)),
        row,
        past: editions.into_iter().map(past).collect(),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

fn told(own: &Strings, compared: &Compared) -> Told {
    let number = |text: &str, n: usize| fill(text, &[("n", &n.to_string())]);
    let (mut lines, mut words) = (Vec::new(), Vec::new());
    match &compared.changes {
        None => {
            lines.push(own.all_new.clone());
            lines.push(number(&own.sentences_new, compared.sentences));
        }
        Some(changes) => {
            let both = |text: &str, change: &Change<String>| fill(text, &[("from", &change.from), ("to", &change.to)]);
            lines.extend(changes.title.as_ref().map(|change| both(&own.title, change)));
            lines.extend(counts(own, changes));
            lines.extend(changes.voice.as_ref().map(|change| {
                both(&own.voice, &Change { from: voice(own, &change.from), to: voice(own, &change.to) })
            }));
            lines.extend(
                changes
                    .length
                    .as_ref()
                    .map(|change| both(&own.length, &Change { from: clock(change.from), to: clock(change.to) })),
            );
            lines.extend(
                changes
                    .unread
                    .as_ref()
                    .map(|change| if change.to { own.unread_after.clone() } else { own.unread_before.clone() }),
            );
            if lines.is_empty() {
                lines.push(own.nothing.clone());
            }
            words.extend(changes.sentences.iter().map(|one| beside(own, one)));
        }
    }
    let Reach { devices, each, all } = compared.reach;
    let devices = match devices {
        0 => own.no_devices.clone(),
        n => fill(&own.devices, &[("n", &n.to_string()), ("each", &size(each)), ("all", &size(all))]),
    };
    Told { number: compared.number, lines, words, devices }
}

fn counts(own: &Strings, changes: &Changes) -> Option<String> {
    let count = |wanted: fn(&Reworded) -> bool| changes.sentences.iter().filter(|one| wanted(one)).count();
    let parts = [
        (&own.changed, count(|one| matches!(one, Reworded::Changed(_)))),
        (&own.added, count(|one| matches!(one, Reworded::Added(_)))),
        (&own.removed, count(|one| matches!(one, Reworded::Removed(_)))),
    ];
    let told = parts.iter().filter(|(_, n)| *n > 0).map(|(text, n)| fill(text, &[("n", &n.to_string())]));
    let told: Vec<String> = told.chain([fill(&own.same, &[("n", &changes.same.to_string())])]).collect();
    (!changes.sentences.is_empty()).then(|| told.join(" · "))
}

fn beside(own: &Strings, one: &Reworded) -> Words {
    let label = |text: &str| fill(text, &[("n", "1")]);
    match one {
        Reworded::Added(after) => Words { label: label(&own.added), before: None, after: Some(after.clone()) },
        Reworded::Removed(before) => Words { label: label(&own.removed), before: Some(before.clone()), after: None },
        Reworded::Changed(change) => {
            Words { label: label(&own.changed), before: Some(change.from.clone()), after: Some(change.to.clone()) }
        }
    }
}

fn voice(own: &Strings, mark: &VoiceMark) -> String {
    if mark.synthetic { format!("{} ({})", mark.voice, mark.engine) } else { format!("{}: {}", own.human, mark.voice) }
}
