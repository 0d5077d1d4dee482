//! The form of a screen's plan, and what is wrong with one in the words of the page.

use crate::domain::Language;
use crate::domain::screen::PlanError;
use crate::people::Signed;
use crate::web::State;
use crate::web::buses::BusFault;
use crate::web::error::Result;
use crate::web::screening::{Fault, Fields, Rows, Stock};
use crate::web::views::staff::people::Choice;
use crate::web::views::staff::screens::Strings;
use crate::web::views::strings::fill;
use crate::web::views::words::Said;

/// Rows for showings that are not there yet.
const BLANK_ROWS: usize = 2;

/// A plan in a form.
pub struct PlanForm {
    pub name: String,
    /// First, second, third.
    pub languages: Vec<Picked>,
    pub seconds: String,
    pub sound: bool,
    pub offset: String,
    pub routes: Vec<Choice>,
    pub trip: String,
    pub vehicle: String,
    pub near: String,
    pub rows: Vec<Row>,
    /// What the plan was read as; empty for a new one.
    pub tag: String,
}

/// One of the languages of a screen.
pub struct Picked {
    pub id: String,
    pub label: String,
    pub choices: Vec<Choice>,
}

/// A showing in the form.
pub struct Row {
    /// In the names of its fields.
    pub number: usize,
    pub legend: String,
    pub blank: bool,
    pub sites: Vec<Choice>,
    pub stops: String,
    pub days: Vec<Choice>,
    pub from: String,
    pub until: String,
    pub first_day: String,
    pub last_day: String,
}

impl PlanForm {
    /// # Errors
    /// Where the store does not answer.
    pub async fn new(
        state: &State,
        signed: &Signed,
        stock: &Stock,
        languages: &[Language],
        fields: &Fields,
        tag: String,
    ) -> Result<Self> {
        let lang = signed.person.language;
        let words = &state.desk.of(lang).screens;
        let one = |name: &str| field(fields, name).to_owned();
        let typed: Vec<&str> = all(fields, "language").collect();
        let labels = [&words.first_language, &words.second_language, &words.third_language];
        let picked = labels.into_iter().enumerate().map(|(at, label)| Picked {
            id: format!("language-{at}"),
            label: label.clone(),
            choices: language_choices(words, languages, typed.get(at).copied().unwrap_or(""), at > 0, lang),
        });
        let mut numbers = Rows::of(fields).0;
        let filled = numbers.len();
        let next = numbers.last().map_or(0, |last| last + 1);
        numbers.extend(next..next + BLANK_ROWS);
        let row = |(at, number): (usize, &usize)| row(words, stock, fields, *number, (at >= filled, at + 1), lang);
        Ok(Self {
            name: one("name"),
            languages: picked.collect(),
            seconds: one("seconds"),
            sound: field(fields, "sound") == "yes",
            offset: Some(one("utc_offset_minutes")).filter(|text| !text.is_empty()).unwrap_or("420".to_owned()),
            routes: routes(state, stock, words, field(fields, "route"), lang).await?,
            trip: one("trip"),
            vehicle: one("vehicle"),
            near: Some(one("near_metres")).filter(|text| !text.is_empty()).unwrap_or("600".to_owned()),
            rows: numbers.iter().enumerate().map(row).collect(),
            tag,
        })
    }
}

fn all<'a>(fields: &'a Fields, name: &str) -> impl Iterator<Item = &'a str> {
    let name = name.to_owned();
    fields.iter().filter(move |(own, _)| *own == name).map(|(_, value)| value.as_str())
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    all(fields, name).next().unwrap_or("")
}

fn language_choices(words: &Strings, languages: &[Language], typed: &str, none: bool, lang: Language) -> Vec<Choice> {
    let blank = none.then(|| Choice {
        value: String::new(),
        label: Said::own(words.none_language.clone()),
        chosen: typed.is_empty(),
    });
    let others = languages.iter().map(|language| Choice {
        value: language.to_string(),
        label: Said::of(language.endonym(), *language, lang),
        chosen: typed == language.tag(),
    });
    blank.into_iter().chain(others).collect()
}

async fn routes(state: &State, stock: &Stock, words: &Strings, typed: &str, lang: Language) -> Result<Vec<Choice>> {
    let none = Choice { value: String::new(), label: Said::own(words.no_route.clone()), chosen: typed.is_empty() };
    let mut choices = vec![none];
    for head in &stock.timetables {
        for (id, name) in state.buses.routes(state, &head.name).await? {
            let value = format!("{}/{id}", head.name);
            let label = if stock.timetables.len() > 1 { format!("{name} ({})", head.name) } else { name };
            choices.push(Choice { chosen: typed == value, value, label: Said::guessed(label, lang) });
        }
    }
    // What was chosen and is gone stays chosen, so that saving tells of it.
    if !choices.iter().any(|choice| choice.chosen) {
        choices.push(Choice { value: typed.to_owned(), label: Said::own(typed), chosen: true });
    }
    Ok(choices)
}

fn row(
    words: &Strings,
    stock: &Stock,
    fields: &Fields,
    number: usize,
    (blank, shown): (bool, usize),
    lang: Language,
) -> Row {
    let name = |what: &str| format!("show.{number}.{what}");
    let one = |what: &str| field(fields, &name(what)).to_owned();
    let ticked = |what: &str, value: &str| all(fields, &name(what)).any(|own| own == value);
    let sites = stock.sites.iter().map(|site| Choice {
        value: site.slug.to_string(),
        label: Said::name(&site.names, lang),
        chosen: ticked("site", site.slug.as_str()),
    });
    let days = [
        &words.monday,
        &words.tuesday,
        &words.wednesday,
        &words.thursday,
        &words.friday,
        &words.saturday,
        &words.sunday,
    ];
    let day = |(at, label): (usize, &String)| {
        let value = (at + 1).to_string();
        Choice { chosen: ticked("day", &value), value, label: Said::own(label.clone()) }
    };
    let legend = if blank { words.new_show.clone() } else { fill(&words.show, &[("n", &shown.to_string())]) };
    Row {
        number,
        legend,
        blank,
        sites: sites.collect(),
        stops: one("stops"),
        days: days.into_iter().enumerate().map(day).collect(),
        from: one("from"),
        until: one("until"),
        first_day: one("first_day"),
        last_day: one("last_day"),
    }
}

/// What is wrong with a plan, to whom can mend it.
#[must_use]
pub fn said(words: &Strings, fault: &Fault) -> String {
    let numbered = |text: &str, show: usize, what: &str| fill(text, &[("n", &show.to_string()), ("what", what)]);
    match fault {
        Fault::Plan(PlanError::Name) => words.bad_name.clone(),
        Fault::Plan(PlanError::Languages) => words.bad_languages.clone(),
        Fault::Plan(PlanError::Seconds(_)) => words.bad_seconds.clone(),
        Fault::Plan(PlanError::Offset(_)) => words.bad_offset.clone(),
        Fault::Plan(PlanError::Shows) => words.bad_shows.clone(),
        Fault::Plan(PlanError::Bus) => words.bad_bus.clone(),
        Fault::Plan(PlanError::NamesNothing { show }) => numbered(&words.bad_nothing, *show, ""),
        Fault::Plan(PlanError::When { show, .. }) => numbered(&words.bad_when, *show, ""),
        Fault::Unknown { show, name } => numbered(&words.bad_stop, *show, name),
        Fault::Unread { show: Some(show), text } => numbered(&words.bad_time, *show, text),
        Fault::Unread { show: None, text } => fill(&words.bad_number, &[("what", text)]),
        Fault::Bus(fault) => lost(words, *fault).to_owned(),
    }
}

/// Why a bus cannot be followed.
#[must_use]
pub fn lost(words: &Strings, fault: BusFault) -> &str {
    match fault {
        BusFault::NoTimetable => &words.lost_timetable,
        BusFault::NoRoute => &words.lost_route,
        BusFault::NoTrip => &words.lost_trip,
        BusFault::TooMany => &words.lost_many,
    }
}
