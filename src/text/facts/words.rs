//! The words that numbers, measures and times are written with, one plain file per language in `words/`.
//!
//! A line is a key, a colon and words; `_` is a space inside a phrase, a final `*` any ending, `#` begins a remark.
//! Keys: a number (`3`), with `?` where the word need not be one (`1?: one`), with `.` for ordinals (`3.: third`);
//! `x100` what multiplies; `~100` hundreds of something; `/3` thirds; `unit m`, `money VND`, `month 1`, `lunar-month 1`,
//! `weekday 1`, `either 5` (five or six), `decade-of 30`,
//! `half-unit h`, and the names of [`Group`]. Invariant: every line of every file is understood (a test holds this).

use std::sync::LazyLock;

use super::phrases::Phrases;
use crate::domain::Language;

/// What a word does in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Add(i64),
    Times(i64),
    /// Between the parts: `and`, `lẻ`.
    And,
    /// Before decimals: `phẩy`.
    Point,
    /// Half of the last part more: `rưỡi`.
    AndHalf,
    /// `полтора`, `anderthalb`.
    OneAndHalf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberWord {
    pub piece: Piece,
    pub ordinal: bool,
    /// May be an article or another word.
    pub optional: bool,
}

/// Words with one meaning each, beside numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Century,
    Year,
    Decade,
    Month,
    Day,
    Lunar,
    Reign,
    Hour,
    Minute,
    ClockHalf,
    HalfTo,
    Past,
    To,
    Before,
    After,
    Morning,
    Noon,
    Evening,
    Night,
    Early,
    Middle,
    Late,
    FirstHalf,
    SecondHalf,
    Range,
    Link,
    Counter,
    Pair,
    YearBefore,
    YearAfter,
    OrdinalBefore,
    OrdinalAfter,
    North,
    South,
    East,
    West,
    More,
    Midnight,
    Midday,
    FullMoon,
    BesideWeekday,
    Storey,
    Few,
    Or,
    Quarter,
    PerHour,
}

const GROUPS: [(&str, Group); 46] = [
    ("century", Group::Century),
    ("year", Group::Year),
    ("decade", Group::Decade),
    ("month-word", Group::Month),
    ("day", Group::Day),
    ("lunar", Group::Lunar),
    ("reign", Group::Reign),
    ("hour", Group::Hour),
    ("minute", Group::Minute),
    ("clock-half", Group::ClockHalf),
    ("half-to", Group::HalfTo),
    ("past", Group::Past),
    ("to", Group::To),
    ("before-christ", Group::Before),
    ("after-christ", Group::After),
    ("morning", Group::Morning),
    ("noon", Group::Noon),
    ("evening", Group::Evening),
    ("night", Group::Night),
    ("early", Group::Early),
    ("middle", Group::Middle),
    ("late", Group::Late),
    ("first-half", Group::FirstHalf),
    ("second-half", Group::SecondHalf),
    ("range", Group::Range),
    ("link", Group::Link),
    ("counter", Group::Counter),
    ("pair", Group::Pair),
    ("year-before", Group::YearBefore),
    ("year-after", Group::YearAfter),
    ("ordinal-before", Group::OrdinalBefore),
    ("ordinal-after", Group::OrdinalAfter),
    ("north", Group::North),
    ("south", Group::South),
    ("east", Group::East),
    ("west", Group::West),
    ("more", Group::More),
    ("midnight", Group::Midnight),
    ("midday", Group::Midday),
    ("full-moon", Group::FullMoon),
    ("beside-weekday", Group::BesideWeekday),
    ("storey", Group::Storey),
    ("few", Group::Few),
    ("or", Group::Or),
    ("quarter", Group::Quarter),
    ("per-hour", Group::PerHour),
];

/// A month by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MonthName {
    pub month: u8,
    /// The name is another word too: `May`.
    pub optional: bool,
    pub lunar: Option<bool>,
}

/// The words of one language.
#[derive(Default)]
pub(super) struct Words {
    pub numbers: Phrases<NumberWord>,
    pub vague: Phrases<i64>,
    /// So many or one more, in one word.
    pub either: Phrases<i64>,
    /// Decades by their names: 30 for the thirties.
    pub decades: Phrases<i64>,
    /// Halves of a unit in one word: `полгода`.
    pub half_units: Phrases<&'static str>,
    /// Denominators.
    pub parts: Phrases<i64>,
    /// `half`, `nửa`.
    pub halves: Phrases<()>,
    pub units: Phrases<&'static str>,
    pub money: Phrases<&'static str>,
    pub months: Phrases<MonthName>,
    /// From Monday, which is 1; and whether the name is another word too.
    pub weekdays: Phrases<(u8, bool)>,
    groups: Vec<Phrases<()>>,
    /// Words that a line of the file gives but nobody reads: none.
    pub unread: Vec<&'static str>,
}

impl Words {
    pub(super) fn group(&self, group: Group) -> &Phrases<()> {
        &self.groups[group as usize]
    }

    pub(super) fn of(language: Language) -> &'static Self {
        let place = Language::all().position(|other| other == language).unwrap_or_default();
        &ALL[place]
    }

    fn parse(texts: &[&'static str]) -> Self {
        let mut words = Self { groups: vec![Phrases::default(); GROUPS.len()], ..Self::default() };
        for line in texts.iter().flat_map(|text| text.lines()).filter(|l| !l.trim().is_empty() && !l.starts_with('#')) {
            let read = line.split_once(": ").and_then(|(key, list)| words.add(key.trim(), list));
            if read.is_none() {
                words.unread.push(line);
            }
        }
        words
    }

    fn add(&mut self, key: &'static str, list: &'static str) -> Option<()> {
        let forms = list.split_whitespace();
        let (name, argument) = key.split_once(' ').unwrap_or((key, ""));
        let number = |piece, ordinal, optional| NumberWord { piece, ordinal, optional };
        match name {
            "unit" => forms.for_each(|form| self.units.add(form, argument)),
            "money" => forms.for_each(|form| self.money.add(form, argument)),
            "month" | "month?" | "lunar-month" => {
                let lunar = (name == "lunar-month").then_some(true);
                let name = MonthName { month: argument.parse().ok()?, optional: name == "month?", lunar };
                forms.for_each(|form| self.months.add(form, name));
            }
            "weekday" | "weekday?" => {
                let day: u8 = argument.parse().ok()?;
                forms.for_each(|form| self.weekdays.add(form, (day, name == "weekday?")));
            }
            "half-unit" => forms.for_each(|form| self.half_units.add(form, argument)),
            "decade-of" => {
                let decade = argument.parse().ok()?;
                forms.for_each(|form| self.decades.add(form, decade));
            }
            "either" => {
                let least = argument.parse().ok()?;
                forms.for_each(|form| self.either.add(form, least));
            }
            "half" => forms.for_each(|form| self.halves.add(form, ())),
            "and" => forms.for_each(|form| self.numbers.add(form, number(Piece::And, false, false))),
            "point" => forms.for_each(|form| self.numbers.add(form, number(Piece::Point, false, false))),
            "one-and-half" => forms.for_each(|form| self.numbers.add(form, number(Piece::OneAndHalf, false, false))),
            "and-half" => forms.for_each(|form| self.numbers.add(form, number(Piece::AndHalf, false, false))),
            _ => {
                if let Some((_, group)) = GROUPS.iter().find(|(other, _)| *other == name) {
                    forms.for_each(|form| self.groups[*group as usize].add(form, ()));
                    return Some(());
                }
                let (digits, optional) = name.strip_suffix('?').map_or((name, false), |rest| (rest, true));
                let (digits, ordinal) = digits.strip_suffix('.').map_or((digits, false), |rest| (rest, true));
                if let Some(vague) = digits.strip_prefix('~') {
                    let value = vague.parse().ok()?;
                    forms.for_each(|form| self.vague.add(form, value));
                } else if let Some(part) = digits.strip_prefix('/') {
                    let value = part.parse().ok()?;
                    forms.for_each(|form| self.parts.add(form, value));
                } else {
                    let piece = match digits.strip_prefix('x') {
                        Some(times) => Piece::Times(times.parse().ok()?),
                        None => Piece::Add(digits.parse().ok()?),
                    };
                    forms.for_each(|form| self.numbers.add(form, number(piece, ordinal, optional)));
                }
            }
        }
        Some(())
    }
}

const SHARED: &str = include_str!("words/shared.txt");

/// In the order of the table of languages.
const FILES: [(&str, &str); 11] = [
    ("vi", include_str!("words/vi.txt")),
    ("en", include_str!("words/en.txt")),
    ("fr", include_str!("words/fr.txt")),
    ("ja", include_str!("words/ja.txt")),
    ("zh", include_str!("words/zh.txt")),
    ("pt", include_str!("words/pt.txt")),
    ("es", include_str!("words/es.txt")),
    ("it", include_str!("words/it.txt")),
    ("de", include_str!("words/de.txt")),
    ("ru", include_str!("words/ru.txt")),
    ("ko", include_str!("words/ko.txt")),
];

static ALL: LazyLock<Vec<Words>> =
    LazyLock::new(|| FILES.iter().map(|(_, text)| Words::parse(&[SHARED, text])).collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_understood() {
        for (place, (tag, _)) in FILES.iter().enumerate() {
            assert_eq!(Language::all().nth(place).unwrap().tag(), *tag);
            assert!(ALL[place].unread.is_empty(), "{tag}: {:?}", ALL[place].unread);
        }
    }

    #[test]
    fn groups_stand_in_their_order() {
        for (place, (name, group)) in GROUPS.iter().enumerate() {
            assert_eq!(*group as usize, place, "{name}");
        }
    }

    #[test]
    fn every_unit_is_known() {
        for text in FILES.iter().map(|(_, text)| *text).chain([SHARED]) {
            let named = |line: &'static str| line.strip_prefix("unit ").or_else(|| line.strip_prefix("half-unit "));
            for line in text.lines().filter_map(named) {
                let name = line.split(':').next().unwrap();
                assert!(super::super::units::unit(name).is_some(), "{name}");
            }
        }
    }
}
