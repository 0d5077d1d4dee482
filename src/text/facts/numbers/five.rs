//! Vietnamese `năm`, which is five and year: which of the two the words around it say.

use super::super::sentence::Sentence;
use super::super::words::{Group, Words};
use crate::domain::Language;

/// Vietnamese words before `năm` that make years of it.
const YEARLY: [&str; 12] = ["mỗi", "hằng", "hàng", "những", "các", "mấy", "nhiều", "bao", "từng", "vài", "lâu", "đầu"];
/// Words behind `năm` where it is the year.
const BEHIND_YEAR: [&str; 18] = [
    "nay", "ngoái", "trước", "sau", "đó", "ấy", "này", "kia", "xưa", "học", "tháng", "nào", "cuối", "đầu", "là", "thứ",
    "tuổi", "qua",
];

/// The word before a place.
fn word_before(sentence: &Sentence, at: usize) -> String {
    let end = sentence.skip_back(at);
    sentence.text(sentence.word_start(end), end)
}

fn word_behind(sentence: &Sentence, end: usize) -> String {
    let from = sentence.skip(end);
    sentence.text(from, sentence.word_end(from))
}

/// Whether the `năm` from `at` to `end` is five. `holds` says that it stands inside a number already, `scaled` that a
/// scale follows (`năm trăm`).
pub(super) fn is_five(sentence: &Sentence, words: &Words, at: usize, end: usize, holds: bool, scaled: bool) -> bool {
    let before = word_before(sentence, at);
    // `trăm lẻ năm`; `hai trăm năm tuổi` are years, behind a number.
    if holds {
        return scaled || matches!(before.as_str(), "lẻ" | "linh");
    }
    // `mỗi năm cây ra quả`: years all the same.
    if scaled || YEARLY.contains(&before.as_str()) {
        return scaled;
    }
    // `năm sáu người`, `lần thứ năm`
    if before == "thứ" || word_behind(sentence, end) == "sáu" {
        return true;
    }
    let counts = sentence.phrase(end, words.group(Group::Counter)).is_some();
    let after = sentence.skip(end);
    let measures = sentence.phrase(end, &words.units).is_some_and(|(unit, _)| unit != "m" || end + 1 < after);
    sentence.phrase_before(at, &words.numbers).is_none() && (counts || measures)
}

/// `năm` before a word that may be counted (`rồng năm móng`): five, if the other side has five.
pub(super) fn perhaps_five(sentence: &Sentence, at: usize) -> Option<usize> {
    let end = sentence.word_end(at);
    if sentence.language != Language::VI || sentence.text(at, end) != "năm" {
        return None;
    }
    let word = word_behind(sentence, end);
    let year = YEARLY.contains(&word_before(sentence, at).as_str()) || BEHIND_YEAR.contains(&word.as_str());
    (!word.is_empty() && !year).then_some(end)
}
