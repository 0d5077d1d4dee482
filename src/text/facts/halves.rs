//! What stands behind the unit of a measure and belongs to it: `một tấn rưỡi`, `dos metros y medio`, `1 metro e 45`,
//! `5 feet 6 inches`. Read before the plain measures, which would take the first part for the whole.

use super::numbers::{Form, Weight};
use super::rational::Rational;
use super::reader::Reader;
use super::sentence::Place;
use super::units;
use super::value::Value;
use super::words::{Group, Piece};

/// A unit, a smaller one that may follow it, and how many of these make one of the first.
const SMALLER: [(&str, &str, i128); 6] =
    [("m", "cm", 100), ("km", "m", 1_000), ("ft", "in", 12), ("h", "min", 60), ("min", "s", 60), ("kg", "g", 1_000)];

/// What makes another word of a Han or Hangul half: `半ば` is the middle, `半島` a peninsula.
const OTHER_WORDS: &str = "ばのぶ島岛期額额数身夜径面世円圆场場天空辈月日年価价분도경";

impl Reader<'_> {
    /// `полгода`, `半世纪`: may be said of any while, so they answer to what the other side says and are not missed.
    fn halves_in_a_word(&mut self) {
        let taken = self.places();
        let mut at = 0;
        while at < self.sentence.chars.len() {
            let Some((name, to)) = self.words.half_units.starting(self.sentence, at) else {
                at += 1;
                continue;
            };
            // `一个半小时` is an hour and a half.
            let counted = self.number_before(at).is_some_and(|index| self.numbers[index].form != Form::Vague)
                || self.sentence.before(at) == Some('个');
            let last = taken.partition_point(|place| place.from <= at).checked_sub(1);
            let free = last.is_none_or(|last| taken[last].to <= at);
            if let (true, false, Some(unit)) = (free, counted, units::unit(name)) {
                let value = Value::Quantity { value: Rational::HALF, unit };
                self.claim(&[], Place { from: at, to }, value, Vec::new(), Weight::Optional);
            }
            at = to;
        }
    }

    pub(super) fn parts_behind_units(&mut self) {
        self.halves_in_a_word();
        for index in 0..self.numbers.len() {
            let fits = self.free(index)
                && !self.numbers[index].ordinal
                && !matches!(self.numbers[index].form, Form::Roman | Form::Vague);
            let halved = fits.then(|| self.half_before_unit(index)).flatten();
            if let Some((name, value, to)) = halved
                && let Some(unit) = units::unit(name)
            {
                let place = Place { from: self.numbers[index].place.from, to };
                self.claim(&[index], place, Value::Quantity { value, unit }, Vec::new(), Weight::Strong);
                continue;
            }
            let unit = fits.then(|| self.unit_behind(self.numbers[index].place.to, index)).flatten();
            if let Some((name, end)) = unit
                && let Some((value, indices, end)) = self
                    .with_half(index, end)
                    .or_else(|| self.with_tenths(index, name, end))
                    .or_else(|| self.with_smaller(index, name, end))
                && let Some(unit) = units::unit(name)
            {
                let place = Place { from: self.numbers[index].place.from, to: end };
                self.claim(&indices, place, Value::Quantity { value, unit }, Vec::new(), Weight::Strong);
            }
        }
        if matches!(self.sentence.language.tag(), "es" | "pt" | "it") {
            self.halves_without_number();
        }
    }

    /// The end of `rưỡi`, `and a half`, `半` behind a unit.
    fn half_word(&self, at: usize) -> Option<usize> {
        let (word, end) = self.words.numbers.starting(self.sentence, self.sentence.skip(at))?;
        let other = matches!(self.sentence.language.tag(), "zh" | "ja" | "ko")
            && self.sentence.at(end).is_some_and(|c| OTHER_WORDS.contains(c));
        (word.piece == Piece::AndHalf && !other).then_some(end)
    }

    /// Chinese `五个半小时`: the half stands before the unit.
    fn half_before_unit(&self, index: usize) -> Option<(&'static str, Rational, usize)> {
        let end = self.numbers[index].place.to;
        let halved = self.sentence.chars.get(end..end + 2).is_some_and(|two| matches!(two, ['个' | '個', '半']));
        let (name, to) = halved.then(|| self.words.units.starting(self.sentence, end + 2)).flatten()?;
        Some((name, self.numbers[index].value.plus(Rational::HALF)?, to))
    }

    fn with_half(&self, index: usize, end: usize) -> Option<(Rational, Vec<usize>, usize)> {
        if let Some(((), end)) = self.sentence.phrase(end, self.words.group(Group::Quarter)) {
            return Some((self.numbers[index].value.plus(Rational::new(1, 4)?)?, vec![index], end));
        }
        let end = self.half_word(end)?;
        Some((self.numbers[index].value.plus(Rational::HALF)?, vec![index], end))
    }

    /// Vietnamese `một mét hai`, `hai mét tư`, `1m5`: tenths behind the metre, where nothing follows that they count.
    fn with_tenths(&self, index: usize, unit: &str, end: usize) -> Option<(Rational, Vec<usize>, usize)> {
        const TENTHS: [(&str, i128); 12] = [
            ("mốt", 1),
            ("hai", 2),
            ("ba", 3),
            ("tư", 4),
            ("bốn", 4),
            ("lăm", 5),
            ("năm", 5),
            ("sáu", 6),
            ("bảy", 7),
            ("bẩy", 7),
            ("tám", 8),
            ("chín", 9),
        ];
        if self.sentence.language.tag() != "vi" || unit != "m" {
            return None;
        }
        let first = self.numbers[index].whole()?;
        let from = self.sentence.skip(end);
        let word_end = self.sentence.word_end(from);
        let word = self.sentence.text(from, word_end);
        let (tenths, to) = match TENTHS.iter().find(|(name, _)| *name == word) {
            Some((_, tenths)) => (*tenths, word_end),
            None => {
                let digit = self.sentence.at(from)?.to_digit(10)?;
                (!self.sentence.at(from + 1).is_some_and(char::is_alphanumeric))
                    .then_some((i128::from(digit), from + 1))?
            }
        };
        let closes = self.sentence.at(self.sentence.skip(to)).is_none_or(|c| !c.is_alphanumeric());
        let value = Rational::whole(first).plus(Rational::new(tenths, 10)?)?;
        closes.then_some((value, vec![index], to))
    }

    /// `1 m 45`, `1m45`, `5 feet 6 inches`.
    fn with_smaller(&self, index: usize, unit: &str, end: usize) -> Option<(Rational, Vec<usize>, usize)> {
        let first = self.numbers[index].whole()?;
        let mut at = self.sentence.skip(end);
        let linked = self.words.numbers.starting(self.sentence, at).filter(|(word, _)| word.piece == Piece::And);
        if let Some((_, link_end)) = linked {
            at = link_end;
        }
        let next = self.number_at(at)?;
        let number = &self.numbers[next];
        let whole = number.whole()?;
        let (parts, end) = match self.unit_behind(number.place.to, next) {
            Some((name, end)) => {
                let known = SMALLER.iter().find(|(large, small, _)| *large == unit && *small == name)?;
                (known.2, end)
            }
            None => {
                let two = matches!(number.form, Form::Digits { plain: true, count: 2 });
                let glued = number.place.from == end;
                let behind = self.sentence.at(self.sentence.skip(number.end));
                let closes = behind.is_none_or(|c| !c.is_alphanumeric());
                (unit == "m" && two && (glued || closes)).then_some((100, number.end))?
            }
        };
        let rest = Rational::new(i128::from(whole), parts).filter(|rest| *rest < Rational::ONE)?;
        Some((Rational::whole(first).plus(rest)?, vec![index, next], end))
    }

    /// `hora y media`, `tonelada e meia`: one and a half without the one.
    fn halves_without_number(&mut self) {
        for at in 0..self.sentence.chars.len() {
            let Some(end) = Some(at).filter(|at| self.sentence.at(*at) != Some(' ')).and_then(|at| self.half_word(at))
            else {
                continue;
            };
            let Some((name, from)) = self.sentence.phrase_before(at, &self.words.units) else { continue };
            let before = self.sentence.skip_back(from);
            let last = self.numbers.partition_point(|number| number.place.from < before).checked_sub(1);
            let counted = last.is_some_and(|last| self.numbers[last].end == before);
            if let (false, Some(unit), Some(value)) = (counted, units::unit(name), Rational::new(3, 2)) {
                self.claim(&[], Place { from, to: end }, Value::Quantity { value, unit }, Vec::new(), Weight::Strong);
            }
        }
    }
}
