//! How often guides are heard at a site: tables, and charts that say the same to the eye.

use askama::Template;

use crate::domain::{Language, ListenSource, Permission, Site, Slug, Stop};
use crate::people::Signed;
use crate::web::State;
use crate::web::counting::{Counted, Days};
use crate::web::error::Result;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::places::{Elsewhere, elsewhere};
use crate::web::views::staff::words::Words;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of the numbers.
    Strings: heading, lead, privacy, from, to, show, csv, stop, plays, completion, where_stop, sources, qr, kiosk, link,
    languages, days, hours, tenth, end, count, nothing, back, day, hour, language, source, chart, bad_days
}

/// A bar of a chart, in its own units.
struct Bar {
    x: usize,
    y: u64,
    height: u64,
    label: String,
    count: u64,
    last: bool,
}

/// A chart with the table that says the same.
struct Chart {
    id: &'static str,
    heading: String,
    head: String,
    bars: Vec<Bar>,
    /// Of the drawing.
    width: usize,
}

/// The height of every chart, in units of its drawing.
const HEIGHT: u64 = 100;
const STEP: usize = 20;
const FEWEST: usize = 11;

impl Chart {
    fn of(id: &'static str, heading: &str, head: &str, values: Vec<(String, u64)>) -> Self {
        let highest = values.iter().map(|(_, count)| *count).max().unwrap_or_default().max(1);
        let last = values.len().saturating_sub(1);
        // A few bars are no wider than many.
        let width = values.len().max(FEWEST) * STEP;
        let bar = |(place, (label, count)): (usize, (String, u64))| {
            // What is there at all is seen.
            let height = if count == 0 { 0 } else { (count * HEIGHT / highest).max(1) };
            let last = id == "ends" && place == last;
            Bar { x: place * STEP, y: HEIGHT - height, height, label, count, last }
        };
        Self {
            id,
            heading: heading.to_owned(),
            head: head.to_owned(),
            bars: values.into_iter().enumerate().map(bar).collect(),
            width,
        }
    }
}

/// A stop in the table.
struct Row {
    slug: String,
    code: String,
    name: Said,
    began: u64,
    completion: Option<u64>,
    sources: Vec<u64>,
    ends: Chart,
    /// The chart in words.
    told: String,
}

#[derive(Template)]
#[template(path = "staff/numbers.html")]
struct View<'a> {
    page: Frame<'a>,
    site: &'a Site,
    name: Said,
    sites: Vec<Elsewhere>,
    days: &'a Days,
    /// The one stop that is looked at.
    stop: Option<(String, Said)>,
    total: &'a Counted,
    completion: Option<u64>,
    rows: Vec<Row>,
    charts: Vec<Chart>,
    bad: Option<String>,
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub sites: &'a [Site],
    pub site: &'a Site,
    pub stops: &'a [Stop],
    pub days: &'a Days,
    pub stop: Option<&'a Stop>,
    /// Of the site, or of the one stop.
    pub total: &'a Counted,
    pub by_stop: &'a std::collections::BTreeMap<Slug, Counted>,
    pub bad: Option<String>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, matter: Matter<'_>) -> Result<String> {
    let words = state.desk.of(lang);
    let own = &words.numbers;
    let rows = matter.stops.iter().filter(|_| matter.stop.is_none());
    let rows = rows.filter_map(|stop| row(stop, matter.by_stop.get(&stop.slug)?, lang, words));
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Numbers, &own.heading),
        site: matter.site,
        name: Said::name(&matter.site.names, lang),
        sites: elsewhere(matter.sites, matter.signed, Permission::Count, "numbers", lang),
        days: matter.days,
        stop: matter.stop.map(|stop| (stop.slug.to_string(), Said::name(&stop.names, lang))),
        completion: matter.total.completion(),
        rows: rows.collect(),
        charts: if matter.total.began == 0 { Vec::new() } else { charts(matter.total, matter.days, words) },
        total: matter.total,
        bad: matter.bad,
    };
    Ok(view.render()?)
}

fn row(stop: &Stop, counted: &Counted, lang: Language, words: &Words) -> Option<Row> {
    let own = &words.numbers;
    let ends = ends(counted, words);
    let told: Vec<String> = ends.bars.iter().map(|bar| format!("{}: {}", bar.label, bar.count)).collect();
    Some(Row {
        slug: stop.slug.to_string(),
        code: stop.code.to_string(),
        name: Said::name(&stop.names, lang),
        began: counted.began,
        completion: counted.completion(),
        sources: ListenSource::ALL.map(|source| counted.by_source.get(&source).copied().unwrap_or_default()).to_vec(),
        told: fill(&own.chart, &[("values", &told.join(", "))]),
        ends,
    })
}

fn ends(counted: &Counted, words: &Words) -> Chart {
    let own = &words.numbers;
    let label =
        |tenth: usize| if tenth == 10 { own.end.clone() } else { format!("{}–{} %", tenth * 10, tenth * 10 + 10) };
    let values = counted.ended.iter().enumerate().map(|(tenth, count)| (label(tenth), *count));
    Chart::of("ends", &own.where_stop, &own.tenth, values.collect())
}

fn charts(counted: &Counted, days: &Days, words: &Words) -> Vec<Chart> {
    let own = &words.numbers;
    let days = days.each().into_iter().map(|day| {
        let count = counted.by_day.get(&day).copied().unwrap_or_default();
        (day, count)
    });
    let hours = counted.by_hour.iter().enumerate().map(|(hour, count)| (format!("{hour}:00"), *count));
    let languages = counted.by_language.iter().map(|(language, count)| (language.endonym().to_owned(), *count));
    let sources = ListenSource::ALL.into_iter().map(|source| {
        let name = match source {
            ListenSource::Qr => &own.qr,
            ListenSource::Kiosk => &own.kiosk,
            ListenSource::Link => &own.link,
        };
        (name.clone(), counted.by_source.get(&source).copied().unwrap_or_default())
    });
    vec![
        ends(counted, words),
        Chart::of("days", &own.days, &own.day, days.collect()),
        Chart::of("hours", &own.hours, &own.hour, hours.collect()),
        Chart::of("languages", &own.languages, &own.language, languages.collect()),
        Chart::of("sources", &own.sources, &own.source, sources.collect()),
    ]
}
