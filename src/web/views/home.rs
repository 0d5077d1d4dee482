//! The home page: a field for the number on a label, and every site with something to hear.

use askama::Template;

use crate::web::error::Result;
use crate::web::views::cover::Cover;
use crate::web::views::page::{Page, Setting};
use crate::web::views::tour;
use crate::web::views::words::{Said, period};

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    page: Page<'a>,
    /// Whether any guide is published.
    ready: bool,
    cards: Vec<Card>,
    tours: Vec<tour::Card>,
}

/// A site in a list.
struct Card {
    href: String,
    name: Said,
    period: Option<Said>,
    stops: usize,
    cover: Option<Cover>,
}

/// # Errors
/// Where the page cannot be written.
pub async fn render(setting: &Setting<'_>) -> Result<String> {
    let (library, lang, words) = (setting.library, setting.lang, setting.words());
    let mut cards = Vec::new();
    for site in &library.sites {
        let stops = library.stops_of(site).count();
        if stops == 0 {
            continue;
        }
        // The picture repeats the name beside it: a reader by ear needs it once.
        let first = library.stops_of(site).find_map(|stop| stop.cover);
        let cover = Cover::first_of(setting.state, [site.cover, first], Said::own("")).await;
        cards.push(Card {
            href: format!("/{lang}/sites/{}", site.slug),
            name: Said::name(&site.names, lang),
            period: site.period.as_ref().map(|years| period(years, lang, words)),
            stops,
            cover,
        });
    }
    let languages = library.languages();
    let house = crate::web::views::page::house(Some(library), lang);
    let mut page = setting.page("", &languages, house.text, words.home_lead.clone());
    page.picture = cards.iter().find_map(|card| card.cover.as_ref()).map(|cover| cover.card(setting.origin));
    let tours = library.tours.iter().map(|tour| tour::Card::of(tour, lang, words)).collect();
    Ok(Home { page, ready: !languages.is_empty(), cards, tours }.render()?)
}
