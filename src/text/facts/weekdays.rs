//! Days of the week: `thứ Hai`, `on Mondays`, `terça-feira`, `周四`.
//!
//! Vietnamese counts them with the words of ordinals: a capital, or a word of time beside it, tells `thứ Ba` (Tuesday)
//! from `con thứ ba` (the third child); either may be meant all the same, so both readings stay.

use super::numbers::Weight;
use super::rational::Rational;
use super::reader::Reader;
use super::sentence::Place;
use super::value::Value;
use super::words::Group;

/// Chinese `周三` is Wednesday, and `一周三次` three times a week.
const COUNTED_WEEKS: [char; 14] = ['一', '二', '两', '三', '四', '五', '六', '七', '八', '十', '每', '几', '数', '本'];

impl Reader<'_> {
    pub(super) fn weekdays(&mut self) {
        let mut at = 0;
        while at < self.sentence.chars.len() {
            let Some(((day, optional), end)) = self.words.weekdays.starting(self.sentence, at) else {
                at += 1;
                continue;
            };
            let place = Place { from: at, to: end };
            if self.sentence.language.tag() == "vi" && optional {
                self.counted_weekday(day, place);
            } else if !self.counts_weeks(place) {
                let weight = if optional || self.in_title(place) { Weight::Optional } else { Weight::Strong };
                // Portuguese `quarta` is the fourth as well as Wednesday.
                let first = self.numbers.partition_point(|number| number.place.from < at);
                let number = self.numbers.get(first).filter(|number| optional && number.place.from < end);
                let others = number.map(|number| Value::Number(number.value)).into_iter().collect();
                self.claim(&[], place, Value::Weekday(day), others, weight);
            }
            at = end;
        }
    }

    /// `每周三次`: the numeral counts what follows.
    fn counts_weeks(&self, place: Place) -> bool {
        self.sentence.language.tag() == "zh"
            && self.sentence.at(place.from) == Some('周')
            && self.sentence.before(place.from).is_some_and(|c| COUNTED_WEEKS.contains(&c))
            && self.words.group(Group::Counter).starting(self.sentence, place.to).is_some()
    }

    /// `Sunday Times`: part of a name, where the language writes the day itself large.
    fn in_title(&self, place: Place) -> bool {
        let large = |at: usize| self.sentence.written.get(at).is_some_and(|c| c.is_uppercase());
        self.sentence.language.tag() == "en"
            && large(place.from)
            && self.sentence.at(place.to) == Some(' ')
            && large(place.to + 1)
    }

    /// `thứ Hai`, `sáng thứ bảy`.
    fn counted_weekday(&mut self, day: u8, place: Place) {
        let Place { from, to } = place;
        let first = self.numbers.partition_point(|number| number.place.from < from);
        let number = self.numbers.get(first).filter(|number| number.place.from < to);
        let before = self.sentence.skip_back(from);
        let counted = self.sentence.text(self.sentence.word_start(before), before);
        // `lần thứ hai`, `thứ hai mươi`, a year of a reign that was read.
        if counted == "lần" || number.is_some_and(|number| number.place.to != to || !self.free(first)) {
            return;
        }
        let capital = self.sentence.written[self.sentence.word_start(to)].is_uppercase();
        let beside = self.words.group(Group::BesideWeekday);
        let named = capital
            || self.sentence.phrase_before(from, beside).is_some()
            || self.sentence.phrase(to, beside).is_some();
        let (weekday, ordinal) = (Value::Weekday(day), Value::Number(Rational::whole(i64::from(day) + 1)));
        let (value, other, weight) =
            if named { (weekday, ordinal, Weight::Strong) } else { (ordinal, weekday, Weight::Normal) };
        self.claim(&[], place, value, vec![other], weight);
    }
}
