//! The form of a site, relic or stop; where somebody else changed it meanwhile, with what they made of it.

use askama::Template;

use crate::domain::{Ground, Language, Place as Spotted, Relic, Site, Stop};
use crate::people::Signed;
use crate::web::State;
use crate::web::catalogue::{CODE, Entry, Fault, Kind, cells};
use crate::web::error::Result;
use crate::web::views::map::{Look, Map, Spot, draw};
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
    bad_language, bad_relic, bad_site, bad_stop, elsewhere, twice, bad_word, bad_hundredth, nearer, farther, map, map_hint, unseen, relics, no_relics, all_sites, plan, plan_hint,
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
    /// Where the place can be pointed at.
    map: Option<Map>,
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
    /// What lies beneath the map, and what is on it beside the place itself.
    pub ground: Option<&'a Ground>,
    pub stops: &'a [Stop],
    /// Kinds that stand somewhere already.
    pub kinds: Vec<(String, String)>,
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
        lists: vec![("kinds", matter.kinds.clone())],
        map: map(matter, lang),
        bad: wrong(words, matter.theirs.is_some(), matter.faults),
        good: None,
    };
    Ok(view.render()?)
}

/// A map shows no less than so many metres around a place that is to be chosen.
const AROUND: f64 = 2_000.0;

/// Where the place of a site or stop can be pointed at. A stop without a place is looked for around its site.
fn map<'a>(matter: &Matter<'a>, lang: Language) -> Option<Map> {
    if matter.kind == Kind::Relic {
        return None;
    }
    let own = matter.entry.place.as_ref().map(|place| Spotted {
        latitude: place.latitude,
        longitude: place.longitude,
        address: String::new(),
    });
    let slug = matter.site.map(|site| site.slug.as_str()).unwrap_or_default();
    let others = matter.stops.iter().filter(|stop| stop.slug.as_str() != matter.entry.slug);
    let spot = |stop: &'a Stop| {
        Some(Spot {
            place: stop.place.as_ref()?,
            href: format!("/staff/sites/{slug}/stops/{}", stop.slug),
            mark: stop.code.to_string(),
            name: Said::name(&stop.names, lang),
        })
    };
    // A pin without an address is the place itself.
    let here = |place| Spot { place, href: String::new(), mark: String::new(), name: Said::own("") };
    let mut spots: Vec<Spot<'_>> = others.filter_map(spot).collect();
    spots.extend(own.as_ref().map(here));
    if spots.is_empty() {
        spots.extend(matter.site.and_then(|site| site.place.as_ref()).map(here));
    }
    let mut map = draw(matter.ground, spots, Look { way: false, least: AROUND }, lang)?;
    if own.is_none() {
        map.pins.retain(|pin| !pin.href.is_empty());
    }
    Some(map)
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
