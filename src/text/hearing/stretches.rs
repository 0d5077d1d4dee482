//! Stretches in which the texts differ: the same words ill spelled, or words missing, added, repeated or changed.

use std::ops::Range;

use super::align::{Settled, Stretch};
use super::clip::{Clip, Note};
use super::sounds::{distance, ratio};
use super::units::cut;
use crate::domain::HearingKind;
use crate::text::split_sentences;

/// A side with less than this share of the other's sounds has nothing to set against them.
const NOTHING_BESIDE: f32 = 0.4;
/// Characters of agreement taken along on either side in Chinese and Japanese, where a character's reading depends on
/// its neighbours.
const CONTEXT: usize = 2;
/// So many words (characters) missing in a row are more than a slip.
const LONG_WORDS: usize = 5;
const LONG_CHARACTERS: usize = 9;
/// Share of its sounds by which what is said twice may differ.
const TWICE: f32 = 0.34;

/// What a stretch comes to.
pub struct Judged {
    /// It does not sound as it should, whether or not that is enough for a finding.
    pub unlike: bool,
    pub note: Option<Note>,
}

impl Clip<'_> {
    pub fn judge_stretch(&self, stretch: &Stretch, settled: &Settled) -> Judged {
        let (meant, heard, apart) = self.lengths(stretch, settled);
        let longer = meant.max(heard).max(1.0);
        let limits = &self.limits;
        if apart / longer <= limits.alike {
            return Judged { unlike: false, note: None };
        }
        let kind = if heard < NOTHING_BESIDE * meant {
            (apart > limits.missing).then(|| self.missing_kind(stretch))
        } else if meant < NOTHING_BESIDE * heard {
            (apart > limits.added).then(|| self.added_kind(stretch))
        } else {
            (apart > limits.changed).then_some(HearingKind::Changed)
        };
        let note = kind.map(|kind| Note {
            kind,
            message: self.told(kind, stretch),
            meant: stretch.meant.clone(),
            heard: stretch.heard.clone(),
        });
        Judged { unlike: true, note }
    }

    /// The lengths of both sides in sounds, and how far they lie apart.
    fn lengths(&self, stretch: &Stretch, settled: &Settled) -> (f32, f32, f32) {
        let open =
            |range: &Range<usize>, settled: &[bool]| range.clone().filter(|at| !settled[*at]).collect::<Vec<_>>();
        let (left, right) = (open(&stretch.meant, &settled.meant), open(&stretch.heard, &settled.heard));
        if self.is_spaced() {
            let words = |places: &[usize], words: &dyn Fn(usize) -> String| {
                let written: Vec<String> = places.iter().map(|at| words(*at)).collect();
                self.ear.sound(&written.join(" "))
            };
            let meant = words(&left, &|at| self.meant_words(at..at + 1));
            let heard = words(&right, &|at| self.heard_words(at..at + 1));
            return (meant.len() as f32, heard.len() as f32, distance(&meant, &heard));
        }
        let wider =
            |range: &Range<usize>, all: usize| range.start.saturating_sub(CONTEXT)..(range.end + CONTEXT).min(all);
        let (around_meant, around_heard) =
            (wider(&stretch.meant, self.meant.len()), wider(&stretch.heard, self.heard.len()));
        let meant = self.ear.sound(&self.meant_words(around_meant.clone()));
        let heard = self.ear.sound(&self.heard_words(around_heard.clone()));
        let share = |sound: &[char], part: usize, whole: usize| sound.len() as f32 * part as f32 / whole.max(1) as f32;
        (
            share(&meant, stretch.meant.len(), around_meant.len()),
            share(&heard, stretch.heard.len(), around_heard.len()),
            distance(&meant, &heard),
        )
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
        let twice = |at: usize| {
            at.checked_sub(length).is_some_and(|before| alike(at, before))
                || (at + length < self.heard.len() && alike(at, at + length))
        };
        let again = range.clone().filter(|at| twice(*at)).count();
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
