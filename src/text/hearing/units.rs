//! Both texts in the same units: words, or characters where no spaces stand between words.
//!
//! Numbers are spelled out as a voice would say them, so that `12` and `twelve` are one word; case and punctuation go;
//! spellings that are as good are folded. Invariant: each unit remembers the word as it was written, for findings and
//! for its sound.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::fold::fold;
use crate::domain::{Language, Script};
use crate::text::say::{Lexicon, spoken};
use crate::text::vietnamese::NameReader;

/// A word or character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// What is compared.
    pub key: String,
    /// As it was written, without punctuation.
    pub written: String,
    /// Whether it begins with a capital and does not open a sentence: in most languages a name.
    pub proper: bool,
}

/// The units of a text whose numbers may still be in digits.
pub fn units(text: &str, language: Language) -> Vec<Unit> {
    let said = if text.chars().any(char::is_numeric) { spell_out(text, language) } else { text.to_owned() };
    cut(&said, language)
}

fn spell_out(text: &str, language: Language) -> String {
    spoken(text, language, &Lexicon::new(&[], language), &NameReader::new(language, &[])).written()
}

/// Units without spelling numbers out: one for each word as the recogniser wrote it.
pub fn cut(text: &str, language: Language) -> Vec<Unit> {
    let mut found: Vec<Unit> = Vec::new();
    let mut word = String::new();
    let mut opens = true;
    let mut chars = text.nfc().peekable();
    while let Some(c) = chars.next() {
        let alone = language.script() == Script::Ideographic && !c.is_ascii_alphanumeric() && c.is_alphabetic();
        if c.is_alphanumeric() || is_combining_mark(c) {
            if alone && c == 'ー' {
                // A vowel held: written or left out as the recogniser likes.
                if let Some(unit) = found.last_mut() {
                    unit.written.push(c);
                }
            } else if alone {
                flush(&mut word, &mut found, language, &mut opens);
                found.push(Unit { key: fold(&c.to_string(), language), written: c.to_string(), proper: false });
            } else {
                word.push(c);
            }
            continue;
        }
        let letter_next = chars.peek().is_some_and(|next| next.is_alphabetic());
        match c {
            '\'' | '’' | 'ʼ' if !word.is_empty() && letter_next => {
                word.push('\'');
                // `l'autre`, `dell'arte`: the article is a word of its own.
                if matches!(language.tag(), "fr" | "it") {
                    flush(&mut word, &mut found, language, &mut opens);
                }
            }
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}' => {}
            _ => {
                flush(&mut word, &mut found, language, &mut opens);
                opens |= matches!(c, '.' | '!' | '?' | ':' | '…' | '"' | '“' | '«' | '¿' | '¡');
            }
        }
    }
    flush(&mut word, &mut found, language, &mut opens);
    found
}

fn flush(word: &mut String, found: &mut Vec<Unit>, language: Language, opens: &mut bool) {
    if word.is_empty() {
        return;
    }
    let written = std::mem::take(word);
    // German writes every noun with a capital.
    let capital = written.chars().next().is_some_and(char::is_uppercase) && language.tag() != "de";
    let key = fold(&written, language);
    if !key.is_empty() {
        found.push(Unit { key, written, proper: capital && !*opens });
        *opens = false;
    }
}

/// The words of a stretch as they were written.
pub fn quote(units: &[Unit], language: Language) -> String {
    let mut text = String::new();
    for unit in units {
        if !text.is_empty() && language.script() == Script::Alphabetic && !text.ends_with('\'') {
            text.push(' ');
        }
        text.push_str(&unit.written);
    }
    text
}
