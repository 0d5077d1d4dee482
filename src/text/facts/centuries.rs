//! Centuries: `thế kỷ XII`, `XIIe siècle`, `11th and 12th centuries`, `конец XIX века`, `12世紀末`.

use super::compounds;
use super::numbers::{Form, Weight};
use super::reader::Reader;
use super::sentence::Place;
use super::units;
use super::value::{Part, Value};
use super::words::Group;

const PARTS: [(Group, Part); 5] = [
    (Group::FirstHalf, Part::FirstHalf),
    (Group::SecondHalf, Part::SecondHalf),
    (Group::Early, Part::Early),
    (Group::Middle, Part::Middle),
    (Group::Late, Part::Late),
];
/// The last century that is one; a larger number beside the word counts something else.
const LAST: i64 = 30;
/// Words between the numbers of `11th, or perhaps 12th, century`.
const MOST_LINKS: usize = 6;

impl Reader<'_> {
    pub(super) fn centuries(&mut self) {
        for index in 0..self.numbers.len() {
            if self.free(index) && !self.named_century(index) {
                self.century(index);
            }
        }
    }

    /// `il Quattrocento`: the fifteenth century.
    fn named_century(&mut self, index: usize) -> bool {
        let number = &self.numbers[index];
        let place = Place { from: number.place.from, to: number.end };
        let hundreds = number.whole().filter(|value| compounds::names_century(self.sentence, *value, place.from));
        let Some(hundreds) = hundreds.filter(|_| number.form == Form::Words) else { return false };
        let value = Value::Century { number: hundreds / 100 + 11, part: self.part(place) };
        self.claim(&[index], place, value, Vec::new(), Weight::Strong);
        true
    }

    fn century(&mut self, index: usize) {
        let number = &self.numbers[index];
        let Some(value) = number.within(1, LAST) else { return };
        let words = self.words.group(Group::Century);
        let tag = self.sentence.language.tag();
        let before = self.sentence.phrase_before(number.place.from, words).map(|(_, from)| from);
        let before = before.filter(|_| matches!(tag, "vi" | "fr" | "es" | "pt" | "it" | "ko"));
        let behind = if matches!(tag, "vi" | "es" | "pt") { None } else { words_behind(self, number.end) };
        let marked = number.ordinal || number.form == Form::Roman;
        let (from, to, sure) = match (before, behind) {
            (Some(from), _) => (from, number.end, true),
            (None, Some(end)) => {
                let written = self.sentence.text(self.sentence.skip(number.end), end);
                let sure = marked || (tag == "ru" && matches!(number.form, Form::Digits { .. }) && written != "веков");
                let counting = matches!(tag, "zh" | "ja" | "ko") && !marked;
                if !sure && !counting {
                    return;
                }
                (number.place.from, end, sure && !counting)
            }
            (None, None) => return,
        };
        // The neighbours first, since they are read by this one.
        let mut chain = vec![(index, Place { from, to })];
        self.spread(index, from, to, &mut chain);
        let era = self.era(chain.iter().map(|(_, place)| place.from).min().unwrap_or(from), to);
        for (index, place) in chain {
            let number = self.numbers[index].clone();
            let number_value = number.whole().unwrap_or(value);
            let part = self.part(place);
            let value = Value::Century { number: if era { -number_value } else { number_value }, part };
            let mut others = Vec::new();
            let han_digits = matches!(tag, "zh" | "ja" | "ko") || (tag == "ru" && (2..5).contains(&number_value));
            if let (false, true, Some(unit)) = (sure && tag != "ru", han_digits && !era, units::unit("century")) {
                others.push(Value::Quantity { value: number.value, unit });
            }
            self.claim(&[index], place, value, others, Weight::Strong);
        }
    }

    /// The other numbers of `XI - XIII`, `11th and 12th`: of the same form, nothing but links between.
    fn spread(&self, index: usize, from: usize, to: usize, chain: &mut Vec<(usize, Place)>) {
        let alike = |other: usize| {
            let (a, b) = (&self.numbers[index], &self.numbers[other]);
            let same = a.form == b.form
                || (a.ordinal && b.ordinal)
                || matches!((a.form, b.form), (Form::Digits { .. }, Form::Digits { .. }));
            // The `first` of `first half` counts no century.
            let part =
                PARTS.iter().any(|(group, _)| self.words.group(*group).starting(self.sentence, b.place.from).is_some());
            self.free(other) && same && !part && b.within(1, LAST).is_some()
        };
        let whole = |other: usize| Place { from: self.numbers[other].place.from, to: self.numbers[other].end };
        let (mut start, mut other) = (from.min(self.numbers[index].place.from), index);
        while let Some(before) = other.checked_sub(1).filter(|before| alike(*before)) {
            if !self.linked(self.numbers[before].end, start) {
                break;
            }
            chain.push((before, whole(before)));
            (start, other) = (self.numbers[before].place.from, before);
        }
        let (mut end, mut other) = (to.max(self.numbers[index].end), index);
        while other + 1 < self.numbers.len() && alike(other + 1) {
            let next = other + 1;
            let alike = self.sentence.language.tag() != "vi" || self.numbers[next].form == self.numbers[index].form;
            if !(alike && self.linked(end, self.numbers[next].place.from)) {
                break;
            }
            chain.push((next, whole(next)));
            (end, other) = (self.numbers[next].end, next);
        }
    }

    /// Whether only links stand between two places, and at least one.
    fn linked(&self, from: usize, to: usize) -> bool {
        let mut at = self.sentence.skip(from);
        let mut links = 0;
        let eastern = matches!(self.sentence.language.tag(), "zh" | "ja" | "ko");
        while at < to && links < MOST_LINKS {
            let phrase = self.words.group(Group::Link).starting(self.sentence, at);
            let end = phrase.map(|(_, end)| end).or_else(|| {
                self.sentence
                    .at(at)
                    .filter(|c| matches!(c, '\'' | '(' | '/' | '~') || (*c == ',' && !eastern))
                    .map(|_| at + 1)
            });
            let Some(end) = end.filter(|end| *end <= to) else { return false };
            at = self.sentence.skip(end);
            links += 1;
        }
        at >= to && links > 0
    }

    /// Whether the years or centuries of a place are before Christ.
    pub(super) fn era(&self, from: usize, to: usize) -> bool {
        let before = self.words.group(Group::Before);
        if matches!(self.sentence.language.tag(), "zh" | "ja" | "ko") {
            return self.sentence.phrase_before(from, before).is_some();
        }
        let mut behind = self.sentence.skip(to);
        if matches!(self.sentence.at(behind), Some('(' | ',')) {
            behind = self.sentence.skip(behind + 1);
        }
        // `111 г. до н. э.`: the sign of the year stands between.
        let after_year = self.words.group(Group::YearAfter).starting(self.sentence, behind).map(|(_, end)| end);
        before.starting(self.sentence, behind).is_some()
            || after_year.is_some_and(|end| self.sentence.phrase(end, before).is_some())
    }

    /// `cuối thế kỷ XIX`, `late 19th century`, `19世紀末`.
    fn part(&self, place: Place) -> Option<Part> {
        let eastern = matches!(self.sentence.language.tag(), "zh" | "ja" | "ko");
        if eastern {
            let mut at = self.sentence.skip(place.to);
            if let Some(end) = words_behind(self, at) {
                at = end;
            }
            if matches!(self.sentence.at(at), Some('の' | '的')) {
                at = self.sentence.skip(at + 1);
            }
            return PARTS
                .iter()
                .find_map(|(group, part)| self.sentence.phrase(at, self.words.group(*group)).map(|_| *part));
        }
        let mut at = place.from;
        for _ in 0..4 {
            for (group, part) in PARTS {
                if self.sentence.phrase_before(at, self.words.group(group)).is_some() {
                    return Some(part);
                }
            }
            at = self.sentence.skip_back(at);
            match self.sentence.before(at) {
                Some('-' | '\'') => at -= 1,
                Some(c) if c.is_alphabetic() => {
                    let from = self.sentence.word_start(at);
                    let word = self.sentence.text(from, at);
                    let article = [
                        "of", "the", "du", "de", "del", "do", "des", "dell", "la", "el", "siglo", "século", "thế",
                        "kỷ", "le", "half", "dem", "xi", "secolo", "d", "l", "siècle", "au", "part", "a",
                    ];
                    if !article.contains(&word.as_str()) {
                        return None;
                    }
                    at = from;
                }
                _ => return None,
            }
        }
        None
    }
}

fn words_behind(reader: &Reader<'_>, at: usize) -> Option<usize> {
    let mut at = reader.sentence.skip(at);
    if reader.sentence.at(at) == Some('-') {
        at += 1;
    }
    reader.words.group(Group::Century).starting(reader.sentence, at).map(|(_, end)| end)
}
