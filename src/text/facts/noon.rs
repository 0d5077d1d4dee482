//! Midnight and noon, which name an hour without a number.
//!
//! They may be said of a part of the day too, so they answer to an hour of the other side and are not missed themselves.

use super::numbers::Weight;
use super::reader::Reader;
use super::sentence::Place;
use super::value::Value;
use super::words::Group;

const HOURS: [(Group, i64); 2] = [(Group::Midnight, 0), (Group::Midday, 720)];

impl Reader<'_> {
    pub(super) fn named_hours(&mut self) {
        let taken = self.places();
        let mut at = 0;
        while at < self.sentence.chars.len() {
            let hour = HOURS.iter().find_map(|(group, minutes)| {
                let ((), end) = self.words.group(*group).starting(self.sentence, at)?;
                Some((*minutes, end))
            });
            let Some((minutes, end)) = hour else {
                at += 1;
                continue;
            };
            let last = taken.partition_point(|place| place.from <= at).checked_sub(1);
            // `12 noon`, `正午` inside a time that was read.
            if last.is_none_or(|last| taken[last].to <= at) {
                let value = Value::Time { minutes, half_known: true };
                self.claim(&[], Place { from: at, to: end }, value, Vec::new(), Weight::Optional);
            }
            at = end;
        }
    }
}
