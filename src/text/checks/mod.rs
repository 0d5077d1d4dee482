//! What can be seen of a translation without understanding it: that it is empty, far too short or long, says a stretch
//! again and again, was left as it was, is in the wrong letters, or has lost a sentence or an emoji.
//!
//! Invariant: time grows with the length of the two texts, not with their product. Every threshold stands in
//! `limits.rs`, with what it was measured on.

mod joins;
mod leftovers;
mod length;
mod limits;
mod repeats;
mod scripts;
mod symbols;
mod tokens;

use crate::domain::{Finding, FindingKind, Language, Span};
use tokens::Text;

/// What is wrong with the form of a translation. A name or quotation that stands on both sides is no finding.
#[must_use]
pub fn check(source: &str, source_language: Language, target: &str, target_language: Language) -> Vec<Finding> {
    if let Some(finding) = empty(source, target) {
        return vec![finding];
    }
    let (source, target) = (Text::new(source, source_language), Text::new(target, target_language));
    let mut findings = Vec::new();
    findings.extend(length::length(&source, &target));
    findings.extend(length::sentence_count(&source, &target));
    findings.extend(repeats::repeated(&source, &target));
    findings.extend(symbols::symbol(&source, &target));
    let untranslated = leftovers::untranslated(&source, &target);
    if untranslated.is_none() {
        findings.extend(leftovers::source_left(&source, &target));
        findings.extend(scripts::script(&source, &target));
    }
    findings.extend(untranslated);
    findings
}

/// A side without a letter or digit where the other has some, or nothing on either side.
fn empty(source: &str, target: &str) -> Option<Finding> {
    let bare = |text: &str| !text.chars().any(char::is_alphanumeric);
    let message = match (bare(source), bare(target)) {
        (true, true) if source.trim() == target.trim() && !source.trim().is_empty() => return None,
        (true, true) => "there is nothing to translate and nothing translated",
        (false, true) => "nothing was translated",
        (true, false) => "there is nothing to translate, but a translation",
        (false, false) => return None,
    };
    let span = |text: &str| {
        let length = text.chars().count();
        (length > 0).then(|| Span { text: text.to_owned(), start: 0, end: length })
    };
    Some(Finding {
        kind: FindingKind::Empty,
        source: span(source),
        target: span(target),
        accepted: Vec::new(),
        message: message.to_owned(),
    })
}

#[cfg(test)]
mod tests;
