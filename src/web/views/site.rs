//! A site's page: what the place is, and its stops.

use askama::Template;

use crate::domain::{Language, Period, Place, Site, SourceOfFacts, Stop};
use crate::web::error::Result;
use crate::web::reading::Library;
use crate::web::views::cover::Cover;
use crate::web::views::page::{Page, Setting};
use crate::web::views::strings::Strings;
use crate::web::views::tour::Card;
use crate::web::views::words::{Said, beginning, minutes, period, source};

#[derive(Template)]
#[template(path = "site.html")]
struct SitePage<'a> {
    page: Page<'a>,
    name: Said,
    cover: Option<Cover>,
    summary: Said,
    stops: Vec<Row>,
    tours: Vec<Card>,
    facts: Facts,
}

/// A stop in a list.
pub struct Row {
    pub href: String,
    pub code: String,
    pub title: Said,
    /// How long it is, or in which languages it can be heard.
    pub note: String,
    /// Whether it can be heard in the page's language.
    pub here: bool,
}

impl Row {
    #[must_use]
    pub fn of(library: &Library, stop: &Stop, lang: Language, words: &Strings) -> Self {
        let edition = library.edition(&stop.slug, lang);
        let elsewhere = || {
            let languages = library.languages_of(&stop.slug);
            languages.iter().map(|language| language.endonym()).collect::<Vec<_>>().join(" · ")
        };
        Self {
            href: format!("/{lang}/stops/{}", stop.slug),
            code: stop.code.to_string(),
            title: edition.map_or_else(|| Said::name(&stop.names, lang), |edition| Said::own(&edition.title)),
            note: edition.map_or_else(elsewhere, |edition| minutes(edition.duration, words)),
            here: edition.is_some(),
        }
    }
}

/// What is known beside the narration.
#[derive(Default)]
pub struct Facts {
    pub period: Option<Said>,
    pub address: Option<Said>,
    pub map: Option<String>,
    pub sources: Vec<Said>,
}

impl Facts {
    #[must_use]
    pub fn of(
        years: Option<&Period>,
        place: Option<&Place>,
        sources: &[SourceOfFacts],
        lang: Language,
        words: &Strings,
    ) -> Self {
        let map = |place: &Place| {
            let (north, east) = (place.latitude, place.longitude);
            format!("https://www.openstreetmap.org/?mlat={north:.5}&mlon={east:.5}#map=17/{north:.5}/{east:.5}")
        };
        Self {
            period: years.map(|years| period(years, lang, words)),
            address: place.map(|place| Said::guessed(place.address.trim(), lang)),
            map: place.map(map),
            sources: sources.iter().map(|one| source(one, lang)).collect(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.period.is_none() && self.address.is_none() && self.sources.is_empty()
    }
}

/// # Errors
/// Where the page cannot be written.
pub async fn render(setting: &Setting<'_>, site: &Site) -> Result<String> {
    let (library, lang, words) = (setting.library, setting.lang, setting.words());
    let name = Said::name(&site.names, lang);
    let summary = Said::name(&site.summary, lang);
    let first = library.stops_of(site).find_map(|stop| stop.cover);
    let alt = Said { text: super::strings::fill(&words.photo, &[("name", &name.text)]), lang: None };
    let cover = Cover::first_of(setting.state, [site.cover, first], alt).await;
    let path = format!("sites/{}", site.slug);
    let description = beginning(&summary.text, 200);
    let mut page = setting.page(&path, &library.languages(), name.text.clone(), description);
    page.picture = cover.as_ref().map(|cover| cover.card(setting.origin));
    let stops = library.stops_of(site).map(|stop| Row::of(library, stop, lang, words)).collect();
    let facts = Facts::of(site.period.as_ref(), site.place.as_ref(), &site.sources, lang, words);
    let tours = library.tours_of(site).map(|tour| Card::of(tour, lang, words)).collect();
    Ok(SitePage { page, name, cover, summary, stops, tours, facts }.render()?)
}
