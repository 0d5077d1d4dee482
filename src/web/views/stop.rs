//! A stop's page: the player, the text that follows the sound, and what is known of the place.

use askama::Template;

use crate::domain::{Depicted, Edition, Language, Script, Stop, Tour};
use crate::web::error::Result;
use crate::web::views::cover::Cover;
use crate::web::views::gallery::Figure;
use crate::web::views::page::{Choice, Link, Page, Setting, choices};
use crate::web::views::site::Facts;
use crate::web::views::strings::{Strings, fill};
use crate::web::views::tour::step_address;
use crate::web::views::words::{Said, beginning, clock, minutes, seconds};

#[derive(Template)]
#[template(path = "stop.html")]
struct StopPage<'a> {
    page: Page<'a>,
    code: String,
    site: Link,
    heading: Said,
    /// Length and period, in one line.
    meta: String,
    cover: Option<Cover>,
    /// `None` where the guide is not published in the page's language.
    guide: Option<Guide>,
    /// The languages it is published in, where it is not in the page's.
    offers: Vec<Choice>,
    /// The tour a visitor is on, and the way to its next stop.
    tour: Option<(Link, Said)>,
    previous: Option<Link>,
    next: Option<Link>,
    facts: Facts,
    /// Further pictures, and those of the relic it is about.
    figures: Vec<Figure>,
}

struct Guide {
    sources: Vec<Source>,
    captions: String,
    /// `1:30`.
    length: String,
    seconds: String,
    paragraphs: Vec<Vec<Spoken>>,
    /// What stands between two sentences: nothing in scripts that write without spaces.
    gap: &'static str,
    /// What a visitor must know before trusting words or voice.
    notices: Vec<String>,
    /// The mark of a synthetic voice, in words.
    mark: Option<String>,
    /// Whether the speech was checked before it was published, in words.
    heard: Option<String>,
}

struct Source {
    src: String,
    media_type: &'static str,
}

/// A sentence with the seconds between which it is heard.
struct Spoken {
    text: String,
    start: String,
    end: String,
}

impl Guide {
    fn of(edition: &Edition, words: &Strings) -> Self {
        let sources = edition.audio.iter().map(|file| Source {
            src: format!("/audio/{}.{}", file.hash, file.format.extension()),
            media_type: file.format.media_type(),
        });
        let paragraphs = edition.sentences.chunk_by(|a, b| a.paragraph == b.paragraph);
        let spoken = |paragraph: &[crate::domain::EditionSentence]| {
            paragraph
                .iter()
                .map(|one| Spoken { text: one.text.clone(), start: seconds(one.start), end: seconds(one.end) })
                .collect()
        };
        let mut notices = Vec::new();
        if let Some(mark) = &edition.translation {
            let words = if mark.approved { &words.machine_translation_approved } else { &words.machine_translation };
            notices.push(format!("{words} ({})", way(&mark.route)));
        }
        if edition.voice.last_resort {
            notices.push(words.last_resort_voice.clone());
        }
        let heard = edition.hearing.as_ref().map(|heard| {
            let sentence = if heard.not_judged == 0 { &words.heard_back } else { &words.not_heard_back };
            fill(sentence, &[("model", &heard.listener.model)])
        });
        let plainly_synthetic = edition.voice.synthetic && !edition.voice.last_resort;
        Self {
            sources: sources.collect(),
            captions: format!("/captions/{}.vtt", edition.captions),
            length: clock(edition.duration),
            seconds: seconds(edition.duration),
            paragraphs: paragraphs.map(spoken).collect(),
            gap: gap(edition.language),
            notices,
            mark: plainly_synthetic.then(|| words.synthetic_voice.clone()),
            heard,
        }
    }
}

/// The languages a translation went through, each in its own name.
fn way(route: &[Language]) -> String {
    route.iter().map(|language| language.endonym()).collect::<Vec<_>>().join(" → ")
}

fn gap(language: Language) -> &'static str {
    match language.script() {
        Script::Alphabetic => " ",
        Script::Ideographic => "",
    }
}

/// The page of a stop, with its guide where there is one in the page's language. On a tour it leads along that, else
/// through its site.
///
/// # Errors
/// Where the page cannot be written, or the stop's site is not there.
pub async fn render(
    setting: &Setting<'_>,
    stop: &Stop,
    edition: Option<&Edition>,
    tour: Option<&Tour>,
) -> Result<String> {
    let (library, lang, words) = (setting.library, setting.lang, setting.words());
    let site = library.site_of(stop)?;
    let languages = library.languages_of(&stop.slug);
    let path = format!("stops/{}", stop.slug);
    let heading = edition.map_or_else(|| Said::name(&stop.names, lang), |edition| Said::own(&edition.title));
    let first_words = edition.and_then(|edition| edition.sentences.first()).map(|sentence| sentence.text.as_str());
    let site_name = Said::name(&site.names, lang);
    let place_of = || fill(&words.place_of, &[("site", &site_name.text)]);
    let description = first_words.map_or_else(place_of, |text| beginning(text, 200));
    let facts = Facts::of(
        stop.period.as_ref().or(site.period.as_ref()),
        stop.place.as_ref().or(site.place.as_ref()),
        &stop.sources,
        lang,
        words,
    );
    let facts = facts.about(setting, &[&stop.themes, &site.themes]).await?;
    let length = edition.map(|edition| minutes(edition.duration, words));
    let years = facts.period.as_ref().map(|period| period.text.clone());
    let words_of = |other: &Stop| {
        let edition = library.edition(&other.slug, lang);
        edition.map_or_else(|| Said::name(&other.names, lang), |edition| Said::own(&edition.title))
    };
    let along = tour.and_then(|tour| Some((tour, tour.beside(stop.id)?)));
    let (previous, next, way) = match along {
        Some((tour, (previous, next))) => {
            let link = |one: &crate::domain::TourStop| {
                let words = words_of(library.stop_by_id(one.stop)?);
                Some(Link { href: step_address(library, tour, one, lang)?, words })
            };
            let hint = next.map_or_else(|| Said::own(""), |next| Said::name(&next.hint, lang));
            (previous.and_then(link), next.and_then(link), hint)
        }
        None => {
            let link = |other: &Stop| Link { href: format!("/{lang}/stops/{}", other.slug), words: words_of(other) };
            let (previous, next) = library.beside(stop);
            (previous.map(link), next.map(link), Said::own(""))
        }
    };
    let alt = Said::own(fill(&words.photo, &[("name", &Said::name(&stop.names, lang).text)]));
    let store = &setting.state.store;
    let mut pictures = store.pictures_of(Depicted::Stop(stop.id)).await?;
    if let Some(relic) = stop.relic {
        pictures.extend(store.pictures_of(Depicted::Relic(relic)).await?);
    }
    let own = pictures.iter().find(|picture| Some(picture.hash) == stop.cover);
    let seen = own.map(|picture| Said::name(&picture.alt, lang)).filter(|said| !said.text.is_empty());
    let cover = Cover::first_of(setting.state, [stop.cover, site.cover], seen.unwrap_or_else(|| alt.clone())).await;
    pictures.retain(|picture| Some(picture.hash) != stop.cover);
    let figures = Figure::all(setting.state, &pictures, &alt, lang).await;
    let mut page = setting.page(&path, &languages, heading.text.clone(), description);
    page.article = true;
    let with_tour = along.map_or_else(|| path.clone(), |(tour, _)| format!("{path}?tour={}", tour.slug));
    page.choices = choices(&with_tour, &languages, lang);
    page.picture = cover.as_ref().map(|cover| cover.card(setting.origin));
    let view = StopPage {
        page,
        code: stop.code.to_string(),
        site: Link { href: format!("/{lang}/sites/{}", site.slug), words: site_name },
        heading,
        meta: [length, years].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        cover,
        guide: edition.map(|edition| Guide::of(edition, words)),
        offers: choices(&with_tour, &languages, lang),
        tour: along.map(|(tour, _)| {
            let name = Said::name(&tour.names, lang);
            let words = Said { text: fill(&words.on_tour, &[("tour", &name.text)]), lang: name.lang };
            (Link { href: format!("/{lang}/tours/{}", tour.slug), words }, way)
        }),
        previous,
        next,
        facts,
        figures,
    };
    Ok(view.render()?)
}
