//! Emoji of one side that the other does not have.
//!
//! Only what is drawn as a picture by itself counts (Unicode Technical Standard 51, `Emoji_Presentation`, taken by
//! block): a star or a telephone of the older signs is as well said in a word. How often one comes is not looked at.

use std::collections::BTreeSet;

use super::tokens::Text;
use crate::domain::{Finding, FindingKind, Span};

fn is_emoji(c: char) -> bool {
    // The colours of skin belong to the picture before them.
    let shade = matches!(c, '\u{1f3fb}'..='\u{1f3ff}');
    !shade && matches!(c, '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f300}'..='\u{1f64f}' | '\u{1f680}'..='\u{1faff}')
}

/// The first emoji that stands on one side only; one of the source goes before one of the translation.
pub(super) fn symbol(source: &Text<'_>, target: &Text<'_>) -> Option<Finding> {
    let lost = first_without(source, target);
    let added = first_without(target, source);
    let message = match (&lost, &added) {
        (Some(lost), Some(added)) => format!("`{}` became `{}`", lost.text, added.text),
        (Some(lost), None) => format!("`{}` is missing from the translation", lost.text),
        (None, Some(added)) => format!("`{}` stands only in the translation", added.text),
        (None, None) => return None,
    };
    Some(Finding { kind: FindingKind::Symbol, source: lost, target: added, accepted: Vec::new(), message })
}

fn first_without(text: &Text<'_>, other: &Text<'_>) -> Option<Span> {
    let known: BTreeSet<char> = other.chars.iter().copied().filter(|c| is_emoji(*c)).collect();
    let at = text.chars.iter().position(|c| is_emoji(*c) && !known.contains(c))?;
    Some(text.span(at, at + 1))
}
