//! Numbers in digits: `1.234,5` here is `1,234.5` there and `1 234,5` elsewhere.

use super::super::rational::Rational;
use super::super::sentence::Sentence;
use crate::domain::Language;

pub(super) struct Digits {
    pub end: usize,
    pub value: Rational,
    pub other: Option<Rational>,
    /// Digits alone, without separators: it may be a year.
    pub plain: bool,
    pub count: usize,
}

fn is_digit(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit())
}

fn run(sentence: &Sentence, from: usize) -> usize {
    sentence.chars[from..].iter().take_while(|c| c.is_ascii_digit()).count()
}

/// English, Chinese, Japanese and Korean write `1,234.5`, the others `1.234,5` or `1 234,5`.
fn decimal_point(language: Language) -> bool {
    matches!(language.tag(), "en" | "zh" | "ja" | "ko")
}

/// More digits than this are a code, not a number.
const MOST_DIGITS: usize = 24;

/// The number in digits that begins here.
pub(super) fn digits(sentence: &Sentence, from: usize) -> Option<Digits> {
    let first = run(sentence, from);
    if first == 0 {
        return None;
    }
    // Parts of digits and the marks between them.
    let mut parts = vec![sentence.text(from, from + first)];
    let mut marks = Vec::new();
    let mut end = from + first;
    while parts.len() < 8 {
        let Some(mark) = sentence.at(end).filter(|c| matches!(c, '.' | ',' | ' ' | '\'')) else { break };
        let next = run(sentence, end + 1);
        // A space or an apostrophe only ever parts thousands; three digits follow it, no fourth, no point before.
        let parts_thousands = next == 3 && parts[0].len() <= 3 && parts[0] != "0" && marks.iter().all(|m| *m == mark);
        let follows = match mark {
            ' ' | '\'' => parts_thousands,
            _ => next > 0 && !(marks.contains(&mark) && next != 3) && parts.iter().skip(1).all(|p| p.len() == 3),
        };
        if !follows {
            break;
        }
        parts.push(sentence.text(end + 1, end + 1 + next));
        marks.push(mark);
        end += 1 + next;
    }
    let (value, other) = value(&parts, &marks, sentence.language)?;
    let plain = marks.is_empty();
    Some(Digits { end, value, other, plain, count: parts[0].len() })
}

fn value(parts: &[String], marks: &[char], language: Language) -> Option<(Rational, Option<Rational>)> {
    if parts.iter().map(String::len).sum::<usize>() > MOST_DIGITS {
        return None;
    }
    let whole = || Rational::decimal(&parts.concat(), "");
    let fraction = || {
        let (last, head) = parts.split_last()?;
        Rational::decimal(&head.concat(), last)
    };
    let Some((last, before)) = marks.split_last() else { return Some((whole()?, None)) };
    let grouped = parts[1..].iter().all(|part| part.len() == 3) && parts[0].len() <= 3 && !parts[0].starts_with('0');
    let decimal = if decimal_point(language) { '.' } else { ',' };
    let mixed = before.iter().any(|mark| mark != last);
    if mixed {
        // The last mark is the decimal one, whatever the language.
        return Some((fraction()?, None));
    }
    if before.is_empty() && grouped && *last == decimal {
        // `1,234` is one and a bit by the rule of Vietnamese and Spanish, and a thousand and more in Mexico and in many a
        // Vietnamese text.
        let other = if matches!(language.tag(), "es" | "vi") { whole() } else { None };
        return Some((fraction()?, other));
    }
    if grouped {
        let other = if language == Language::ES && before.is_empty() && *last == '.' { fraction() } else { None };
        return Some((whole()?, other));
    }
    Some((if before.is_empty() { fraction()? } else { whole()? }, None))
}

/// Whether the character before a number makes a code of it: `B52`, `QL1`.
pub(super) fn in_code(sentence: &Sentence, from: usize) -> bool {
    sentence.before(from).is_some_and(|c| c.is_ascii_alphabetic() || c == '#' || c == '_')
        || (sentence.before(from) == Some('-')
            && from >= 2
            && sentence.written[from - 2].is_ascii_uppercase()
            && !is_digit(sentence.at(from.wrapping_sub(2))))
}
