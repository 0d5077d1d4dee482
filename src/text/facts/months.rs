//! Days and months, solar and lunar: `ngày 25 tháng 12`, `January 5th`, `le cinquième jour du premier mois lunaire`,
//! `正月初五`, `5/1/1789`.

use super::calendar::plausible_year;
use super::numbers::{Form, Weight};
use super::reader::Reader;
use super::sentence::{Place, is_unspaced};
use super::value::{Date, Value};
use super::words::{Group, MonthName};

/// A month as it is named.
pub(super) struct Month {
    pub month: u8,
    pub place: Place,
    pub index: Option<usize>,
    lunar: Option<bool>,
    /// Needs a number beside it to be one.
    optional: bool,
}

impl Reader<'_> {
    pub(super) fn dates(&mut self) {
        for index in 0..self.numbers.len() {
            if self.free(index) {
                self.date_in_digits(index);
            }
        }
        for month in self.named_months() {
            self.date_of(month);
        }
        for index in 0..self.numbers.len() {
            if self.free(index)
                && let Some(month) = self.numbered_month(index)
            {
                self.date_of(month);
            }
        }
        self.lunar_days();
    }

    /// `5/1/1789`, `25.12.1788`, `1789-01-05`; behind `ngày` also `5/1`.
    fn date_in_digits(&mut self, index: usize) {
        let text = self.sentence.text(self.numbers[index].place.from, self.numbers[index].place.to);
        let (mut parts, mut indices) = (vec![], vec![index]);
        let mut to = self.numbers[index].place.to;
        parts.extend(text.split('.').map(str::to_owned));
        let mut mark = (parts.len() > 1).then_some('.');
        while parts.len() < 3 {
            let Some(sign) =
                self.sentence.at(to).filter(|c| matches!(c, '/' | '-' | '.') && mark.is_none_or(|m| m == *c))
            else {
                break;
            };
            let Some(next) = self.number_at(to + 1).filter(|next| self.numbers[*next].place.from == to + 1) else {
                break;
            };
            let text = self.sentence.text(self.numbers[next].place.from, self.numbers[next].place.to);
            mark = Some(sign);
            indices.push(next);
            to = self.numbers[next].place.to;
            parts.extend(text.split('.').map(str::to_owned));
        }
        let place = Place { from: self.numbers[index].place.from, to };
        let values: Option<Vec<i64>> = parts.iter().map(|part| part.parse().ok()).collect();
        let Some(values) = values.filter(|_| parts.iter().all(|part| part.len() <= 4)) else { return };
        let short = |place: usize| parts[place].len() <= 2;
        let (day, month, year, year_index) = match values[..] {
            [day, month, year] if parts[2].len() == 4 && short(0) && short(1) => {
                (day, month, Some(year), indices[indices.len() - 1])
            }
            [year, month, day] if parts[0].len() == 4 && short(1) && short(2) => (day, month, Some(year), index),
            [day, month] if mark == Some('/') && self.named_day(index) && short(0) && short(1) => {
                (day, month, None, index)
            }
            [month, year] if mark == Some('/') && parts[1].len() == 4 && short(0) && plausible_year(year) => {
                (0, month, Some(year), indices[1])
            }
            _ => return,
        };
        let date = |day: i64, month: i64| {
            let fits = (0..=31).contains(&day) && (1..=12).contains(&month);
            let (day, month) = (u8::try_from(day).ok().filter(|day| *day > 0), u8::try_from(month).ok());
            fits.then_some(Value::Date(Date { day, month, lunar: None }))
        };
        let english = self.sentence.language.tag() == "en" && parts[0].len() < 4 && day > 0;
        let swapped = date(month, day).filter(|_| english);
        let Some(value) = date(day, month).or(swapped) else { return };
        let others = swapped.filter(|other| *other != value).into_iter().collect();
        self.claim(&indices, place, value, others, Weight::Strong);
        if let Some(year) = year {
            let span = self.numbers[year_index].place;
            self.claim(&[], span, Value::Year(year), Vec::new(), Weight::Strong);
        }
    }

    fn named_day(&self, index: usize) -> bool {
        self.sentence.phrase_before(self.numbers[index].place.from, self.words.group(Group::Day)).is_some()
    }

    /// `January`, `tháng Giêng`, `正月`.
    fn named_months(&self) -> Vec<Month> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.sentence.chars.len() {
            let Some((name, end)) = self.words.months.starting(self.sentence, at) else {
                // Han, kana and Hangul begin a word anywhere.
                let runs_on = self.sentence.at(at).is_some_and(is_unspaced);
                at = if runs_on { at + 1 } else { self.sentence.word_end(at).max(at + 1) };
                continue;
            };
            if let Some(month) = self.month_named(name, at, end) {
                found.push(month);
            }
            at = end;
        }
        found
    }

    fn month_named(&self, name: MonthName, from: usize, to: usize) -> Option<Month> {
        let small_means_other = matches!(self.sentence.language.tag(), "en" | "de");
        if small_means_other && !self.sentence.written[from].is_uppercase() {
            return None;
        }
        // Where months are written small, a large one before another large word is a name: `Май Суан Тхыонг`.
        let next = self.sentence.skip(to);
        let large = |at: usize| self.sentence.written.get(at).is_some_and(|c| c.is_uppercase());
        if matches!(self.sentence.language.tag(), "ru" | "fr" | "es" | "pt" | "it") && large(from) && large(next) {
            return None;
        }
        let lunar = if name.lunar.is_some() { None } else { Some(false) };
        let month = Month { month: name.month, place: Place { from, to }, index: None, lunar, optional: name.optional };
        Some(month)
    }

    /// `tháng 3`, `3月`, `3월`, `the third lunar month`, `3. Monat`.
    fn numbered_month(&self, index: usize) -> Option<Month> {
        let number = &self.numbers[index];
        let month = u8::try_from(number.within(1, 12)?).ok()?;
        let group = self.words.group(Group::Month);
        let tag = self.sentence.language.tag();
        if tag == "vi" {
            let ((), from) = self.sentence.phrase_before(number.place.from, group)?;
            // `nửa tháng một lần`: how often.
            let behind = self.sentence.skip(number.end);
            let word = self.sentence.text(behind, self.sentence.word_end(behind));
            if number.form == Form::Words && matches!(word.as_str(), "lần" | "lượt" | "chuyến") {
                return None;
            }
            // `ba tháng 3`: months are counted in front, named behind.
            let place = Place { from, to: number.end };
            return Some(Month { month, place, index: Some(index), lunar: None, optional: false });
        }
        if matches!(tag, "zh" | "ja" | "ko") {
            let from = number.place.from;
            let end = self.sentence.phrase(number.place.to, group).map(|(_, end)| end)?;
            let length = self.sentence.at(end).is_some_and(|c| matches!(c, '间' | '間' | '간'));
            let counted = self.sentence.before(end - 1).is_some_and(|c| matches!(c, '个' | 'か' | 'ヶ' | 'カ' | '개'));
            let place = Place { from, to: end };
            let month = Month { month, place, index: Some(index), lunar: Some(false), optional: false };
            return (!length && !counted).then_some(month);
        }
        if !number.ordinal && number.form != Form::Roman {
            return None;
        }
        let mut at = number.end;
        let mut lunar = None;
        if let Some(((), end)) = self.sentence.phrase(at, self.words.group(Group::Lunar)) {
            (at, lunar) = (end, Some(true));
        }
        // German `Mondmonat` is both words in one.
        let end = match self.sentence.phrase(at, group) {
            Some(((), end)) => end,
            None if lunar.is_some() && tag == "de" => at,
            None => return None,
        };
        let place = Place { from: number.place.from, to: end };
        Some(Month { month, place, index: Some(index), lunar, optional: false })
    }

    fn date_of(&mut self, month: Month) {
        let mut place = month.place;
        let mut indices: Vec<usize> = month.index.into_iter().collect();
        let day = self.day_before(&month).or_else(|| self.day_after(&month));
        let mut date = Date { day: None, month: Some(month.month), lunar: month.lunar };
        if let Some(day) = day {
            place = Place { from: place.from.min(day.place.from), to: place.to.max(day.place.to) };
            indices.extend(day.index);
            date.day = Some(day.day);
            if day.lunar {
                date.lunar = Some(true);
            }
        } else if month.optional && !self.year_beside(place) {
            return;
        }
        if month.index.is_some_and(|index| !self.free(index)) {
            return;
        }
        let eastern = matches!(self.sentence.language.tag(), "zh" | "ja" | "ko");
        if self.says_lunar(place) {
            date.lunar = Some(true);
        } else if eastern && date.lunar == Some(false) && self.in_reign_or_range(place) {
            date.lunar = None;
        }
        if date.day.is_none() && eastern && date.lunar == Some(false) {
            date.lunar = None;
        }
        self.claim(&indices, place, Value::Date(date), Vec::new(), Weight::Strong);
        self.other_day(place, date);
    }

    fn year_beside(&self, place: Place) -> bool {
        let mut at = place.to;
        if self.sentence.at(at) == Some(',') {
            at += 1;
        }
        let year =
            self.number_at(at).is_some_and(|index| matches!(self.numbers[index].form, Form::Digits { count: 4, .. }));
        let word = self
            .sentence
            .text(self.sentence.word_start(self.sentence.skip_back(place.from)), self.sentence.skip_back(place.from));
        year || matches!(
            word.as_str(),
            "in" | "of"
                | "since"
                | "until"
                | "late"
                | "early"
                | "mid"
                | "by"
                | "last"
                | "en"
                | "de"
                | "fin"
                | "début"
                | "mi"
                | "depuis"
                | "du"
        )
    }

    /// Whether the words around a date call it lunar.
    fn says_lunar(&self, place: Place) -> bool {
        let lunar = self.words.group(Group::Lunar);
        let mut behind = self.sentence.skip(place.to);
        // `(âm lịch)`, `of the lunar calendar`, `theo âm lịch`, and the year between: `năm Kỷ Dậu`.
        let mut words = 0;
        while words < 6 && behind < self.sentence.chars.len() {
            if lunar.starting(self.sentence, behind).is_some() {
                return true;
            }
            let end = self.sentence.word_end(behind);
            if end == behind && !matches!(self.sentence.at(behind), Some('(' | '\'' | '-')) {
                break;
            }
            behind = self.sentence.skip(end.max(behind + 1));
            words += 1;
        }
        let mut before = place.from;
        for _ in 0..3 {
            if self.sentence.phrase_before(before, lunar).is_some() {
                return true;
            }
            before = self.sentence.word_start(self.sentence.skip_back(before));
        }
        let eastern = matches!(self.sentence.language.tag(), "zh" | "ja" | "ko");
        let text = self.sentence.text(place.from.saturating_sub(12), place.from);
        eastern && ["旧暦", "陰暦", "农历", "阴历", "農曆", "음력"].iter().any(|word| text.contains(word))
    }

    /// `景興32年3月5日`: dates of a reign are lunar, and not said to be.
    fn in_reign_or_range(&self, place: Place) -> bool {
        let before = self.sentence.skip_back(place.from);
        let year = self.sentence.before(before).is_some_and(|c| matches!(c, '年' | '년'));
        year && self.number_before(before - 1).is_none_or(|index| self.numbers[index].within(1, 99).is_some())
    }

    /// `mùng 5`, `初五`: days of the moon without a month.
    fn lunar_days(&mut self) {
        for index in 0..self.numbers.len() {
            let Some(day) = self.free(index).then(|| self.numbers[index].within(1, 30)).flatten() else { continue };
            let place = self.numbers[index].place;
            let Some(from) = self.moon_day(place.from) else { continue };
            let date = Date { day: u8::try_from(day).ok(), month: None, lunar: Some(true) };
            let place = Place { from, to: place.to };
            // `mồng Một Tết` is New Year's Day.
            let behind = self.sentence.skip(place.to);
            let new_year = day == 1 && self.sentence.text(behind, self.sentence.word_end(behind)) == "tết";
            let weight = if new_year { Weight::Optional } else { Weight::Strong };
            self.claim(&[index], place, Value::Date(date), Vec::new(), weight);
        }
    }

    /// Where `mùng`, `mồng` or `初` stands before a day.
    pub(super) fn moon_day(&self, from: usize) -> Option<usize> {
        let before = self.sentence.skip_back(from);
        let start = before.checked_sub(1)?;
        match self.sentence.language.tag() {
            "zh" => (self.sentence.chars[start] == '初').then_some(start),
            "ko" => (self.sentence.chars[start] == '초').then_some(start),
            "vi" => {
                let word = self.sentence.word_start(before);
                matches!(self.sentence.text(word, before).as_str(), "mùng" | "mồng").then_some(word)
            }
            _ => None,
        }
    }
}
