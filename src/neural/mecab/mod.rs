//! Japanese words, readings and accents by the mecab program as a child process.
//!
//! mecab cuts a sentence into the words of the NAIST dictionary (the one of Open JTalk), whose entries say how each is
//! pronounced; numbers before counters change their sound by rules of our own. The notation is Kokoro's, which for
//! Japanese writes no pitch: words, long vowels and the moraic sounds carry the melody.

mod dictionary;
mod kana;
mod numbers;
mod phonemizer;
mod words;

pub use phonemizer::MecabPhonemizer;

const ENGINE: &str = "mecab";
