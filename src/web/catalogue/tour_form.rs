//! A tour as the fields of a form, and back. Its stops are rows with a number each: what the numbers say is their order,
//! and a row whose code was emptied is gone.

use super::form::{Cell, list_of, number};
use super::tour::{Around, TourEntry, TourStopEntry};
use super::{Fault, Flaw};
use crate::domain::{Language, Stop};
use crate::web::workplace::Given as _;

/// Rows for further stops that a form has beyond those that are there.
const EMPTY_ROWS: usize = 3;
/// No form has more of them.
const MOST_ROWS: usize = 100;

/// The fields of a tour in their order; names and hints in `languages`, and in those they have.
#[must_use]
pub fn tour_cells(entry: &TourEntry, around: &Around<'_>, languages: &[Language]) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut cell = |name: String, value: String| cells.push(Cell { name, value });
    let text = |value: Option<String>| value.unwrap_or_default();
    let asked = |has: &dyn Fn(&str) -> bool| -> Vec<Language> {
        Language::all().filter(|language| languages.contains(language) || has(language.tag())).collect()
    };
    for language in asked(&|tag| entry.names.contains_key(tag)) {
        cell(format!("name.{language}"), text(entry.names.get(language.tag()).cloned()));
    }
    cell("slug".to_owned(), entry.slug.clone());
    cell("site".to_owned(), entry.site.clone());
    cell("minutes".to_owned(), text(entry.minutes.map(|minutes| minutes.to_string())));
    cell("metres".to_owned(), text(entry.metres.map(|metres| metres.to_string())));
    cell("position".to_owned(), entry.position.to_string());
    cell("open".to_owned(), if entry.open { "yes" } else { "" }.to_owned());
    for language in asked(&|tag| entry.summary.contains_key(tag)) {
        cell(format!("summary.{language}"), text(entry.summary.get(language.tag()).cloned()));
    }
    let empty = TourStopEntry::default();
    for (n, one) in entry.stops.iter().chain(std::iter::repeat_n(&empty, EMPTY_ROWS)).enumerate() {
        let code = around.stops.iter().find(|stop| stop.slug.as_str() == one.stop).map(|stop| stop.code.to_string());
        cell(format!("stop.{n}.code"), text(code));
        cell(format!("stop.{n}.place"), (n + 1).to_string());
        for language in asked(&|tag| one.hint.contains_key(tag)) {
            cell(format!("stop.{n}.hint.{language}"), text(one.hint.get(language.tag()).cloned()));
        }
    }
    cells
}

/// Reads a form. Numbers that are none, and codes that are no stop's, are faults.
#[must_use]
pub fn read_tour(form: &[(String, String)], stops: &[Stop]) -> (TourEntry, Vec<Fault>) {
    let form: Vec<(String, String)> = form.to_vec();
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    for row in 0..MOST_ROWS {
        let code = format!("stop.{row}.code");
        if !form.iter().any(|(name, _)| *name == code) {
            break;
        }
        let typed = form.field(&code).trim();
        let place = number::<f64>(&form, &format!("stop.{row}.place"), &mut faults);
        if typed.is_empty() {
            continue;
        }
        match find(stops, typed) {
            Some(stop) => {
                let hint = list_of(&form, &format!("stop.{row}.hint."));
                rows.push((place, TourStopEntry { stop: stop.slug.to_string(), hint }));
            }
            None => faults.push(Fault::new(code, Flaw::Stop)),
        }
    }
    // Equal and missing numbers keep the order of the rows.
    rows.sort_by(|(a, _), (b, _)| a.unwrap_or(f64::MAX).total_cmp(&b.unwrap_or(f64::MAX)));
    let entry = TourEntry {
        slug: form.field("slug").trim().to_owned(),
        site: form.field("site").to_owned(),
        names: list_of(&form, "name."),
        summary: list_of(&form, "summary."),
        minutes: number(&form, "minutes", &mut faults),
        metres: number(&form, "metres", &mut faults),
        open: form.field("open") == "yes",
        position: number(&form, "position", &mut faults).unwrap_or_default(),
        stops: rows.into_iter().map(|(_, stop)| stop).collect(),
    };
    (entry, faults)
}

/// A stop by its code, as people type it, or by its slug. A chosen line of the list begins with the code.
fn find<'a>(stops: &'a [Stop], typed: &str) -> Option<&'a Stop> {
    let code = typed.split_whitespace().next()?.to_uppercase();
    stops.iter().find(|stop| stop.code.as_str() == code || stop.slug.as_str() == typed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Names, SiteId, StopId};

    fn stop(id: i64, slug: &str, code: &str) -> Stop {
        Stop {
            id: StopId(id),
            site: SiteId(1),
            relic: None,
            slug: slug.parse().unwrap(),
            code: code.parse().unwrap(),
            names: Names::default(),
            kind: String::new(),
            period: None,
            place: None,
            themes: Vec::new(),
            sources: Vec::new(),
            cover: None,
            position: id,
        }
    }

    #[test]
    fn a_tour_goes_through_its_form_and_the_numbers_say_the_order() {
        let stops = [stop(1, "hai-thap", "TD1"), stop(2, "garuda", "TD2"), stop(3, "bia", "TD3")];
        let around = Around { source: Language::VI, sites: &[], stops: &stops };
        let row = |slug: &str, hint: &str| TourStopEntry {
            stop: slug.to_owned(),
            hint: [("vi".to_owned(), hint.to_owned())].into(),
        };
        let entry = TourEntry {
            slug: "quanh-thap".to_owned(),
            names: [("vi".to_owned(), "Quanh tháp".to_owned())].into(),
            minutes: Some(40),
            open: true,
            position: 2,
            stops: vec![row("hai-thap", "Từ cổng vào"), row("garuda", "Đi vòng ra sau"), row("bia", "Rẽ trái")],
            ..TourEntry::default()
        };
        let mut fields: Vec<(String, String)> =
            tour_cells(&entry, &around, &[Language::VI]).into_iter().map(|cell| (cell.name, cell.value)).collect();
        assert_eq!(read_tour(&fields, &stops), (entry.clone(), Vec::new()));
        let mut set = |name: &str, value: &str| {
            fields.iter_mut().find(|(own, _)| own == name).unwrap().1 = value.to_owned();
        };
        set("stop.0.place", "2,5");
        set("stop.2.code", "");
        let (moved, faults) = read_tour(&fields, &stops);
        let order: Vec<&str> = moved.stops.iter().map(|one| one.stop.as_str()).collect();
        assert_eq!((order.as_slice(), faults.len()), (["garuda", "hai-thap"].as_slice(), 0));
        assert!(moved.faults(&around).is_empty());
        fields.iter_mut().find(|(own, _)| own == "stop.1.code").unwrap().1 = "zz9".to_owned();
        assert_eq!(read_tour(&fields, &stops).1, [Fault::new("stop.1.code", Flaw::Stop)]);
    }

    #[test]
    fn what_a_tour_lacks_is_named() {
        let stops = [stop(1, "hai-thap", "TD1")];
        let around = Around { source: Language::VI, sites: &[], stops: &stops };
        let twice = TourStopEntry { stop: "hai-thap".to_owned(), ..TourStopEntry::default() };
        let entry = TourEntry {
            site: "nowhere".to_owned(),
            minutes: Some(0),
            stops: vec![twice.clone(), twice],
            ..TourEntry::default()
        };
        let faults = entry.faults(&around);
        let named: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(named, ["slug", "name.vi", "site", "minutes", "stop.1.code"]);
    }
}
