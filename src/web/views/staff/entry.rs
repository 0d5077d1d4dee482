//! The form of a site, relic or stop; where somebody else changed it meanwhile, with what they made of it.

use askama::Template;

use crate::domain::{Language, Relic, Site};
use crate::people::Signed;
use crate::web::State;
use crate::web::catalogue::{CODE, Cell, Entry, Fault, Flaw, Kind, cells};
use crate::web::error::Result;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::people::Choice;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of the forms of sites, relics and stops.
    Strings: new_site, new_stop, new_relic, edit, position, themes, themes_hint, kind, kind_hint, material, slug,
    slug_hint, code, code_hint, about_relic, about_site, summary, period, period_from, period_to, period_label,
    year_hint, place, latitude, longitude, address, place_hint, source, source_title, source_author,
    source_publisher, source_year, source_note, names, name_in, summary_in, save, saved, mend, overtaken_entry,
    theirs, empty, missing, long, many, bad_slug, bad_code, taken, number, bad_latitude, bad_longitude, backward,
    bad_language, bad_relic, unseen, relics, no_relics, all_sites, plan, plan_hint, all_fields
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Line,
    Paragraphs,
    Pick,
}

struct Field {
    id: String,
    name: String,
    label: String,
    value: String,
    lang: Option<&'static str>,
    form: Form,
    hint: Option<String>,
    fault: Option<String>,
    /// What somebody else made of it.
    theirs: Option<String>,
    required: bool,
    fixed: bool,
    choices: Vec<Choice>,
}

/// Fields under one heading.
struct Group {
    legend: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "staff/entry.html")]
struct View<'a> {
    page: Frame<'a>,
    heading: String,
    back: String,
    back_name: Said,
    action: &'a str,
    tag: &'a str,
    groups: Vec<Group>,
    bad: Option<String>,
    good: Option<String>,
}

/// What the form is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub kind: Kind,
    /// The site it belongs to; `None` for a new site.
    pub site: Option<&'a Site>,
    pub relics: &'a [Relic],
    pub entry: &'a Entry,
    /// What somebody typed, where the form is shown again; empty where it is shown for the first time.
    pub typed: &'a [(String, String)],
    /// Whether it is there already.
    pub is_new: bool,
    /// The tag of what the form is filled in from.
    pub tag: &'a str,
    pub action: &'a str,
    pub source: Language,
    /// The languages names are asked for in.
    pub languages: &'a [Language],
    pub faults: &'a [Fault],
    /// What stands now, where somebody else changed it meanwhile.
    pub theirs: Option<&'a Entry>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, matter: &Matter<'_>) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = &state.desk.of(lang).entry;
    let heading = match (matter.kind, matter.is_new) {
        (Kind::Site, true) => words.new_site.clone(),
        (Kind::Relic, true) => words.new_relic.clone(),
        (Kind::Stop, true) => words.new_stop.clone(),
        (_, false) => format!(
            "{}: {}",
            words.edit,
            matter
                .entry
                .names
                .get(lang.tag())
                .or_else(|| matter.entry.names.values().next())
                .map_or("", String::as_str)
        ),
    };
    let bad = match (matter.theirs, matter.faults.is_empty()) {
        (Some(_), _) => Some(words.overtaken_entry.clone()),
        (None, false) => Some(words.mend.clone()),
        (None, true) => None,
    };
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &heading),
        heading,
        back: matter.site.map_or_else(|| "/staff/collection".to_owned(), |site| format!("/staff/sites/{}", site.slug)),
        back_name: matter.site.map_or_else(|| Said::own(&words.all_sites), |site| Said::name(&site.names, lang)),
        action: matter.action,
        tag: matter.tag,
        groups: groups(words, lang, matter),
        bad,
        good: None,
    };
    Ok(view.render()?)
}

fn groups(words: &Strings, lang: Language, matter: &Matter<'_>) -> Vec<Group> {
    let theirs = matter.theirs.map(|entry| cells(entry, matter.kind, matter.languages));
    let mut groups: Vec<Group> = Vec::new();
    for cell in shown(matter, theirs.as_deref()) {
        let legend = legend(words, &cell.name);
        let other = theirs.as_ref().map(|theirs| theirs.iter().find(|other| other.name == cell.name));
        let other = other.map(|other| other.map(|other| other.value.clone()).unwrap_or_default());
        let named = |fault: &&Fault| fault.field == cell.name || (fault.field == "code" && cell.name == CODE);
        let fault = matter.faults.iter().find(named);
        let required = [format!("name.{}", matter.source), format!("summary.{}", matter.source)].contains(&cell.name)
            || ["slug", CODE, "kind"].contains(&cell.name.as_str());
        let tag = cell.name.strip_prefix("name.").or_else(|| cell.name.strip_prefix("summary."));
        let own = tag.and_then(Language::lookup);
        let is_long = cell.name.starts_with("summary.") || cell.name.ends_with(".note");
        let form = if cell.name == "relic" {
            Form::Pick
        } else if is_long {
            Form::Paragraphs
        } else {
            Form::Line
        };
        let field = Field {
            id: cell.name.replace('.', "-"),
            label: label(words, lang, &cell.name, own),
            lang: own.filter(|own| *own != lang).map(Language::tag),
            form,
            hint: hint(words, &cell.name).cloned(),
            fault: fault.map(|fault| said(words, &fault.flaw)),
            theirs: other.filter(|other| *other != cell.value),
            required,
            fixed: cell.name == "slug" && !matter.is_new,
            choices: if form == Form::Pick { relics(words, lang, matter) } else { Vec::new() },
            value: cell.value,
            name: cell.name,
        };
        match groups.last_mut() {
            Some(group) if group.legend == legend => group.fields.push(field),
            _ => groups.push(Group { legend, fields: vec![field] }),
        }
    }
    groups
}

/// The fields as they were typed, where they were, so that what is no number stays too; and those that only the other
/// change has.
fn shown(matter: &Matter<'_>, theirs: Option<&[Cell]>) -> Vec<Cell> {
    if matter.typed.is_empty() {
        return cells(matter.entry, matter.kind, matter.languages);
    }
    let typed = matter.typed.iter().filter(|(name, _)| name != "tag");
    let mut shown: Vec<Cell> = typed.map(|(name, value)| Cell { name: name.clone(), value: value.clone() }).collect();
    for other in theirs.unwrap_or_default().iter().filter(|other| !other.value.is_empty()) {
        if !shown.iter().any(|cell| cell.name == other.name) {
            shown.push(Cell { name: other.name.clone(), value: String::new() });
        }
    }
    shown
}

fn relics(words: &Strings, lang: Language, matter: &Matter<'_>) -> Vec<Choice> {
    let none =
        Choice { value: String::new(), label: Said::own(&words.about_site), chosen: matter.entry.relic.is_empty() };
    let choice = |relic: &Relic| Choice {
        value: relic.slug.to_string(),
        label: Said::name(&relic.names, lang),
        chosen: relic.slug.as_str() == matter.entry.relic,
    };
    std::iter::once(none).chain(matter.relics.iter().map(choice)).collect()
}

fn legend(words: &Strings, name: &str) -> String {
    match name.split('.').next().unwrap_or_default() {
        "name" => words.names.clone(),
        "summary" => words.summary.clone(),
        "period" => words.period.clone(),
        "place" => words.place.clone(),
        "source" => {
            let number: usize = name.split('.').nth(1).and_then(|n| n.parse().ok()).unwrap_or_default();
            fill(&words.source, &[("n", &(number + 1).to_string())])
        }
        _ => words.kind.clone(),
    }
}

fn label(words: &Strings, lang: Language, name: &str, own: Option<Language>) -> String {
    let called = own.map_or("", |own| if lang == Language::VI { own.vietnamese_name() } else { own.endonym() });
    let with = |text: &str| fill(text, &[("language", called)]);
    match name {
        "slug" => words.slug.clone(),
        CODE => words.code.clone(),
        "relic" => words.about_relic.clone(),
        "kind" => words.kind.clone(),
        "material" => words.material.clone(),
        "position" => words.position.clone(),
        "themes" => words.themes.clone(),
        "period.from" => words.period_from.clone(),
        "period.to" => words.period_to.clone(),
        "period.label" => words.period_label.clone(),
        "place.latitude" => words.latitude.clone(),
        "place.longitude" => words.longitude.clone(),
        "place.address" => words.address.clone(),
        name if name.starts_with("name.") => with(&words.name_in),
        name if name.starts_with("summary.") => with(&words.summary_in),
        name => match name.rsplit('.').next().unwrap_or_default() {
            "author" => words.source_author.clone(),
            "publisher" => words.source_publisher.clone(),
            "year" => words.source_year.clone(),
            "note" => words.source_note.clone(),
            _ => words.source_title.clone(),
        },
    }
}

fn hint<'a>(words: &'a Strings, name: &str) -> Option<&'a String> {
    match name {
        "slug" => Some(&words.slug_hint),
        CODE => Some(&words.code_hint),
        "kind" => Some(&words.kind_hint),
        "themes" => Some(&words.themes_hint),
        "period.from" => Some(&words.year_hint),
        "place.latitude" => Some(&words.place_hint),
        _ => None,
    }
}

/// What is wrong with a field.
#[must_use]
pub fn said(words: &Strings, flaw: &Flaw) -> String {
    let number = |text: &str, n: usize| fill(text, &[("n", &n.to_string())]);
    match flaw {
        Flaw::Missing => words.missing.clone(),
        Flaw::Long(limit) => number(&words.long, *limit),
        Flaw::Many(limit) => number(&words.many, *limit),
        Flaw::Slug => words.bad_slug.clone(),
        Flaw::Code => words.bad_code.clone(),
        Flaw::Taken(holder) => fill(&words.taken, &[("holder", holder)]),
        Flaw::Number => words.number.clone(),
        Flaw::Latitude => words.bad_latitude.clone(),
        Flaw::Longitude => words.bad_longitude.clone(),
        Flaw::Backward => words.backward.clone(),
        Flaw::Language => words.bad_language.clone(),
        Flaw::Relic => words.bad_relic.clone(),
        Flaw::Unseen => words.unseen.clone(),
    }
}
