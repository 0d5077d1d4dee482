//! The timetables of buses: what is there, and another one put in.

use askama::Template;

use super::moment::Moment;
use crate::domain::{Permission, Scope};
use crate::people::Signed;
use crate::store::TimetableHead;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::strings::{fill, words};

words! {
    /// The words of the timetables.
    Strings: heading, lead, none, name, holds, counts, ends, positions, no_positions, kept_by, remove, add, add_lead,
    new_name, new_name_hint, archive, archive_hint, new_positions, new_positions_hint, put, kept, removed, bad_name,
    bad_positions, no_file, bad_feed
}

struct Row<'a> {
    head: &'a TimetableHead,
    counts: String,
    at: Moment,
}

#[derive(Template)]
#[template(path = "staff/timetables.html")]
struct View<'a> {
    page: Frame<'a>,
    rows: Vec<Row<'a>>,
    manages: bool,
    name: &'a str,
    positions: &'a str,
    bad: Option<String>,
    good: Option<String>,
}

fn row<'a>(words: &Strings, head: &'a TimetableHead) -> Row<'a> {
    let (routes, stops, trips) = (head.routes.to_string(), head.stops.to_string(), head.trips.to_string());
    let counts = fill(&words.counts, &[("routes", &routes), ("stops", &stops), ("trips", &trips)]);
    Row { head, counts, at: head.kept_at.into() }
}

/// # Errors
/// Where the page cannot be written.
pub fn render(
    state: &State,
    signed: &Signed,
    heads: &[TimetableHead],
    typed: &[(String, String)],
    note: Note,
) -> Result<String> {
    let lang = signed.person.language;
    let words = &state.desk.of(lang).timetables;
    let field = |name: &str| typed.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
    let view = View {
        page: Frame::new(state, lang, Some(signed), Place::Screens, &words.heading),
        rows: heads.iter().map(|head| row(words, head)).collect(),
        manages: signed.person.grants.may(Permission::Manage, Scope::House),
        name: field("name"),
        positions: field("positions"),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}
