//! A site's page: what the place is, and its stops.

use askama::Template;

use crate::domain::{Depicted, Language, Period, Place, Site, SourceOfFacts, Stop, TermList};
use crate::web::error::Result;
use crate::web::grounds::Grounds;
use crate::web::reading::Library;
use crate::web::views::cover::Cover;
use crate::web::views::gallery::Figure;
use crate::web::views::map::{Look, Map, Spot, draw};
use crate::web::views::page::{Page, Setting};
use crate::web::views::plan::PlanFigure;
use crate::web::views::strings::Strings;
use crate::web::views::tour::Card;
use crate::web::views::words::{Said, beginning, minutes, period, source};

/// A map of stops shows no less than so many metres, and one of a site whose stops have no place so many.
const CLOSEST: f64 = 300.0;
const FARTHER: f64 = 30_000.0;

#[derive(Template)]
#[template(path = "site.html")]
struct SitePage<'a> {
    page: Page<'a>,
    name: Said,
    cover: Option<Cover>,
    summary: Said,
    stops: Vec<Row>,
    tours: Vec<Card>,
    map: Option<Map>,
    plans: Vec<PlanFigure>,
    /// Further pictures.
    figures: Vec<Figure>,
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
    pub themes: Vec<Said>,
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
            themes: Vec::new(),
        }
    }

    /// With the names of its themes; a theme that has none yet is not shown.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn about(self, setting: &Setting<'_>, words: &[&[String]]) -> Result<Self> {
        let words: Vec<&String> = words.iter().copied().flatten().collect();
        if words.is_empty() {
            return Ok(self);
        }
        let terms = setting.state.store.terms().await?;
        let named = terms.iter().filter(|term| term.list == TermList::Theme && words.contains(&&term.word));
        Ok(Self { themes: named.map(|term| Said::name(&term.names, setting.lang)).collect(), ..self })
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.period.is_none() && self.address.is_none() && self.sources.is_empty() && self.themes.is_empty()
    }
}

/// The stops that have a place, and where none has, the site.
async fn map<'l>(setting: &Setting<'l>, site: &'l Site) -> Result<Option<Map>> {
    let (library, lang) = (setting.library, setting.lang);
    let spot = |stop: &'l Stop| {
        Some(Spot {
            place: stop.place.as_ref()?,
            href: format!("/{lang}/stops/{}", stop.slug),
            mark: stop.code.to_string(),
            name: Said::name(&stop.names, lang),
        })
    };
    let mut spots: Vec<Spot<'_>> = library.stops_of(site).filter_map(spot).collect();
    let mut least = CLOSEST;
    if spots.is_empty() {
        let Some(place) = &site.place else { return Ok(None) };
        let (href, name) = (format!("/{lang}/sites/{}", site.slug), Said::name(&site.names, lang));
        least = FARTHER;
        spots.push(Spot { place, href, mark: String::new(), name });
    }
    let ground = Grounds::get(setting.state).await?;
    Ok(draw(ground.as_deref(), spots, Look { way: false, least }, lang))
}

/// # Errors
/// Where the page cannot be written.
pub async fn render(setting: &Setting<'_>, site: &Site) -> Result<String> {
    let (library, lang, words) = (setting.library, setting.lang, setting.words());
    let name = Said::name(&site.names, lang);
    let summary = Said::name(&site.summary, lang);
    let first = library.stops_of(site).find_map(|stop| stop.cover);
    let alt = Said { text: super::strings::fill(&words.photo, &[("name", &name.text)]), lang: None };
    let mut pictures = setting.state.store.pictures_of(Depicted::Site(site.id)).await?;
    let own = pictures.iter().find(|picture| Some(picture.hash) == site.cover);
    let seen = own.map(|picture| Said::name(&picture.alt, lang)).filter(|said| !said.text.is_empty());
    let cover = Cover::first_of(setting.state, [site.cover, first], seen.unwrap_or_else(|| alt.clone())).await;
    pictures.retain(|picture| Some(picture.hash) != site.cover);
    let figures = Figure::all(setting.state, &pictures, &alt, lang).await;
    let path = format!("sites/{}", site.slug);
    let description = beginning(&summary.text, 200);
    let mut page = setting.page(&path, &library.languages(), name.text.clone(), description);
    page.picture = cover.as_ref().map(|cover| cover.card(setting.origin));
    let stops = library.stops_of(site).map(|stop| Row::of(library, stop, lang, words)).collect();
    let facts = Facts::of(site.period.as_ref(), site.place.as_ref(), &site.sources, lang, words);
    let facts = facts.about(setting, &[&site.themes]).await?;
    let map = map(setting, site).await?;
    let plans = PlanFigure::all(setting, site).await?;
    let tours = library.tours_of(site).map(|tour| Card::of(tour, lang, words)).collect();
    Ok(SitePage { page, name, cover, summary, stops, tours, map, plans, figures, facts }.render()?)
}
