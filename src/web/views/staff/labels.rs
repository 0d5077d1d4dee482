//! Labels of a site: what to print, what was printed, what was retired.

use askama::Template;

use super::moment::Moment;
use crate::domain::{Language, Permission, Site, Stop};
use crate::labels::Distance;
use crate::people::Signed;
use crate::store::{PrintedCode, RetiredCode};
use crate::web::State;
use crate::web::error::Result;
use crate::web::labelling::languages;
use crate::web::reading::Library;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::places::{Elsewhere, elsewhere};
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of the page of labels.
    Strings: heading, lead, no_url, nothing, code, name, printed, never, times, state, in_use, retired,
    replaced, retire, use_again, choose, sheet, languages, languages_hint, distance, distance_hint, centimetres,
    paper, a4, single, level, level_q, level_h, crop, make, old, old_lead, leads_to, retired_done, used_done,
    too_large, too_long, no_font, no_letter, no_stop, unfit
}

/// A stop in the table.
struct Row {
    slug: String,
    code: String,
    name: Said,
    printed: Option<(Moment, String, u32)>,
    /// When and by whom it was retired.
    retired: Option<(Moment, String)>,
    chosen: bool,
}

/// A code that no stop bears any more.
struct Old {
    code: String,
    at: Moment,
    by: String,
    /// The stop that bears another code now.
    stop: Option<Said>,
    printed: Option<u32>,
}

/// A distance with what comes of it.
struct Far {
    centimetres: u16,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "staff/labels.html")]
struct View<'a> {
    page: Frame<'a>,
    site: &'a Site,
    name: Said,
    sites: Vec<Elsewhere>,
    rows: Vec<Row>,
    old: Vec<Old>,
    languages: Vec<(&'static str, &'static str, bool)>,
    distances: Vec<Far>,
    /// Whether sheets can be made: there is an address to put on them.
    ready: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub library: &'a Library,
    pub site: &'a Site,
    pub printed: &'a [PrintedCode],
    pub retired: &'a [RetiredCode],
    /// The stops that were chosen beforehand; empty: all whose codes are in use.
    pub chosen: Vec<&'a str>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, matter: &Matter<'_>, note: Note) -> Result<String> {
    let words = state.desk.of(lang);
    let own = &words.labels;
    let stops: Vec<&Stop> = matter.library.stops_of(matter.site).collect();
    let rows = stops.iter().map(|stop| row(matter, stop, lang)).collect();
    let borne = |code: &RetiredCode| stops.iter().any(|stop| stop.code == code.code);
    let old = |code: &RetiredCode| Old {
        code: code.code.to_string(),
        at: code.at.into(),
        by: code.by.clone(),
        stop: stops.iter().find(|stop| Some(stop.id) == code.stop).map(|stop| Said::name(&stop.names, lang)),
        printed: matter.printed.iter().find(|printed| printed.code == code.code).map(|printed| printed.times),
    };
    let far = |distance: Distance| {
        let module = format!("{:.1}", distance.module().0);
        let centimetres = distance.centimetres();
        let values = [("n", centimetres.to_string()), ("module", module)];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Far { centimetres, label: fill(&own.centimetres, &values), chosen: centimetres == 30 }
    };
    let default = state.settings.default_language;
    let chosen = |language: Language| language == default || language == Language::EN;
    let ready = state.settings.public_url.is_some();
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Labels, &own.heading),
        site: matter.site,
        name: Said::name(&matter.site.names, lang),
        sites: elsewhere(&matter.library.sites, matter.signed, Permission::Label, "labels", lang),
        rows,
        old: matter.retired.iter().filter(|code| !borne(code)).map(old).collect(),
        languages: languages(matter.library, matter.site)
            .into_iter()
            .map(|language| (language.tag(), language.endonym(), chosen(language)))
            .collect(),
        distances: Distance::USUAL.into_iter().map(far).collect(),
        ready,
        bad: note.bad.or_else(|| (!ready).then(|| own.no_url.clone())),
        good: note.good,
    };
    Ok(view.render()?)
}

fn row(matter: &Matter<'_>, stop: &Stop, lang: Language) -> Row {
    let printed = matter.printed.iter().find(|printed| printed.code == stop.code);
    let retired = matter.retired.iter().find(|retired| retired.code == stop.code);
    Row {
        slug: stop.slug.to_string(),
        code: stop.code.to_string(),
        name: Said::name(&stop.names, lang),
        printed: printed.map(|printed| (printed.at.into(), printed.by.clone(), printed.times)),
        retired: retired.map(|retired| (retired.at.into(), retired.by.clone())),
        chosen: if matter.chosen.is_empty() { retired.is_none() } else { matter.chosen.contains(&stop.slug.as_str()) },
    }
}
