//! A sentence as words, numbers, spaces and marks. Put together again the tokens give the sentence back exactly.

/// First of the private characters that stand for a part whose sound is already decided.
pub(super) const FIRST_MARKER: char = '\u{e000}';
const LAST_MARKER: char = '\u{f8ff}';

/// A letter, a combining mark inside a word, or a marker, which counts as a name.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphabetic() || is_marker(c) || ('\u{300}'..='\u{36f}').contains(&c)
}

pub(super) fn is_marker(c: char) -> bool {
    (FIRST_MARKER..=LAST_MARKER).contains(&c)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    /// Digits, with `.` and `,` between digits, and groups of three set apart by a hard space.
    Number(String),
    Space(String),
    Mark(char),
}

impl Token {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Word(text) | Self::Number(text) | Self::Space(text) => text.clone(),
            Self::Mark(c) => c.to_string(),
        }
    }

    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn number(&self) -> Option<&str> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn is_space(&self) -> bool {
        matches!(self, Self::Space(_))
    }

    pub(super) fn is_mark(&self, marks: &str) -> bool {
        matches!(self, Self::Mark(c) if marks.contains(*c))
    }
}

fn is_hard_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// The end of the number that begins at `from`. `spaced`: an ordinary space may set groups of three apart.
fn number_end(chars: &[char], from: usize, spaced: bool) -> usize {
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let group = |at: usize| digit(at) && digit(at + 1) && digit(at + 2) && !digit(at + 3);
    let mut to = from;
    while digit(to) {
        to += 1;
    }
    let short_lead = to - from <= 3;
    loop {
        match chars.get(to) {
            Some('.' | ',') if digit(to + 1) => to += 1,
            Some(c) if short_lead && (is_hard_space(*c) || (spaced && *c == ' ')) && group(to + 1) => to += 1,
            _ => return to,
        }
        while digit(to) {
            to += 1;
        }
    }
}

pub(super) fn tokens(text: &str, spaced_groups: bool) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let run = |fits: &dyn Fn(char) -> bool| at + chars[at..].iter().take_while(|c| fits(**c)).count();
        let (to, token): (usize, fn(String) -> Token) = if c.is_ascii_digit() {
            (number_end(&chars, at, spaced_groups), Token::Number)
        } else if c.is_whitespace() {
            (run(&char::is_whitespace), Token::Space)
        } else if is_letter(c) {
            (run(&|c| is_letter(c)), Token::Word)
        } else {
            found.push(Token::Mark(c));
            at += 1;
            continue;
        };
        found.push(token(chars[at..to].iter().collect()));
        at = to;
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_keep_their_points() {
        let number = |text: &str| Token::Number(text.to_owned());
        assert_eq!(tokens("1.250", false), [number("1.250")]);
        assert_eq!(tokens("12 300", true), [number("12 300")]);
        assert_eq!(tokens("1771, 12", false)[0], number("1771"));
        assert_eq!(tokens("7h30", false).len(), 3);
    }

    proptest! {
        #[test]
        fn tokens_give_the_text_back(text in r"[a-zÀ-ỹ0-9 .,\u{a0}%/-]{0,40}", spaced: bool) {
            let again: String = tokens(&text, spaced).iter().map(Token::text).collect();
            prop_assert_eq!(again, text);
        }
    }
}
