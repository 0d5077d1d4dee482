//! Greedy search: always the best next word.

use super::{Rules, Settings};
use crate::neural::seq2seq::forward::Row;

/// A translation that grows word by word.
pub struct Greedy {
    words: Vec<u32>,
    most: usize,
}

impl Greedy {
    pub fn new(settings: &Settings, most: usize) -> Self {
        Self { words: vec![settings.start], most }
    }

    pub fn rows(&self) -> Vec<Row> {
        self.words.last().map(|word| Row { word: *word, parent: 0 }).into_iter().collect()
    }

    /// Takes the row's logits; true at the end.
    pub fn advance(&mut self, settings: &Settings, logits: &[f32]) -> bool {
        let rules = Rules::new(settings, &self.words, self.most);
        let word = match rules {
            Rules::Forced(word) => word,
            // Where nothing can be chosen the translation ends.
            Rules::Free { banned } => best(logits, &banned).unwrap_or(settings.end),
        };
        self.words.push(word);
        word == settings.end || self.words.len() > self.most
    }

    pub fn result(mut self) -> Vec<u32> {
        self.words.remove(0);
        self.words
    }
}

/// The first word of the highest score that is not banned; never one whose score is no number or minus infinity.
fn best(logits: &[f32], banned: &[u32]) -> Option<u32> {
    let mut best = (None, f32::NEG_INFINITY);
    let mut from = 0;
    // Between two banned words nothing is asked: runs of plain comparisons.
    for until in banned.iter().map(|word| *word as usize).chain([logits.len()]) {
        let until = until.min(logits.len());
        if let Some(run) = logits.get(from..until) {
            let (place, score) = first_greatest(run);
            if score > best.1 {
                best = (Some((from + place) as u32), score);
            }
        }
        from = until + 1;
    }
    best.0
}

/// Where the greatest value stands first, by blocks: a block is looked through only where it has a greater one.
fn first_greatest(run: &[f32]) -> (usize, f32) {
    const BLOCK: usize = 64;
    let mut best = (0, f32::NEG_INFINITY);
    for (n, block) in run.chunks(BLOCK).enumerate() {
        let mut lanes = [f32::NEG_INFINITY; 16];
        for values in block.chunks(16) {
            for (lane, value) in lanes.iter_mut().zip(values) {
                *lane = if *value > *lane { *value } else { *lane };
            }
        }
        let greatest = lanes.into_iter().fold(f32::NEG_INFINITY, f32::max);
        if greatest > best.1 {
            let place = block.iter().position(|value| *value == greatest).unwrap_or(0);
            best = (n * BLOCK + place, greatest);
        }
    }
    best
}
