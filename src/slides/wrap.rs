//! Text in lines: broken between words, in Chinese and Japanese between signs, and shortened where it is too long.

use crate::domain::Language;
use crate::labels::{LabelError, Typefaces};

/// Signs that never begin a line.
const CLOSING: &str = "、。，．・：；？！）」』】〉》”’)]}%,.:;?!…";
/// Signs that never end one.
const OPENING: &str = "（「『【〈《“‘([{";

/// A text in at most so many lines of a width; the last one ends in `…` where something is left out.
pub(super) fn paragraph(
    text: &str,
    language: Language,
    (size, bold): (f32, bool),
    width: f32,
    most: usize,
    fonts: &mut Typefaces,
) -> Result<Vec<String>, LabelError> {
    let lines = broken(text, language, (size, bold), width, fonts)?;
    if lines.len() <= most {
        return Ok(lines);
    }
    let mut kept: Vec<String> = lines.into_iter().take(most).collect();
    if let Some(last) = kept.last_mut() {
        while !last.is_empty() && measure(&format!("{last}…"), language, bold, fonts)? * size > width {
            last.pop();
        }
        *last = format!("{}…", last.trim_end_matches([' ', ',', ';', ':']));
    }
    Ok(kept)
}

/// A text in as large letters as let it stand in so many lines: between the sizes, largest first.
pub(super) fn fitted(
    text: &str,
    language: Language,
    (largest, smallest): (f32, f32),
    width: f32,
    most: usize,
    fonts: &mut Typefaces,
) -> Result<(Vec<String>, f32), LabelError> {
    let mut size = largest;
    while size > smallest {
        let lines = broken(text, language, (size, true), width, fonts)?;
        if lines.len() <= most {
            return Ok((lines, size));
        }
        size -= 4.0;
    }
    Ok((paragraph(text, language, (smallest, true), width, most, fonts)?, smallest))
}

fn broken(
    text: &str,
    language: Language,
    (size, bold): (f32, bool),
    width: f32,
    fonts: &mut Typefaces,
) -> Result<Vec<String>, LabelError> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text, language) {
        let longer = format!("{line}{piece}");
        if line.is_empty() || measure(longer.trim_end(), language, bold, fonts)? * size <= width {
            line = longer;
        } else {
            lines.push(line.trim_end().to_owned());
            line = piece.trim_start().to_owned();
        }
        // A word wider than the line is cut.
        while measure(line.trim_end(), language, bold, fonts)? * size > width && line.chars().count() > 1 {
            let (head, rest) = cut(&line, language, (size, bold), width, fonts)?;
            lines.push(head);
            line = rest;
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    Ok(lines)
}

/// As much of a word as fits, at least one letter, and the rest.
fn cut(
    word: &str,
    language: Language,
    (size, bold): (f32, bool),
    width: f32,
    fonts: &mut Typefaces,
) -> Result<(String, String), LabelError> {
    let (mut head, mut used) = (String::new(), 0.0);
    for letter in word.chars() {
        used += measure(&letter.to_string(), language, bold, fonts)? * size;
        if used > width && !head.is_empty() {
            break;
        }
        head.push(letter);
    }
    let rest = word[head.len()..].to_owned();
    Ok((head, rest))
}

/// Pieces between which a line may end, each with the space after it.
fn pieces(text: &str, language: Language) -> Vec<String> {
    let signs = matches!(language.tag(), "ja" | "zh");
    let mut pieces: Vec<String> = Vec::new();
    let mut open = false;
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        let ideograph = signs && !letter.is_ascii_alphanumeric();
        let begins = match pieces.last().and_then(|last| last.chars().last()) {
            None => true,
            Some(_) if open || CLOSING.contains(letter) || letter == ' ' => false,
            Some(before) => before == ' ' || ideograph || (signs && !before.is_ascii_alphanumeric()),
        };
        if begins {
            pieces.push(String::new());
        }
        if let Some(last) = pieces.last_mut() {
            last.push(letter);
        }
        open = OPENING.contains(letter);
    }
    pieces
}

/// The width of a text in ems.
fn measure(text: &str, language: Language, bold: bool, fonts: &mut Typefaces) -> Result<f32, LabelError> {
    let mut width = 0.0;
    for letter in Typefaces::letters(text) {
        width += fonts.advance(letter, language, bold, text)?;
    }
    Ok(width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_end_where_readers_expect_it() {
        assert_eq!(pieces("Tháp Đôi, Quy Nhơn", Language::VI), ["Tháp ", "Đôi, ", "Quy ", "Nhơn"]);
        assert_eq!(pieces("双塔（2座）。", "zh".parse().unwrap()), ["双", "塔", "（2", "座）。"]);
        assert_eq!(pieces("쌍둥이 탑", "ko".parse().unwrap()), ["쌍둥이 ", "탑"]);
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_between_pieces(text in "[a-zà-ỹ\\u{4e00}-\\u{4e40}。（） ]{0,60}", chinese in any::<bool>()) {
            let language = if chinese { "zh".parse().unwrap() } else { Language::VI };
            prop_assert_eq!(pieces(&text, language).concat(), text);
        }
    }
}
