//! Translations that wait for somebody: how many at which site, and a page of one site's.

use askama::Template;

use crate::domain::{Language, Site, SiteId, TextState};
use crate::people::Signed;
use crate::store::ReviewRow;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::strings::words;
use crate::web::views::words::Said;

words! {
    /// The words of the list.
    Strings: heading, lead, nothing, stop, language, state, open, draft, approved, left, comments, sites, show_all,
    show_waiting, later, first, all_languages, only
}

/// Rows of a page.
pub const PAGE: usize = 50;

/// What somebody asked to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub site: Option<SiteId>,
    pub language: Option<Language>,
    pub all: bool,
    pub from: usize,
}

struct Row {
    href: String,
    stop: Said,
    tag: &'static str,
    language: &'static str,
    draft: bool,
    open: u64,
    left: u64,
    comments: u64,
}

struct Choice {
    href: String,
    name: Said,
    count: u64,
    here: bool,
}

#[derive(Template)]
#[template(path = "staff/reviews.html")]
struct View<'a> {
    page: Frame<'a>,
    sites: Vec<Choice>,
    languages: Vec<(String, &'static str, &'static str, bool)>,
    any_language: Option<String>,
    /// The site whose translations are shown.
    site: Option<Said>,
    rows: Vec<Row>,
    all: bool,
    /// The same list with those that ask for nobody, or without.
    other: String,
    first: Option<String>,
    later: Option<String>,
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub sites: &'a [Site],
    pub counts: &'a [(SiteId, u64)],
    /// The site whose translations these are.
    pub shown: Option<SiteId>,
    pub wanted: Wanted,
    /// One more than a page where there are later ones.
    pub rows: &'a [ReviewRow],
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, matter: &Matter<'_>) -> Result<String> {
    let Matter { sites, wanted, .. } = matter;
    let site = sites.iter().find(|site| Some(site.id) == matter.shown);
    let address = |site: Option<&Site>, language: Option<Language>, all: bool, from: usize| {
        let mut parts = Vec::new();
        parts.extend(site.map(|site| format!("site={}", site.slug)));
        parts.extend(language.map(|language| format!("lang={language}")));
        parts.extend(all.then(|| "show=all".to_owned()));
        parts.extend((from > 0).then(|| format!("from={from}")));
        if parts.is_empty() { "/staff/review".to_owned() } else { format!("/staff/review?{}", parts.join("&")) }
    };
    let count = |site: &Site| matter.counts.iter().find(|(id, _)| *id == site.id).map_or(0, |(_, n)| *n);
    let choice = |own: &Site| Choice {
        href: address(Some(own), wanted.language, wanted.all, 0),
        name: Said::name(&own.names, lang),
        count: count(own),
        here: Some(own.id) == matter.shown,
    };
    let row = |row: &ReviewRow| Row {
        href: format!(
            "/staff/sites/{}/stops/{}/review/{}",
            site.map_or("", |site| site.slug.as_str()),
            row.stop,
            row.language
        ),
        stop: Said::name(&row.names, lang),
        tag: row.language.tag(),
        language: row.language.endonym(),
        draft: row.state == TextState::Draft,
        open: row.open,
        left: row.left,
        comments: row.comments,
    };
    let language = |one: Language| {
        (address(site, Some(one), wanted.all, 0), one.tag(), one.endonym(), wanted.language == Some(one))
    };
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Review, &state.desk.of(lang).reviews.heading),
        sites: sites
            .iter()
            .filter(|site| wanted.all || count(site) > 0 || Some(site.id) == matter.shown)
            .map(choice)
            .collect(),
        languages: Language::all().map(language).collect(),
        any_language: wanted.language.map(|_| address(site, None, wanted.all, 0)),
        site: site.map(|site| Said::name(&site.names, lang)),
        rows: matter.rows.iter().take(PAGE).map(row).collect(),
        all: wanted.all,
        other: address(site, wanted.language, !wanted.all, 0),
        first: (wanted.from > 0).then(|| address(site, wanted.language, wanted.all, 0)),
        later: (matter.rows.len() > PAGE).then(|| address(site, wanted.language, wanted.all, wanted.from + PAGE)),
    };
    Ok(view.render()?)
}
