//! Per language: the words numbers are joined, measured and abbreviated with.

use super::word_table::Words;
use crate::domain::Language;

/// The words of a language written with letters; `None` for one whose numbers are left to the voice.
pub(super) fn words(language: Language) -> Option<&'static Words> {
    Some(match language.tag() {
        "vi" => &super::words_vi::WORDS,
        "en" => &super::words_en::WORDS,
        "fr" => &super::words_fr::WORDS,
        "es" => &super::words_es::WORDS,
        "it" => &super::words_it::WORDS,
        "pt" => &super::words_pt::WORDS,
        _ => return None,
    })
}
