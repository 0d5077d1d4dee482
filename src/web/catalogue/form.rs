//! An entry as the fields of a form, and back. What does not fit stays in its field as it was typed.

use super::degrees;
use super::entry::{Entry, Kind, PeriodEntry, PlaceEntry, SourceEntry};
use super::faults::{Fault, Flaw};
use crate::domain::Language;
use crate::web::workplace::Given as _;

/// The field of a stop's code: `code` alone is that of a second factor, which no form carries through a sign-in.
pub const CODE: &str = "stop-code";
/// Rows for sources of facts that a form has beyond those that are there.
const EMPTY_ROWS: usize = 2;
/// No form has more of them.
const MOST_ROWS: usize = 100;

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// `name.vi`, `source.0.title`.
    pub name: String,
    pub value: String,
}

/// The fields of an entry in their order; names in `languages`, and in those it has.
#[must_use]
pub fn cells(entry: &Entry, kind: Kind, languages: &[Language]) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut cell = |name: String, value: String| cells.push(Cell { name, value });
    let text = |value: Option<String>| value.unwrap_or_default();
    let there = |language: &&Language| entry.names.contains_key(language.tag()) || languages.contains(language);
    let all: Vec<Language> = Language::all().collect();
    for language in all.iter().filter(there) {
        cell(format!("name.{language}"), text(entry.names.get(language.tag()).cloned()));
    }
    cell("slug".to_owned(), entry.slug.clone());
    if kind == Kind::Stop {
        cell(CODE.to_owned(), entry.code.clone());
        cell("relic".to_owned(), entry.relic.clone());
    }
    cell("kind".to_owned(), entry.kind.clone());
    if kind == Kind::Relic {
        cell("material".to_owned(), entry.material.clone());
    } else {
        cell("position".to_owned(), entry.position.to_string());
        cell("themes".to_owned(), entry.themes.join(", "));
    }
    if kind == Kind::Site {
        for language in all.iter().filter(|l| entry.summary.contains_key(l.tag()) || languages.contains(l)) {
            cell(format!("summary.{language}"), text(entry.summary.get(language.tag()).cloned()));
        }
    }
    let period = entry.period.as_ref();
    cell("period.from".to_owned(), text(period.map(|period| period.from.to_string())));
    cell("period.to".to_owned(), text(period.map(|period| period.to.to_string())));
    cell("period.label".to_owned(), text(period.map(|period| period.label.clone())));
    if kind != Kind::Relic {
        let place = entry.place.as_ref();
        cell("place.latitude".to_owned(), text(place.map(|place| place.latitude.to_string())));
        cell("place.longitude".to_owned(), text(place.map(|place| place.longitude.to_string())));
        cell("place.address".to_owned(), text(place.map(|place| place.address.clone())));
    }
    let empty = SourceEntry::default();
    let sources = entry.sources.iter().chain(std::iter::repeat_n(&empty, EMPTY_ROWS));
    for (n, source) in sources.enumerate() {
        cell(format!("source.{n}.title"), source.title.clone());
        cell(format!("source.{n}.author"), source.author.clone());
        cell(format!("source.{n}.publisher"), source.publisher.clone());
        cell(format!("source.{n}.year"), text(source.year.map(|year| year.to_string())));
        cell(format!("source.{n}.note"), source.note.clone());
    }
    cells
}

/// Reads a form. Numbers that are none are faults.
#[must_use]
pub fn read(form: &[(String, String)]) -> (Entry, Vec<Fault>) {
    let form: Vec<(String, String)> = form.to_vec();
    let mut faults = Vec::new();
    let period = period(&form, &mut faults);
    let place = place(&form, &mut faults);
    let sources = sources(&form, &mut faults);
    let list = |prefix: &str| list_of(&form, prefix);
    let themes = form.field("themes").split(',').map(str::trim).filter(|theme| !theme.is_empty());
    let entry = Entry {
        slug: form.field("slug").trim().to_owned(),
        names: list("name."),
        kind: form.field("kind").to_owned(),
        position: number(&form, "position", &mut faults).unwrap_or_default(),
        code: form.field(CODE).trim().to_owned(),
        relic: form.field("relic").to_owned(),
        material: form.field("material").to_owned(),
        period,
        place,
        themes: themes.map(str::to_owned).collect(),
        sources,
        summary: list("summary."),
    };
    (entry, faults)
}

/// The fields whose names begin so, by what follows; without those that are empty.
pub(super) fn list_of(form: &[(String, String)], prefix: &str) -> std::collections::BTreeMap<String, String> {
    let named = form.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
    let given = named.filter(|(_, value)| !value.trim().is_empty());
    given.map(|(tag, value)| (tag.to_owned(), value.clone())).collect()
}

/// A number, where one is given.
pub(super) fn number<T: std::str::FromStr>(
    form: &Vec<(String, String)>,
    name: &str,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let text = form.field(name).trim();
    if text.is_empty() {
        return None;
    }
    // A comma is the decimal point of Vietnamese.
    let parsed = text.replace(',', ".").replace('\u{2212}', "-").parse().ok();
    if parsed.is_none() {
        faults.push(Fault::new(name, Flaw::Number));
    }
    parsed
}

/// Degrees, where some are given.
fn angle(form: &Vec<(String, String)>, name: &str, faults: &mut Vec<Fault>) -> Option<f64> {
    let text = form.field(name).trim();
    if text.is_empty() {
        return None;
    }
    let read = degrees::one(text);
    if read.is_none() {
        faults.push(Fault::new(name, Flaw::Number));
    }
    read
}

/// Of two numbers that belong together, the one that is missing is named.
fn both<T>(
    form: &Vec<(String, String)>,
    [first, second]: [&str; 2],
    values: (Option<T>, Option<T>),
    label: &str,
    faults: &mut Vec<Fault>,
) -> Option<(T, T)> {
    let empty = |name: &str| form.field(name).trim().is_empty();
    if empty(first) && empty(second) && empty(label) {
        return None;
    }
    for name in [first, second] {
        if empty(name) {
            faults.push(Fault::new(name, Flaw::Missing));
        }
    }
    Some((values.0?, values.1?))
}

fn period(form: &Vec<(String, String)>, faults: &mut Vec<Fault>) -> Option<PeriodEntry> {
    let names = ["period.from", "period.to"];
    let values = (number(form, names[0], faults), number(form, names[1], faults));
    let (from, to) = both(form, names, values, "period.label", faults)?;
    Some(PeriodEntry { from, to, label: form.field("period.label").to_owned() })
}

fn place(form: &Vec<(String, String)>, faults: &mut Vec<Fault>) -> Option<PlaceEntry> {
    let names = ["place.latitude", "place.longitude"];
    let pasted = degrees::pair(form.field(names[0])).filter(|_| form.field(names[1]).trim().is_empty());
    if let Some((latitude, longitude)) = pasted {
        return Some(PlaceEntry { latitude, longitude, address: form.field("place.address").to_owned() });
    }
    let values = (angle(form, names[0], faults), angle(form, names[1], faults));
    let (latitude, longitude) = both(form, names, values, "place.address", faults)?;
    Some(PlaceEntry { latitude, longitude, address: form.field("place.address").to_owned() })
}

fn sources(form: &Vec<(String, String)>, faults: &mut Vec<Fault>) -> Vec<SourceEntry> {
    let mut sources = Vec::new();
    for row in 0..MOST_ROWS {
        let name = |what: &str| format!("source.{row}.{what}");
        if !form.iter().any(|(own, _)| *own == name("title")) {
            break;
        }
        let text = |what: &str| form.field(&name(what)).to_owned();
        let source = SourceEntry {
            title: text("title"),
            author: text("author"),
            publisher: text("publisher"),
            year: number(form, &name("year"), faults),
            note: text("note"),
        };
        let empty = ["title", "author", "publisher", "year", "note"].iter().all(|what| text(what).trim().is_empty());
        if !empty {
            sources.push(source);
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(entries: &[(&str, &str)]) -> Vec<(String, String)> {
        entries.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_no_number_and_what_is_half_given_is_named() {
        let (entry, faults) = read(&form(&[
            ("position", "x"),
            ("place.latitude", "13,75"),
            ("place.longitude", ""),
            ("period.from", "1100"),
            ("period.to", "1200"),
            ("period.label", "thế kỷ XII"),
            ("source.0.title", ""),
            ("source.0.year", "mmx"),
        ]));
        let named: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(named, ["place.longitude", "source.0.year", "position"]);
        assert_eq!(entry.period, Some(PeriodEntry { from: 1100, to: 1200, label: "thế kỷ XII".to_owned() }));
        assert_eq!(entry.place, None);
    }

    proptest! {
        #[test]
        fn an_entry_goes_through_its_form(
            name in "[a-zA-ZàạđĐ<>&\"' ]{1,20}[a-z]",
            themes in prop::collection::vec("[a-z]{1,8}", 0..4),
            title in "[a-zà<&]{1,12}",
            year in prop::option::of(-500..2030i32),
            degrees in (-90.0..90.0f64, -180.0..180.0f64),
        ) {
            let entry = Entry {
                slug: "thap-doi".to_owned(),
                names: [("vi".to_owned(), name)].into(),
                kind: "tower".to_owned(),
                position: 3,
                code: "TD1".to_owned(),
                period: Some(PeriodEntry { from: -3, to: 7, label: String::new() }),
                place: Some(PlaceEntry { latitude: degrees.0, longitude: degrees.1, address: "Quy Nhơn".to_owned() }),
                themes,
                sources: vec![SourceEntry { title, year, ..SourceEntry::default() }],
                ..Entry::default()
            };
            let fields: Vec<(String, String)> =
                cells(&entry, Kind::Stop, &[Language::VI]).into_iter().map(|cell| (cell.name, cell.value)).collect();
            prop_assert_eq!(read(&fields), (entry, Vec::new()));
        }

        #[test]
        fn any_form_is_read(fields in prop::collection::vec(("[a-z.0-9]{0,16}", "\\PC{0,20}"), 0..20)) {
            let (entry, _) = read(&fields);
            let _ = entry.faults(Kind::Stop, Language::VI, &[]);
        }
    }
}
