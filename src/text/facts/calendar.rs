//! Years, decades and years of a reign: `năm 1771`, `111 BC`, `1778–93`, `1890s`, `năm Quang Trung thứ 2`, `光中二年`.

use super::numbers::{Form, Weight};
use super::rational::Rational;
use super::reader::Reader;
use super::sentence::{Place, is_letter, is_unspaced};
use super::units;
use super::value::Value;
use super::words::Group;

/// No ruler of East Asia has reigned longer.
const LONGEST_REIGN: i64 = 64;

/// Years that are more than one.
const MANY_YEARS: [&str; 12] =
    ["years", "années", "ans", "anos", "años", "anni", "jahre", "jahren", "годы", "годов", "лет", "годах"];

/// Four digits that are a year when nothing says otherwise.
pub(super) fn plausible_year(value: i64) -> bool {
    (1_000..2_100).contains(&value)
}

impl Reader<'_> {
    pub(super) fn years(&mut self) {
        self.first_years();
        self.named_decades();
        for index in 0..self.numbers.len() {
            if self.free(index) {
                self.decade(index);
            }
        }
        for index in 0..self.numbers.len() {
            if self.free(index) && !self.reign(index) {
                self.year(index);
            }
        }
    }

    /// `光中元年`, `자롱 원년`: the first year of a reign has a word of its own.
    fn first_years(&mut self) {
        let first = match self.sentence.language.tag() {
            "zh" | "ja" => ['元', '年'],
            "ko" => ['원', '년'],
            _ => return,
        };
        for from in 1..self.sentence.chars.len() {
            let named = self.sentence.chars.get(from..from + 2) == Some(&first)
                && self.sentence.before(self.sentence.skip_back(from)).is_some_and(is_unspaced)
                && !self.sentence.at(from + 2).is_some_and(|c| matches!(c, '도' | '度'));
            if named {
                let place = Place { from, to: from + 2 };
                self.claim(&[], place, Value::ReignYear(1), Vec::new(), Weight::Strong);
            }
        }
    }

    fn digits(&self, index: usize) -> Option<usize> {
        match self.numbers[index].form {
            Form::Digits { plain: true, count } => Some(count),
            _ => None,
        }
    }

    /// `1890s`, `những năm 1890`, `1890年代`, `1890-е годы`.
    fn decade(&mut self, index: usize) {
        let number = &self.numbers[index];
        let Some(value) = number.within(10, 2_090).filter(|value| value % 10 == 0) else { return };
        let place = number.place;
        let group = self.words.group(Group::Decade);
        let tag = self.sentence.language.tag();
        let eastern = matches!(tag, "zh" | "ja" | "ko");
        let at = if eastern { self.sentence.skip(place.to) } else { place.to };
        let behind = group
            .starting(self.sentence, at)
            .map(|(_, end)| end)
            .filter(|end| *end > place.to && !matches!(tag, "vi" | "fr" | "es" | "pt" | "it"));
        let before = self.sentence.phrase_before(place.from, group).map(|(_, from)| from);
        let before = before.filter(|_| matches!(tag, "vi" | "fr" | "es" | "pt" | "it"));
        let range = self.sentence.at(self.sentence.skip(place.to)).is_some_and(|c| matches!(c, '-' | '–' | '—'));
        let place = match (before, behind) {
            (Some(from), _) if !range => Place { from, to: place.to },
            (None, Some(to)) => Place { from: place.from, to },
            _ => return,
        };
        // `anni Trenta`, `los años treinta`.
        let in_words = before.is_some() && number.form == Form::Words && (20..=90).contains(&value);
        let in_han = eastern && number.form == Form::Han && (10..=90).contains(&value);
        if (self.digits(index).is_some() || tag == "vi" || in_words || in_han) && !(100..1_000).contains(&value) {
            // `20世纪30年代`, `những năm 30 của thế kỷ XX`: the century says which.
            let value = if value < 100 {
                self.century_beside(place).map_or(value, |century| (century - 1) * 100 + value)
            } else {
                value
            };
            self.claim(&[index], place, Value::Decade(value), Vec::new(), Weight::Strong);
        }
    }

    fn reign(&mut self, index: usize) -> bool {
        let number = &self.numbers[index];
        let Some(value) = number.within(1, LONGEST_REIGN) else { return false };
        let place = Place { from: number.place.from, to: number.end };
        let years = self.words.group(Group::Year);
        match self.sentence.language.tag() {
            "vi" if number.ordinal => {
                let mut at = place.from;
                for _ in 0..6 {
                    at = self.sentence.word_start(self.sentence.skip_back(at));
                    if self.sentence.text(at, self.sentence.word_end(at)) == "năm" {
                        let from = at;
                        self.claim(
                            &[index],
                            Place { from, to: place.to },
                            Value::ReignYear(value),
                            Vec::new(),
                            Weight::Strong,
                        );
                        return true;
                    }
                }
                false
            }
            "zh" | "ja" | "ko" => {
                let Some(((), end)) = self.sentence.phrase(place.to, years) else { return false };
                let before = self.sentence.skip_back(place.from);
                let named = self.sentence.before(before).is_some_and(|c| is_unspaced(c) && c != '年' && c != 'の');
                let length = self
                    .sentence
                    .at(end)
                    .is_some_and(|c| matches!(c, '间' | '間' | '간' | '后' | '後' | '前' | '半' | '반'));
                let counted = self.numbers[index].ordinal;
                if !(named || counted) || length {
                    return false;
                }
                let unit = units::unit("year").map(|unit| Value::Quantity { value: Rational::whole(value), unit });
                let mut others: Vec<Value> = unit.into_iter().collect();
                others.push(Value::Year(value));
                let weight = self.numbers[index].weight;
                self.claim(&[index], Place { from: place.from, to: end }, Value::ReignYear(value), others, weight);
                true
            }
            _ if number.ordinal => {
                let Some(((), end)) = self.sentence.phrase(place.to, years) else { return false };
                // `the first years`, `i primi anni Trenta`: no year of a reign.
                let at = self.sentence.skip(place.to);
                if MANY_YEARS.contains(&self.sentence.text(at, end).as_str()) {
                    return false;
                }
                self.claim(
                    &[index],
                    Place { from: place.from, to: end },
                    Value::ReignYear(value),
                    Vec::new(),
                    Weight::Strong,
                );
                true
            }
            _ => false,
        }
    }

    fn year(&mut self, index: usize) -> bool {
        let number = &self.numbers[index];
        if number.form == Form::Vague || number.form == Form::Roman {
            return false;
        }
        let Some(value) = number.within(1, 2_999) else { return false };
        let (from, to) = (number.place.from, number.end);
        let digits = self.digits(index);
        let before_christ = self.era(from, to);
        let sure = before_christ
            || self.named_year(index)
            || (digits == Some(4) && plausible_year(value) && !self.counts(index));
        let ranged = self.range_end(index);
        if !(sure || ranged.is_some()) {
            return false;
        }
        let value = ranged.unwrap_or(value);
        let signed = if before_christ { -value } else { value };
        let others = if sure && !before_christ { vec![Value::Number(number.value)] } else { Vec::new() };
        self.claim(&[index], Place { from, to }, Value::Year(signed), others, Weight::Strong);
        if before_christ {
            self.earlier_years_too(index, from, value);
        }
        true
    }

    /// `111–101 BC`: the sign stands for both.
    fn earlier_years_too(&mut self, index: usize, from: usize, value: i64) {
        let Some(before) = index.checked_sub(1) else { return };
        let number = &self.numbers[before];
        let between = self.between(number.end.min(from), from);
        let whole = number.within(1, 2_999).filter(|earlier| *earlier >= value);
        if let (true, Some(earlier)) = (matches!(between.as_str(), "-" | "–" | "—" | "to" | "đến"), whole)
            && (self.free(before) || matches!(self.numbers[before].form, Form::Digits { .. }))
        {
            let place = number.place;
            self.claim_again(before, place, Value::Year(-earlier));
        }
    }

    /// `1778–93`: the second year without its century.
    fn range_end(&self, index: usize) -> Option<i64> {
        let (value, two) = (self.numbers[index].whole()?, self.digits(index)? == 2);
        let before = index.checked_sub(1)?;
        let first = self.numbers[before].within(1_000, 2_099)?;
        let between = self
            .sentence
            .text(self.numbers[before].end.min(self.numbers[index].place.from), self.numbers[index].place.from);
        let full = first - first % 100 + value;
        (two && self.digits(before) == Some(4) && matches!(between.as_str(), "-" | "–" | "/") && full > first)
            .then_some(full)
    }

    /// A word for year, a sign of the era or, in front of three digits or more, `in` stands beside it.
    fn named_year(&self, index: usize) -> bool {
        let number = &self.numbers[index];
        let tag = self.sentence.language.tag();
        let many = self.digits(index).is_some_and(|count| count >= 3);
        let value = number.whole().unwrap_or_default();
        let eastern = matches!(tag, "zh" | "ja" | "ko");
        let plain = matches!(number.form, Form::Digits { plain: true, .. });
        if !plain && (value < 100 || !eastern) {
            return false;
        }
        let after = self.words.group(Group::After);
        if self.sentence.phrase(number.end, after).is_some()
            || self
                .sentence
                .phrase_before(number.place.from, after)
                .is_some_and(|(_, from)| !matches!(tag, "fr" | "es" | "pt" | "it" | "ru") || from < number.place.from)
                && matches!(tag, "en" | "zh" | "ja" | "ko")
        {
            return true;
        }
        if let Some(((), end)) = self.sentence.phrase(number.end, self.words.group(Group::YearAfter)) {
            let length = self.sentence.at(end).is_some_and(|c| matches!(c, '间' | '間' | '간' | '代' | '대'));
            return many && !length;
        }
        let before = self.sentence.skip_back(number.place.from);
        let word_from = self.sentence.word_start(before);
        let word = self.sentence.text(word_from, before);
        let explicit = match tag {
            "vi" => word == "năm",
            _ => matches!(
                word.as_str(),
                "year" | "année" | "l'an" | "an" | "año" | "ano" | "anno" | "jahr" | "год" | "году"
            ),
        };
        // `mất năm 28 tuổi`: an age.
        let behind = self.sentence.skip(number.end);
        let aged = tag == "vi" && self.sentence.text(behind, self.sentence.word_end(behind)) == "tuổi";
        if explicit && !aged && (tag != "vi" || !number.ordinal) {
            // `hai mươi năm 3 tháng` counts; `năm 40` names.
            let end = self.sentence.skip_back(word_from);
            let last = self.numbers.partition_point(|other| other.end <= end).checked_sub(1);
            let counted = last.is_some_and(|last| {
                let other = &self.numbers[last];
                other.end == end && (self.free(last) || other.form != Form::Words)
            });
            return many || !counted;
        }
        many && !self.counts(index)
            && self.sentence.phrase_before(number.place.from, self.words.group(Group::YearBefore)).is_some()
    }

    /// Whether a number counts the word behind it: `1500 soldiers`.
    fn counts(&self, index: usize) -> bool {
        let number = &self.numbers[index];
        let at = self.sentence.skip(number.end);
        let spaced = at > number.end;
        if self
            .sentence
            .phrase(number.end, &self.words.units)
            .is_some_and(|(unit, _)| unit != "year" && unit != "century")
            || self.sentence.phrase(number.end, &self.words.money).is_some()
        {
            return true;
        }
        if matches!(self.sentence.language.tag(), "zh" | "ja" | "ko") {
            return self
                .sentence
                .phrase(number.end, self.words.group(Group::Counter))
                .is_some_and(|(_, end)| !self.sentence.text(at, end).starts_with(['年', '년']));
        }
        if self.sentence.language.tag() == "vi" {
            let before = self.sentence.skip_back(number.place.from);
            let named = self.sentence.text(self.sentence.word_start(before), before);
            return self.sentence.at(at).is_some_and(is_letter)
                && spaced
                && self.words.group(Group::Counter).starting(self.sentence, at).is_some()
                && named != "năm";
        }
        false
    }
}

impl Reader<'_> {
    /// Reads a number again that the range before has claimed or not.
    fn claim_again(&mut self, index: usize, place: Place, value: Value) {
        if self.free(index) {
            self.claim(&[index], place, value, Vec::new(), Weight::Strong);
        } else {
            self.restate(place, value);
        }
    }
}
