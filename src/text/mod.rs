//! Words, floor 1: splitting into sentences, spelling out numbers, pronunciations, error rates,
//! names of the glossary, files for translators. No engine, no file.

mod alphabet;
pub mod checks;
pub mod error_rate;
pub mod exchange;
pub mod facts;
pub mod hearing;
mod letters;
mod mask;
mod names;
pub mod narration;
mod numerals;
mod say;
pub mod similarity;
mod split;
mod spoken;
mod vietnamese;

pub use alphabet::{KOKORO_ALPHABET, in_alphabet, melody_mark};
pub use mask::{Masked, Unmasked};
pub use names::{FoundName, NameFinder, accepted, accepted_forms};
pub use say::{Lexicon, spoken};
pub use split::{split_paragraphs, split_sentences};
pub use spoken::{SpokenPart, SpokenText};
pub use vietnamese::NameReader;
pub(crate) use vietnamese::plain_letters;

/// Every word as a syllable, and the names among them, for `src/fuzzed.rs`.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_hostile_syllables(text: &str) {
    for word in text.split_whitespace() {
        let syllable = vietnamese::syllable::parse(word);
        let _ = syllable.map(|syllable| vietnamese::ipa::syllable_ipa(&syllable, "", crate::domain::Language::EN));
    }
    let letters: Vec<char> = text.chars().collect();
    let _ = NameReader::new(crate::domain::Language::EN, &[]).find(&letters);
    let _ = plain_letters(text);
}
