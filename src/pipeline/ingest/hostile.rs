//! The readers of a collection's files, for `src/fuzzed.rs`: on bytes as they come, before anything is known of them.

use std::path::Path;

use super::body;
use super::front_matter::Document;
use super::heads::{SiteHead, StopHead, TextHead};
use super::reading::clean;
use super::tours::TourHead;
use crate::domain::Language;

/// A lexicon of Vietnamese.
pub(crate) fn lexicon(bytes: &[u8]) {
    let file = Path::new("lexicon.vi.pls");
    if let Ok(text) = clean(file, bytes) {
        let _ = super::lexicon::parse(file, &text, Language::VI);
    }
}

pub(crate) fn words(bytes: &[u8]) {
    let file = Path::new("words.toml");
    if let Ok(text) = clean(file, bytes) {
        let _ = super::words::parse(file, &text, Language::VI);
    }
}

pub(crate) fn front_matter(bytes: &[u8]) {
    let file = Path::new("stop.md");
    let Ok(text) = clean(file, bytes) else { return };
    let Ok(document) = Document::split(file, &text) else { return };
    let _ = (document.head::<SiteHead>(), document.head::<StopHead>());
    let _ = (document.head::<TextHead>(), document.head::<TourHead>());
    let _ = body::description(file, document.body, document.body_line);
    for language in [Language::VI, Language::JA] {
        let _ = body::sentences(file, document.body, document.body_line, language);
    }
}
