//! Chinese words to phonemes: segmentation, readings of words with several, tone sandhi, and pinyin in IPA.
//!
//! All in this process: the crates carry their dictionaries. The notation is Kokoro's: tones are the arrows
//! `→ ↗ ↓ ↘` behind the vowel, the neutral tone has none.

mod ipa;
mod phonemizer;
mod readings;
mod sandhi;

pub use phonemizer::PinyinPhonemizer;

const ENGINE: &str = "pinyin";
