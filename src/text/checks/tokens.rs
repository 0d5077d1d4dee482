//! A text cut into what the checks count: words, or single Han characters and kana.

use unicode_normalization::char::is_combining_mark;

use crate::domain::{Language, Script, Span};

pub(super) struct Token {
    /// In small letters.
    pub text: String,
    pub start: usize,
    pub end: usize,
    /// Begins with a small letter, or belongs to a script without capitals.
    pub small: bool,
}

pub(super) struct Text<'a> {
    pub raw: &'a str,
    pub language: Language,
    pub chars: Vec<char>,
    pub tokens: Vec<Token>,
}

fn alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

impl<'a> Text<'a> {
    pub(super) fn new(raw: &'a str, language: Language) -> Self {
        let chars: Vec<char> = raw.chars().collect();
        let mut tokens = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let c = chars[at];
            let mut end = at + 1;
            if !c.is_alphanumeric() {
                at = end;
                continue;
            }
            if !alone(c) {
                while end < chars.len()
                    && ((chars[end].is_alphanumeric() && !alone(chars[end])) || is_combining_mark(chars[end]))
                {
                    end += 1;
                }
            }
            let text: String = chars[at..end].iter().flat_map(|c| c.to_lowercase()).collect();
            tokens.push(Token { text, start: at, end, small: !c.is_uppercase() && !c.is_numeric() });
            at = end;
        }
        Self { raw, language, chars, tokens }
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span { text: self.chars[start..end].iter().collect(), start, end }
    }

    /// The stretch from one token to another, the last included.
    pub(super) fn stretch(&self, first: usize, last: usize) -> Span {
        self.span(self.tokens[first].start, self.tokens[last].end)
    }

    pub(super) fn is_ideographic(&self) -> bool {
        self.language.script() == Script::Ideographic
    }
}
