//! The thresholds of the checks, and what they were measured on.
//!
//! Measured on the 600 sentences of NTREX-128 (news, translated by people from English) into German, French, Japanese,
//! Korean, Portuguese, Russian, Spanish, Vietnamese and Chinese; `cargo test ntrex -- --nocapture` prints the rate of
//! false alarms for each language and fails above 2 %.

use crate::domain::Language;

/// Characters a text takes beside its English, in the median of the measured pairs.
pub(super) fn usual_length(language: Language) -> f64 {
    match language.tag() {
        "vi" => 1.06,
        "fr" => 1.19,
        "es" => 1.12,
        "pt" => 1.09,
        "it" => 1.12,
        "de" => 1.15,
        "ru" => 1.07,
        "ja" => 0.47,
        "zh" => 0.32,
        "ko" => 0.52,
        _ => 1.0,
    }
}

/// A translation shorter than this share of the usual length, or longer than its inverse, is told.
pub(super) const SHORTEST: f64 = 0.45;
pub(super) const LONGEST: f64 = 2.1;
/// Characters (as English has them) that are added to both sides before: short texts vary more.
pub(super) const SLACK: f64 = 14.0;

/// A sentence too few or too many is told where the length differs too; three are told in any case.
pub(super) const SENTENCES_APART: usize = 3;
pub(super) const SENTENCE_SHORTER: f64 = 0.75;
/// The same for a source of so many sentences: one of them is a smaller share.
pub(super) const MANY_SENTENCES: usize = 3;
pub(super) const OF_MANY_SHORTER: f64 = 0.80;
/// And for one sentence less; where more are less, translators have joined them, and a loss shows in the length.
pub(super) const ONE_OF_MANY_SHORTER: f64 = 0.90;
pub(super) const SENTENCE_LONGER: f64 = 1.7;

/// Words of the source in one stretch of the translation, and how many of them must be no names.
pub(super) const COPIED: (usize, usize) = (5, 4);
/// Between Romance languages, and between Chinese and Japanese, short stretches are alike by nature.
pub(super) const COPIED_ROMANCE: (usize, usize) = (8, 7);
pub(super) const COPIED_HAN: (usize, usize) = (14, 10);

/// Small words of the source language among those of the target, and their share. Titles and mottos bring two
/// (`Newport on the Levee`); of Vietnamese and Russian, whose words look like no other's, two are enough.
pub(super) const LEFT_WORDS: usize = 3;
pub(super) const LEFT_WORDS_OWN_LOOK: usize = 2;
pub(super) const LEFT_SHARE: f64 = 0.06;

/// Letters of a script that the language is not written in, and their share.
pub(super) const FOREIGN_LETTERS: usize = 1;

/// A stretch of words said this often in a row; a single word may come once more.
pub(super) const TIMES: usize = 3;
/// Longest stretch that is looked for, in words or Han characters.
pub(super) const LONGEST_PERIOD: usize = 24;
