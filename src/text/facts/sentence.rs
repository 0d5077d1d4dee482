//! A sentence as the readers see it: composed, narrow, in small letters, every character knowing where it stood.
//!
//! Invariant: the places it gives back are characters (Unicode scalar values) of the text as it came, so a span always
//! quotes that text.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::phrases::Phrases;
use crate::domain::{Language, Span};

/// Letters that are looked at as one word: text that runs on without a space is read piece by piece.
const LONGEST_WORD: usize = 100;

/// A range of places in a [`Sentence`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub from: usize,
    pub to: usize,
}

pub(super) struct Sentence {
    pub language: Language,
    /// Composed, narrow, in small letters.
    pub chars: Vec<char>,
    /// The same with capitals.
    pub written: Vec<char>,
    /// First character of the original for each place, and one more for the end.
    origin: Vec<usize>,
    original: Vec<char>,
}

/// One spelling for what is written in many: full-width forms, odd spaces, apostrophes.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' | '\t' => ' ',
        '’' | 'ʼ' | '‘' | '`' => '\'',
        '‐' | '‑' | '−' => '-',
        'º' => '°',
        _ => c,
    }
}

fn small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

impl Sentence {
    pub(super) fn new(text: &str, language: Language) -> Self {
        let original: Vec<char> = text.chars().collect();
        let (mut written, mut origin) = (Vec::with_capacity(original.len()), Vec::with_capacity(original.len() + 1));
        let mut at = 0;
        while at < original.len() {
            // A cluster of more marks than any language writes is read piece by piece.
            let marks = original[at + 1..].iter().take(4).take_while(|c| is_combining_mark(**c)).count();
            for c in original[at..=at + marks].iter().copied().nfc() {
                written.push(narrow(c));
                origin.push(at);
            }
            at += marks + 1;
        }
        origin.push(original.len());
        let chars = written.iter().map(|c| small(*c)).collect();
        Self { language, chars, written, origin, original }
    }

    /// The stretch of the original text.
    pub(super) fn span(&self, place: Place) -> Span {
        let start = self.origin[place.from.min(self.chars.len())];
        // A letter keeps the marks that would not compose with it.
        let mut to = place.to.min(self.chars.len());
        while to > place.from && to < self.chars.len() && self.origin[to] == self.origin[to - 1] {
            to += 1;
        }
        let end = self.origin[to].max(start);
        Span { text: self.original[start..end].iter().collect(), start, end }
    }

    pub(super) fn at(&self, place: usize) -> Option<char> {
        self.chars.get(place).copied()
    }

    /// The character before a place.
    pub(super) fn before(&self, place: usize) -> Option<char> {
        self.chars.get(place.checked_sub(1)?).copied()
    }

    /// The first place from here on that is no space.
    pub(super) fn skip(&self, mut place: usize) -> usize {
        while self.at(place) == Some(' ') {
            place += 1;
        }
        place
    }

    /// The end of what stands before a place, spaces left out.
    pub(super) fn skip_back(&self, mut place: usize) -> usize {
        while self.before(place) == Some(' ') {
            place -= 1;
        }
        place
    }

    /// Whether a word of letters could begin or end here.
    pub(super) fn is_edge(&self, place: usize) -> bool {
        match (self.before(place), self.at(place)) {
            (Some(a), Some(b)) => !(is_joined(a) && is_joined(b)),
            _ => true,
        }
    }

    /// One past the word of letters that begins here; the place itself where none does.
    pub(super) fn word_end(&self, from: usize) -> usize {
        let rest = &self.chars[from.min(self.chars.len())..];
        from + rest.iter().take(LONGEST_WORD).take_while(|c| is_letter(**c)).count()
    }

    /// Where the word of letters that ends here begins.
    pub(super) fn word_start(&self, to: usize) -> usize {
        to - self.chars[..to].iter().rev().take(LONGEST_WORD).take_while(|c| is_letter(**c)).count()
    }

    pub(super) fn text(&self, from: usize, to: usize) -> String {
        self.chars[from..to].iter().collect()
    }

    /// The longest phrase that begins at a place, spaces before it skipped: its number and its end.
    pub(super) fn phrase<T: Copy>(&self, place: usize, phrases: &Phrases<T>) -> Option<(T, usize)> {
        phrases.starting(self, self.skip(place))
    }

    /// The longest phrase that ends at a place, spaces behind it skipped: its number and its beginning.
    pub(super) fn phrase_before<T: Copy>(&self, place: usize, phrases: &Phrases<T>) -> Option<(T, usize)> {
        phrases.ending(self, self.skip_back(place))
    }
}

pub(super) fn is_letter(c: char) -> bool {
    c.is_alphabetic() || is_combining_mark(c)
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '々' | '〇')
}

/// Letters of a script that runs its words together.
pub(super) fn is_unspaced(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ac00}'..='\u{d7af}')
}

/// Letters of a script that sets its words apart.
fn is_joined(c: char) -> bool {
    is_letter(c) && !is_unspaced(c)
}
