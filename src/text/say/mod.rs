//! From a sentence as it is read to the sentence as it is spoken.
//!
//! First the lexicon's words and Vietnamese names are set apart, then abbreviations are spoken in full, then numbers.
//! Invariant: nothing readable is left out: what no rule knows stays as it is written.

mod abbreviations;
mod clock;
mod gender;
mod han;
mod lexicon;
mod numbers;
mod romans;
mod tokens;
mod word_table;
mod words;
mod words_en;
mod words_es;
mod words_fr;
mod words_it;
mod words_pt;
mod words_vi;

pub use lexicon::Lexicon;

use super::spoken::{SpokenPart, SpokenText};
use super::vietnamese::{NameReader, plain_letters};
use crate::domain::{Language, Pronunciation, Script};
use numbers::Reader;
use tokens::{FIRST_MARKER, Token, is_marker};

/// More parts than this in one sentence are left to the voice's own rules.
const MOST_PARTS: usize = 6_000;

/// The sentence as it is to be spoken in `language`: numbers, dates, units and abbreviations in words; the lexicon's
/// words as it says; Vietnamese names with a sound the language has. German, Russian and Korean numbers stay in digits:
/// their voices read them.
#[must_use]
pub fn spoken(sentence: &str, language: Language, lexicon: &Lexicon, names: &NameReader) -> SpokenText {
    let (marked, parts) = set_apart(sentence, language, lexicon, names);
    let read = match (language.script(), words::words(language)) {
        (Script::Ideographic, _) => han::read(&marked, language),
        (_, None) => marked,
        (_, Some(words)) => {
            let full = abbreviations::expand(&plain_numerals(&marked), words.abbreviations);
            let spaced_groups = language != Language::EN && language != Language::VI;
            Reader { tokens: tokens::tokens(&full, spaced_groups), language, words }.read()
        }
    };
    let read = if language == Language::VI { read } else { speakable(&read, language, names) };
    SpokenText { language, parts: assemble(&read, &parts) }
}

/// The sentence with a private character in the place of every name, and the names.
fn set_apart(sentence: &str, language: Language, lexicon: &Lexicon, names: &NameReader) -> (String, Vec<SpokenPart>) {
    let aliased = with_aliases(sentence, lexicon);
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut mark = |text: &mut String, written: String, ipa: String| {
        let marker = char::from_u32(FIRST_MARKER as u32 + parts.len() as u32).filter(|_| parts.len() < MOST_PARTS);
        match marker {
            Some(marker) => {
                text.push(marker);
                parts.push(SpokenPart::Name { written, ipa });
            }
            None => text.push_str(&written),
        }
    };
    for (chars, ipa) in lexicon_pieces(&aliased, lexicon) {
        if let Some(ipa) = ipa {
            mark(&mut text, chars.iter().collect(), ipa);
            continue;
        }
        let found = if language == Language::VI { Vec::new() } else { names.find(&chars) };
        let mut at = 0;
        for name in found {
            text.extend(&chars[at..name.from]);
            mark(&mut text, chars[name.from..name.to].iter().collect(), name.ipa);
            at = name.to;
        }
        text.extend(&chars[at..]);
    }
    (text, parts)
}

/// The sentence with the lexicon's aliases in the place of their words, private characters left out.
fn with_aliases(sentence: &str, lexicon: &Lexicon) -> Vec<char> {
    let chars: Vec<char> = sentence.chars().filter(|c| !is_marker(*c)).collect();
    let mut text = Vec::new();
    let mut at = 0;
    for found in lexicon.matches(&chars) {
        if let Pronunciation::Alias(alias) = found.pronunciation {
            text.extend(&chars[at..found.from]);
            text.extend(alias.chars());
            at = found.to;
        }
    }
    text.extend(&chars[at..]);
    text
}

/// The text cut at the words the lexicon gives in IPA.
fn lexicon_pieces(chars: &[char], lexicon: &Lexicon) -> Vec<(Vec<char>, Option<String>)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for found in lexicon.matches(chars) {
        if let Pronunciation::Ipa(ipa) = found.pronunciation {
            pieces.push((chars[at..found.from].to_vec(), None));
            pieces.push((chars[found.from..found.to].to_vec(), Some(ipa.clone())));
            at = found.to;
        }
    }
    pieces.push((chars[at..].to_vec(), None));
    pieces
}

/// Roman numerals that have a character of their own, in letters: `Ⅳ` becomes `IV`.
fn plain_numerals(text: &str) -> String {
    const SIGNS: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'Ⅰ'..='Ⅻ' => plain.push_str(SIGNS[c as usize - 'Ⅰ' as usize]),
            other => plain.push(other),
        }
    }
    plain
}

/// Words with letters only Vietnamese has that are no syllables of it (`Đắk`): without the marks, or a voice of
/// another language would spell them out.
fn speakable(text: &str, language: Language, names: &NameReader) -> String {
    if words::words(language).is_none() && language.script() == Script::Alphabetic {
        return text.to_owned();
    }
    let foreign = |word: &str| !word.starts_with(is_marker) && names.is_foreign(word);
    tokens::tokens(text, false)
        .iter()
        .map(|token| match token {
            Token::Word(word) if foreign(word) => plain_letters(word),
            other => other.text(),
        })
        .collect()
}

fn assemble(text: &str, parts: &[SpokenPart]) -> Vec<SpokenPart> {
    let mut assembled = Vec::new();
    let mut words = String::new();
    for c in text.chars() {
        match parts.get((c as usize).wrapping_sub(FIRST_MARKER as usize)) {
            Some(part) => {
                if !words.is_empty() {
                    assembled.push(SpokenPart::Words(std::mem::take(&mut words)));
                }
                assembled.push(part.clone());
            }
            None => words.push(c),
        }
    }
    if !words.is_empty() {
        assembled.push(SpokenPart::Words(words));
    }
    assembled
}

#[cfg(test)]
mod tests;
