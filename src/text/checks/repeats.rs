//! Stretches said again and again, as a translation engine in a loop says them.

use super::limits;
use super::tokens::{Text, Token};
use crate::domain::{Finding, FindingKind};

/// The worst repetition of a text: first token, last token, how often.
fn worst(text: &Text<'_>) -> Option<(usize, usize, usize)> {
    let tokens = &text.tokens;
    let same = |a: &Token, b: &Token| a.text == b.text && !a.text.chars().all(|c| c.is_ascii_digit());
    let mut worst: Option<(usize, usize, usize)> = None;
    for period in 1..=limits::LONGEST_PERIOD.min(tokens.len() / 2) {
        let mut run = 0;
        for at in period..=tokens.len() {
            if at < tokens.len() && same(&tokens[at], &tokens[at - period]) {
                run += 1;
                continue;
            }
            let times = run / period + 1;
            let first = at - run - period;
            if times >= needed(text, first, period) && worst.is_none_or(|(_, _, other)| times > other) {
                worst = Some((first, at - 1, times));
            }
            run = 0;
        }
    }
    worst
}

/// How often a stretch must come to be a fault: a single word or two Han characters may be said thrice for effect.
fn needed(text: &Text<'_>, first: usize, period: usize) -> usize {
    let characters = text.is_ideographic() && text.tokens[first].text.chars().count() == 1;
    let twice = if characters { 16 } else { 6 };
    match period {
        1 => limits::TIMES + 1 + usize::from(characters) * 2,
        _ if period >= twice => 2,
        2..=3 if characters => limits::TIMES + 1,
        _ => limits::TIMES,
    }
}

pub(super) fn repeated(source: &Text<'_>, target: &Text<'_>) -> Option<Finding> {
    let (first, last, times) = worst(target)?;
    // A refrain of the source is one of the translation.
    if worst(source).is_some_and(|(_, _, others)| others >= times) {
        return None;
    }
    let span = target.stretch(first, last);
    let message = format!("`{}` says the same {times} times in a row", shortened(&span.text));
    Some(Finding { kind: FindingKind::Repeated, source: None, target: Some(span), accepted: Vec::new(), message })
}

fn shortened(text: &str) -> String {
    if text.chars().count() > 60 { text.chars().take(60).chain(['…']).collect() } else { text.to_owned() }
}
