//! A plan as the fields of a form, and back: what was typed is never lost, and what is wrong is told by its place.
//!
//! Fields of a show are `show.N.site` and `show.N.day` (each once for every tick), `show.N.stops` (codes, as they stand on
//! labels), `show.N.from`, `.until`, `.first_day` and `.last_day`. A row without anything in it is none.

use crate::domain::screen::{Bus, LocalTime, Plan, PlanError, Show, When};
use crate::domain::{Language, Slug, Stop};
use crate::web::buses::BusFault;

pub type Fields = Vec<(String, String)>;

/// Of shows in a form; a plan holds more, and a file brings them.
const MOST_ROWS: usize = 200;

/// What is wrong with a plan.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    Plan(PlanError),
    /// A show names what is not there.
    Unknown {
        show: usize,
        name: String,
    },
    /// A number or a time that is none.
    Unread {
        show: Option<usize>,
        text: String,
    },
    Bus(BusFault),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plan(error) => error.fmt(f),
            Self::Unknown { show, name } => write!(f, "show {show}: there is no site or stop `{name}`"),
            Self::Unread { show: Some(show), text } => write!(f, "show {show}: `{text}` cannot be read"),
            Self::Unread { show: None, text } => write!(f, "`{text}` cannot be read"),
            Self::Bus(fault) => fault.fmt(f),
        }
    }
}

/// The numbers of the shows in a form, in order.
pub struct Rows(pub Vec<usize>);

impl Rows {
    #[must_use]
    pub fn of(fields: &Fields) -> Self {
        let number = |name: &str| name.strip_prefix("show.")?.split('.').next()?.parse().ok();
        let mut rows: Vec<usize> = fields.iter().filter_map(|(name, _)| number(name)).collect();
        rows.sort_unstable();
        rows.dedup();
        rows.retain(|row| *row < MOST_ROWS);
        Self(rows)
    }
}

/// The fields that a plan fills.
#[must_use]
pub fn fields_of(plan: &Plan, stops: &[Stop]) -> Fields {
    let mut fields: Fields = Vec::new();
    let mut put = |name: &str, value: String| fields.push((name.to_owned(), value));
    put("name", plan.name.clone());
    for language in &plan.languages {
        put("language", language.to_string());
    }
    put("seconds", plan.seconds.to_string());
    put("sound", if plan.sound { "yes" } else { "" }.to_owned());
    put("utc_offset_minutes", plan.utc_offset_minutes.to_string());
    if let Some(bus) = &plan.bus {
        put("route", format!("{}/{}", bus.timetable, bus.route));
        put("trip", bus.trip.clone().unwrap_or_default());
        put("vehicle", bus.vehicle.clone().unwrap_or_default());
        put("near_metres", bus.near_metres.to_string());
    }
    for (row, show) in plan.shows.iter().enumerate() {
        let mut own = |name: &str, value: String| put(&format!("show.{row}.{name}"), value);
        for site in &show.sites {
            own("site", site.to_string());
        }
        let code = |slug: &Slug| {
            let stop = stops.iter().find(|stop| stop.slug == *slug);
            stop.map_or_else(|| slug.to_string(), |stop| stop.code.to_string())
        };
        own("stops", show.stops.iter().map(code).collect::<Vec<_>>().join(", "));
        for day in &show.when.days {
            own("day", day.to_string());
        }
        let time = |time: Option<LocalTime>| time.map(|time| time.to_string()).unwrap_or_default();
        own("from", time(show.when.from));
        own("until", time(show.when.until));
        own("first_day", show.when.first_day.clone().unwrap_or_default());
        own("last_day", show.when.last_day.clone().unwrap_or_default());
    }
    fields
}

/// The plan that was typed; `screening::fault` looks whether it can be followed.
///
/// # Errors
/// `Unread`, `Unknown` for a stop.
pub fn read(fields: &Fields, stops: &[Stop]) -> Result<Plan, Fault> {
    let one = |name: &str| fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim());
    let mut languages: Vec<Language> = Vec::new();
    for (_, tag) in fields.iter().filter(|(name, value)| name == "language" && !value.is_empty()) {
        languages.push(tag.parse().map_err(|_| unread(None, tag))?);
    }
    let mut shows = Vec::new();
    for row in Rows::of(fields).0 {
        if let Some(show) = show(fields, row, shows.len() + 1, stops)? {
            shows.push(show);
        }
    }
    let seconds = one("seconds").replace(',', ".");
    Ok(Plan {
        name: one("name").to_owned(),
        languages,
        seconds: seconds.parse().map_err(|_| unread(None, one("seconds")))?,
        sound: one("sound") == "yes",
        utc_offset_minutes: number(one("utc_offset_minutes"), 420)?,
        shows,
        bus: bus(one("route"), one("trip"), one("vehicle"), one("near_metres"))?,
    })
}

fn bus(route: &str, trip: &str, vehicle: &str, near: &str) -> Result<Option<Bus>, Fault> {
    let Some((timetable, route)) = route.split_once('/') else { return Ok(None) };
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(Some(Bus {
        timetable: timetable.parse().map_err(|_| Fault::Bus(BusFault::NoTimetable))?,
        route: route.to_owned(),
        trip: some(trip),
        vehicle: some(vehicle),
        near_metres: number(near, 600)?,
    }))
}

fn number<T: std::str::FromStr>(text: &str, usual: T) -> Result<T, Fault> {
    if text.is_empty() { Ok(usual) } else { text.parse().map_err(|_| unread(None, text)) }
}

fn unread(show: Option<usize>, text: &str) -> Fault {
    Fault::Unread { show, text: text.chars().take(40).collect() }
}

/// One row; `None` where nothing is in it. `number` is what a person calls it.
fn show(fields: &Fields, row: usize, number: usize, stops: &[Stop]) -> Result<Option<Show>, Fault> {
    let all = |name: &str| {
        let wanted = format!("show.{row}.{name}");
        fields
            .iter()
            .filter(move |(own, _)| *own == wanted)
            .map(|(_, value)| value.trim())
            .filter(|text| !text.is_empty())
    };
    let bad = |text: &str| unread(Some(number), text);
    let time = |name: &str| all(name).next().map(|text| text.parse::<LocalTime>().map_err(|_| bad(text))).transpose();
    let day = |name: &str| all(name).next().map(str::to_owned);
    let unknown = |name: &str| Fault::Unknown { show: number, name: name.chars().take(40).collect() };
    let mut show = Show {
        when: When {
            first_day: day("first_day"),
            last_day: day("last_day"),
            days: all("day").map(|text| text.parse().map_err(|_| bad(text))).collect::<Result<_, _>>()?,
            from: time("from")?,
            until: time("until")?,
        },
        ..Show::default()
    };
    for slug in all("site") {
        show.sites.push(slug.parse().map_err(|_| unknown(slug))?);
    }
    for name in all("stops").flat_map(|text| text.split([',', ';', ' ', '\n'])).filter(|name| !name.is_empty()) {
        let is = |stop: &&Stop| stop.code.as_str().eq_ignore_ascii_case(name) || stop.slug.as_str() == name;
        show.stops.push(stops.iter().find(is).ok_or_else(|| unknown(name))?.slug.clone());
    }
    Ok((show != Show::default()).then_some(show))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan(text: &str) -> Plan {
        toml::from_str(&format!("name = \"bus\"\nlanguages = [\"vi\", \"en\"]\n{text}")).unwrap()
    }

    #[test]
    fn a_plan_goes_through_its_form_unchanged() {
        for text in [
            "",
            "seconds = 2.5\nsound = true\nutc_offset_minutes = 540",
            "[[show]]\nsites = [\"thap-doi\", \"phu-cat\"]\nwhen = { days = [6, 7], from = \"07:00\", until = \"24:00\" }",
            "[[show]]\nsites = [\"a\"]\nwhen = { first_day = \"2026-12-01\", last_day = \"2027-02-28\" }\n[[show]]\nsites = [\"b\"]",
            "[bus]\ntimetable = \"quy-nhon\"\nroute = \"T/1\"\ntrip = \"a\"\nvehicle = \"77B-1\"\nnear_metres = 300",
        ] {
            let plan = plan(text);
            assert_eq!(read(&fields_of(&plan, &[]), &[]).unwrap(), plan, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let mut fields = fields_of(&plan(""), &[]);
        fields.push(("show.7.from".to_owned(), "7h".to_owned()));
        assert_eq!(read(&fields, &[]).unwrap_err(), Fault::Unread { show: Some(1), text: "7h".to_owned() });
        fields.pop();
        fields.push(("show.7.stops".to_owned(), "TD1, TD9".to_owned()));
        assert_eq!(read(&fields, &[]).unwrap_err(), Fault::Unknown { show: 1, name: "TD1".to_owned() });
    }

    proptest! {
        #[test]
        fn any_fields_are_read_or_refused(fields in prop::collection::vec(
            ("(name|language|seconds|route|near_metres|show\\.[0-9]{1,4}\\.(site|stops|day|from|first_day))", "\\PC{0,12}"), 0..12)) {
            let _ = read(&fields, &[]);
        }
    }
}
