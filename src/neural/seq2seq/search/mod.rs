//! Finding a translation, apart from the network that scores it: greedy and beam search, one sentence at a time, with
//! the results of `generate` in `transformers`.
//!
//! A search asks for scores of its hypotheses' next words and is told them; sentences never meet in it, so a result
//! does not depend on which sentences are searched side by side.
//!
//! Invariant: a search ends after at most `most` words, whatever the scores are.

mod beam;
mod greedy;
mod rules;

use super::forward::Row;
use beam::Beam;
use greedy::Greedy;
pub use rules::Rules;

/// When a beam search stops looking once it has as many whole translations as beams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Early {
    /// At once.
    Yes,
    /// When no running hypothesis is better, at its present length, than the worst whole one.
    No,
    /// When none can become better, at any length.
    Never,
}

/// How translations are searched for; every value changes results.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Hypotheses side by side; 1 is greedy search.
    pub beams: usize,
    /// Scores are divided by the length to this power.
    pub length_penalty: f32,
    pub early: Early,
    /// No run of so many words appears twice; 0 for no such rule.
    pub no_repeat: usize,
    /// Words that are never chosen.
    pub banned: Vec<u32>,
    /// The word before the first.
    pub start: u32,
    /// Ends a translation.
    pub end: u32,
    /// The first word, where the family sets it.
    pub forced_first: Option<u32>,
    /// The word that closes a translation of the greatest length.
    pub forced_last: Option<u32>,
}

/// One sentence under search.
pub enum Search {
    Greedy(Greedy),
    Beam(Beam),
}

impl Search {
    /// A search for at most `most` words (at least one), the end among them.
    #[must_use]
    pub fn new(settings: &Settings, most: usize) -> Self {
        let most = most.max(1);
        if settings.beams <= 1 {
            Self::Greedy(Greedy::new(settings, most))
        } else {
            Self::Beam(Beam::new(settings, most))
        }
    }

    /// The rows whose next words are to be scored.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        match self {
            Self::Greedy(search) => search.rows(),
            Self::Beam(search) => search.rows(),
        }
    }

    /// Takes the logits of those rows, `[rows, words]`; true once the search is over.
    pub fn advance(&mut self, settings: &Settings, logits: &[f32], log_sums: &mut dyn FnMut(&[f32]) -> f32) -> bool {
        match self {
            Self::Greedy(search) => search.advance(settings, logits),
            Self::Beam(search) => search.advance(settings, logits, log_sums),
        }
    }

    /// The words found, without start and end.
    #[must_use]
    pub fn result(self, settings: &Settings) -> Vec<u32> {
        let mut words = match self {
            Self::Greedy(search) => search.result(),
            Self::Beam(search) => search.result(),
        };
        if words.last() == Some(&settings.end) {
            words.pop();
        }
        words
    }
}

#[cfg(test)]
mod tests;
