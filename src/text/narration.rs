//! A narration as a person types it: plain paragraphs that can be read aloud, read into sentences and written back.
//!
//! Invariant: writing sentences back and reading them again gives the same sentences.

use unicode_normalization::UnicodeNormalization;

use super::{split_paragraphs, split_sentences};
use crate::domain::{Language, Script};

/// The most characters of a narration: an hour of speech.
pub const LONGEST: usize = 60_000;

/// Signs that have no sound: a voice would read them or swallow them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    Heading,
    List,
    /// A table, a quotation mark of Markdown or code.
    Table,
    Link,
    /// `* ` < > \\ __`
    Sign,
}

/// Why a narration cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NarrationError {
    #[error("line {line} holds {markup:?}: write plain sentences that can be spoken")]
    Markup { line: usize, markup: Markup },
    #[error("line {line} holds U+{code:04X}, a character nobody can see: delete it")]
    Unseen { line: usize, code: u32 },
    #[error("there is no text")]
    Empty,
    #[error("the text has {characters} characters: at most {LONGEST}")]
    Long { characters: usize },
}

/// The first line with markup, from 0, and what it holds.
#[must_use]
pub fn markup_in(body: &str) -> Option<(usize, Markup)> {
    body.lines().enumerate().find_map(|(line, text)| Some((line, markup_of(text)?)))
}

fn markup_of(line: &str) -> Option<Markup> {
    let start = line.trim_start();
    Some(if start.starts_with('#') {
        Markup::Heading
    } else if ["- ", "* ", "+ ", "• "].iter().any(|mark| start.starts_with(mark)) {
        Markup::List
    } else if start.starts_with('|') || start.starts_with("```") || start.starts_with('>') {
        Markup::Table
    } else if line.contains("](") || line.contains("://") {
        Markup::Link
    } else if line.contains(['*', '`', '<', '>', '\\']) || line.contains("__") {
        Markup::Sign
    } else {
        return None;
    })
}

/// Control characters other than the tab, marks that reorder text, and marks of width zero that break words apart
/// without showing; the replacement character tells that a letter was lost before.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\t' && c != '\n')
        || matches!(
            c,
            '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}'
        )
        || matches!(c, '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffd}')
}

/// Paragraphs of sentences, in NFC, of what somebody typed. None is empty.
///
/// # Errors
/// `Empty`, `Long`, `Unseen` and `Markup`, with the line from 1.
pub fn read_narration(typed: &str, language: Language) -> Result<Vec<Vec<String>>, NarrationError> {
    let characters = typed.chars().count();
    if characters > LONGEST {
        return Err(NarrationError::Long { characters });
    }
    let text: String = typed.replace("\r\n", "\n").nfc().collect();
    for (line, number) in text.lines().zip(1..) {
        if let Some(bad) = line.chars().find(|c| is_unseen(*c)) {
            return Err(NarrationError::Unseen { line: number, code: u32::from(bad) });
        }
    }
    if let Some((line, markup)) = markup_in(&text) {
        return Err(NarrationError::Markup { line: line + 1, markup });
    }
    let paragraphs = paragraphs_of(&text, language);
    if paragraphs.is_empty() { Err(NarrationError::Empty) } else { Ok(paragraphs) }
}

/// Paragraphs of sentences of a clean text; none is empty.
#[must_use]
pub fn paragraphs_of(text: &str, language: Language) -> Vec<Vec<String>> {
    split_paragraphs(text)
        .iter()
        .map(|paragraph| split_sentences(paragraph, language))
        .filter(|sentences| !sentences.is_empty())
        .collect()
}

/// Sentences back as paragraphs of a body; reading it gives the same sentences.
#[must_use]
pub fn body_of<'a>(sentences: impl IntoIterator<Item = (u32, &'a str)>, language: Language) -> String {
    let mut body = String::new();
    let mut before = None;
    for (paragraph, sentence) in sentences {
        match before {
            Some(last) if last != paragraph => body.push_str("\n\n"),
            Some(_)
                if language.script() == Script::Alphabetic
                    || body.ends_with(|c: char| c.is_ascii())
                    || sentence.starts_with(|c: char| !c.is_alphanumeric()) =>
            {
                body.push(' ')
            }
            _ => {}
        }
        body.push_str(sentence);
        before = Some(paragraph);
    }
    body.push('\n');
    body
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_cannot_be_spoken_is_named_with_its_line() {
        let read = |text: &str| read_narration(text, Language::VI);
        assert_eq!(read(" \n\n"), Err(NarrationError::Empty));
        assert_eq!(read("Một.\n\n# Hai"), Err(NarrationError::Markup { line: 3, markup: Markup::Heading }));
        assert_eq!(read("<script>"), Err(NarrationError::Markup { line: 1, markup: Markup::Sign }));
        assert_eq!(read("Một.\r\nHai\u{202e}"), Err(NarrationError::Unseen { line: 2, code: 0x202e }));
        assert_eq!(read(&"a".repeat(LONGEST + 1)), Err(NarrationError::Long { characters: LONGEST + 1 }));
    }

    proptest! {
        #[test]
        fn what_is_written_back_is_read_the_same(english in "[a-zA-ZàấđĐ!?., \\n]{0,200}", japanese in "[塔山a。、！？ \\n]{0,100}") {
            for (typed, language) in [(english, Language::EN), (japanese, Language::JA)] {
                let Ok(paragraphs) = read_narration(&typed, language) else { continue };
                let sentences: Vec<(u32, &str)> =
                    paragraphs.iter().zip(0..).flat_map(|(p, n)| p.iter().map(move |s| (n, s.as_str()))).collect();
                prop_assert_eq!(read_narration(&body_of(sentences, language), language), Ok(paragraphs));
            }
        }
    }
}
