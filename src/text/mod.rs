//! Words, floor 1: splitting into sentences, spelling out numbers, pronunciations, error rates. No engine, no file.

mod split;
mod spoken;

pub use split::{split_paragraphs, split_sentences};
pub use spoken::{SpokenPart, SpokenText};
