//! Names that must survive translation, and how words are spoken.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Language;

/// A protected name or term with its fixed renderings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlossaryEntry {
    /// In the source language: `Tháp Dương Long`.
    pub term: String,
    /// Other forms of the term in the source language.
    pub forms: Vec<String>,
    /// Accepted renderings per language, the preferred one first. A language without renderings keeps the term as it is.
    pub renderings: BTreeMap<Language, Vec<String>>,
    pub note: Option<String>,
}

/// How a word is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pronunciation {
    /// Say these words instead (PLS `alias`).
    Alias(String),
    /// Say these phonemes, in IPA (PLS `phoneme`).
    Ipa(String),
}

/// How one written form is said in one language (PLS 1.0 `lexeme`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LexiconEntry {
    pub language: Language,
    /// The written form, matched as a whole word; a form in small letters fits any case.
    pub grapheme: String,
    pub pronunciation: Pronunciation,
}
