//! Goes over the numbers of a sentence and asks each reader in turn.

use super::numbers::{self, Form, Number, Weight};
use super::sentence::{Place, Sentence};
use super::value::{Fact, Value};
use super::words::{Group, Words};
use crate::domain::Language;

/// A fact before its words are quoted.
pub(super) struct Found {
    pub place: Place,
    pub value: Value,
    pub others: Vec<Value>,
    pub weight: Weight,
}

/// A sentence half read.
pub(super) struct Reader<'a> {
    pub sentence: &'a Sentence,
    pub words: &'static Words,
    pub numbers: Vec<Number>,
    pub used: Vec<bool>,
    found: Vec<Found>,
}

pub(super) fn facts(sentence: &Sentence) -> Vec<Fact> {
    let words = Words::of(sentence.language);
    let numbers = numbers::scan(sentence, words);
    let used = vec![false; numbers.len()];
    let mut reader = Reader { sentence, words, numbers, used, found: Vec::new() };
    reader.coordinates();
    reader.dates();
    reader.times();
    reader.named_hours();
    reader.money();
    reader.centuries();
    reader.years();
    reader.weekdays();
    reader.storeys();
    reader.parts_behind_units();
    reader.measures();
    reader.plain_numbers();
    reader.finish()
}

impl Reader<'_> {
    pub(super) fn free(&self, index: usize) -> bool {
        self.used.get(index) == Some(&false)
    }

    /// The number that begins at a place or behind the spaces there, if nothing has claimed it.
    pub(super) fn number_at(&self, place: usize) -> Option<usize> {
        let at = self.sentence.skip(place);
        let index = self.numbers.binary_search_by_key(&at, |number| number.place.from).ok()?;
        self.free(index).then_some(index)
    }

    /// The number that ends at a place or before the spaces there.
    pub(super) fn number_before(&self, place: usize) -> Option<usize> {
        let at = self.sentence.skip_back(place);
        let index = self.numbers.partition_point(|number| number.place.from < at).checked_sub(1)?;
        (self.free(index) && self.numbers[index].end == at).then_some(index)
    }

    pub(super) fn claim(&mut self, indices: &[usize], place: Place, value: Value, others: Vec<Value>, weight: Weight) {
        for index in indices {
            self.used[*index] = true;
        }
        // Numbers inside what was read are part of it: `cento` of `per cento`.
        let first = self.numbers.partition_point(|number| number.place.from < place.from);
        for index in first..self.numbers.len() {
            if self.numbers[index].place.to > place.to {
                break;
            }
            self.used[index] = true;
        }
        self.found.push(Found { place, value, others, weight });
    }

    /// Gives the fact that begins at a place another value.
    pub(super) fn restate(&mut self, place: Place, value: Value) {
        if let Some(found) = self.found.iter_mut().rev().take(8).find(|found| found.place.from == place.from) {
            found.value = value;
            found.others.clear();
        }
    }

    /// Takes the century that stands beside a place, few letters between, out of the facts and gives its number.
    pub(super) fn century_beside(&mut self, place: Place) -> Option<i64> {
        const NEAR: usize = 12;
        let (at, number) = self.found.iter().enumerate().rev().take(40).find_map(|(at, found)| match found.value {
            Value::Century { number, .. } if number > 0 => {
                let gap = place.from.abs_diff(found.place.to).min(found.place.from.abs_diff(place.to));
                (gap <= NEAR).then_some((at, number))
            }
            _ => None,
        })?;
        self.found.swap_remove(at);
        Some(number)
    }

    /// Where facts were found so far, in order.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = self.found.iter().map(|found| found.place).collect();
        places.sort_by_key(|place| (place.from, place.to));
        places
    }

    /// What is put between two places, spaces at its ends left out.
    pub(super) fn between(&self, from: usize, to: usize) -> String {
        if from < to { self.sentence.text(from, to).trim().to_owned() } else { String::new() }
    }

    fn plain_numbers(&mut self) {
        for index in 0..self.numbers.len() {
            if !self.free(index) {
                continue;
            }
            let mut number = self.numbers[index].clone();
            let place = Place { from: number.place.from, to: number.end };
            // A single letter that is no numeral beside a name is a letter.
            if number.form == Form::Roman && number.weight == Weight::Optional && place.to - place.from == 1 {
                continue;
            }
            // `hai tay`, `both sides`: two of what comes in pairs.
            let in_pairs = number.within(2, 2).is_some() && !matches!(number.form, Form::Digits { .. });
            // `đêm 30 Tết` is New Year's Eve.
            let eve = number.within(29, 30).is_some() && self.sentence.language == Language::VI;
            let behind = self.sentence.skip(place.to);
            if eve && self.sentence.text(behind, self.sentence.word_end(behind)) == "tết" {
                number.weight = Weight::Optional;
            }
            // `10代の少年`: in their teens.
            let age = matches!(
                (self.sentence.language.tag(), self.sentence.at(place.to)),
                ("ja", Some('代')) | ("ko", Some('대'))
            );
            if age && number.within(10, 90).is_some_and(|age| age % 10 == 0) {
                number.weight = Weight::Optional;
            }
            if in_pairs && self.sentence.phrase(place.to, self.words.group(Group::Pair)).is_some() {
                number.weight = Weight::Optional;
            }
            if number.form == Form::Vague {
                let scale = number.whole().unwrap_or_default();
                self.claim(&[index], place, Value::Vague(scale), Vec::new(), Weight::Optional);
                continue;
            }
            let about = number.about.map(Value::Vague);
            let others = number.other.map(Value::Number).into_iter().chain(about).collect();
            self.claim(&[index], place, Value::Number(number.value), others, number.weight);
        }
    }

    fn finish(mut self) -> Vec<Fact> {
        self.found.sort_by_key(|found| (found.place.from, found.place.to));
        let mut facts: Vec<Fact> = Vec::with_capacity(self.found.len());
        for found in self.found {
            let span = self.sentence.span(found.place);
            facts.push(Fact { value: found.value, others: found.others, span, weight: found.weight });
        }
        facts
    }
}
