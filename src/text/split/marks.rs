//! Which characters end, open and close, and where brackets enclose.

use crate::domain::{Language, Script};

/// Brackets longer than this (in characters) may be cut: a whole quoted speech is no single utterance.
const LONGEST_ASIDE: usize = 200;
const LONGEST_IDEOGRAPHIC_QUOTE: usize = 80;

pub(super) fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‥' | '‼' | '⁇' | '。' | '｡' | '！' | '？')
}

/// Han, kana, and the punctuation that belongs to them.
pub(super) fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

pub(super) fn is_opener(c: char) -> bool {
    matches!(
        c,
        '(' | '[' | '{' | '«' | '“' | '‘' | '„' | '‚' | '¿' | '¡' | '「' | '『' | '（' | '【' | '《' | '〈' | '〔'
    )
}

/// A mark that stays with the sentence it closes, when it follows the terminator at once.
pub(super) fn is_closer(c: char, language: Language) -> bool {
    match c {
        '"' | '\'' | '”' | '’' | ')' | ']' | '}' | '」' | '』' | '）' | '】' | '》' | '〉' | '〕' => true,
        // German quotes close the other way round.
        '“' | '‘' | '«' => language == Language::DE || (c == '“' && language == Language::RU),
        '»' => language != Language::DE,
        _ => false,
    }
}

/// The length of a reference such as `[12]` at the start of `rest`.
pub(super) fn footnote(rest: &[char]) -> Option<usize> {
    let digits = rest[1..].iter().take_while(|c| c.is_ascii_digit()).count();
    (digits > 0 && rest.get(digits + 1) == Some(&']')).then_some(digits + 2)
}

fn closes(open: char, script: Script) -> Option<(char, usize)> {
    let ideographic = script == Script::Ideographic;
    Some(match open {
        '(' => (')', LONGEST_ASIDE),
        '[' => (']', LONGEST_ASIDE),
        '（' => ('）', LONGEST_ASIDE),
        '「' => ('」', LONGEST_IDEOGRAPHIC_QUOTE),
        '『' => ('』', LONGEST_IDEOGRAPHIC_QUOTE),
        '《' => ('》', LONGEST_IDEOGRAPHIC_QUOTE),
        '“' if ideographic => ('”', LONGEST_IDEOGRAPHIC_QUOTE),
        _ => return None,
    })
}

/// For each character, whether it stands between an opening bracket and its partner (both excluded). A bracket
/// without a partner, or one too far away, encloses nothing.
pub(super) fn inside_brackets(chars: &[char], script: Script) -> Vec<bool> {
    let mut inside = vec![false; chars.len()];
    for (at, open) in chars.iter().enumerate() {
        let Some((close, longest)) = closes(*open, script) else { continue };
        let mut depth = 0_usize;
        for (distance, c) in chars[at..].iter().enumerate().take(longest) {
            depth += usize::from(c == open);
            depth -= usize::from(*c == close);
            if depth == 0 {
                inside[at + 1..at + distance].fill(true);
                break;
            }
        }
    }
    inside
}
