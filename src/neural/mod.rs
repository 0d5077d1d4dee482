//! Engines, floor 3: networks in candle, and the programs that stand beside them.
//!
//! Each folder is one engine behind one port. Engines never import each other; what two of them need stands in
//! [`layers`], or below.

pub mod espeak;
pub mod kokoro;
pub mod layers;
pub mod marian;
pub mod mecab;
pub mod pinyin;
pub mod seq2seq;
pub mod silero;
pub mod whisper;
