//! Pronunciations that people gave: whole words, the longest entry first.
//!
//! Invariant: an entry never takes a letter or digit from a word around it, and every character outside the matches
//! stays where it was.

use std::collections::HashMap;

use super::tokens::is_letter;
use crate::domain::{Language, LexiconEntry, Pronunciation};

/// The pronunciations of one language, ready to look up.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// First character in small letters, to the entries that begin with it, the longest first.
    by_first: HashMap<char, Vec<Entry>>,
}

#[derive(Clone, Debug)]
struct Entry {
    letters: Vec<char>,
    /// An entry in small letters fits any case; one with a capital fits as written.
    any_case: bool,
    pronunciation: Pronunciation,
}

/// Where an entry was found: a range of characters, and how it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match<'a> {
    pub from: usize,
    pub to: usize,
    pub pronunciation: &'a Pronunciation,
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

impl Lexicon {
    /// The entries of `language`; where two have the same written form, the first one counts.
    #[must_use]
    pub fn new(entries: &[LexiconEntry], language: Language) -> Self {
        let mut by_first: HashMap<char, Vec<Entry>> = HashMap::new();
        for entry in entries.iter().filter(|entry| entry.language == language) {
            let letters: Vec<char> = entry.grapheme.trim().chars().collect();
            let Some(first) = letters.first() else { continue };
            let any_case = letters.iter().all(|c| !c.is_uppercase());
            let list = by_first.entry(lower(*first)).or_default();
            list.push(Entry { letters, any_case, pronunciation: entry.pronunciation.clone() });
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|entry| std::cmp::Reverse(entry.letters.len()));
        }
        Self { by_first }
    }

    /// Whether one of its words stands in a text.
    #[must_use]
    pub fn touches(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        (0..chars.len()).any(|at| self.match_at(&chars, at).is_some())
    }

    /// Every match in order, none overlapping.
    pub(super) fn matches(&self, text: &[char]) -> Vec<Match<'_>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            match self.match_at(text, at) {
                Some(entry) => {
                    let to = at + entry.letters.len();
                    found.push(Match { from: at, to, pronunciation: &entry.pronunciation });
                    at = to;
                }
                None => at += 1,
            }
        }
        found
    }

    fn match_at(&self, text: &[char], at: usize) -> Option<&Entry> {
        let list = self.by_first.get(&lower(text[at]))?;
        list.iter().find(|entry| {
            let to = at + entry.letters.len();
            to <= text.len() && entry.fits(&text[at..to]) && stands_alone(text, at, to)
        })
    }
}

impl Entry {
    fn fits(&self, text: &[char]) -> bool {
        let same_space = |a: char, b: char| a == ' ' && b.is_whitespace();
        self.letters
            .iter()
            .zip(text)
            .all(|(a, b)| a == b || same_space(*a, *b) || (self.any_case && lower(*a) == lower(*b)))
    }
}

/// Whether no word goes on across either end. Scripts without spaces have no such ends: there every match counts.
fn stands_alone(text: &[char], from: usize, to: usize) -> bool {
    let goes_on = |left: Option<&char>, right: Option<&char>| match (left, right) {
        (Some(l), Some(r)) => joins(*l) && joins(*r),
        _ => false,
    };
    let before = from.checked_sub(1).and_then(|i| text.get(i));
    !goes_on(before, text.get(from)) && !goes_on(text.get(to - 1), text.get(to))
}

fn joins(c: char) -> bool {
    let spaceless = matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}');
    (is_letter(c) || c.is_numeric()) && !spaceless
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lexicon(graphemes: &[&str]) -> Lexicon {
        let entries: Vec<LexiconEntry> = graphemes
            .iter()
            .map(|grapheme| LexiconEntry {
                language: Language::EN,
                grapheme: (*grapheme).to_owned(),
                pronunciation: Pronunciation::Alias(format!("<{grapheme}>")),
            })
            .collect();
        Lexicon::new(&entries, Language::EN)
    }

    fn replaced(lexicon: &Lexicon, text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mut out = String::new();
        let mut at = 0;
        for found in lexicon.matches(&chars) {
            out.extend(&chars[at..found.from]);
            if let Pronunciation::Alias(alias) = found.pronunciation {
                out.push_str(alias);
            }
            at = found.to;
        }
        out.extend(&chars[at..]);
        out
    }

    #[test]
    fn whole_words_only_and_the_longest_first() {
        let lexicon = lexicon(&["cham", "Cham Pa", "pa", "Shiva"]);
        assert_eq!(replaced(&lexicon, "Cham Pa, Chams, cham; PA papa"), "<Cham Pa>, Chams, <cham>; <pa> papa");
        assert_eq!(replaced(&lexicon, "Shiva shiva Shiva's Shivaism"), "<Shiva> shiva <Shiva>'s Shivaism");
        assert_eq!(replaced(&lexicon, "champán cham2 2cham"), "champán cham2 2cham");
    }

    proptest! {
        #[test]
        fn nothing_around_a_match_is_swallowed(text in "[a-cA-C ,.'é0-9]{0,40}") {
            let lexicon = lexicon(&["a", "ab", "ab c", "bca"]);
            let out = replaced(&lexicon, &text).replace(['<', '>'], "");
            prop_assert_eq!(out.to_lowercase(), text.to_lowercase());
        }
    }
}
