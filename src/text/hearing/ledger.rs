//! The facts ledger: the numbers, years, dates and measures of the text as values, against those that were heard.
//!
//! The values are those `facts` reads. What it takes for a difference is dropped where the alignment shows that every word
//! of the number was heard as it was meant: a reader that sees a number in one spelling and not in the other is no fault
//! of the clip. `fifteen` and `fifty` sound alike, so a number is forgiven only where its sounds are almost the same.

use std::ops::Range;

use super::align::{Settled, Stretch, stretches};
use super::clip::{Clip, Note};
use super::numerals;
use super::sounds::{distance, ratio};
use super::units::{Unit, units};
use crate::domain::{HearingKind, Span};
use crate::text::facts;

/// Share of its sounds by which a number may differ, and in how many steps at most: `duecentocinquanta` and
/// `seicentocinquanta` share most of theirs.
const SAME_NUMBER: f32 = 0.12;
const SAME_STEPS: f32 = 0.5;
/// Share of its sounds by which a stretch may differ in which a number was heard though the text has none: `deux morts`
/// for `demeures`.
const NO_NUMBER: f32 = 0.25;

/// Numbers that were heard as others, or not at all, or added.
/// `settled` are the names that were heard.
pub fn hear(clip: &Clip<'_>, settled: &Settled) -> Vec<Note> {
    let language = clip.text.language;
    let findings = facts::compare(clip.text.written, language, &clip.transcript, language, &[]);
    let mut notes: Vec<Note> = Vec::new();
    for finding in findings {
        let place = |span: &Option<Span>, among: &[Unit]| {
            span.as_ref().and_then(|span| find(among, &units(&span.text, language)))
        };
        let (meant, heard) = (place(&finding.source, &clip.meant), place(&finding.target, &clip.heard));
        let both = meant.clone().or_else(|| Some(facing(clip, heard.clone()?, false)));
        let across = heard.clone().or_else(|| Some(facing(clip, meant.clone()?, true)));
        let (Some(meant), Some(heard)) = (both, across) else { continue };
        let sides = (finding.source.is_some(), finding.target.is_some());
        // `Tháp Đôi` is written `tap 2`.
        let in_a_name = !sides.0 && !heard.is_empty() && settled.heard[heard.clone()].iter().all(|settled| *settled);
        if in_a_name || said_as_meant(clip, &meant, &heard, sides) || (!sides.0 && sounds_like_words(clip, &heard)) {
            continue;
        }
        let quoted = |span: &Option<Span>| span.as_ref().map(|span| span.text.clone());
        let message = match (quoted(&finding.source), quoted(&finding.target)) {
            (Some(meant), Some(heard)) => format!("`{meant}` is heard as `{heard}`"),
            (Some(meant), None) => format!("`{meant}` is not heard"),
            (None, heard) => format!("`{}` is heard, which the text does not say", heard.unwrap_or_default()),
        };
        if !notes.iter().any(|note| note.meant == meant && note.heard == heard) {
            notes.push(Note { kind: HearingKind::Fact, meant, heard, message });
        }
    }
    notes
}

/// Where some units stand among others.
fn find(among: &[Unit], wanted: &[Unit]) -> Option<Range<usize>> {
    let length = wanted.len();
    let same = |here: &[Unit]| here.iter().zip(wanted).all(|(one, other)| one.key == other.key);
    (length > 0).then(|| among.windows(length).position(same)).flatten().map(|at| at..at + length)
}

/// The units of the other side that stand across from some.
fn facing(clip: &Clip<'_>, range: Range<usize>, from_meant: bool) -> Range<usize> {
    let (mut before, mut found) = (0, None::<Range<usize>>);
    for step in &clip.steps {
        let (here, there) = if from_meant { (step.meant, step.heard) } else { (step.heard, step.meant) };
        match (here, there) {
            (Some(here), Some(there)) if range.contains(&here) => {
                found = Some(found.map_or(there, |found| found.start)..there + 1);
            }
            (Some(here), _) if here >= range.end => break,
            (_, Some(there)) if found.is_none() => before = there + 1,
            _ => {}
        }
    }
    found.unwrap_or(before..before)
}

/// `sides`: on which side the reader saw a number.
fn said_as_meant(clip: &Clip<'_>, meant: &Range<usize>, heard: &Range<usize>, sides: (bool, bool)) -> bool {
    let matched = |range: &Range<usize>, side: fn(&super::align::Step) -> Option<usize>| {
        let same = clip.steps.iter().filter(|step| step.same && side(step).is_some_and(|at| range.contains(&at)));
        !range.is_empty() && same.count() == range.len()
    };
    if (!sides.0 || matched(meant, |step| step.meant)) && (!sides.1 || matched(heard, |step| step.heard)) {
        return true;
    }
    // `twenty-five` and `twenty-two` share most of their sounds: only where they differ is compared.
    let same = |one: usize, other: usize| clip.meant[one].key == clip.heard[other].key;
    let shorter = meant.len().min(heard.len());
    let front = (0..shorter).take_while(|at| same(meant.start + at, heard.start + at)).count();
    let back = (0..shorter - front).take_while(|at| same(meant.end - 1 - at, heard.end - 1 - at)).count();
    let (meant, heard) = (meant.start + front..meant.end - back, heard.start + front..heard.end - back);
    let (one, other) = (clip.meant_words(meant), clip.heard_words(heard));
    // The number itself was heard; its measure is judged with the words.
    let language = clip.text.language;
    let numberless = !numerals::any(&one) && !numerals::any(&other);
    if front + back > 0 && numberless && facts::compare(&one, language, &other, language, &[]).is_empty() {
        return true;
    }
    let (one, other) = (clip.ear.sound(&one), clip.ear.sound(&other));
    let apart = distance(&one, &other);
    !one.is_empty()
        && !other.is_empty()
        && apart <= SAME_STEPS
        && apart / one.len().max(other.len()) as f32 <= SAME_NUMBER
}

/// Whether the stretch in which a number was heard is only an ill spelling of the words of the text.
fn sounds_like_words(clip: &Clip<'_>, heard: &Range<usize>) -> bool {
    let meets = |stretch: &Stretch| stretch.heard.start < heard.end && heard.start < stretch.heard.end;
    let none = Settled::none(clip.meant.len(), clip.heard.len());
    stretches(&clip.steps, &none).iter().filter(|stretch| meets(stretch)).all(|stretch| {
        let meant = clip.ear.sound(&clip.meant_words(stretch.meant.clone()));
        let heard = clip.ear.sound(&clip.heard_words(stretch.heard.clone()));
        !meant.is_empty() && ratio(&meant, &heard) <= NO_NUMBER
    })
}
