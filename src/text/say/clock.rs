//! Dates and times of day written in digits.

use super::numbers::Reader;
use super::tokens::Token;
use crate::domain::Language;
use crate::text::numerals::{Form, english_year, ordinal};

struct Date {
    day: u64,
    month: u64,
    year: Option<u64>,
}

impl Reader<'_> {
    /// `25/12/1771`, `25.12.1771`, `1771-12-25`, and after `ngày` also `25/12`: tokens used, and what to say.
    pub(super) fn date(&self, at: usize) -> Option<(usize, String)> {
        let first = self.tokens[at].number()?;
        let dotted: Vec<&str> = first.split('.').collect();
        if let [day, month, year] = dotted[..] {
            return Some((1, self.say_date(at, date(day, month, Some(year))?)));
        }
        let separated = |place: usize| self.tokens.get(place).filter(|token| token.is_mark("/-")).map(Token::text);
        let separator = separated(at + 1)?;
        let second = self.tokens.get(at + 2)?.number()?;
        if separated(at + 3).as_ref() == Some(&separator) {
            let third = self.tokens.get(at + 4)?.number()?;
            let found =
                if first.len() == 4 { date(third, second, Some(first)) } else { date(first, second, Some(third)) };
            return Some((5, self.say_date(at, found?)));
        }
        let day_named =
            self.language == Language::VI && self.word_before(at).is_some_and(|w| w.eq_ignore_ascii_case("ngày"));
        if separator == "/" && day_named {
            return Some((3, self.say_date(at, date(first, second, None)?)));
        }
        None
    }

    fn say_date(&self, at: usize, date: Date) -> String {
        let Date { day, month, year } = date;
        let number = |n: u64| self.cardinal(n, Form::PLAIN);
        let name = self.words.months[month as usize - 1];
        let year_words = year.map(|y| {
            if self.language == Language::EN && (1_000..2_100).contains(&y) { english_year(y) } else { number(y) }
        });
        let before = self.word_before(at).unwrap_or_default().to_lowercase();
        let year_behind = |link: &str| year_words.as_ref().map(|y| format!("{link}{y}")).unwrap_or_default();
        match self.language.tag() {
            "vi" => {
                let lead = if matches!(before.as_str(), "ngày" | "mồng" | "mùng") { "" } else { "ngày " };
                format!("{lead}{} {name}{}", number(day), year_behind(" năm "))
            }
            "en" => {
                let lead = if before == "the" { "" } else { "the " };
                let day = ordinal(day, false, self.language).unwrap_or_default();
                format!("{lead}{day} of {name}{}", year_behind(" "))
            }
            "es" | "pt" => format!("{} de {name}{}", self.day(day), year_behind(" de ")),
            _ => format!("{} {name}{}", self.day(day), year_behind(" ")),
        }
    }

    /// The first of a month is an ordinal in the Romance languages.
    fn day(&self, day: u64) -> String {
        let first = (day == 1).then(|| ordinal(1, false, self.language)).flatten();
        first.unwrap_or_else(|| self.cardinal(day, Form::PLAIN))
    }

    /// `25 décembre`, `1 de enero`, `December 25`: a day beside the name of its month.
    pub(super) fn day_of_month(&self, at: usize) -> Option<(usize, String)> {
        let day = self.tokens[at].number()?.parse::<u64>().ok().filter(|day| (1..=31).contains(day))?;
        let month = |word: &str| self.words.months.contains(&word);
        let next = self.word_after(at + 1);
        match self.language.tag() {
            "en" if next.is_some_and(month) => {
                let lead =
                    if self.word_before(at).is_some_and(|w| w.eq_ignore_ascii_case("the")) { "" } else { "the " };
                Some((1, format!("{lead}{} of", ordinal(day, false, self.language)?)))
            }
            "en" if self.word_before(at).is_some_and(month) => Some((1, ordinal(day, false, self.language)?)),
            "fr" | "it" if next.is_some_and(month) => Some((1, self.day(day))),
            "es" | "pt" if next == Some("de") && day == 1 => {
                let behind = self.tokens.get(at + 4).and_then(Token::word);
                behind.is_some_and(month).then(|| (1, self.day(day)))
            }
            _ => None,
        }
    }

    /// `7h30`, `17 h`, `17:30`.
    pub(super) fn clock(&self, at: usize) -> Option<(usize, String)> {
        let small = |token: &Token, limit: u64| token.number()?.parse::<u64>().ok().filter(|n| *n < limit);
        let hour = small(&self.tokens[at], 25)?;
        if self.tokens.get(at + 1)?.is_mark(":") {
            let minute = self.tokens.get(at + 2)?;
            let value = small(minute, 60).filter(|_| minute.text().len() == 2)?;
            let longer = self.tokens.get(at + 3).is_some_and(|token| token.is_mark(":"));
            return if longer { None } else { Some((3, self.say_clock(hour, value, at + 3))) };
        }
        let gap = usize::from(self.tokens[at + 1].is_space());
        let sign = self.tokens.get(at + 1 + gap)?.word()?;
        if !matches!(self.language.tag(), "vi" | "fr" | "pt" | "es") || !matches!(sign, "h" | "H") {
            return None;
        }
        let after = at + 2 + gap;
        let spaced = usize::from(self.tokens.get(after).is_some_and(Token::is_space) && gap == 1);
        match self.tokens.get(after + spaced).and_then(|token| small(token, 60)) {
            Some(minute) if spaced == gap => {
                Some((after + spaced + 1 - at, self.say_clock(hour, minute, after + spaced + 1)))
            }
            _ => Some((after - at, self.say_clock(hour, 0, after))),
        }
    }

    fn say_clock(&self, hour: u64, minute: u64, after: usize) -> String {
        let feminine = matches!(self.language.tag(), "pt" | "es" | "fr");
        let hours = self.cardinal(hour, Form { feminine, before_noun: feminine });
        let minutes = self.cardinal(minute, Form::PLAIN);
        let half_day = self.word_after(after).is_some_and(|w| matches!(w, "A" | "P" | "a" | "p" | "am" | "pm"));
        match (self.language.tag(), minute) {
            ("en", 0) if half_day => hours,
            ("en", 0) if hour <= 12 => format!("{hours} o'clock"),
            ("en", 0) => format!("{hours} hundred hours"),
            ("en", 1..10) => format!("{hours} oh {minutes}"),
            ("en", _) => format!("{hours} {minutes}"),
            ("it", 0) => format!("{hours} in punto"),
            ("it" | "es", _) if minute > 0 => {
                format!("{hours} y {minutes}").replace(" y ", if self.language == Language::IT { " e " } else { " y " })
            }
            ("fr", 0) if hour == 1 => format!("{hours} heure"),
            (_, 0) => format!("{hours} {}", self.words.hours),
            ("pt", _) => format!("{hours} {} e {minutes}", self.words.hours),
            _ => format!("{hours} {} {minutes}", self.words.hours),
        }
    }
}

fn date(day: &str, month: &str, year: Option<&str>) -> Option<Date> {
    let within = |text: &str, largest: u64| text.parse::<u64>().ok().filter(|n| (1..=largest).contains(n));
    let year = match year {
        Some(year) if (3..=4).contains(&year.len()) => Some(year.parse().ok()?),
        Some(_) => return None,
        None => None,
    };
    Some(Date { day: within(day, 31)?, month: within(month, 12)?, year })
}
