//! Length and number of sentences, beside what translations of people have.

use super::joins::nothing_joined;
use super::limits;
use super::tokens::Text;
use crate::domain::{Finding, FindingKind};
use crate::text::split_sentences;

/// Length of the translation over what is usual for the source's.
fn ratio(source: &Text<'_>, target: &Text<'_>) -> f64 {
    let as_english = |text: &Text<'_>| {
        // Names and numbers in Latin letters are as long in Chinese as in English.
        let own = !matches!(text.language.tag(), "zh" | "ja" | "ko");
        let shared = |c: &&char| c.is_ascii() && !own;
        let letters = text.chars.iter().filter(|c| !c.is_whitespace());
        let latin = letters.clone().filter(shared).count();
        let rest = letters.count() - latin;
        latin as f64 + rest as f64 / limits::usual_length(text.language) + limits::SLACK
    };
    as_english(target) / as_english(source)
}

pub(super) fn length(source: &Text<'_>, target: &Text<'_>) -> Option<Finding> {
    let ratio = ratio(source, target);
    let what = match ratio {
        ratio if ratio < limits::SHORTEST => "short",
        ratio if ratio > limits::LONGEST => "long",
        _ => return None,
    };
    let message = format!("the translation is far too {what}: {ratio:.2} times the usual length");
    let whole = |text: &Text<'_>| Some(text.span(0, text.chars.len()));
    Some(Finding {
        kind: FindingKind::Length,
        source: whole(source),
        target: whole(target),
        accepted: Vec::new(),
        message,
    })
}

pub(super) fn sentence_count(source: &Text<'_>, target: &Text<'_>) -> Option<Finding> {
    let count = |text: &Text<'_>| {
        let sentences = split_sentences(text.raw, text.language);
        sentences.iter().filter(|sentence| sentence.chars().any(char::is_alphanumeric)).count()
    };
    let (mine, theirs) = (count(source), count(target));
    let apart = mine.abs_diff(theirs);
    let ratio = ratio(source, target);
    let shorter = match apart {
        1 if mine >= limits::MANY_SENTENCES => limits::ONE_OF_MANY_SHORTER,
        _ if mine >= limits::MANY_SENTENCES => limits::OF_MANY_SHORTER,
        _ => limits::SENTENCE_SHORTER,
    };
    let told = match () {
        () if apart == 0 => false,
        () if theirs + 1 == mine && mine >= limits::MANY_SENTENCES && nothing_joined(target) => true,
        () if theirs < mine => ratio < shorter || (apart >= limits::SENTENCES_APART && theirs * 2 <= mine),
        () => ratio > limits::SENTENCE_LONGER || (apart >= limits::SENTENCES_APART && mine * 2 < theirs),
    };
    let whole = |text: &Text<'_>| Some(text.span(0, text.chars.len()));
    let message = format!("the source has {mine} sentences, the translation {theirs}");
    told.then(|| Finding {
        kind: FindingKind::SentenceCount,
        source: whole(source),
        target: whole(target),
        accepted: Vec::new(),
        message,
    })
}
