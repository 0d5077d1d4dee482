//! Words and phrases with a meaning each, found at a place of a sentence or ending there.
//!
//! Invariant: a phrase of letters is found whole (`m` not in `mai`), a phrase of Han, kana or Hangul anywhere; the
//! longest fitting phrase wins. A search looks at no more characters than the longest phrase has.

use std::collections::HashMap;

use super::sentence::Sentence;

#[derive(Clone, Debug)]
struct Phrase<T> {
    chars: Vec<char>,
    /// Any ending may follow: `двенадцат*`.
    stem: bool,
    meaning: T,
}

/// Phrases by their first and by their last character, the longest first.
#[derive(Clone, Debug)]
pub(super) struct Phrases<T> {
    first: HashMap<char, Vec<Phrase<T>>>,
    last: HashMap<char, Vec<Phrase<T>>>,
}

/// Letters that may follow a stem.
const LONGEST_ENDING: usize = 6;

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self { first: HashMap::new(), last: HashMap::new() }
    }
}

impl<T: Copy> Phrases<T> {
    /// `_` stands for a space, a final `*` for any ending.
    pub(super) fn add(&mut self, written: &str, meaning: T) {
        let text = written.replace('_', " ");
        let (text, stem) = match text.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (text.as_str(), false),
        };
        let chars: Vec<char> = text.chars().collect();
        let (Some(first), Some(last)) = (chars.first().copied(), chars.last().copied()) else { return };
        let phrase = Phrase { chars, stem, meaning };
        // An exact word goes before a stem as long, so that it wins.
        let place = |list: &[Phrase<T>]| {
            list.iter().position(|p| (p.chars.len(), !p.stem) < (phrase.chars.len(), !stem)).unwrap_or(list.len())
        };
        let list = self.first.entry(first).or_default();
        list.insert(place(list), phrase.clone());
        let list = self.last.entry(last).or_default();
        list.insert(place(list), phrase);
    }

    pub(super) fn starting(&self, sentence: &Sentence, from: usize) -> Option<(T, usize)> {
        let list = self.first.get(&sentence.at(from)?)?;
        let mut found: Option<(T, usize)> = None;
        for phrase in list {
            let end = from + phrase.chars.len();
            if sentence.chars.get(from..end) != Some(&phrase.chars[..]) || !sentence.is_edge(from) {
                continue;
            }
            let full = if phrase.stem { sentence.word_end(end) } else { end };
            let fits = if phrase.stem { full - end <= LONGEST_ENDING } else { sentence.is_edge(end) };
            if fits && found.is_none_or(|(_, other)| full > other) {
                found = Some((phrase.meaning, full));
            }
        }
        found
    }

    /// The meaning of exactly these characters.
    pub(super) fn exact(&self, chars: &[char]) -> Option<T> {
        let list = self.first.get(chars.first()?)?;
        list.iter().find(|phrase| phrase.chars == chars && !phrase.stem).map(|phrase| phrase.meaning)
    }

    pub(super) fn ending(&self, sentence: &Sentence, to: usize) -> Option<(T, usize)> {
        let mut found: Option<(T, usize)> = None;
        let mut consider = |phrase: &Phrase<T>, end: usize| {
            let Some(from) = end.checked_sub(phrase.chars.len()) else { return };
            if sentence.chars[from..end] == phrase.chars[..]
                && sentence.is_edge(from)
                && (phrase.stem || sentence.is_edge(end))
                && found.is_none_or(|(_, other)| from < other)
            {
                found = Some((phrase.meaning, from));
            }
        };
        for back in 0..=LONGEST_ENDING.min(to) {
            let end = to - back;
            let Some(last) = sentence.before(end) else { break };
            for phrase in self.last.get(&last).into_iter().flatten().filter(|p| back == 0 || p.stem) {
                consider(phrase, end);
            }
            if !last.is_alphabetic() {
                break;
            }
        }
        found
    }
}
