//! Stretches in which the texts differ: the same words ill spelled, or words missing, added, repeated or changed.

use std::ops::Range;

use super::align::{Settled, Stretch};
use super::clip::{Clip, Note};
use super::numerals;
use super::sounds::{distance, ratio};
use super::units::{Unit, cut};
use crate::domain::HearingKind;
use crate::text::{facts, split_sentences};

/// A side with less than this share of the other's sounds has nothing to set against them.
const NOTHING_BESIDE: f32 = 0.4;
/// Sounds by which one side must be longer to hold a word more.
const WORD: f32 = 2.9;
/// Share of its sounds by which a stretch with a number may differ, and steps that may differ beside one.
const NUMBER: f32 = 0.2;
const A_SOUND: f32 = 0.9;
/// Letters, and Chinese characters, of a word that a recogniser neither leaves out nor puts in by itself.
const LETTERS: usize = 4;
const HAN: usize = 2;
/// Characters taken along on either side in Chinese and Japanese, where a character's reading depends on its neighbours.
const CONTEXT: usize = 8;
/// So many words (characters) missing in a row are more than a slip.
const LONG_WORDS: usize = 5;
const LONG_CHARACTERS: usize = 9;
/// Share of its sounds by which what is said twice may differ.
const TWICE: f32 = 0.34;

/// How large a stretch is on either side (in sounds; in characters where a character's sounds depend on its neighbours),
/// how many sounds the longer side has, how many the heard side has less, and how far the sides lie apart.
struct Sizes {
    meant: f32,
    heard: f32,
    longer: f32,
    lost: f32,
    apart: f32,
}

/// What a stretch comes to.
pub struct Judged {
    /// It does not sound as it should, whether or not that is enough for a finding.
    pub unlike: bool,
    pub note: Option<Note>,
}

impl Clip<'_> {
    pub fn judge_stretch(&self, stretch: &Stretch, settled: &Settled) -> Judged {
        let Sizes { meant, heard, longer, lost, apart } = self.sizes(stretch, settled);
        let limits = &self.limits;
        let (short, long) = (heard < NOTHING_BESIDE * meant, meant < NOTHING_BESIDE * heard);
        // One character for another is no word more, however long its reading.
        let as_many = !self.is_spaced() && stretch.meant.len() == stretch.heard.len();
        let (short, long) = (short || (!as_many && lost > WORD), long || (!as_many && -lost > WORD));
        let number = self.holds_a_number(stretch);
        let alike = if number { NUMBER } else { limits.alike };
        if !short && !long && apart / longer.max(1.0) <= alike {
            return Judged { unlike: false, note: None };
        }
        let kind = if short {
            (apart > limits.missing || self.is_a_word(stretch)).then(|| self.missing_kind(stretch))
        } else if long {
            (apart > limits.added || self.is_a_word(stretch)).then(|| self.added_kind(stretch))
        } else {
            (apart > limits.changed).then_some(HearingKind::Changed)
        };
        let kind = match kind {
            // They take their numbers with them.
            Some(HearingKind::Dropped | HearingKind::Repeated) => kind,
            _ if number && apart > A_SOUND => Some(HearingKind::Fact),
            _ => kind,
        };
        let kind = kind.or_else(|| self.holds_another_numeral(stretch).then_some(HearingKind::Fact));
        let note = kind.map(|kind| Note {
            kind,
            message: self.told(kind, stretch),
            meant: stretch.meant.clone(),
            heard: stretch.heard.clone(),
        });
        Judged { unlike: true, note }
    }

    /// Whether the words that were meant hold a number, or what one side has more stands at one: `1990に年` is 1992.
    fn holds_a_number(&self, stretch: &Stretch) -> bool {
        let numeral = |units: &[Unit], at: Option<usize>| {
            at.and_then(|at| units.get(at)).is_some_and(|unit| numerals::any(&unit.written))
        };
        if self.is_spaced() {
            let (words, language) = (self.meant_words(stretch.meant.clone()), self.text.language);
            return !facts::compare(&words, language, "", language, &[]).is_empty();
        }
        match (stretch.meant.is_empty(), stretch.heard.is_empty()) {
            (true, false) => numeral(&self.heard, stretch.heard.start.checked_sub(1)),
            (false, true) => numeral(&self.meant, stretch.meant.start.checked_sub(1)),
            _ => false,
        }
    }

    /// Whether a Chinese numeral was heard as another: `两种` as `五种`, which no reader of facts takes for a number.
    fn holds_another_numeral(&self, stretch: &Stretch) -> bool {
        let numeral = |unit: &Unit| unit.written.chars().next().and_then(numerals::value);
        let both = self.meant[stretch.meant.clone()].iter().zip(&self.heard[stretch.heard.clone()]);
        stretch.meant.len() == stretch.heard.len()
            && both.filter_map(|(meant, heard)| numeral(meant).zip(numeral(heard))).any(|(one, other)| one != other)
    }

    fn sizes(&self, stretch: &Stretch, settled: &Settled) -> Sizes {
        let open =
            |range: &Range<usize>, settled: &[bool]| range.clone().filter(|at| !settled[*at]).collect::<Vec<_>>();
        let (left, right) = (open(&stretch.meant, &settled.meant), open(&stretch.heard, &settled.heard));
        if self.is_spaced() {
            let words = |places: &[usize], words: &dyn Fn(usize) -> String| {
                let mut written = String::new();
                for word in places.iter().map(|at| words(*at)) {
                    // `n'y`: an article is said with its word.
                    written += if written.is_empty() || written.ends_with('\'') { "" } else { " " };
                    written += &word;
                }
                self.ear.sound(&written)
            };
            let meant = words(&left, &|at| self.meant_words(at..at + 1));
            let heard = words(&right, &|at| self.heard_words(at..at + 1));
            let (long, other) = (meant.len() as f32, heard.len() as f32);
            // What stands alone has no more sounds than letters: a small word is said longer by itself.
            let letters = |range: &Range<usize>, units: &[Unit]| -> usize {
                units[range.clone()].iter().map(|unit| unit.key.chars().count()).sum()
            };
            let most = match (stretch.meant.is_empty(), stretch.heard.is_empty()) {
                (true, false) => letters(&stretch.heard, &self.heard) as f32,
                (false, true) => letters(&stretch.meant, &self.meant) as f32,
                _ => f32::MAX,
            };
            return Sizes {
                meant: long,
                heard: other,
                longer: long.max(other),
                lost: long - other,
                apart: distance(&meant, &heard).min(most),
            };
        }
        // Both sides are read in the words that were meant, so that only the stretch itself makes a difference.
        let before = self.meant_words(stretch.meant.start.saturating_sub(CONTEXT)..stretch.meant.start);
        let after = self.meant_words(stretch.meant.end..(stretch.meant.end + CONTEXT).min(self.meant.len()));
        let within = |words: String| self.ear.sound(&format!("{before}{words}{after}"));
        let meant = within(left.iter().map(|at| self.meant_words(*at..at + 1)).collect());
        let heard = within(right.iter().map(|at| self.heard_words(*at..at + 1)).collect());
        let around = within(String::new()).len();
        // What stands alone can lack no more than its own sounds, whatever it does to the reading of its neighbours.
        let alone = |places: &[usize], words: &dyn Fn(usize) -> String, other: &[usize]| {
            let own = || self.ear.sound(&places.iter().map(|at| words(*at)).collect::<String>()).len() as f32;
            if other.is_empty() { own() } else { f32::MAX }
        };
        let most = alone(&left, &|at| self.meant_words(at..at + 1), &right).min(alone(
            &right,
            &|at| self.heard_words(at..at + 1),
            &left,
        ));
        Sizes {
            meant: left.len() as f32,
            heard: right.len() as f32,
            longer: meant.len().max(heard.len()).saturating_sub(around) as f32,
            lost: meant.len() as f32 - heard.len() as f32,
            apart: distance(&meant, &heard).min(most),
        }
    }

    /// Whether only one side has anything, and that is more than a small word that a recogniser may leave out or put in.
    fn is_a_word(&self, stretch: &Stretch) -> bool {
        let units = match (stretch.meant.is_empty(), stretch.heard.is_empty()) {
            (false, true) => &self.meant[stretch.meant.clone()],
            (true, false) => &self.heard[stretch.heard.clone()],
            _ => return false,
        };
        if self.is_spaced() {
            return units.iter().any(|unit| unit.key.chars().filter(|c| c.is_alphanumeric()).count() >= LETTERS);
        }
        let han = |unit: &&Unit| unit.key.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        units.iter().filter(han).count() >= HAN
    }

    fn missing_kind(&self, stretch: &Stretch) -> HearingKind {
        let long = if self.is_spaced() { LONG_WORDS } else { LONG_CHARACTERS };
        if stretch.meant.len() >= long || self.holds_a_sentence(&stretch.meant) {
            HearingKind::Dropped
        } else {
            HearingKind::Missing
        }
    }

    fn holds_a_sentence(&self, range: &Range<usize>) -> bool {
        let sentences = split_sentences(self.text.spoken, self.text.language);
        let mut start = 0;
        sentences.len() > 1
            && sentences.iter().any(|sentence| {
                let end = start + cut(sentence, self.text.language).len();
                let inside = range.start <= start && end <= range.end && end > start;
                start = end;
                inside
            })
    }

    /// What was added is a repetition where each of its words is heard again as far away as it is long.
    fn added_kind(&self, stretch: &Stretch) -> HearingKind {
        let (range, length) = (&stretch.heard, stretch.heard.len());
        let alike = |one: usize, other: usize| {
            let sound = |at: usize| self.ear.sound(&self.heard_words(at..at + 1));
            self.heard[one].key == self.heard[other].key || ratio(&sound(one), &sound(other)) <= TWICE
        };
        let twice = |at: usize, period: usize| {
            at.checked_sub(period).is_some_and(|before| alike(at, before))
                || (at + period < self.heard.len() && alike(at, at + period))
        };
        // Said once more the whole stretch follows itself; said more often a part of it does.
        let periods = (1..=length).filter(|period| length.is_multiple_of(*period));
        let again = periods.map(|period| range.clone().filter(|at| twice(*at, period)).count()).max().unwrap_or(0);
        if again * 4 >= length * 3 { HearingKind::Repeated } else { HearingKind::Added }
    }

    fn told(&self, kind: HearingKind, stretch: &Stretch) -> String {
        let meant = self.meant_words(stretch.meant.clone());
        let heard = self.heard_words(stretch.heard.clone());
        match kind {
            HearingKind::Repeated => format!("`{heard}` is said twice"),
            HearingKind::Added => format!("`{heard}` is heard, which the text does not say"),
            HearingKind::Dropped | HearingKind::Missing => format!("`{meant}` is not heard"),
            _ => format!("`{meant}` is heard as `{heard}`"),
        }
    }
}
