//! Abbreviations spoken in full, before anything else is read.

use super::tokens::{is_letter, is_marker};
use super::word_table::{Abbreviation, When};

/// The text with every abbreviation of `list` that stands in its place spoken in full. A point that also ends the
/// sentence stays.
pub(super) fn expand(text: &str, list: &[Abbreviation]) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        let inside = at > 0 && joins(chars[at - 1]) && joins(chars[at]);
        let found = if inside { None } else { longest(&chars, at, list) };
        let Some(abbreviation) = found else {
            out.push(chars[at]);
            at += 1;
            continue;
        };
        out.push_str(abbreviation.spoken);
        at += abbreviation.written.chars().count();
        let rest = &chars[at..];
        if abbreviation.written.ends_with('.') && rest.iter().all(|c| "\"'”’»)] ".contains(*c)) {
            out.push('.');
        } else if rest.first().is_some_and(|c| joins(*c)) {
            out.push(' ');
        }
    }
    out
}

fn joins(c: char) -> bool {
    is_letter(c) || c.is_ascii_digit()
}

fn longest<'a>(chars: &[char], at: usize, list: &'a [Abbreviation]) -> Option<&'a Abbreviation> {
    list.iter()
        .filter(|abbreviation| stands(chars, at, abbreviation))
        .max_by_key(|abbreviation| abbreviation.written.len())
}

fn stands(chars: &[char], at: usize, abbreviation: &Abbreviation) -> bool {
    let mut to = at;
    for wanted in abbreviation.written.chars() {
        let space = wanted == ' ' && chars.get(to).is_some_and(|c| c.is_whitespace());
        if !space && chars.get(to) != Some(&wanted) {
            return false;
        }
        to += 1;
    }
    let last = chars[to - 1];
    if is_letter(last) && chars.get(to).is_some_and(|c| joins(*c) && abbreviation.when != When::BeforeNumber) {
        return false;
    }
    let next = chars[to..].iter().find(|c| !c.is_whitespace());
    let before = chars[..at].iter().rev().find(|c| !c.is_whitespace());
    match abbreviation.when {
        When::Always => true,
        When::BeforeNumber => next.is_some_and(char::is_ascii_digit),
        When::BeforeCapital => next.is_some_and(|c| c.is_uppercase() || is_marker(*c)),
        When::AfterNumber => before.is_some_and(char::is_ascii_digit),
    }
}
