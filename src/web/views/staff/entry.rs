//! The form of a site, relic or stop; where somebody else changed it meanwhile, with what they made of it.

use askama::Template;

use crate::domain::{Language, Relic, Site};
use crate::people::Signed;
use crate::web::State;
use crate::web::catalogue::{CODE, Entry, Fault, Kind, cells};
use crate::web::error::Result;
use crate::web::views::staff::fields::{Form, Group, Sheet, groups, shown};
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::people::Choice;
use crate::web::views::strings::words;
use crate::web::views::words::Said;

words! {
    /// The words of the forms of sites, relics and stops.
    Strings: new_site, new_stop, new_relic, edit, position, themes, themes_hint, kind, kind_hint, material, slug,
    slug_hint, code, code_hint, about_relic, about_site, summary, period, period_from, period_to, period_label,
    year_hint, place, latitude, longitude, address, place_hint, source, source_title, source_author,
    source_publisher, source_year, source_note, names, name_in, summary_in, save, saved, mend, overtaken_entry,
    theirs, empty, missing, long, many, bad_slug, bad_code, taken, number, bad_latitude, bad_longitude, backward,
    bad_language, bad_relic, bad_site, bad_stop, elsewhere, twice, unseen, relics, no_relics, all_sites, plan, plan_hint,
    all_fields, features, more_languages
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
    /// Words that are known already, by the name of their list.
    lists: Vec<(&'static str, Vec<(String, String)>)>,
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
    let all = state.desk.of(lang);
    let words = &all.entry;
    let names = &matter.entry.names;
    let heading = match (matter.kind, matter.is_new) {
        (Kind::Site, true) => words.new_site.clone(),
        (Kind::Relic, true) => words.new_relic.clone(),
        (Kind::Stop, true) => words.new_stop.clone(),
        (_, false) => {
            let name = names.get(lang.tag()).or_else(|| names.values().next()).map_or("", String::as_str);
            format!("{}: {name}", words.edit)
        }
    };
    let theirs = matter.theirs.map(|entry| cells(entry, matter.kind, matter.languages));
    let summary = format!("summary.{}", matter.source);
    let fresh = || cells(matter.entry, matter.kind, matter.languages);
    let sheet = Sheet {
        words: all,
        lang,
        source: matter.source,
        cells: shown(matter.typed, fresh, theirs.as_deref()),
        theirs,
        faults: matter.faults,
        is_new: matter.is_new,
        needed: &[CODE, "kind", &summary],
        picks: vec![("relic", relics(words, lang, matter))],
        rows: Vec::new(),
    };
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &heading),
        heading,
        back: matter.site.map_or_else(|| "/staff/collection".to_owned(), |site| format!("/staff/sites/{}", site.slug)),
        back_name: matter.site.map_or_else(|| Said::own(&words.all_sites), |site| Said::name(&site.names, lang)),
        action: matter.action,
        tag: matter.tag,
        groups: groups(&sheet),
        lists: Vec::new(),
        bad: wrong(words, matter.theirs.is_some(), matter.faults),
        good: None,
    };
    Ok(view.render()?)
}

/// What is said above a form that was not kept.
#[must_use]
pub fn wrong(words: &Strings, overtaken: bool, faults: &[Fault]) -> Option<String> {
    match (overtaken, faults.is_empty()) {
        (true, _) => Some(words.overtaken_entry.clone()),
        (false, false) => Some(words.mend.clone()),
        (false, true) => None,
    }
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
