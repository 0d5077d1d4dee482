//! Where the numbers of a text were heard, so that each can be heard a second time by itself.
//!
//! A recogniser that knows how such sentences go writes the number it expects: `1990` for a spoken 1970. With only a few
//! words to either side it has less to expect by. A spot is a stretch of the text with its number and those words, and
//! where in the sound it lies; spots that meet are one.

use std::ops::Range;

use super::align::{Step, align};
use super::clip::Clip;
use super::units::units;
use super::{Heard, Meant, Sounds};
use crate::domain::{Milliseconds, Script};
use crate::text::facts::{self, Weight};

/// Words, and characters in Chinese and Japanese, that stay to either side of a number.
const WORDS: usize = 3;
const CHARACTERS: usize = 6;
/// A recogniser tells only roughly when a word was said.
const MARGIN: Milliseconds = Milliseconds(250);

/// A number with its neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// As the text writes it.
    pub written: String,
    /// As it should be said.
    pub spoken: String,
    pub from: Milliseconds,
    pub to: Milliseconds,
}

/// The spots of a text's numbers, in order. None where the recogniser told no times.
#[must_use]
pub fn spots_of_numbers(meant: &Meant<'_>, heard: &Heard<'_>, model: &str, sounds: Option<Sounds<'_>>) -> Vec<Spot> {
    let letters: Vec<char> = meant.written.chars().collect();
    let windows = windows(&letters, meant);
    if windows.is_empty() || heard.words.is_empty() {
        return Vec::new();
    }
    let clip = Clip::new(meant, heard, model, sounds);
    // The text spelled out by itself has the words of the text as spoken, or nearly: the lexicon may say some otherwise.
    let plain = units(meant.written, meant.language);
    let steps = align(&plain, &clip.meant);
    windows.iter().filter_map(|window| spot(&clip, &steps, &letters, window)).collect()
}

/// The numbers of the text as written, with their neighbours, in characters.
fn windows(letters: &[char], meant: &Meant<'_>) -> Vec<Range<usize>> {
    let mut windows: Vec<Range<usize>> = Vec::new();
    let facts = facts::read(meant.written, meant.language).into_iter();
    for fact in facts.filter(|fact| fact.weight != Weight::Optional) {
        let (from, to) = match meant.language.script() {
            Script::Alphabetic => (words_before(letters, fact.span.start), words_after(letters, fact.span.end)),
            Script::Ideographic => (fact.span.start.saturating_sub(CHARACTERS), fact.span.end + CHARACTERS),
        };
        let window = from..to.min(letters.len());
        match windows.last_mut() {
            Some(last) if window.start <= last.end => last.end = window.end.max(last.end),
            _ => windows.push(window),
        }
    }
    windows
}

fn words_before(letters: &[char], at: usize) -> usize {
    let mut spaces = (0..at.min(letters.len())).rev().filter(|at| letters[*at].is_whitespace());
    spaces.nth(WORDS).map_or(0, |space| space + 1)
}

fn words_after(letters: &[char], at: usize) -> usize {
    let mut spaces = (at..letters.len()).filter(|at| letters[*at].is_whitespace());
    spaces.nth(WORDS).unwrap_or(letters.len())
}

fn spot(clip: &Clip<'_>, steps: &[Step], letters: &[char], window: &Range<usize>) -> Option<Spot> {
    let language = clip.text.language;
    let text = |range: Range<usize>| letters[range].iter().collect::<String>();
    let count = |range: Range<usize>| units(&text(range), language).len();
    let (start, length) = (count(0..window.start), count(window.clone()));
    let across = |range: Range<usize>, steps: &[Step]| -> Option<Range<usize>> {
        let inside = steps.iter().filter(|step| step.meant.is_some_and(|at| range.contains(&at)));
        let others: Vec<usize> = inside.filter_map(|step| step.heard).collect();
        Some(*others.first()?..others.last()? + 1)
    };
    let meant = across(start..start + length, steps)?;
    let [from, to] = clip.times(&across(meant.clone(), &clip.steps)?)?;
    Some(Spot {
        written: text(window.clone()).trim().to_owned(),
        spoken: clip.meant_words(meant),
        from: Milliseconds(from.0.saturating_sub(MARGIN.0)),
        to: Milliseconds((to.0 + MARGIN.0).min(clip.sound.duration.0)),
    })
}
