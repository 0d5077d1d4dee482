//! The sites somebody looks after, and what was found in them.

use std::collections::HashMap;

use askama::Template;

use crate::domain::{Language, Permission, Relic, Scope, Site, SiteId, Slug, Term, TermList, Tour};
use crate::people::Signed;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::collection::{Known, Row, rows};
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::people::Choice;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;
use crate::web::workplace::Given as _;

words! {
    /// The words of finding things.
    Strings: any, site, theme, kind, age, state, more, first, relic, tour, all_pages
}

/// Something that was found beside the stops.
pub enum Thing {
    Site(Site),
    Relic(Slug, Relic),
    Tour(Tour),
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub sites: &'a [Site],
    /// Stops by site.
    pub counts: &'a HashMap<SiteId, usize>,
    /// Those that are shown of those that were found.
    pub stops: &'a [Known<'a>],
    pub total: usize,
    pub things: &'a [Thing],
    pub terms: &'a [Term],
    /// Words that stand somewhere.
    pub kinds: Vec<String>,
    pub themes: Vec<String>,
    pub asked: &'a Vec<(String, String)>,
    /// Whether anything was looked for.
    pub searched: bool,
}

struct Narrowing {
    name: &'static str,
    label: String,
    choices: Vec<Choice>,
}

struct Link {
    href: String,
    name: Said,
    what: String,
}

#[derive(Template)]
#[template(path = "staff/collection.html")]
struct View<'a> {
    page: Frame<'a>,
    sites: Vec<(String, Said, usize)>,
    adds: bool,
    asked: &'a str,
    narrowings: Vec<Narrowing>,
    narrowed: bool,
    found: Vec<Row>,
    things: Vec<Link>,
    told: String,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, matter: &Matter<'_>) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = state.desk.of(lang);
    let asked = matter.asked.field("q").trim();
    let narrowings = narrowings(state, matter, lang);
    let count = matter.total.to_string();
    let told = match (matter.searched, matter.total + matter.things.len()) {
        (false, _) => String::new(),
        (true, 0) => fill(&words.collection.found_none, &[("asked", asked)]),
        (true, _) if matter.total > matter.stops.len() => {
            let shown = matter.stops.len().to_string();
            fill(&words.find.first, &[("n", &count), ("shown", &shown)])
        }
        (true, _) => fill(&words.collection.found, &[("asked", asked), ("n", &count)]),
    };
    let site = |site: &Site| {
        let stops = matter.counts.get(&site.id).copied().unwrap_or_default();
        (site.slug.to_string(), Said::name(&site.names, lang), stops)
    };
    let mut page = Frame::new(state, lang, Some(matter.signed), Place::Collection, &words.collection.heading);
    page.searches = false;
    let view = View {
        page,
        sites: matter.sites.iter().map(site).collect(),
        adds: matter.signed.person.grants.may(Permission::Edit, Scope::House),
        asked,
        narrowed: narrowings
            .iter()
            .any(|one| one.choices.iter().any(|choice| choice.chosen && !choice.value.is_empty())),
        narrowings,
        found: rows(matter.sites, matter.stops, lang),
        things: matter.things.iter().map(|thing| link(thing, &words.find, lang)).collect(),
        told,
    };
    Ok(view.render()?)
}

fn link(thing: &Thing, words: &Strings, lang: Language) -> Link {
    match thing {
        Thing::Site(site) => Link {
            href: format!("/staff/sites/{}", site.slug),
            name: Said::name(&site.names, lang),
            what: words.site.clone(),
        },
        Thing::Relic(site, relic) => Link {
            href: format!("/staff/sites/{site}/relics/{}", relic.slug),
            name: Said::name(&relic.names, lang),
            what: words.relic.clone(),
        },
        Thing::Tour(tour) => Link {
            href: format!("/staff/tours/{}", tour.slug),
            name: Said::name(&tour.names, lang),
            what: words.tour.clone(),
        },
    }
}

fn narrowings(state: &State, matter: &Matter<'_>, lang: Language) -> Vec<Narrowing> {
    let words = state.desk.of(lang);
    let named = |list: TermList, word: &str| {
        let term = matter.terms.iter().find(|term| term.list == list && term.word == word);
        term.map_or_else(|| Said::own(word), |term| Said::name(&term.names, lang))
    };
    let narrowing = |name: &'static str, label: &str, values: Vec<(String, Said)>| {
        let chosen = matter.asked.field(name);
        let any = Choice { value: String::new(), label: Said::own(&words.find.any), chosen: chosen.is_empty() };
        let choice = |(value, label): (String, Said)| Choice { chosen: value == chosen, value, label };
        let choices = std::iter::once(any).chain(values.into_iter().map(choice)).collect();
        Narrowing { name, label: label.to_owned(), choices }
    };
    let of_list =
        |list: TermList, used: &[String]| used.iter().map(|word| (word.clone(), named(list, word))).collect::<Vec<_>>();
    let sites = matter.sites.iter().map(|site| (site.slug.to_string(), Said::name(&site.names, lang))).collect();
    let ages = matter.terms.iter().filter(|term| term.list == TermList::Age);
    let ages = ages.map(|term| (term.word.clone(), Said::name(&term.names, lang))).collect();
    let states = [
        ("approved", &words.collection.approved),
        ("draft", &words.collection.draft),
        ("none", &words.collection.no_text),
    ];
    let states = states.map(|(value, label)| (value.to_owned(), Said::own(label))).to_vec();
    vec![
        narrowing("site", &words.find.site, sites),
        narrowing("theme", &words.find.theme, of_list(TermList::Theme, &matter.themes)),
        narrowing("kind", &words.find.kind, of_list(TermList::Kind, &matter.kinds)),
        narrowing("age", &words.find.age, ages),
        narrowing("state", &words.find.state, states),
    ]
}
