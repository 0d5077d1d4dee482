//! Sums of hearings, brought together for reading: by stop, by day, by hour, by language, by source.

use std::collections::BTreeMap;

use crate::domain::{Hour, Language, ListenSource, Moment, Slug, Timestamp};
use crate::store::Heard;
use crate::web::error::{Result, WebError};

/// A span of days, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: String,
    pub to: String,
}

/// Days that are looked at where nobody says which: four weeks.
const USUAL_DAYS: i64 = 28;
const A_DAY: i64 = 86_400_000;

impl Days {
    /// Empty texts mean the last four weeks.
    ///
    /// # Errors
    /// `Unfit` for what is no day, or days in the wrong order.
    pub fn read(from: &str, to: &str, now: Timestamp) -> Result<Self> {
        let day = |at: Timestamp| Hour::of(at).map(|hour| hour.day).unwrap_or_default();
        let read = |text: &str, usual: String| if text.is_empty() { Ok(usual) } else { known(text) };
        let days = Self { from: read(from, day(now.plus_millis(-(USUAL_DAYS - 1) * A_DAY)))?, to: read(to, day(now))? };
        if days.from > days.to {
            return Err(WebError::Unfit(format!("{} is after {}", days.from, days.to)));
        }
        Ok(days)
    }
}

/// A chart of more days than these has no use.
const MOST_DAYS: usize = 400;

impl Days {
    /// Every day of them, the last `MOST_DAYS` of very many.
    #[must_use]
    pub fn each(&self) -> Vec<String> {
        let form = time::macros::format_description!("[year]-[month]-[day]");
        let (Ok(from), Ok(to)) = (time::Date::parse(&self.from, form), time::Date::parse(&self.to, form)) else {
            return Vec::new();
        };
        let back = std::iter::successors(Some(to), |day| day.previous_day().filter(|day| *day >= from));
        let mut days: Vec<String> = back.take(MOST_DAYS).filter_map(|day| day.format(form).ok()).collect();
        days.reverse();
        days
    }
}

/// A day of the calendar as it is written: `2026-11-23`.
fn known(text: &str) -> Result<String> {
    let form = time::macros::format_description!("[year]-[month]-[day]");
    let unfit = || WebError::Unfit("a day is written as 2026-11-23".to_owned());
    let day = time::Date::parse(text, form).map_err(|_| unfit())?;
    let written = day.format(form).map_err(|_| unfit())?;
    if written == text && written.len() == 10 { Ok(written) } else { Err(unfit()) }
}

/// Hearings of one stop, or of several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub began: u64,
    /// How many stopped in each tenth, and, last, how many came to the end.
    pub ended: [u64; 11],
    pub by_source: BTreeMap<ListenSource, u64>,
    pub by_language: BTreeMap<Language, u64>,
    pub by_day: BTreeMap<String, u64>,
    pub by_hour: [u64; 24],
}

impl Counted {
    fn add(&mut self, heard: &Heard) {
        match heard.moment {
            Moment::Ended(tenth) => {
                if let Some(sum) = self.ended.get_mut(usize::from(tenth)) {
                    *sum += heard.count;
                }
            }
            Moment::Began => {
                self.began += heard.count;
                *self.by_source.entry(heard.source).or_default() += heard.count;
                *self.by_language.entry(heard.language).or_default() += heard.count;
                *self.by_day.entry(heard.hour.day.clone()).or_default() += heard.count;
                if let Some(sum) = self.by_hour.get_mut(usize::from(heard.hour.hour)) {
                    *sum += heard.count;
                }
            }
        }
    }

    #[must_use]
    pub fn to_the_end(&self) -> u64 {
        self.ended.last().copied().unwrap_or_default()
    }

    /// The share, in hundredths, that came to the end, of those whose end is known; `None` where none is.
    #[must_use]
    pub fn completion(&self) -> Option<u64> {
        let known: u64 = self.ended.iter().sum();
        (known > 0).then(|| (self.to_the_end() * 100 + known / 2) / known)
    }
}

/// All together, and each stop that was heard.
#[must_use]
pub fn count(heard: &[Heard]) -> (Counted, BTreeMap<Slug, Counted>) {
    let (mut all, mut by_stop) = (Counted::default(), BTreeMap::<Slug, Counted>::new());
    for one in heard {
        all.add(one);
        by_stop.entry(one.stop.clone()).or_default().add(one);
    }
    (all, by_stop)
}

/// The sums as a table for spreadsheets (RFC 4180), with the mark by which they know its letters. `name` gives a stop's
/// code and name.
#[must_use]
pub fn csv(heard: &[Heard], name: impl Fn(&Slug) -> (String, String)) -> String {
    let mut text = String::from("\u{feff}day,hour,stop,code,name,language,source,moment,count\r\n");
    for one in heard {
        let (code, name) = name(&one.stop);
        let moment = match one.moment {
            Moment::Began => "began".to_owned(),
            Moment::Ended(Moment::WHOLE) => "heard to the end".to_owned(),
            Moment::Ended(tenth) => format!("stopped at {}0 %", tenth),
        };
        let cells = [
            one.hour.day.as_str(),
            &one.hour.hour.to_string(),
            one.stop.as_str(),
            &code,
            &name,
            one.language.tag(),
            one.source.word(),
            &moment,
            &one.count.to_string(),
        ]
        .map(cell);
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// Rows under a head as a table for spreadsheets (RFC 4180), with the mark by which they know its letters.
#[must_use]
pub fn table(head: &str, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = format!("\u{feff}{head}\r\n");
    for row in rows {
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// One cell. A text that a spreadsheet would take for a formula is kept from being one by an apostrophe before it
/// (OWASP, CSV Injection).
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let plain = if formula { format!("'{text}") } else { text.to_owned() };
    if plain.contains([',', '"', '\r', '\n']) { format!("\"{}\"", plain.replace('"', "\"\"")) } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2", "'-2"),
            ("a,b", "\"a,b\""),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("Tháp Đôi", "Tháp Đôi"),
        ] {
            assert_eq!(cell(text), expected);
        }
    }

    #[test]
    fn days_are_read_or_refused() {
        let now = Timestamp(1_795_392_000_000);
        assert_eq!(Days::read("", "", now).unwrap(), Days { from: "2026-10-27".into(), to: "2026-11-23".into() });
        assert_eq!(Days::read("", "", now).unwrap().each().len(), 28);
        assert_eq!(Days::read("0001-01-01", "", now).unwrap().each().len(), MOST_DAYS);
        for (from, to) in [("2026-13-01", ""), ("x", ""), ("2026-11-23", "2026-11-22"), ("2026-1-1", "")] {
            assert!(Days::read(from, to, now).is_err(), "{from} {to}");
        }
    }

    proptest! {
        #[test]
        fn a_row_has_as_many_cells_as_its_head(name in "\\PC{0,20}") {
            let plain = cell(&name);
            let quoted = plain.starts_with('"');
            prop_assert!(quoted || !plain.contains([',', '"', '\n']));
            prop_assert!(!plain.starts_with(['=', '+', '-', '@']));
        }

        #[test]
        fn any_day_is_read_or_refused(text in "[0-9-]{0,12}") {
            if let Ok(days) = Days::read(&text, "", Timestamp(4_000_000_000_000)) {
                prop_assert!(days.from == text || text.is_empty());
            }
        }
    }
}
