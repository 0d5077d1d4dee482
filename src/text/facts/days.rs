//! The day beside a month: in front of it in most languages, behind it in English too and in the East always.

use super::months::Month;
use super::numbers::Form;
use super::reader::Reader;
use super::sentence::Place;
use super::words::Group;

/// A day of the month as it is written.
pub(super) struct Day {
    pub day: u8,
    pub place: Place,
    pub index: Option<usize>,
    pub lunar: bool,
}

/// Words between a day and its month: `the fifth day of the first month`.
const BETWEEN: [&str; 26] = [
    "of",
    "the",
    "day",
    "de",
    "del",
    "di",
    "du",
    "do",
    "da",
    "jour",
    "día",
    "dia",
    "giorno",
    "tag",
    "des",
    "день",
    "число",
    "числа",
    "дня",
    "d",
    "dell",
    "mês",
    "mes",
    "ngày",
    "tage",
    "tages",
];

impl Reader<'_> {
    pub(super) fn day_before(&self, month: &Month) -> Option<Day> {
        if matches!(self.sentence.language.tag(), "zh" | "ja" | "ko") {
            return None;
        }
        let mut at = self.sentence.skip_back(month.place.from);
        for _ in 0..6 {
            if let Some(index) = self.number_before(at).filter(|index| Some(*index) != month.index) {
                let day = u8::try_from(self.numbers[index].within(1, 31)?).ok()?;
                let from = self.numbers[index].place.from;
                let moon = self.moon_day(from);
                let from = moon
                    .or_else(|| {
                        Some(self.sentence.phrase_before(from, self.words.group(Group::Day))?.1)
                            .filter(|_| self.sentence.language.tag() == "vi")
                    })
                    .unwrap_or(from);
                let place = Place { from, to: at };
                return Some(Day { day, place, index: Some(index), lunar: moon.is_some() });
            }
            match self.sentence.before(at) {
                Some('\'' | '.') => at -= 1,
                Some(c) if c.is_alphabetic() => {
                    let from = self.sentence.word_start(at);
                    let word = self.sentence.text(from, at);
                    if word == "rằm" {
                        let place = Place { from, to: at };
                        return Some(Day { day: 15, place, index: None, lunar: true });
                    }
                    if !BETWEEN.contains(&word.as_str()) {
                        return None;
                    }
                    at = from;
                }
                _ => return None,
            }
            at = self.sentence.skip_back(at);
        }
        None
    }

    /// `January 5th`, `1月5日`, `正月初五`, `정월 초닷새`.
    pub(super) fn day_after(&self, month: &Month) -> Option<Day> {
        let tag = self.sentence.language.tag();
        let mut at = self.sentence.skip(month.place.to);
        match tag {
            "en" => {
                if self.sentence.text(at, self.sentence.word_end(at)) == "the" {
                    at = self.sentence.skip(at + 3);
                }
                let index = self.number_at(at)?;
                let number = &self.numbers[index];
                let day = u8::try_from(number.within(1, 31)?).ok()?;
                let digits = matches!(number.form, Form::Digits { plain: true, count: 1..=2 }) || number.ordinal;
                let place = Place { from: at, to: number.end };
                digits.then_some(Day { day, place, index: Some(index), lunar: false })
            }
            "zh" | "ja" | "ko" => {
                let moon = matches!(self.sentence.at(at), Some('初' | '초'));
                if moon {
                    at += 1;
                }
                let index = self.number_at(at)?;
                let number = &self.numbers[index];
                let day = u8::try_from(number.within(1, 31)?).ok()?;
                let end = self.sentence.phrase(number.place.to, self.words.group(Group::Day)).map(|(_, end)| end);
                if end.is_none() && !moon {
                    return None;
                }
                let place = Place { from: at, to: end.unwrap_or(number.place.to) };
                Some(Day { day, place, index: Some(index), lunar: moon })
            }
            _ => None,
        }
    }
}
