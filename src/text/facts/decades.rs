//! Decades by their names: `the thirties`, `Neunzigerjahre`, `шестидесятые годы`.
//!
//! Somebody may be in the thirties too, so the number itself is the other reading.

use super::numbers::Weight;
use super::rational::Rational;
use super::reader::Reader;
use super::sentence::Place;
use super::value::Value;
use super::words::Group;

impl Reader<'_> {
    pub(super) fn named_decades(&mut self) {
        let mut at = 0;
        while at < self.sentence.chars.len() {
            let Some((decade, end)) = self.words.decades.starting(self.sentence, at) else {
                at += 1;
                continue;
            };
            let to = self.sentence.phrase(end, self.words.group(Group::Year)).map_or(end, |(_, to)| to);
            let place = Place { from: at, to };
            let first = self.numbers.partition_point(|number| number.place.from < at);
            let taken = self.numbers.get(first).is_some_and(|number| number.place.from < end && !self.free(first));
            if !taken {
                let number = Value::Number(Rational::whole(decade));
                let century = self.century_beside(place).map(|century| (century - 1) * 100 + decade);
                self.claim(&[], place, Value::Decade(century.unwrap_or(decade)), vec![number], Weight::Normal);
            }
            at = to;
        }
    }
}
