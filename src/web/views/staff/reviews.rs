//! What waits for somebody to review it, by site, stop and language.

use askama::Template;

use crate::domain::{Language, Site, Stop, Text, TextState};
use crate::people::Signed;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::strings::words;
use crate::web::views::words::Said;

words! {
    /// The words of the list.
    Strings: heading, lead, nothing, stop, language, state, open, draft, approved
}

struct Row {
    href: String,
    stop: Said,
    language: &'static str,
    draft: bool,
    open: usize,
}

#[derive(Template)]
#[template(path = "staff/reviews.html")]
struct View<'a> {
    page: Frame<'a>,
    sites: Vec<(Said, Vec<Row>)>,
}

/// A translation that waits.
pub struct Waiting {
    pub stop: Stop,
    pub text: Text,
    /// Findings that nobody let pass.
    pub open: usize,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, signed: &Signed, sites: &[(Site, Vec<Waiting>)]) -> Result<String> {
    let row = |site: &Site, waiting: &Waiting| Row {
        href: format!("/staff/sites/{}/stops/{}/review/{}", site.slug, waiting.stop.slug, waiting.text.language),
        stop: Said::name(&waiting.stop.names, lang),
        language: waiting.text.language.endonym(),
        draft: waiting.text.state == TextState::Draft,
        open: waiting.open,
    };
    let of = |(site, waiting): &(Site, Vec<Waiting>)| {
        (Said::name(&site.names, lang), waiting.iter().map(|one| row(site, one)).collect())
    };
    let view = View {
        page: Frame::new(state, lang, Some(signed), Place::Review, &state.desk.of(lang).reviews.heading),
        sites: sites.iter().map(of).collect(),
    };
    Ok(view.render()?)
}
