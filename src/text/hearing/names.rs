//! Protected names by their sound: a recogniser does not know how `Tây Sơn` is spelled, and writes `Tay Son` or `Thai
//! Sun`, which is no fault; `Bánh Ít` in the place of `Tháp Đôi` is one.
//!
//! A name is looked for among the words that were heard where it should stand, by its sound, by the sound of its letters
//! without marks, and by its folded letters; the nearest counts. It is another name where even that is far, or where a
//! name of the glossary lies clearly nearer. Words with a capital that the glossary does not know are forgiven the same
//! way, but are not compared with other names.

use std::ops::Range;

use super::align::{Settled, Step};
use super::clip::{Clip, Note};
use super::sounds::{letters, ratio};
use super::units::{Unit, cut};
use crate::domain::{GlossaryEntry, HearingKind, Language};
use crate::text::names::accepted_forms;
use crate::text::vietnamese::plain_letters;

/// How much nearer another name must lie to be taken for what was said.
const CLEARLY: f32 = 0.2;
/// Share of its sounds by which one word of a name may differ.
const OTHER_WORD: f32 = 0.8;
/// Share of its letters by which another name may differ to be compared by its sound too, which takes longer.
const NOT_UNLIKE: f32 = 0.7;
/// More words than this are not tried around a name.
const WIDEST: usize = 12;

/// A name of the text.
struct Named {
    meant: Range<usize>,
    protected: bool,
}

/// Settles the names that were heard; the others become notes (and are settled too).
pub fn hear(clip: &Clip<'_>, settled: &mut Settled) -> Vec<Note> {
    let forms = forms(clip.text.names, clip.text.language);
    let mut notes = Vec::new();
    for named in occurrences(&clip.meant, &forms) {
        let own: Vec<&Step> =
            clip.steps.iter().filter(|step| step.meant.is_some_and(|at| named.meant.contains(&at))).collect();
        if own.iter().all(|step| step.same) {
            continue;
        }
        let place = region(&clip.steps, &named.meant);
        // A part of it was heard word for word, and nothing in the place of the rest: that is missing like other words.
        if own.iter().any(|step| step.same) && own.iter().filter(|step| step.same).count() == place.len() {
            continue;
        }
        let best = windows(&place)
            .map(|window| (apart(clip, &named.meant, &window), window))
            .min_by(|(one, a), (other, b)| one.total_cmp(other).then(a.len().cmp(&b.len())));
        let same = best.filter(|(apart, _)| {
            *apart <= clip.limits.name && !(named.protected && is_another(clip, &forms, &named.meant, &place, *apart))
        });
        match same {
            Some((_, window)) => {
                settled.meant[named.meant.clone()].fill(true);
                settled.heard[window].fill(true);
            }
            None if named.protected => {
                let heard = aligned(&own).unwrap_or(place.start..place.start);
                settled.meant[named.meant.clone()].fill(true);
                settled.heard[heard.clone()].fill(true);
                let name = clip.meant_words(named.meant.clone());
                let message = if heard.is_empty() {
                    format!("the name `{name}` is not heard")
                } else {
                    format!("the name `{name}` is heard as `{}`", clip.heard_words(heard.clone()))
                };
                notes.push(Note { kind: HearingKind::Name, meant: named.meant, heard, message });
            }
            None => {}
        }
    }
    notes
}

/// Keys of every form of every name, the longest first.
fn forms(glossary: &[GlossaryEntry], language: Language) -> Vec<Vec<String>> {
    let mut forms: Vec<Vec<String>> = Vec::new();
    for entry in glossary {
        let own = std::iter::once(entry.term.as_str()).chain(entry.forms.iter().map(String::as_str));
        for form in accepted_forms(entry, language).into_iter().chain(own) {
            for written in [form.to_owned(), plain_letters(form)] {
                let keys: Vec<String> = cut(&written, language).into_iter().map(|unit| unit.key).collect();
                let letters: usize = keys.iter().map(|key| key.chars().count()).sum();
                if letters >= 2 && !forms.contains(&keys) {
                    forms.push(keys);
                }
            }
        }
    }
    forms.sort_by_key(|keys| std::cmp::Reverse(keys.len()));
    forms
}

/// The names of the text in order; where two begin at one place, the longer one.
fn occurrences(units: &[Unit], forms: &[Vec<String>]) -> Vec<Named> {
    let stands = |keys: &[String], at: usize| {
        units.get(at..at + keys.len()).is_some_and(|here| here.iter().zip(keys).all(|(unit, key)| unit.key == *key))
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < units.len() {
        let protected = forms.iter().find(|keys| stands(keys, at)).map(Vec::len);
        let proper = units[at..].iter().take_while(|unit| unit.proper).count();
        match protected {
            Some(length) => found.push(Named { meant: at..at + length, protected: true }),
            None if proper > 0 => found.push(Named { meant: at..at + 1, protected: false }),
            None => {}
        }
        at += protected.unwrap_or(1);
    }
    found
}

/// The heard units that stand where the name should, and those beside it that nothing else accounts for.
fn region(steps: &[Step], name: &Range<usize>) -> Range<usize> {
    let of_name = |step: &Step| step.meant.is_some_and(|at| name.contains(&at));
    let first = steps.iter().position(of_name).unwrap_or(0);
    let last = steps.iter().rposition(of_name).unwrap_or(0);
    let from = first - steps[..first].iter().rev().take_while(|step| !step.same).count();
    let to = last + 1 + steps[last + 1..].iter().take_while(|step| !step.same).count();
    let heard = |steps: &[Step]| steps.iter().filter(|step| step.heard.is_some()).count();
    let start = heard(&steps[..from]);
    start..start + heard(&steps[from..to])
}

fn windows(place: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let place = place.start..place.end.min(place.start + WIDEST);
    place.clone().flat_map(move |from| (from + 1..=place.end).map(move |to| from..to))
}

fn aligned(steps: &[&Step]) -> Option<Range<usize>> {
    let heard = || steps.iter().filter_map(|step| step.heard);
    Some(heard().min()?..heard().max()? + 1)
}

/// How far what was heard lies from the name, by the nearest of its sounds.
fn apart(clip: &Clip<'_>, name_units: &Range<usize>, window: &Range<usize>) -> f32 {
    let (name, heard) = (clip.meant_words(name_units.clone()), clip.heard_words(window.clone()));
    let by_letters = ratio(&letters(&name), &letters(&heard));
    let heard = clip.ear.sound(&heard);
    if other_word(clip, name_units, window) {
        return 1.0;
    }
    let by_sound = |name: &str| ratio(&clip.ear.sound(name), &heard);
    by_letters.min(by_sound(&name)).min(by_sound(&plain_letters(&name)))
}

/// Whether a name of several words was heard in as many, one of which is another word: `Nguyễn Ánh`, `Nguyễn Lữ`.
fn other_word(clip: &Clip<'_>, name: &Range<usize>, window: &Range<usize>) -> bool {
    let far = |(meant, heard): (usize, usize)| {
        let (meant, heard) = (clip.meant_words(meant..meant + 1), clip.heard_words(heard..heard + 1));
        let by_letters = ratio(&letters(&meant), &letters(&heard));
        by_letters.min(ratio(&clip.ear.sound(&meant), &clip.ear.sound(&heard))) > OTHER_WORD
    };
    clip.is_spaced() && name.len() == window.len() && name.len() > 1 && name.clone().zip(window.clone()).any(far)
}

/// Whether a name of the glossary that is no part of this one, nor it of that, lies clearly nearer to what was heard.
fn is_another(clip: &Clip<'_>, forms: &[Vec<String>], name: &Range<usize>, place: &Range<usize>, own: f32) -> bool {
    let keys: Vec<&String> = clip.meant[name.clone()].iter().map(|unit| &unit.key).collect();
    let heard: Vec<String> = windows(place).map(|window| clip.heard_words(window)).collect();
    let heard_letters: Vec<Vec<char>> = heard.iter().map(|words| letters(words)).collect();
    let heard_sounds: Vec<Vec<char>> = heard.iter().map(|words| clip.ear.sound(words)).collect();
    let joint = if clip.is_spaced() { " " } else { "" };
    let nearest = |form: &[char], heard: &[Vec<char>]| heard.iter().map(|heard| ratio(form, heard)).fold(1.0, f32::min);
    forms
        .iter()
        .filter(|form| !form.iter().all(|key| keys.contains(&key)) && !keys.iter().all(|key| form.contains(key)))
        .any(|form| {
            let by_letters = nearest(&letters(&form.concat()), &heard_letters);
            let sounds = || nearest(&clip.ear.sound(&form.join(joint)), &heard_sounds);
            by_letters + CLEARLY < own || (by_letters <= NOT_UNLIKE && sounds() + CLEARLY < own)
        })
}
