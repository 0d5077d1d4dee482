//! A tour's page: what it is, and its stops in the order of the way, with the way between them.

use askama::Template;

use crate::domain::{Language, Tour, TourStop};
use crate::web::error::Result;
use crate::web::grounds::Grounds;
use crate::web::reading::Library;
use crate::web::views::cover::Cover;
use crate::web::views::map::{Look, Map, Spot, draw};
use crate::web::views::page::{Link, Page, Setting};
use crate::web::views::site::Row;
use crate::web::views::strings::{Strings, fill};
use crate::web::views::words::{Said, beginning, distance, minutes};

#[derive(Template)]
#[template(path = "tour.html")]
struct TourPage<'a> {
    page: Page<'a>,
    name: Said,
    /// The site it keeps to.
    site: Option<Link>,
    meta: String,
    cover: Option<Cover>,
    summary: Said,
    begin: Option<String>,
    steps: Vec<Step>,
    map: Option<Map>,
}

/// A stop on the way, and how to come to it.
struct Step {
    number: usize,
    hint: Said,
    row: Row,
}

/// A tour in a list.
pub struct Card {
    pub href: String,
    pub name: Said,
    pub meta: String,
}

impl Card {
    #[must_use]
    pub fn of(tour: &Tour, lang: Language, words: &Strings) -> Self {
        Self {
            href: format!("/{lang}/tours/{}", tour.slug),
            name: Said::name(&tour.names, lang),
            meta: meta(tour, lang, words),
        }
    }
}

/// How many stops, how long, how far.
fn meta(tour: &Tour, lang: Language, words: &Strings) -> String {
    let stops = fill(&words.tour_stops, &[("n", &tour.stops.len().to_string())]);
    let time = tour.minutes.map(|n| minutes(crate::domain::Milliseconds(u64::from(n) * 60_000), words));
    let way = tour.metres.map(|metres| fill(&words.walk, &[("distance", &distance(metres, lang))]));
    [Some(stops), time, way].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Where a stop of a tour is heard, so that its page leads on along the tour.
#[must_use]
pub fn step_address(library: &Library, tour: &Tour, one: &TourStop, lang: Language) -> Option<String> {
    let stop = library.stop_by_id(one.stop)?;
    Some(format!("/{lang}/stops/{}?tour={}", stop.slug, tour.slug))
}

/// The way through the stops that have a place; their numbers are those of the list.
async fn map(setting: &Setting<'_>, tour: &Tour) -> Result<Option<Map>> {
    let (library, lang) = (setting.library, setting.lang);
    let spot = |(one, number): (&TourStop, usize)| {
        let stop = library.stop_by_id(one.stop)?;
        Some(Spot {
            place: stop.place.as_ref()?,
            href: step_address(library, tour, one, lang)?,
            mark: number.to_string(),
            name: Said::name(&stop.names, lang),
        })
    };
    let spots: Vec<Spot<'_>> = tour.stops.iter().zip(1..).filter_map(spot).collect();
    if spots.len() < 2 {
        return Ok(None);
    }
    let ground = Grounds::get(setting.state).await?;
    Ok(draw(ground.as_deref(), spots, Look { way: true, least: 400.0 }, lang))
}

/// # Errors
/// Where the page cannot be written.
pub async fn render(setting: &Setting<'_>, tour: &Tour) -> Result<String> {
    let (library, lang, words) = (setting.library, setting.lang, setting.words());
    let name = Said::name(&tour.names, lang);
    let summary = Said::name(&tour.summary, lang);
    let step = |(one, number): (&TourStop, usize)| {
        let stop = library.stop_by_id(one.stop)?;
        let href = step_address(library, tour, one, lang)?;
        let row = Row { href, ..Row::of(library, stop, lang, words) };
        Some(Step { number, hint: Said::name(&one.hint, lang), row })
    };
    let steps: Vec<Step> = tour.stops.iter().zip(1..).filter_map(step).collect();
    let covers = tour.stops.iter().filter_map(|one| library.stop_by_id(one.stop)?.cover);
    let site = library.sites.iter().find(|site| Some(site.id) == tour.site);
    // The name stands beside it: a reader by ear needs it once.
    let first = site.and_then(|site| site.cover).or_else(|| covers.clone().next());
    let cover = Cover::first_of(setting.state, [first, covers.clone().next()], Said::own("")).await;
    let path = format!("tours/{}", tour.slug);
    let mut page = setting.page(&path, &library.languages(), name.text.clone(), beginning(&summary.text, 200));
    page.picture = cover.as_ref().map(|cover| cover.card(setting.origin));
    let link = |site: &crate::domain::Site| Link {
        href: format!("/{lang}/sites/{}", site.slug),
        words: Said::name(&site.names, lang),
    };
    let view = TourPage {
        page,
        name,
        site: site.map(link),
        meta: meta(tour, lang, words),
        cover,
        summary,
        begin: steps.first().map(|step| step.row.href.clone()),
        steps,
        map: map(setting, tour).await?,
    };
    Ok(view.render()?)
}
