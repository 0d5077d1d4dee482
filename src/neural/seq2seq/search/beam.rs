//! Beam search as `transformers` does it (`_beam_search`, 4.50 to 5.x), for one sentence.
//!
//! Each step takes the best `2 * beams` continuations of all hypotheses. Those of the best `beams` that end become
//! whole translations, scored by `log probability / length ^ penalty`; the best others go on.

use std::cmp::Ordering;

use super::{Early, Rules, Settings};
use crate::neural::seq2seq::forward::Row;

/// Words (the start among them), the sum of their log probabilities, and which row they came of.
struct Hypothesis {
    words: Vec<u32>,
    score: f32,
    parent: usize,
}

struct Candidate {
    score: f32,
    parent: usize,
    word: u32,
}

/// The hypotheses of one sentence.
pub struct Beam {
    running: Vec<Hypothesis>,
    /// Whole translations, best first: at most as many as beams.
    whole: Vec<(f32, Vec<u32>)>,
    most: usize,
}

impl Beam {
    pub fn new(settings: &Settings, most: usize) -> Self {
        Self {
            running: vec![Hypothesis { words: vec![settings.start], score: 0.0, parent: 0 }],
            whole: Vec::new(),
            most,
        }
    }

    pub fn rows(&self) -> Vec<Row> {
        let row = |hypothesis: &Hypothesis| {
            hypothesis.words.last().map(|word| Row { word: *word, parent: hypothesis.parent })
        };
        self.running.iter().filter_map(row).collect()
    }

    /// Takes the rows' logits; true once no better translation is looked for.
    pub fn advance(&mut self, settings: &Settings, logits: &[f32], log_sums: &mut dyn FnMut(&[f32]) -> f32) -> bool {
        let length = self.running.first().map_or(0, |hypothesis| hypothesis.words.len());
        let candidates = self.candidates(settings, logits, log_sums);
        let full = length >= self.most;
        let mut running = Vec::with_capacity(settings.beams);
        for (rank, candidate) in candidates.into_iter().enumerate() {
            let mut words = Vec::with_capacity(length + 1);
            words.extend_from_slice(&self.running[candidate.parent].words);
            words.push(candidate.word);
            if full || candidate.word == settings.end {
                if rank < settings.beams {
                    self.whole.push((candidate.score / power(length, settings.length_penalty), words));
                }
            } else if running.len() < settings.beams {
                running.push(Hypothesis { words, score: candidate.score, parent: candidate.parent });
            }
        }
        self.whole.sort_by(|a, b| descending(a.0, b.0));
        self.whole.truncate(settings.beams);
        if running.is_empty() {
            return true;
        }
        self.running = running;
        self.is_over(settings, length)
    }

    /// The best continuations, best first; words of no finite score are none.
    fn candidates(
        &self,
        settings: &Settings,
        logits: &[f32],
        log_sums: &mut dyn FnMut(&[f32]) -> f32,
    ) -> Vec<Candidate> {
        let keep = 2 * settings.beams;
        let words = logits.len() / self.running.len();
        let mut all = Vec::with_capacity(keep * self.running.len());
        for (parent, (hypothesis, logits)) in self.running.iter().zip(logits.chunks_exact(words)).enumerate() {
            match Rules::new(settings, &hypothesis.words, self.most) {
                Rules::Forced(word) => all.push(Candidate { score: hypothesis.score, parent, word }),
                Rules::Free { banned } => {
                    let sum = log_sums(logits);
                    let best = best(logits, &banned, keep).into_iter();
                    all.extend(best.map(|(word, logit)| Candidate {
                        score: (logit - sum) + hypothesis.score,
                        parent,
                        word,
                    }));
                }
            }
        }
        all.sort_by(|a, b| descending(a.score, b.score).then(a.parent.cmp(&b.parent)).then(a.word.cmp(&b.word)));
        all.truncate(keep);
        all
    }

    /// Whether the search stops after a step that made hypotheses of `length` words after the start.
    fn is_over(&self, settings: &Settings, length: usize) -> bool {
        let worst = match self.whole.last() {
            Some((worst, _)) if self.whole.len() == settings.beams => *worst,
            _ => return false,
        };
        let length = match settings.early {
            Early::Yes => return true,
            Early::Never if settings.length_penalty > 0.0 => self.most,
            Early::No | Early::Never => length,
        };
        let best = self.running.first().map_or(f32::NEG_INFINITY, |hypothesis| hypothesis.score);
        best / power(length, settings.length_penalty) <= worst
    }

    /// The best whole translation, without the start; where none ended, the best running one.
    pub fn result(self) -> Vec<u32> {
        let running = self.running.into_iter().next().map(|hypothesis| hypothesis.words);
        let mut words = self.whole.into_iter().next().map(|(_, words)| words).or(running).unwrap_or_default();
        words.drain(..1.min(words.len()));
        words
    }
}

fn power(length: usize, penalty: f32) -> f32 {
    (length as f64).powf(f64::from(penalty)) as f32
}

fn descending(a: f32, b: f32) -> Ordering {
    b.total_cmp(&a)
}

/// The `count` words of the highest scores that are not banned, best first, equals in the order of the vocabulary.
fn best(logits: &[f32], banned: &[u32], count: usize) -> Vec<(u32, f32)> {
    const BLOCK: usize = 32;
    let mut best: Vec<(u32, f32)> = Vec::with_capacity(count + 1);
    let mut least = f32::NEG_INFINITY;
    for (n, block) in logits.chunks(BLOCK).enumerate() {
        let mut lanes = [f32::NEG_INFINITY; 8];
        for values in block.chunks(8) {
            for (lane, value) in lanes.iter_mut().zip(values) {
                *lane = if *value > *lane { *value } else { *lane };
            }
        }
        if lanes.into_iter().fold(f32::NEG_INFINITY, f32::max) <= least {
            continue;
        }
        for (k, &logit) in block.iter().enumerate() {
            let word = (n * BLOCK + k) as u32;
            if logit > least && logit < f32::INFINITY && banned.binary_search(&word).is_err() {
                let place = best.partition_point(|(_, other)| *other >= logit);
                best.insert(place, (word, logit));
                best.truncate(count);
                if best.len() == count {
                    least = best[count - 1].1;
                }
            }
        }
    }
    best
}
