//! The day beside a month: in front of it in most languages, behind it in English too and in the East always.

use super::months::Month;
use super::numbers::{Form, Weight};
use super::rational::Rational;
use super::reader::Reader;
use super::sentence::Place;
use super::value::{Date, Value};
use super::words::Group;

/// A day of the month as it is written.
pub(super) struct Day {
    pub day: u8,
    pub place: Place,
    pub index: Option<usize>,
    pub lunar: bool,
}

/// Words between a range's sign and its second day: `tra il 2 e il 3 settembre`.
const ARTICLES: [&str; 12] = ["the", "le", "il", "el", "o", "den", "dem", "zum", "ngày", "mùng", "mồng", "l"];

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
            if let Some(((), from)) = self.sentence.phrase_before(at, self.words.group(Group::FullMoon)) {
                return Some(Day { day: 15, place: Place { from, to: at }, index: None, lunar: true });
            }
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
                if let Some(day) = self.day_of_the_moon(at) {
                    return Some(day);
                }
                let moon = matches!(self.sentence.at(at), Some('初' | '초'));
                if moon {
                    at += 1;
                }
                let index = self.number_at(at)?;
                let number = &self.numbers[index];
                let day = u8::try_from(number.within(1, 31)?).ok()?;
                let end = self.sentence.phrase(number.place.to, self.words.group(Group::Day)).map(|(_, end)| end);
                let bare = end.is_none() && !moon;
                if bare && !self.is_bare_moon_day(month, index) {
                    return None;
                }
                let place = Place { from: at, to: end.unwrap_or(number.place.to) };
                Some(Day { day, place, index: Some(index), lunar: moon || bare })
            }
            _ => None,
        }
    }

    /// `2 to 3 September`, `9月2日から3日`: the month is said once for both days.
    pub(super) fn other_day(&mut self, place: Place, date: Date) {
        let Some(day) = date.day else { return };
        let eastern = matches!(self.sentence.language.tag(), "zh" | "ja" | "ko");
        let found = if eastern { self.last_day(place) } else { self.first_day(place) };
        let Some((index, place)) = found else { return };
        let other = self.numbers[index].within(1, 31).and_then(|other| u8::try_from(other).ok());
        let Some(other) = other.filter(|other| if eastern { *other > day } else { *other < day }) else { return };
        let value = Value::Date(Date { day: Some(other), ..date });
        let number = Value::Number(Rational::whole(i64::from(other)));
        self.claim(&[index], place, value, vec![number], Weight::Strong);
    }

    /// The day before `to 3 September`.
    fn first_day(&self, place: Place) -> Option<(usize, Place)> {
        let range = self.words.group(Group::Range);
        let sign = self.sentence.phrase_before(place.from, range).or_else(|| {
            let end = self.sentence.skip_back(place.from);
            let start = self.sentence.word_start(end);
            let article = ARTICLES.contains(&self.sentence.text(start, end).as_str());
            article.then(|| self.sentence.phrase_before(start, range)).flatten()
        });
        let index = self.number_before(sign?.1)?;
        let number = &self.numbers[index];
        let small = number.form == Form::Words || matches!(number.form, Form::Digits { plain: true, count: 1..=2 });
        small.then_some((index, Place { from: number.place.from, to: number.end }))
    }

    /// The day behind `9月2日から`.
    fn last_day(&self, place: Place) -> Option<(usize, Place)> {
        // `22日夜から23日`
        let hour = [Group::Night, Group::Evening, Group::Morning]
            .iter()
            .find_map(|group| self.sentence.phrase(place.to, self.words.group(*group)));
        let end = hour.map_or(place.to, |((), end)| end);
        let ((), sign) = self.sentence.phrase(end, self.words.group(Group::Range))?;
        let index = self.number_at(sign)?;
        let number = &self.numbers[index];
        let day = self.sentence.phrase(number.place.to, self.words.group(Group::Day)).map(|(_, end)| end);
        // `二月初十至十二`
        let moon = number.form == Form::Han && self.sentence.text(place.from, place.to).contains('初');
        let to = day.or(moon.then_some(number.place.to))?;
        let length = self.sentence.at(to).is_some_and(|c| matches!(c, '間' | '间' | '간'));
        (!length).then_some((index, Place { from: number.place.from, to }))
    }

    /// `8월 보름`, `섣달 그믐`: days named by the moon.
    fn day_of_the_moon(&self, month_end: usize) -> Option<Day> {
        let link = self.sentence.at(month_end).is_some_and(|c| matches!(c, 'の' | '的' | '의'));
        let from = self.sentence.skip(month_end + usize::from(link));
        let full = self.words.group(Group::FullMoon).starting(self.sentence, from);
        let (day, to) = match full {
            Some(((), end)) => (15, end),
            None if self.sentence.chars.get(from..from + 2) == Some(&['그', '믐']) => (30, from + 2),
            None => return None,
        };
        Some(Day { day, place: Place { from, to }, index: None, lunar: true })
    }

    /// `八月十五`: in Han numerals a day of the moon goes without its word.
    fn is_bare_moon_day(&self, month: &Month, index: usize) -> bool {
        const COUNTED: [char; 10] = ['个', '人', '名', '位', '座', '万', '岁', '余', '多', '年'];
        let number = &self.numbers[index];
        let month_in_han = month.index.is_none_or(|month| self.numbers[month].form == Form::Han);
        let next = self.sentence.at(number.end);
        let counts = next.is_some_and(|c| COUNTED.contains(&c))
            || self.words.units.starting(self.sentence, number.end).is_some();
        self.sentence.language.tag() != "ko"
            && month_in_han
            && number.form == Form::Han
            && number.place.from == month.place.to
            && !counts
    }
}
