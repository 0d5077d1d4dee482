//! The tours of the collection, and the form of one: what it is called, and its stops in the order of the way.

use askama::Template;

use crate::domain::{Language, Permission, Site, Stop, Tour};
use crate::people::Signed;
use crate::web::State;
use crate::web::catalogue::{Around, Cell, Fault, TourEntry, tour_cells};
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::entry::wrong;
use crate::web::views::staff::fields::{Form, Group, Sheet, groups, shown};
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::people::Choice;
use crate::web::views::strings::words;
use crate::web::views::words::Said;

words! {
    /// The words of tours.
    Strings: heading, lead, nothing, new, row, site, site_hint, several, minutes, metres, open, place, stop, stop_hint,
    hint_in, removed, remove, remove_lead, back, name, stops, place_of, state, shown, hidden, visitors, up, down,
    edit
}

/// A tour in the list.
struct Row {
    slug: String,
    name: Said,
    site: Said,
    stops: usize,
    minutes: String,
    open: bool,
    edits: bool,
}

#[derive(Template)]
#[template(path = "staff/tours.html")]
struct List<'a> {
    page: Frame<'a>,
    rows: Vec<Row>,
    adds: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// Whether somebody may change a tour.
#[must_use]
pub fn may_edit(signed: &Signed, tour: &Tour) -> bool {
    let scope = tour.site.map_or(crate::domain::Scope::House, crate::domain::Scope::Site);
    signed.person.grants.may(Permission::Edit, scope)
}

/// All tours that go through what somebody may see.
///
/// # Errors
/// Where the page cannot be written.
pub fn list(state: &State, signed: &Signed, tours: &[Tour], sites: &[Site], note: Note) -> Result<String> {
    let lang = signed.person.language;
    let words = &state.desk.of(lang).tour;
    let row = |tour: &Tour| Row {
        slug: tour.slug.to_string(),
        name: Said::name(&tour.names, lang),
        site: site_name(tour, sites, &words.several, lang),
        stops: tour.stops.len(),
        minutes: tour.minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
        open: tour.open,
        edits: may_edit(signed, tour),
    };
    let view = List {
        page: Frame::new(state, lang, Some(signed), Place::Collection, &words.heading),
        rows: tours.iter().map(row).collect(),
        adds: signed.person.grants.may_somewhere(Permission::Edit),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

fn site_name(tour: &Tour, sites: &[Site], several: &str, lang: Language) -> Said {
    let site = sites.iter().find(|site| Some(site.id) == tour.site);
    site.map_or_else(|| Said::own(several), |site| Said::name(&site.names, lang))
}

#[derive(Template)]
#[template(path = "staff/tour.html")]
struct View<'a> {
    page: Frame<'a>,
    heading: String,
    action: &'a str,
    tag: &'a str,
    is_new: bool,
    open: bool,
    slug: &'a str,
    groups: Vec<Group>,
    codes: Vec<(String, String)>,
    bad: Option<String>,
    good: Option<String>,
}

/// What the form of a tour is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub around: &'a Around<'a>,
    pub languages: &'a [Language],
    pub entry: &'a TourEntry,
    /// What somebody typed, where the form is shown again.
    pub typed: &'a [(String, String)],
    pub is_new: bool,
    pub tag: &'a str,
    pub action: &'a str,
    pub faults: &'a [Fault],
    pub theirs: Option<&'a TourEntry>,
}

/// # Errors
/// Where the page cannot be written.
pub fn form(state: &State, matter: &Matter<'_>, note: Note) -> Result<String> {
    let (lang, around) = (matter.signed.person.language, matter.around);
    let words = state.desk.of(lang);
    let names = &matter.entry.names;
    let name = names.get(lang.tag()).or_else(|| names.values().next()).map_or("", String::as_str);
    let heading = if matter.is_new { words.tour.new.clone() } else { format!("{}: {name}", words.tour.edit) };
    let theirs = matter.theirs.map(|entry| tour_cells(entry, around, matter.languages));
    let cells = shown(matter.typed, || tour_cells(matter.entry, around, matter.languages), theirs.as_deref());
    let sheet = Sheet {
        words,
        lang,
        source: around.source,
        rows: row_names(&cells, around.stops, lang),
        cells: with_tick(cells),
        theirs,
        faults: matter.faults,
        is_new: matter.is_new,
        needed: &[],
        picks: vec![("site", sites(matter, &words.tour.several, lang))],
    };
    let code = |stop: &Stop| (stop.code.to_string(), Said::name(&stop.names, lang).text);
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &heading),
        heading,
        action: matter.action,
        tag: matter.tag,
        is_new: matter.is_new,
        open: matter.entry.open,
        slug: &matter.entry.slug,
        groups: groups(&sheet),
        codes: around.stops.iter().map(code).collect(),
        bad: note.bad.or_else(|| wrong(&words.entry, matter.theirs.is_some(), matter.faults)),
        good: note.good,
    };
    Ok(view.render()?)
}

/// A box that is not ticked is not sent: it stands in the form all the same.
fn with_tick(mut cells: Vec<Cell>) -> Vec<Cell> {
    if !cells.iter().any(|cell| cell.name == "open") {
        let at = cells.iter().position(|cell| cell.name == "position").map_or(0, |at| at + 1);
        cells.insert(at, Cell { name: "open".to_owned(), value: String::new() });
    }
    cells
}

/// The names of the stops in the rows, by the code that stands in each.
fn row_names(cells: &[Cell], stops: &[Stop], lang: Language) -> Vec<(String, String)> {
    let name = |cell: &Cell| {
        let row = cell.name.strip_suffix(".code")?;
        let stop = stops.iter().find(|stop| stop.code.as_str() == cell.value)?;
        Some((row.to_owned(), Said::name(&stop.names, lang).text))
    };
    cells.iter().filter_map(name).collect()
}

/// The sites somebody may make a tour of; all of them together where they may change the whole house.
fn sites(matter: &Matter<'_>, several: &str, lang: Language) -> Vec<Choice> {
    let grants = &matter.signed.person.grants;
    let chosen = matter.typed.iter().find(|(name, _)| name == "site").map_or(&matter.entry.site, |(_, site)| site);
    let house = grants.may(Permission::Edit, crate::domain::Scope::House).then(|| Choice {
        value: String::new(),
        label: Said::own(several),
        chosen: chosen.is_empty(),
    });
    let may = |site: &&Site| grants.may(Permission::Edit, crate::domain::Scope::Site(site.id));
    let choice = |site: &Site| Choice {
        value: site.slug.to_string(),
        label: Said::name(&site.names, lang),
        chosen: site.slug.as_str() == chosen,
    };
    house.into_iter().chain(matter.around.sites.iter().filter(may).map(choice)).collect()
}
