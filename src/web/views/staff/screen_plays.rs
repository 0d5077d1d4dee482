//! Proof of play: what a screen said it showed, day by day.

use askama::Template;

use crate::domain::{Slug, Stop};
use crate::people::Signed;
use crate::store::{Screen, ShownOnDay};
use crate::web::State;
use crate::web::counting::Days;
use crate::web::error::Result;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::words::Said;

struct Row<'a> {
    day: &'a str,
    code: String,
    name: Said,
    language: &'static str,
    tag: &'static str,
    times: u64,
    /// With one digit.
    minutes: String,
}

#[derive(Template)]
#[template(path = "staff/screen-plays.html")]
struct View<'a> {
    page: Frame<'a>,
    name: &'a str,
    code: String,
    days: &'a Days,
    rows: Vec<Row<'a>>,
    bad: Option<String>,
}

/// Minutes with one digit, as a person reads them.
#[must_use]
pub fn minutes(millis: u64) -> String {
    let tenths = (millis + 3_000) / 6_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// # Errors
/// Where the page cannot be written.
pub fn render(
    state: &State,
    signed: &Signed,
    (screen, stops): (&Screen, &[Stop]),
    (days, shown): (&Days, &[ShownOnDay]),
    bad: Option<String>,
) -> Result<String> {
    let lang = signed.person.language;
    let named = |slug: &Slug| match stops.iter().find(|stop| stop.slug == *slug) {
        Some(stop) => (stop.code.to_string(), Said::name(&stop.names, lang)),
        None => (String::new(), Said::own(slug.to_string())),
    };
    let row = |one: &'_ ShownOnDay| (named(&one.stop), one.language, one.times, minutes(one.millis));
    let rows = shown.iter().map(|one| {
        let ((code, name), language, times, minutes) = row(one);
        Row { day: &one.day, code, name, language: language.endonym(), tag: language.tag(), times, minutes }
    });
    let heading = &state.desk.of(lang).screens.plays;
    let view = View {
        page: Frame::new(state, lang, Some(signed), Place::Screens, heading),
        name: &screen.plan.name,
        code: screen.code.to_string(),
        days,
        rows: rows.collect(),
        bad,
    };
    Ok(view.render()?)
}
