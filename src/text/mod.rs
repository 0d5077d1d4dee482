//! Words, floor 1: splitting into sentences, spelling out numbers, pronunciations, error rates. No engine, no file.

mod spoken;

pub use spoken::{SpokenPart, SpokenText};
