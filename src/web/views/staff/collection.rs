//! The stops of one site, in a table where many are changed at once, and the form for another one.

use askama::Template;

use crate::domain::{Ground, Language, Permission, Relic, Scope, Site, Stop, TextState};
use crate::people::Signed;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::map::{Look, Map, Spot, draw};
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::strings::words;
use crate::web::views::words::Said;

words! {
    /// The words of the lists of sites and stops.
    Strings: heading, lead, search, search_hint, find, found, found_none, site, stops, code, name, text, draft, approved,
    no_text, published, nothing, back, add, add_lead, new_name, new_code, new_code_hint, new_slug, new_slug_hint, make,
    taken_slug, taken_code, bad_slug, bad_code, bad_name, added, choose, place, themes, save_order, bulk, bulk_word,
    bulk_add_theme, bulk_remove_theme, bulk_set_kind, bulk_labels, bulk_done, none_chosen, ordered, order_overtaken,
    bulk_publish, bulk_published
}

/// A map of a site shows no less than so many metres.
const CLOSEST: f64 = 300.0;

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
    /// The sentence that was looked for.
    pub said: Option<Said>,
    pub themes: String,
    /// Its number in the order of its site, as it stands or as somebody typed it.
    pub place: String,
    /// Whether somebody ticked it.
    pub chosen: bool,
}

/// A stop and what is known of its guides.
#[derive(Clone)]
pub struct Known<'a> {
    pub stop: &'a Stop,
    pub state: Option<TextState>,
    pub published: usize,
    /// The sentence it was found by, and its language.
    pub said: Option<(String, Language)>,
}

/// What a site's page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub stops: &'a [Known<'a>],
    pub relics: &'a [Relic],
    /// What lies beneath the map.
    pub ground: Option<&'a Ground>,
    /// Names the order the stops stand in.
    pub order: String,
}

/// The rows of stops; one whose site is not among `sites` is left out.
#[must_use]
pub fn rows(sites: &[Site], stops: &[Known<'_>], lang: Language) -> Vec<Row> {
    let row = |known: &Known<'_>| {
        let site = sites.iter().find(|site| site.id == known.stop.site)?;
        let said = known.said.as_ref().map(|(text, language)| Said::of(text, *language, lang));
        Some(Row {
            site: site.slug.to_string(),
            slug: known.stop.slug.to_string(),
            code: known.stop.code.to_string(),
            name: Said::name(&known.stop.names, lang),
            site_name: Said::name(&site.names, lang),
            state: known.state,
            published: known.published,
            said,
            themes: known.stop.themes.join(", "),
            place: known.stop.position.to_string(),
            chosen: false,
        })
    };
    stops.iter().filter_map(row).collect()
}

/// What was typed for a new stop, and into the table of stops.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub code: String,
    pub slug: String,
    pub name: String,
    /// The fields of the table; empty where nobody typed there.
    pub bulk: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "staff/site.html")]
struct SitePage<'a> {
    page: Frame<'a>,
    site: &'a Site,
    name: Said,
    stops: Vec<Row>,
    relics: Vec<(String, Said)>,
    map: Option<Map>,
    edits: bool,
    publishes: bool,
    typed: Typed,
    action: String,
    order: &'a str,
    word: String,
    bad: Option<String>,
    good: Option<String>,
}

/// The stops that have a place, on the map.
fn map<'a>(site: &Site, matter: &Matter<'a>, lang: Language) -> Option<Map> {
    let spot = |known: &Known<'a>| {
        let stop = known.stop;
        Some(Spot {
            place: stop.place.as_ref()?,
            href: format!("/staff/sites/{}/stops/{}", site.slug, stop.slug),
            mark: stop.code.to_string(),
            name: Said::name(&stop.names, lang),
        })
    };
    let spots: Vec<Spot<'_>> = matter.stops.iter().filter_map(spot).collect();
    if spots.is_empty() {
        return None;
    }
    draw(matter.ground, spots, Look { way: false, least: CLOSEST }, lang)
}

/// The stops of one site, and the form for another one.
///
/// # Errors
/// Where the page cannot be written.
pub fn site(state: &State, site: &Site, matter: &Matter<'_>, typed: Typed, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let name = Said::name(&site.names, lang);
    let mut stops = rows(std::slice::from_ref(site), matter.stops, lang);
    for row in &mut stops {
        row.chosen = typed.bulk.iter().any(|(name, value)| name == "stop" && *value == row.slug);
        let place = format!("place.{}", row.slug);
        if let Some((_, typed)) = typed.bulk.iter().find(|(name, _)| *name == place) {
            row.place.clone_from(typed);
        }
    }
    let view = SitePage {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &name.text),
        site,
        stops,
        relics: matter.relics.iter().map(|relic| (relic.slug.to_string(), Said::name(&relic.names, lang))).collect(),
        map: map(site, matter, lang),
        publishes: matter.signed.person.grants.may(Permission::Publish, Scope::Site(site.id)),
        edits: matter.signed.person.grants.may(Permission::Edit, Scope::Site(site.id)),
        name,
        action: format!("/staff/sites/{}/bulk", site.slug),
        order: &matter.order,
        word: typed.bulk.iter().find(|(name, _)| name == "word").map(|(_, value)| value.clone()).unwrap_or_default(),
        typed,
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}
