//! The sites somebody looks after, what they search in them, and the stops of one.

use askama::Template;

use crate::domain::{Language, Permission, Relic, Scope, Site, Stop, TextState};
use crate::people::Signed;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::plan::{Mark, marks};
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of the lists of sites and stops.
    Strings: heading, lead, search, search_hint, find, found, found_none, site, stops, code, name, text, draft, approved, no_text, published, nothing, back, add, add_lead, new_name, new_code, new_code_hint, new_slug, new_slug_hint, make, taken_slug, taken_code, bad_slug, bad_code, bad_name, added
}

/// A stop in a list.
pub struct Row {
    pub site: String,
    pub slug: String,
    pub code: String,
    pub name: Said,
    pub site_name: Said,
    /// The state of its narration in the language it is written in; `None` where nobody wrote one.
    pub state: Option<TextState>,
    /// In how many languages visitors hear it.
    pub published: usize,
}

/// A stop and what is known of its guides.
pub struct Known<'a> {
    pub stop: &'a Stop,
    pub state: Option<TextState>,
    pub published: usize,
}

/// What a list is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub sites: &'a [Site],
    pub stops: &'a [Known<'a>],
    /// Those of the one site that is shown.
    pub relics: &'a [Relic],
}

fn rows(matter: &Matter<'_>, lang: Language) -> Vec<Row> {
    let row = |known: &Known<'_>| {
        let site = matter.sites.iter().find(|site| site.id == known.stop.site)?;
        Some(Row {
            site: site.slug.to_string(),
            slug: known.stop.slug.to_string(),
            code: known.stop.code.to_string(),
            name: Said::name(&known.stop.names, lang),
            site_name: Said::name(&site.names, lang),
            state: known.state,
            published: known.published,
        })
    };
    matter.stops.iter().filter_map(row).collect()
}

#[derive(Template)]
#[template(path = "staff/collection.html")]
struct Collection<'a> {
    page: Frame<'a>,
    sites: Vec<(String, Said, usize)>,
    adds: bool,
    asked: &'a str,
    found: Vec<Row>,
    told: String,
}

/// All sites; with `asked`, the stops that were found as `matter.stops`.
///
/// # Errors
/// Where the page cannot be written.
pub fn sites(
    state: &State,
    matter: &Matter<'_>,
    counts: impl Fn(&Site) -> usize,
    asked: Option<&str>,
) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = &state.desk.of(lang).collection;
    let found = if asked.is_some() { rows(matter, lang) } else { Vec::new() };
    let told = match (asked, found.len()) {
        (None, _) => String::new(),
        (Some(asked), 0) => fill(&words.found_none, &[("asked", asked)]),
        (Some(asked), n) => fill(&words.found, &[("asked", asked), ("n", &n.to_string())]),
    };
    let site = |site: &Site| (site.slug.to_string(), Said::name(&site.names, lang), counts(site));
    let view = Collection {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &words.heading),
        sites: matter.sites.iter().map(site).collect(),
        adds: matter.signed.person.grants.may(Permission::Edit, Scope::House),
        asked: asked.unwrap_or_default(),
        found,
        told,
    };
    Ok(view.render()?)
}

/// What was typed for a new stop.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub code: String,
    pub slug: String,
    pub name: String,
}

#[derive(Template)]
#[template(path = "staff/site.html")]
struct SitePage<'a> {
    page: Frame<'a>,
    site: &'a Site,
    name: Said,
    stops: Vec<Row>,
    relics: Vec<(String, Said)>,
    marks: Vec<Mark>,
    edits: bool,
    typed: Typed,
    bad: Option<String>,
    good: Option<String>,
}

/// The stops of one site, and the form for another one.
///
/// # Errors
/// Where the page cannot be written.
pub fn site(state: &State, site: &Site, matter: &Matter<'_>, typed: Typed, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let name = Said::name(&site.names, lang);
    let view = SitePage {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &name.text),
        site,
        stops: rows(matter, lang),
        relics: matter.relics.iter().map(|relic| (relic.slug.to_string(), Said::name(&relic.names, lang))).collect(),
        marks: marks(matter.stops.iter().map(|known| known.stop)),
        edits: matter.signed.person.grants.may(Permission::Edit, Scope::Site(site.id)),
        name,
        typed,
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}
