//! The screens of the house: which of them show something, by their own word; their plans, and the notices before them.

use askama::Template;

use super::moment::Moment;
use super::screen_form::{PlanForm, lost};
use crate::domain::screen::Standing;
use crate::domain::{Language, Permission, Scope, Timestamp};
use crate::people::Signed;
use crate::store::GivenNotice;
use crate::web::State;
use crate::web::buses::{BusFault, NoPosition, Whereabouts};
use crate::web::error::Result;
use crate::web::playlists::Slide;
use crate::web::screening::{Fields, Known, Stock};
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::people::Choice;
use crate::web::views::staff::words::Words;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of the screens.
    Strings: heading, lead, none, name, state, last, heard, total, times, nothing_yet, why_waiting, why_green, why_quiet,
    why_dark, why_lost_bus, why_silent, add, new_heading, preview, preview_title, address_lead, plan, plan_name,
    plan_name_hint, first_language, second_language, third_language, none_language, seconds, seconds_hint, sound, offset,
    offset_hint, shows, shows_lead, show, new_show, sites, stops, stops_hint, days, monday, tuesday, wednesday, thursday,
    friday, saturday, sunday, from_time, until_time, time_hint, first_day, last_day, bus, bus_lead, route, no_route, trip,
    trip_hint, vehicle, vehicle_hint, near, save, saved, added, make, gone, back, retire, retire_lead, taken, overtaken,
    bus_now, bus_next, bus_idle, by_vehicle, by_table, not_asked, waiting_positions, fault_positions, not_seen,
    old_positions, bad_name, bad_languages, bad_seconds, bad_offset, bad_shows, bad_bus, bad_nothing, bad_when, bad_stop,
    bad_time, bad_number, lost_timetable, lost_route, lost_trip, lost_many, notices, notices_lead, notice_none,
    notice_where, all_screens, notice_text, notice_begins, begins_hint, notice_hours, give, given_by, shown_from, until,
    end, notice_given, notice_ended, bad_notice, bad_begin, bad_hours, plays, plays_lead, plays_none, day, stop, language,
    shown_times, minutes, timetables, manage, clips, clips_lead
}

/// A screen in the list.
struct Row<'a> {
    code: String,
    name: &'a str,
    class: &'static str,
    state: &'a str,
    why: String,
    last: Option<(Said, Moment)>,
    heard: Option<Moment>,
    total: String,
}

/// A notice in the list.
struct NoticeRow {
    id: i64,
    texts: Vec<Said>,
    place: Said,
    from: Option<Moment>,
    until: Moment,
    by: String,
    manages: bool,
}

/// The words of a notice in one language, as they are typed.
struct TextField {
    id: String,
    label: Said,
    lang: &'static str,
    value: String,
}

fn tag(words: &Words, standing: Standing) -> (&'static str, &str) {
    let own = &words.devices;
    match standing {
        Standing::Waiting => ("waiting", &own.waiting),
        Standing::Green => ("green", &own.green),
        Standing::Quiet | Standing::Dark | Standing::LostBus => ("amber", &own.amber),
        Standing::Silent => ("red", &own.red),
        Standing::Retired => ("retired", &own.retired),
    }
}

fn why(words: &Strings, standing: Standing) -> &str {
    match standing {
        Standing::Waiting => &words.why_waiting,
        Standing::Green => &words.why_green,
        Standing::Quiet => &words.why_quiet,
        Standing::Dark => &words.why_dark,
        Standing::LostBus => &words.why_lost_bus,
        Standing::Silent => &words.why_silent,
        Standing::Retired => "",
    }
}

fn row<'a>(words: &'a Words, stock: &Stock, known: &'a Known, lang: Language) -> Row<'a> {
    let (class, state) = tag(words, known.standing);
    let last = known.last.as_ref().map(|last| {
        let stop = stock.stops.iter().find(|stop| stop.slug == last.stop);
        let name = stop.map_or_else(|| Said::own(last.stop.to_string()), |stop| Said::name(&stop.names, lang));
        (name, last.began_at.into())
    });
    let (n, hours) = (known.shown.times.to_string(), (known.shown.millis / 3_600_000).to_string());
    Row {
        code: known.screen.code.to_string(),
        name: &known.screen.plan.name,
        class,
        state,
        why: why(&words.screens, known.standing).to_owned(),
        last,
        heard: known.heard_at.map(Moment::from),
        total: fill(&words.screens.times, &[("n", &n), ("hours", &hours)]),
    }
}

/// What the list is made from.
pub struct ListMatter<'a> {
    pub signed: &'a Signed,
    pub screens: &'a [Known],
    pub notices: &'a [GivenNotice],
    pub stock: &'a Stock,
    pub languages: &'a [Language],
    /// What was typed for a notice.
    pub typed: &'a Fields,
    pub now: Timestamp,
}

#[derive(Template)]
#[template(path = "staff/screens.html")]
struct List<'a> {
    page: Frame<'a>,
    rows: Vec<Row<'a>>,
    adds: bool,
    notices: Vec<NoticeRow>,
    /// The screens somebody may speak on; empty where there are none.
    places: Vec<Choice>,
    texts: Vec<TextField>,
    begins: &'a str,
    hours: &'a str,
    bad: Option<String>,
    good: Option<String>,
}

/// # Errors
/// Where the page cannot be written.
pub fn list(state: &State, matter: &ListMatter<'_>, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = state.desk.of(lang);
    let typed = |name: &str| matter.typed.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
    let house = matter.signed.person.grants.may(Permission::Manage, Scope::House);
    let everywhere = house.then(|| Choice {
        value: String::new(),
        label: Said::own(words.screens.all_screens.clone()),
        chosen: typed("screen").is_empty(),
    });
    let manages = matter.screens.iter().filter(|known| known.manages);
    let places = everywhere.into_iter().chain(manages.map(|known| Choice {
        value: known.screen.code.to_string(),
        label: Said::guessed(known.screen.plan.name.clone(), lang),
        chosen: typed("screen") == known.screen.code.as_str(),
    }));
    let text = |language: &Language| TextField {
        id: format!("text-{language}"),
        label: Said::of(language.endonym(), *language, lang),
        lang: language.tag(),
        value: typed(&format!("text.{language}")).to_owned(),
    };
    let view = List {
        page: Frame::new(state, lang, Some(matter.signed), Place::Screens, &words.screens.heading),
        rows: matter.screens.iter().map(|known| row(words, matter.stock, known, lang)).collect(),
        adds: matter.signed.person.grants.may_somewhere(Permission::Manage),
        notices: notices(words, matter, lang, house),
        places: places.collect(),
        texts: matter.languages.iter().map(text).collect(),
        begins: typed("begins"),
        hours: Some(typed("hours")).filter(|text| !text.is_empty()).unwrap_or("2"),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

fn notices(words: &Words, matter: &ListMatter<'_>, lang: Language, house: bool) -> Vec<NoticeRow> {
    let row = |given: &GivenNotice| {
        let screen = given.screen.as_ref().map(|code| matter.screens.iter().find(|known| known.screen.code == *code));
        let (place, manages) = match screen {
            None => (Said::own(words.screens.all_screens.clone()), house),
            Some(known) => {
                let known = known?;
                (Said::guessed(known.screen.plan.name.clone(), lang), known.manages)
            }
        };
        let texts = given.notice.text.0.iter().map(|(language, text)| Said::of(text.clone(), *language, lang));
        Some(NoticeRow {
            id: given.notice.id,
            texts: texts.collect(),
            place,
            from: (given.notice.from > matter.now).then(|| given.notice.from.into()),
            until: given.notice.until.into(),
            by: given.given_by.clone(),
            manages,
        })
    };
    matter.notices.iter().filter_map(row).collect()
}

/// What a screen's page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub stock: &'a Stock,
    pub languages: &'a [Language],
    pub bus: Option<std::result::Result<Whereabouts, BusFault>>,
    pub known: Known,
    pub fields: &'a Fields,
    /// What it shows, for films of single slides.
    pub slides: &'a [Slide],
    /// Of the house, as its visitors know it.
    pub origin: String,
}

#[derive(Template)]
#[template(path = "staff/screen.html")]
struct One<'a> {
    page: Frame<'a>,
    row: Row<'a>,
    retired: bool,
    manages: bool,
    address: String,
    preview_title: String,
    bus: Option<String>,
    /// Where the plan's form is sent.
    action: String,
    form: PlanForm,
    slides: &'a [Slide],
    bad: Option<String>,
    good: Option<String>,
}

/// # Errors
/// Where the store does not answer, or the page cannot be written.
pub async fn one(state: &State, matter: &Matter<'_>, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = state.desk.of(lang);
    let screen = &matter.known.screen;
    let form = PlanForm::new(
        state,
        matter.signed,
        matter.stock,
        matter.languages,
        matter.fields,
        screen.changed_at.0.to_string(),
    );
    let view = One {
        page: Frame::new(state, lang, Some(matter.signed), Place::Screens, &screen.plan.name),
        row: row(words, matter.stock, &matter.known, lang),
        retired: screen.retired_at.is_some(),
        manages: matter.known.manages,
        address: format!("{}/screens/{}", matter.origin, screen.code),
        preview_title: fill(&words.screens.preview_title, &[("name", &screen.plan.name)]),
        bus: matter.bus.as_ref().map(|bus| bus_said(&words.screens, bus)),
        action: format!("/staff/screens/{}", screen.code),
        form: form.await?,
        slides: matter.slides,
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

/// Where the bus is, and how that is known.
fn bus_said(words: &Strings, bus: &std::result::Result<Whereabouts, BusFault>) -> String {
    let bus = match bus {
        Ok(bus) => bus,
        Err(fault) => return lost(words, *fault).to_owned(),
    };
    let place = match &bus.next {
        Some((headsign, stop)) => {
            fill(&words.bus_next, &[("route", &bus.route), ("headsign", headsign), ("stop", stop)])
        }
        None => fill(&words.bus_idle, &[("route", &bus.route)]),
    };
    let seconds = |text: &str, n: i64| fill(text, &[("n", &n.to_string())]);
    let how = match &bus.by {
        Ok(age) => return format!("{place} {}", seconds(&words.by_vehicle, *age)),
        Err(NoPosition::NotAsked) => words.not_asked.clone(),
        Err(NoPosition::Waiting) => words.waiting_positions.clone(),
        Err(NoPosition::Fault(error)) => fill(&words.fault_positions, &[("error", error)]),
        Err(NoPosition::NotSeen) => words.not_seen.clone(),
        Err(NoPosition::Old(age)) => seconds(&words.old_positions, *age),
    };
    format!("{place} {} {how}", words.by_table)
}

#[derive(Template)]
#[template(path = "staff/screen-new.html")]
struct New<'a> {
    page: Frame<'a>,
    form: PlanForm,
    bad: Option<String>,
    good: Option<String>,
}

/// The form of a new screen.
///
/// # Errors
/// Where the store does not answer, or the page cannot be written.
pub async fn new(
    state: &State,
    signed: &Signed,
    stock: &Stock,
    languages: &[Language],
    fields: &Fields,
    note: Note,
) -> Result<String> {
    let lang = signed.person.language;
    let page = Frame::new(state, lang, Some(signed), Place::Screens, &state.desk.of(lang).screens.new_heading);
    let form = PlanForm::new(state, signed, stock, languages, fields, String::new()).await?;
    Ok(New { page, form, bad: note.bad, good: note.good }.render()?)
}
