//! Storeys: `tầng hai`, `the first floor`, `3階`.
//!
//! The first floor is the ground floor in Vietnam's north, Russia and East Asia, and the one above it in much of Europe
//! and in Vietnam's south (`lầu`). So a storey says its number or the one beside it; a count of storeys (`ba tầng`,
//! `三层塔`) is no storey and stays what it is.

use super::numbers::{Form, Weight};
use super::rational::Rational;
use super::reader::Reader;
use super::sentence::{Place, is_letter};
use super::value::Value;
use super::words::Group;

/// The highest storey that is one.
const HIGHEST: i64 = 200;

impl Reader<'_> {
    pub(super) fn storeys(&mut self) {
        let southern = self.sentence.chars.windows(4).any(|four| four == ['t', 'r', 'ệ', 't']);
        for index in 0..self.numbers.len() {
            if !self.free(index) || self.numbers[index].form == Form::Vague {
                continue;
            }
            let Some(storey) = self.numbers[index].within(1, HIGHEST) else { continue };
            let Some((place, step)) = self.storey(index) else { continue };
            let number = &self.numbers[index];
            // The ground floor may go without a number on the other side.
            let weight = if storey == 1 { Weight::Optional } else { number.weight.max(Weight::Normal) };
            let mut beside = vec![Value::Number(Rational::whole(storey + step))];
            // Where the south's `tầng trệt` is the ground floor, the first is above it.
            if self.sentence.language.tag() == "vi" && southern {
                beside.push(Value::Number(Rational::whole(storey + 1)));
            }
            self.claim(&[index], place, Value::Number(Rational::whole(storey)), beside, weight);
        }
    }

    /// Its place, and how far the other convention is from this language's.
    fn storey(&self, index: usize) -> Option<(Place, i64)> {
        let number = &self.numbers[index];
        let words = self.words.group(Group::Storey);
        let tag = self.sentence.language.tag();
        if tag == "vi" {
            let ((), from) = self.sentence.phrase_before(number.place.from, words)?;
            let step = if self.sentence.text(from, number.place.from).trim_end() == "lầu" { 1 } else { -1 };
            return Some((Place { from, to: number.end }, step));
        }
        let ((), to) = self.sentence.phrase(number.end, words)?;
        let place = Place { from: number.place.from, to };
        // Japanese `3階に`, Korean `2층에서`: a storey is a place, a count of them describes a building.
        let at = match tag {
            "ja" => matches!(self.sentence.at(to), Some('に' | 'で' | 'は' | 'か' | 'へ')),
            "ko" => matches!(self.sentence.at(to), Some('에' | '은' | '는' | '엔')),
            "zh" => number.ordinal || self.sentence.text(number.end, to).ends_with('楼'),
            _ => number.ordinal,
        };
        let whole_word = matches!(tag, "ja" | "zh" | "ko") || !self.sentence.at(to).is_some_and(is_letter);
        let step = if matches!(tag, "ru" | "zh" | "ja" | "ko") { -1 } else { 1 };
        (at && whole_word).then_some((place, step))
    }
}
