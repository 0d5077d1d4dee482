//! Breaks a sentence into the lines of a caption.
//!
//! Lines are as even as their number allows. A line of 42 columns is what a phone held upright shows in one row; Han,
//! kana and Hangul take two columns each, and languages written in them get 36 (18 characters). A word longer than a
//! line stays whole.
//!
//! Invariant: no line is empty, and the lines hold every character of the text but the spaces they broke at.

use crate::domain::{Language, Script};

const COLUMNS: usize = 42;
const COLUMNS_WIDE: usize = 36;

/// Marks that must not begin a line, beyond those that Unicode counts as marks of Latin text.
const NEVER_FIRST: &str =
    "、。，．・：；？！」』）〕】》〉”’ー々…‥％ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ,.!?:;)]}%";
/// Marks that must not end a line.
const NEVER_LAST: &str = "「『（〔【《〈“‘([{";

/// The text in lines. Empty where the text is blank.
#[must_use]
pub fn break_lines(text: &str, language: Language) -> Vec<String> {
    let wide = language.script() == Script::Ideographic || language == Language::KO;
    let limit = if wide { COLUMNS_WIDE } else { COLUMNS };
    let pieces = pieces(text);
    let greedy = fill(&pieces, limit);
    // The narrowest lines that need no more of them are the most even ones.
    let widest = pieces.iter().map(|piece| columns(piece.text)).max().unwrap_or(0);
    (widest.min(limit)..limit).map(|width| fill(&pieces, width)).find(|l| l.len() == greedy.len()).unwrap_or(greedy)
}

/// What must stay on one line.
struct Piece<'a> {
    text: &'a str,
    /// A space stands before it where it does not begin a line.
    spaced: bool,
}

/// Words between spaces; words with Han or kana come apart between these.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for word in text.split(is_breaking_space).filter(|word| !word.is_empty()) {
        let mut start = 0;
        let mut before = None;
        for (at, c) in word.char_indices() {
            if before.is_some_and(|before| may_break(before, c)) {
                pieces.push(Piece { text: &word[start..at], spaced: start == 0 });
                start = at;
            }
            before = Some(c);
        }
        pieces.push(Piece { text: &word[start..], spaced: start == 0 });
    }
    pieces
}

fn fill(pieces: &[Piece<'_>], limit: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        let space = usize::from(piece.spaced);
        match lines.last_mut() {
            Some(line) if columns(line) + space + columns(piece.text) <= limit => {
                line.push_str(&" "[..space]);
                line.push_str(piece.text);
            }
            _ => lines.push(piece.text.to_owned()),
        }
    }
    lines
}

/// No-break spaces, as before French punctuation, hold their words together.
fn is_breaking_space(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

fn may_break(before: char, after: char) -> bool {
    (is_ideographic(before) || is_ideographic(after)) && !NEVER_LAST.contains(before) && !NEVER_FIRST.contains(after)
}

/// Written without spaces between words: Han, kana and their punctuation.
fn is_ideographic(c: char) -> bool {
    matches!(u32::from(c), 0x2e80..=0x30ff | 0x31f0..=0x9fff | 0xf900..=0xfaff | 0xff00..=0xff60 | 0x20000..=0x3fffd)
}

fn is_hangul(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7a3)
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_ideographic(c) || is_hangul(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_short_sentence_is_one_line_and_a_blank_one_none() {
        assert_eq!(break_lines("Xin chào.", Language::VI), ["Xin chào."]);
        assert!(break_lines(" \n ", Language::VI).is_empty());
    }

    #[test]
    fn lines_are_even() {
        let text = "Tháp Đôi được xây dựng vào cuối thế kỷ XII, đầu thế kỷ XIII.";
        assert_eq!(
            break_lines(text, Language::VI),
            ["Tháp Đôi được xây dựng vào cuối", "thế kỷ XII, đầu thế kỷ XIII."]
        );
    }

    #[test]
    fn japanese_breaks_between_characters_but_not_before_a_full_stop() {
        let text = "タップ・ドイは十二世紀末から十三世紀初めにかけて建てられたチャンパの塔です。";
        let lines = break_lines(text, Language::JA);
        assert_eq!(lines.concat(), text);
        assert!(lines.len() == 3 && lines.iter().all(|line| line.chars().count() <= 18), "{lines:?}");
        assert!(lines.iter().all(|line| !NEVER_FIRST.contains(line.chars().next().unwrap())), "{lines:?}");
        assert_eq!(break_lines("一二三四五六七八九十一二三四五六七八。", Language::ZH).len(), 2);
    }

    #[test]
    fn a_latin_name_in_chinese_stays_whole() {
        let lines = break_lines("平定省归仁市的双塔在越南语中叫做Tháp Đôi，意思是双塔。", Language::ZH);
        assert!(lines.iter().any(|line| line.contains("Tháp")) && lines.concat().contains("Đôi，"), "{lines:?}");
    }

    #[test]
    fn a_french_colon_stays_with_its_word() {
        let text = "Voici ce que disent les historiens du pays\u{a0}: « rien ».";
        assert!(break_lines(text, Language::FR).iter().any(|line| line.contains("pays\u{a0}:")));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_lines_fit(text in "([a-zđờ]{1,12}|[一-五]{1,9}|[가-갛]{1,5}|。|,| |\u{a0}){0,40}") {
            for language in [Language::VI, Language::ZH, Language::KO] {
                let lines = break_lines(&text, language);
                let squeeze = |text: &str| text.replace(is_breaking_space, "");
                prop_assert_eq!(squeeze(&lines.concat()), squeeze(&text));
                let longest_piece = pieces(&text).iter().map(|piece| columns(piece.text)).max().unwrap_or(0);
                let limit = if language == Language::VI { COLUMNS } else { COLUMNS_WIDE };
                for line in &lines {
                    prop_assert!(!line.is_empty() && columns(line) <= limit.max(longest_piece));
                }
            }
        }
    }
}
