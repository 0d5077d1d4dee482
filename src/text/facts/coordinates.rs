//! Places on the globe: `13°46′N 109°13′E`, `北緯13度46分`, `13.77, 109.22`.

use super::numbers::{Form, Weight};
use super::reader::Reader;
use super::sentence::Place;
use super::value::{Axis, Value};
use super::words::Group;

/// One angle as written.
struct Angle {
    indices: Vec<usize>,
    place: Place,
    degrees: f64,
    precision: f64,
    marked: bool,
}

const SIDES: [(Group, Axis, f64); 4] = [
    (Group::North, Axis::Latitude, 1.0),
    (Group::South, Axis::Latitude, -1.0),
    (Group::East, Axis::Longitude, 1.0),
    (Group::West, Axis::Longitude, -1.0),
];

const DEGREES: [&str; 10] = ["°", "độ", "度", "도", "degrees", "degrés", "grad", "grados", "graus", "gradi"];
const MINUTES: [&str; 10] = ["′", "'", "phút", "分", "분", "minutes", "minuten", "minutos", "minuti", "минут"];
const SECONDS: [&str; 11] =
    ["″", "\"", "''", "giây", "秒", "초", "seconds", "secondes", "sekunden", "segundos", "секунд"];

impl Reader<'_> {
    pub(super) fn coordinates(&mut self) {
        for index in 0..self.numbers.len() {
            if !self.free(index) || !matches!(self.numbers[index].form, Form::Digits { .. }) {
                continue;
            }
            if self.decimal_pair(index) {
                continue;
            }
            let Some(angle) = self.angle(index) else { continue };
            let Some((axis, sign, place)) = self.side(&angle) else { continue };
            let value =
                Value::Coordinate { degrees: angle.degrees * sign, precision: angle.precision, axis: Some(axis) };
            self.claim(&angle.indices, place, value, Vec::new(), Weight::Strong);
        }
    }

    fn sign_at(&self, at: usize, signs: &[&str]) -> Option<usize> {
        let at = self.sentence.skip(at);
        signs.iter().map(|sign| sign.chars().collect::<Vec<_>>()).find_map(|sign| {
            let end = at + sign.len();
            (self.sentence.chars.get(at..end) == Some(&sign[..])).then_some(end)
        })
    }

    fn angle(&self, index: usize) -> Option<Angle> {
        let first = &self.numbers[index];
        let mut degrees = first.value.as_f64();
        if !(0.0..=180.0).contains(&degrees) {
            return None;
        }
        let (mut indices, mut precision) = (vec![index], last_digit(&first.value.to_string()));
        let mut end = first.place.to;
        let mut marked = false;
        let russian = if self.sentence.text(end, self.sentence.word_end(self.sentence.skip(end))).contains("градус")
        {
            Some(self.sentence.word_end(self.sentence.skip(end)))
        } else {
            None
        };
        if let Some(after) = self.sign_at(end, &DEGREES).or(russian) {
            (end, marked) = (after, true);
            for (signs, share) in [(&MINUTES[..], 60.0), (&SECONDS[..], 3_600.0)] {
                let Some(next) = self.number_at(end) else { break };
                let Some(after) = self.sign_at(self.numbers[next].place.to, signs) else { break };
                let part = self.numbers[next].value;
                degrees += part.as_f64() / share;
                precision = last_digit(&part.to_string()) / share;
                indices.push(next);
                end = after;
            }
        }
        Some(Angle { indices, place: Place { from: first.place.from, to: end }, degrees, precision, marked })
    }

    /// `N` behind, `北緯` or `vĩ độ Bắc` before or behind. A single letter counts only beside a degree sign.
    fn side(&self, angle: &Angle) -> Option<(Axis, f64, Place)> {
        let letter = |from: usize, to: usize| to - from <= 2;
        for (group, axis, sign) in SIDES {
            let words = self.words.group(group);
            let mut behind = self.sentence.skip(angle.place.to);
            if self.sentence.at(behind) == Some(',') {
                behind = self.sentence.skip(behind + 1);
            }
            let decimal = angle.precision < 0.05;
            if let Some(((), end)) = words.starting(self.sentence, behind)
                && (angle.marked || (decimal && self.sentence.written[behind].is_uppercase()) || !letter(behind, end))
                && (angle.marked || decimal)
            {
                return Some((axis, sign, Place { from: angle.place.from, to: end }));
            }
            if let Some(((), from)) = self.sentence.phrase_before(angle.place.from, words)
                && (angle.marked || decimal)
                && (!letter(from, angle.place.from) || super::sentence::is_unspaced(self.sentence.chars[from]))
            {
                return Some((axis, sign, Place { from, to: angle.place.to }));
            }
        }
        let named = self.sentence.text(angle.place.from.saturating_sub(24), angle.place.from);
        let tail = named.trim_end_matches([' ', ':', '=']);
        [("lat", Axis::Latitude), ("vĩ độ", Axis::Latitude), ("lon", Axis::Longitude), ("kinh độ", Axis::Longitude)]
            .iter()
            .filter(|_| angle.precision < 0.05)
            .find(|(word, _)| tail.rsplit(' ').next().is_some_and(|w| w.starts_with(word)) || tail.ends_with(word))
            .map(|(_, axis)| (*axis, 1.0, angle.place))
    }

    /// `13.77, 109.22`; a point in any language, a comma as decimal sign only before a semicolon or a space.
    fn decimal_pair(&mut self, index: usize) -> bool {
        let Some(next) = (index + 1 < self.numbers.len()).then_some(index + 1).filter(|next| self.free(*next)) else {
            return false;
        };
        let (a, b) = (self.written(index), self.written(next));
        let between = self.between(self.numbers[index].place.to, self.numbers[next].place.from);
        if !matches!(between.as_str(), "," | ";" | "/" | "、" | "°," | "،") {
            return false;
        }
        let (Some(a), Some(b)) = (a, b) else { return false };
        if a.1 > 0.05 || b.1 > 0.05 || a.0 > 90.0 || b.0 > 180.0 {
            return false;
        }
        let sign = |reader: &Self, index: usize| {
            if reader.sentence.before(reader.numbers[index].place.from) == Some('-') { -1.0 } else { 1.0 }
        };
        for (index, (degrees, precision), axis) in [(index, a, Axis::Latitude), (next, b, Axis::Longitude)] {
            let number = &self.numbers[index];
            let place = Place { from: number.place.from, to: number.place.to };
            let value = Value::Coordinate { degrees: degrees * sign(self, index), precision, axis: Some(axis) };
            self.claim(&[index], place, value, Vec::new(), Weight::Strong);
        }
        true
    }

    /// Degrees with decimals as they are written, and the size of the last digit.
    fn written(&self, index: usize) -> Option<(f64, f64)> {
        let place = self.numbers[index].place;
        let text = self.sentence.text(place.from, place.to).replace(',', ".");
        let decimals = text.split_once('.')?.1.len();
        Some((text.parse().ok()?, 0.1_f64.powi(i32::try_from(decimals).ok()?)))
    }
}

/// The size of the last digit of a decimal number.
fn last_digit(text: &str) -> f64 {
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    0.1_f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX))
}
