//! Which words a hypothesis may go on with: banned words, forced words, no run of words twice.

use super::Settings;

/// What holds for the next word of one hypothesis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Only this word, at no cost.
    Forced(u32),
    /// Every word but these, in rising order.
    Free { banned: Vec<u32> },
}

impl Rules {
    /// For a hypothesis of these words (the start among them) that may have `most` words after the start.
    #[must_use]
    pub fn new(settings: &Settings, words: &[u32], most: usize) -> Self {
        // The last word first: `transformers` applies its rule after that of the first.
        if let Some(last) = settings.forced_last.filter(|_| words.len() == most) {
            return Self::Forced(last);
        }
        if let Some(first) = settings.forced_first.filter(|_| words.len() == 1) {
            return Self::Forced(first);
        }
        let mut banned = settings.banned.clone();
        if settings.no_repeat > 0 && words.len() + 1 >= settings.no_repeat {
            let (_, suffix) = words.split_at(words.len() + 1 - settings.no_repeat);
            let runs = words.windows(settings.no_repeat);
            banned.extend(runs.filter(|run| run.starts_with(suffix)).filter_map(|run| run.last()));
        }
        banned.sort_unstable();
        banned.dedup();
        Self::Free { banned }
    }
}
