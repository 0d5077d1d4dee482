//! The page a visitor sees where there is no other: what is wrong in their language, and where to go from here.

use askama::Template;

use crate::domain::{Language, Site, SiteId, StopId};
use crate::web::State;
use crate::web::error::Result;
use crate::web::problem::{Kind, Offer, Problem};
use crate::web::reading::Library;
use crate::web::views::page::{Choice, Link, Page, choices, house};
use crate::web::views::site::Row;
use crate::web::views::strings::{Strings, fill};
use crate::web::views::words::Said;

#[derive(Template)]
#[template(path = "trouble.html")]
struct Trouble<'a> {
    page: Page<'a>,
    heading: String,
    text: String,
    offers: Vec<Choice>,
    /// Whether the number on a label may be typed again.
    asks_code: bool,
    groups: Vec<Group>,
}

/// A site with its stops.
struct Group {
    site: Link,
    stops: Vec<Row>,
}

/// `library` is `None` where the store does not answer: then the page stands without it.
///
/// # Errors
/// Where the page cannot be written.
pub fn render(
    state: &State,
    library: Option<&Library>,
    problem: &Problem,
    path: &str,
    lang: Language,
    id: &str,
) -> Result<String> {
    let words = state.phrasebook.of(lang);
    let (heading, text) = say(problem, words, id);
    let published = library.map(Library::languages).unwrap_or_default();
    let offers = match &problem.offer {
        Offer::Languages(Some(languages)) => choices(rest(path), languages, lang),
        Offer::Languages(None) => choices(rest(path), &published, lang),
        _ => Vec::new(),
    };
    let lost = problem.kind.status() == axum::http::StatusCode::NOT_FOUND && offers.is_empty();
    let groups = match (&problem.offer, library) {
        (Offer::Site { site, stop }, Some(library)) => way_on(library, *site, *stop, lang, words),
        (_, Some(library)) if lost => groups(library, lang, words),
        _ => Vec::new(),
    };
    let house = house(library, lang);
    let page = Page {
        lang,
        words,
        assets: &state.assets,
        title: format!("{heading} · {}", house.text),
        description: text.clone(),
        house,
        canonical: path.to_owned(),
        alternates: Vec::new(),
        choices: choices("", &published, lang),
        picture: None,
        index: false,
        article: false,
    };
    let asks_code = matches!(problem.offer, Offer::Stops { .. } | Offer::Site { .. });
    Ok(Trouble { page, heading, text, offers, asks_code, groups }.render()?)
}

/// Heading and text in the visitor's language.
fn say(problem: &Problem, words: &Strings, id: &str) -> (String, String) {
    match (problem.kind, &problem.offer) {
        (Kind::UnknownCode, Offer::Stops { code }) => {
            (fill(&words.unknown_code, &[("code", code)]), words.unknown_code_text.clone())
        }
        (Kind::RetiredCode, _) => (words.retired_code.clone(), words.retired_code_text.clone()),
        (Kind::UnknownLanguage, _) => (words.unknown_language.clone(), words.unknown_language_text.clone()),
        (Kind::NoGuide, _) => (words.not_made.clone(), words.available_in.clone()),
        (kind, _) if kind.status().is_server_error() => (words.failed.clone(), fill(&words.failed_text, &[("id", id)])),
        (kind, _) if kind.status() == axum::http::StatusCode::NOT_FOUND => {
            (words.not_found.clone(), words.not_found_text.clone())
        }
        (kind, _) => (words.refused.clone(), format!("{} {}", kind.status().as_u16(), kind.title())),
    }
}

/// The stops of the site an old label hangs at, the stop it was for before all others.
fn way_on(library: &Library, site: SiteId, stop: Option<StopId>, lang: Language, words: &Strings) -> Vec<Group> {
    let Some(site) = library.sites.iter().find(|own| own.id == site) else { return groups(library, lang, words) };
    let mut stops: Vec<_> = library.stops_of(site).collect();
    stops.sort_by_key(|own| Some(own.id) != stop);
    vec![Group {
        site: Link { href: format!("/{lang}/sites/{}", site.slug), words: Said::name(&site.names, lang) },
        stops: stops.into_iter().map(|stop| Row::of(library, stop, lang, words)).collect(),
    }]
}

fn groups(library: &Library, lang: Language, words: &Strings) -> Vec<Group> {
    let group = |site: &Site| Group {
        site: Link { href: format!("/{lang}/sites/{}", site.slug), words: Said::name(&site.names, lang) },
        stops: library.stops_of(site).map(|stop| Row::of(library, stop, lang, words)).collect(),
    };
    library.sites.iter().map(group).filter(|group| !group.stops.is_empty()).collect()
}

/// What follows the language in an address: `stops/thap-doi`.
fn rest(path: &str) -> &str {
    path.splitn(3, '/').nth(2).unwrap_or("")
}
