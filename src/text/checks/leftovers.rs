//! What was not translated: the source as it was, a stretch of it, or its small words among those of the target.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::limits;
use super::tokens::Text;
use crate::domain::{Finding, FindingKind, Language};
use crate::text::letters::is_foreign_to_others;

/// The small words of each language that is written with spaces.
static SMALL_WORDS: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let lines = include_str!("small_words.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(": ")).map(|(tag, words)| (tag, words.split(' ').collect())).collect()
});

fn small_words(tag: &str) -> &'static [&'static str] {
    SMALL_WORDS.get(tag).map_or(&[], Vec::as_slice)
}

/// The longest stretch of the target that stands in the source as it is.
pub(super) fn untranslated(source: &Text<'_>, target: &Text<'_>) -> Option<Finding> {
    if source.language == target.language {
        return None;
    }
    let han = |text: &Text<'_>| text.is_ideographic();
    let romance = |text: &Text<'_>| matches!(text.language.tag(), "fr" | "es" | "pt" | "it");
    let (least, small) = match () {
        () if han(source) && han(target) => limits::COPIED_HAN,
        () if romance(source) && romance(target) => limits::COPIED_ROMANCE,
        () => limits::COPIED,
    };
    let mut places: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (at, pair) in source.tokens.windows(2).enumerate() {
        let known = places.entry((&pair[0].text, &pair[1].text)).or_default();
        // A pair that comes again and again says little; the first few places will do.
        if known.len() < 8 {
            known.push(at);
        }
    }
    let vietnamese = [source.language, target.language].contains(&Language::VI);
    let mut best: Option<(usize, usize)> = None;
    let mut at = 0;
    while at + 1 < target.tokens.len() {
        let pair = (target.tokens[at].text.as_str(), target.tokens[at + 1].text.as_str());
        let longest = places.get(&pair).into_iter().flatten().map(|place| common(source, *place, target, at)).max();
        let length = longest.unwrap_or(0);
        let words = |from: usize| {
            target.tokens[from..from + length]
                .iter()
                .filter(|token| token.small && token.text.chars().any(char::is_alphabetic))
                // A Vietnamese title between two other languages (`Đại Nam nhất thống chí`) stays as it is.
                .filter(|token| vietnamese || !token.text.chars().any(is_foreign_to_others))
                .count()
        };
        if length >= 2 && words(at) >= small && length >= least && best.is_none_or(|(_, other)| length > other) {
            best = Some((at, length));
        }
        at += length.max(1);
    }
    let whole = same_text(source, target).then_some((0, target.tokens.len()));
    let (first, length) = best.or(whole)?;
    let span = target.stretch(first, first + length - 1);
    let message = format!("`{}` stands there as in the source", span.text);
    Some(Finding { kind: FindingKind::Untranslated, source: None, target: Some(span), accepted: Vec::new(), message })
}

fn common(source: &Text<'_>, from: usize, target: &Text<'_>, at: usize) -> usize {
    let pairs = source.tokens[from..].iter().zip(&target.tokens[at..]);
    pairs.take_while(|(a, b)| a.text == b.text).count()
}

/// Both sides the same, and more than a name.
fn same_text(source: &Text<'_>, target: &Text<'_>) -> bool {
    let small = target.tokens.iter().filter(|token| token.small).count();
    source.tokens.len() == target.tokens.len()
        && small >= 2
        && source.tokens.iter().zip(&target.tokens).all(|(a, b)| a.text == b.text)
}

/// Small words of the source language that the target language does not have.
pub(super) fn source_left(source: &Text<'_>, target: &Text<'_>) -> Option<Finding> {
    if source.language == target.language {
        return None;
    }
    if source.language == Language::ZH && target.language == Language::JA {
        return chinese_left(target);
    }
    let (foreign, own) = (small_words(source.language.tag()), small_words(target.language.tag()));
    let also_own = small_words(if target.language == Language::EN { "en-also" } else { "" });
    let left: Vec<usize> = (0..target.tokens.len())
        .filter(|at| {
            let token = &target.tokens[*at];
            token.small
                && foreign.contains(&token.text.as_str())
                && !own.contains(&token.text.as_str())
                && !also_own.contains(&token.text.as_str())
        })
        .collect();
    let words = target.tokens.len().max(1);
    let close = left.windows(2).any(|pair| pair[1] - pair[0] <= 3);
    let own_look = matches!(source.language.tag(), "vi" | "ru");
    let least = if own_look { limits::LEFT_WORDS_OWN_LOOK } else { limits::LEFT_WORDS };
    let enough = left.len() >= least && left.len() as f64 / words as f64 >= limits::LEFT_SHARE && close;
    if !enough {
        return None;
    }
    let span = target.stretch(*left.first()?, *left.last()?);
    let message = format!("words of the source language are left over in `{}`", span.text);
    Some(Finding { kind: FindingKind::SourceLeft, source: None, target: Some(span), accepted: Vec::new(), message })
}

/// A Japanese sentence cannot go without kana for long.
fn chinese_left(target: &Text<'_>) -> Option<Finding> {
    let kana = |c: &char| matches!(c, '\u{3040}'..='\u{30ff}');
    let han = target.chars.iter().filter(|c| matches!(c, '\u{3400}'..='\u{9fff}')).count();
    let message = "there is no kana: the sentence is still Chinese".to_owned();
    (han >= 10 && !target.chars.iter().any(kana)).then(|| Finding {
        kind: FindingKind::SourceLeft,
        source: None,
        target: Some(target.span(0, target.chars.len())),
        accepted: Vec::new(),
        message,
    })
}
