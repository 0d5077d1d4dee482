//! The plans of a site, and one of them with the stops on it: put there by pointer or by numbers.

use askama::Template;

use crate::domain::{Language, Permission, Plan, Scope, Site, Stop};
use crate::people::Signed;
use crate::web::State;
use crate::web::catalogue::{Cell, Fault, PlanEntry};
use crate::web::error::Result;
use crate::web::photograph::{LARGEST, LONGEST_SIDE};
use crate::web::views::staff::account::Note;
use crate::web::views::staff::entry::wrong;
use crate::web::views::staff::fields::{Field, Form, Group, Sheet, groups, said, shown};
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::words::Words;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of plans.
    Strings: heading, lead, nothing, add, file, added, removed, remove, back, choose, choose_hint, stop, left, top
}

struct Row {
    href: String,
    name: Said,
    hash: String,
    marks: usize,
}

#[derive(Template)]
#[template(path = "staff/plans.html")]
struct List<'a> {
    page: Frame<'a>,
    site: &'a Site,
    site_name: Said,
    rows: Vec<Row>,
    new: Vec<Group>,
    file_hint: String,
    edits: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// What the list is made from.
pub struct ListMatter<'a> {
    pub signed: &'a Signed,
    pub site: &'a Site,
    pub plans: &'a [Plan],
    pub source: Language,
    pub languages: &'a [Language],
    /// What somebody typed for a new one.
    pub typed: &'a [(String, String)],
    /// Whether the name that is needed is missing among it.
    pub nameless: bool,
}

fn name_cells(entry: &PlanEntry, languages: &[Language]) -> Vec<Cell> {
    let asked = |language: &Language| languages.contains(language) || entry.names.contains_key(language.tag());
    let cell = |language: Language| Cell {
        name: format!("name.{language}"),
        value: entry.names.get(language.tag()).cloned().unwrap_or_default(),
    };
    Language::all().filter(asked).map(cell).collect()
}

fn may_edit(signed: &Signed, site: &Site) -> bool {
    signed.person.grants.may(Permission::Edit, Scope::Site(site.id))
}

/// # Errors
/// Where the page cannot be written.
pub fn list(state: &State, matter: &ListMatter<'_>, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = state.desk.of(lang);
    let row = |plan: &Plan| Row {
        href: format!("/staff/sites/{}/plans/{}", matter.site.slug, plan.id),
        name: Said::name(&plan.names, lang),
        hash: plan.hash.to_string(),
        marks: plan.marks.len(),
    };
    let fault = Fault::new(format!("name.{}", matter.source), crate::web::catalogue::Flaw::Missing);
    let faults = std::slice::from_ref(&fault);
    let sheet = Sheet {
        words,
        lang,
        source: matter.source,
        cells: shown(matter.typed, || name_cells(&PlanEntry::default(), matter.languages), None),
        theirs: None,
        faults: if matter.nameless { faults } else { &[] },
        is_new: true,
        needed: &[],
        picks: Vec::new(),
        rows: Vec::new(),
    };
    let (mb, side) = ((LARGEST >> 20).to_string(), LONGEST_SIDE.to_string());
    let view = List {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &words.plan.heading),
        site: matter.site,
        site_name: Said::name(&matter.site.names, lang),
        rows: matter.plans.iter().map(row).collect(),
        new: groups(&sheet),
        file_hint: fill(&words.picture.file_hint, &[("mb", &mb), ("side", &side)]),
        edits: may_edit(matter.signed, matter.site),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

/// A stop and its place on the plan.
struct Mark {
    slug: String,
    code: String,
    name: Said,
    values: [String; 2],
    faults: Vec<String>,
    theirs: Option<String>,
    /// In units of the drawing; `None` where it is not on it.
    at: Option<(f64, f64)>,
}

#[derive(Template)]
#[template(path = "staff/plan.html")]
struct View<'a> {
    page: Frame<'a>,
    site: &'a Site,
    site_name: Said,
    plan: &'a Plan,
    name: Said,
    width: u32,
    height: u32,
    radius: f64,
    names: Vec<Field>,
    marks: Vec<Mark>,
    tag: &'a str,
    edits: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// What the page of a plan is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub site: &'a Site,
    pub plan: &'a Plan,
    /// Of its drawing, in pixels.
    pub size: (u32, u32),
    pub stops: &'a [Stop],
    pub typed: &'a [(String, String)],
    pub faults: &'a [Fault],
    /// What stands now, where somebody else changed it meanwhile.
    pub theirs: Option<&'a PlanEntry>,
    pub tag: &'a str,
    pub source: Language,
    pub languages: &'a [Language],
}

fn shortest(value: f64) -> String {
    ((value * 10.0).round() / 10.0).to_string()
}

fn mark(matter: &Matter<'_>, words: &Words, lang: Language, entry: &PlanEntry, stop: &Stop) -> Mark {
    let names = ["x", "y"].map(|axis| format!("mark.{}.{axis}", stop.slug));
    let held = entry.marks.get(stop.slug.as_str());
    let stands = held.map(|mark| [shortest(mark.x), shortest(mark.y)]).unwrap_or_default();
    let typed = |n: usize| {
        let typed = matter.typed.iter().find(|(name, _)| *name == names[n]).map(|(_, value)| value.clone());
        typed.unwrap_or_else(|| stands[n].clone())
    };
    let values = [typed(0), typed(1)];
    let number = |text: &String| text.trim().replace(',', ".").parse::<f64>().ok();
    let (width, height) = (f64::from(matter.size.0), f64::from(matter.size.1));
    let at = number(&values[0]).zip(number(&values[1])).map(|(x, y)| (x / 100.0 * width, y / 100.0 * height));
    let own = matter.faults.iter().filter(|fault| names.contains(&fault.field));
    let theirs = matter.theirs.map(|entry| {
        let mark = entry.marks.get(stop.slug.as_str());
        mark.map(|mark| format!("{}, {}", shortest(mark.x), shortest(mark.y))).unwrap_or_default()
    });
    let mine = if values == ["", ""] { String::new() } else { values.join(", ") };
    Mark {
        slug: stop.slug.to_string(),
        code: stop.code.to_string(),
        name: Said::name(&stop.names, lang),
        faults: own.map(|fault| said(&words.entry, &fault.flaw)).collect(),
        theirs: theirs.filter(|theirs| *theirs != mine),
        values,
        at,
    }
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, matter: &Matter<'_>, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = state.desk.of(lang);
    let entry = PlanEntry::of(matter.plan, matter.stops);
    let theirs = matter.theirs.map(|entry| name_cells(entry, matter.languages));
    let typed: Vec<(String, String)> =
        matter.typed.iter().filter(|(name, _)| name.starts_with("name.")).cloned().collect();
    let sheet = Sheet {
        words,
        lang,
        source: matter.source,
        cells: shown(&typed, || name_cells(&entry, matter.languages), theirs.as_deref()),
        theirs,
        faults: matter.faults,
        is_new: false,
        needed: &[],
        picks: Vec::new(),
        rows: Vec::new(),
    };
    let name = Said::name(&matter.plan.names, lang);
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &name.text),
        site: matter.site,
        site_name: Said::name(&matter.site.names, lang),
        plan: matter.plan,
        name,
        width: matter.size.0,
        height: matter.size.1,
        radius: f64::from(matter.size.0) / 90.0,
        names: groups(&sheet).into_iter().flat_map(|group| group.fields).collect(),
        marks: matter.stops.iter().map(|stop| mark(matter, words, lang, &entry, stop)).collect(),
        tag: matter.tag,
        edits: may_edit(matter.signed, matter.site),
        bad: note.bad.or_else(|| wrong(&words.entry, matter.theirs.is_some(), matter.faults)),
        good: note.good,
    };
    Ok(view.render()?)
}
