//! The decoder: greedy, one word a step for every sentence under way.
//!
//! Sentences come and go between steps, each with its own position, so that the matrices always have many rows to
//! work on. No row looks at another: what a sentence becomes never depends on its neighbours.

use super::encoder::Scratch;
use super::network::{Network, Output, POSITIONS};
use super::rows::{arrange_keys, attend, ssru};
use super::shortlist::Shortlist;
use super::vocab::{END, UNKNOWN};
use crate::neural::layers::int8::{Int8Linear, Quantized};

/// A translation may have this many words for each word of its source, and [`LEAST_GROWTH`] more (Marian's
/// `max-length-factor`).
const MAX_LENGTH_FACTOR: f32 = 2.5;
const LEAST_GROWTH: usize = 4;

/// Tokens a group of sentences has at most while it is encoded: its rows stay in the second-level cache.
const GROUP_TOKENS: usize = 256;

/// Sentences whose scores over a whole vocabulary are held at a time: enough that the table is read once for many, few
/// enough that the scores stay small.
const SCORED_TOGETHER: usize = 16;

/// What a decoder layer sees of the source.
struct Context {
    keys: Vec<f32>,
    values: Vec<f32>,
}

/// A sentence under way.
struct Sentence {
    /// What the caller calls it.
    name: usize,
    made: Vec<u32>,
    limit: usize,
    candidates: Vec<u32>,
    context: Vec<Context>,
}

/// Sentences under way, and the state of the decoder's cells: `[sentences, width]` a layer.
pub struct Decoding<'a> {
    network: &'a Network,
    shortlist: Option<&'a Shortlist>,
    sentences: Vec<Sentence>,
    cells: Vec<Vec<f32>>,
    scratch: Scratch,
    top: Quantized,
    x: Vec<f32>,
    candidate: Vec<f32>,
    gate: Vec<f32>,
    logits: Vec<f32>,
}

impl<'a> Decoding<'a> {
    /// `shortlist` is what the network's [`Output`] was told of.
    #[must_use]
    pub fn new(network: &'a Network, shortlist: Option<&'a Shortlist>) -> Self {
        Self {
            network,
            shortlist,
            sentences: Vec::new(),
            cells: vec![Vec::new(); network.config.decoder_layers],
            scratch: Scratch::default(),
            top: Quantized::default(),
            x: Vec::new(),
            candidate: Vec::new(),
            gate: Vec::new(),
            logits: Vec::new(),
        }
    }

    /// How many sentences are under way.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sentences.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sentences.is_empty()
    }

    /// Encodes sentences (a name and its words, the end among them) and begins their translations.
    pub fn begin(&mut self, mut new: &[(usize, &[u32])]) {
        while !new.is_empty() {
            let mut tokens = 0;
            let fit = new.iter().take_while(|(_, words)| {
                tokens += words.len();
                tokens <= GROUP_TOKENS
            });
            let (group, rest) = new.split_at(fit.count().max(1));
            self.begin_group(group);
            new = rest;
        }
    }

    fn begin_group(&mut self, group: &[(usize, &[u32])]) {
        let (network, width) = (self.network, self.network.config.width);
        let words: Vec<&[u32]> = group.iter().map(|(_, words)| *words).collect();
        let encoded = network.encode(&words, &mut self.scratch);
        let first = self.sentences.len();
        for (name, words) in group {
            let limit = (words.len() as f32 * MAX_LENGTH_FACTOR).ceil() as usize + LEAST_GROWTH;
            self.sentences.push(Sentence {
                name: *name,
                made: Vec::new(),
                limit: limit.min(POSITIONS),
                candidates: self.shortlist.map(|list| list.candidates(words)).unwrap_or_default(),
                context: Vec::new(),
            });
        }
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (layer, cells) in network.decoder.iter().zip(&mut self.cells) {
            self.scratch.linears(&encoded, [(&layer.context.key, &mut keys), (&layer.context.value, &mut values)]);
            let mut start = 0;
            for (sentence, words) in self.sentences[first..].iter_mut().zip(&words) {
                let rows = start..start + words.len() * width;
                start = rows.end;
                let mut context = Context { keys: Vec::new(), values: values[rows.clone()].to_vec() };
                arrange_keys(&keys[rows], width, network.config.heads, &mut context.keys);
                sentence.context.push(context);
            }
            cells.resize(self.sentences.len() * width, 0.0);
        }
    }

    /// One word more for every sentence under way; gives name and words of those that ended, and lets them go.
    pub fn step(&mut self) -> Vec<(usize, Vec<u32>)> {
        self.run_layers();
        let words = match &self.network.output {
            Output::Candidates => self.best_candidates(),
            Output::All(layer) => self.best_of_all(layer),
        };
        let mut ended = Vec::new();
        // Backwards: the last sentence takes the place of one that ended, and has then been seen.
        for (n, word) in words.into_iter().enumerate().rev() {
            let sentence = &mut self.sentences[n];
            if word != END {
                sentence.made.push(word);
            }
            if word == END || sentence.made.len() >= sentence.limit {
                ended.push(self.let_go(n));
            }
        }
        ended
    }

    /// The next word of each sentence, among its candidates.
    fn best_candidates(&mut self) -> Vec<u32> {
        let words = &self.network.words;
        words.quantize(&self.x, &mut self.top);
        let (top, logits) = (&self.top, &mut self.logits);
        let next = self.sentences.iter().enumerate().map(|(n, sentence)| {
            words.products(top.row(n), &sentence.candidates, logits);
            best(sentence.candidates.iter().copied().zip(logits.iter().copied()))
        });
        next.collect()
    }

    /// The next word of each sentence, among all.
    fn best_of_all(&mut self, layer: &Int8Linear) -> Vec<u32> {
        let mut words = Vec::with_capacity(self.sentences.len());
        for x in self.x.chunks(SCORED_TOGETHER * layer.inner()) {
            layer.quantize(x, &mut self.top);
            layer.forward_quantized(&self.top, &mut self.logits);
            words.extend(self.logits.chunks_exact(layer.outer()).map(|row| best((0..).zip(row.iter().copied()))));
        }
        words
    }

    fn let_go(&mut self, n: usize) -> (usize, Vec<u32>) {
        let width = self.network.config.width;
        for cells in &mut self.cells {
            let last = cells.len() - width;
            cells.copy_within(last.., n * width);
            cells.truncate(last);
        }
        let sentence = self.sentences.swap_remove(n);
        (sentence.name, sentence.made)
    }

    /// Leaves the top of the decoder in `self.x`.
    fn run_layers(&mut self) {
        let (network, kernel, width) = (self.network, self.network.kernel, self.network.config.width);
        self.x.clear();
        for sentence in &self.sentences {
            // Marian shifts the words by one and begins with no word at all, not with the end's embedding.
            network.embed_target(sentence.made.last().copied(), sentence.made.len(), &mut self.x);
        }
        for (depth, layer) in network.decoder.iter().enumerate() {
            let scratch = &mut self.scratch;
            scratch.linears(&self.x, [(&layer.candidate, &mut self.candidate), (&layer.gate, &mut self.gate)]);
            scratch.joined.resize(self.x.len(), 0.0);
            ssru(kernel, &mut self.cells[depth], &self.candidate, &self.gate, &mut scratch.joined);
            let (scale, bias) = (&layer.cell_norm.scale, &layer.cell_norm.bias);
            super::rows::add_norm(kernel, &mut self.x, &scratch.joined, scale, bias);

            let mut query = std::mem::take(&mut scratch.query);
            scratch.linear(&layer.context.query, &self.x, &mut query);
            let rows = query.chunks_exact(width).zip(scratch.joined.chunks_exact_mut(width));
            for ((query, out), sentence) in rows.zip(&self.sentences) {
                let context = &sentence.context[depth];
                let heads = network.config.heads;
                attend(kernel, query, &context.keys, &context.values, heads, &mut scratch.scores, out);
            }
            scratch.query = query;
            scratch.close_attention(kernel, &layer.context, &mut self.x);
            scratch.feed_forward(kernel, &layer.feed_forward, &mut self.x);
        }
    }
}

/// The word with the highest score, the first where several have it; never the unknown word.
#[inline(always)]
fn best(scores: impl Iterator<Item = (u32, f32)>) -> u32 {
    let mut best = (END, f32::NEG_INFINITY);
    for (word, score) in scores {
        if score > best.1 && word != UNKNOWN {
            best = (word, score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_word_is_the_first_of_equals_and_never_unknown() {
        assert_eq!(best([(0, 0.0), (1, 9.0), (5, 3.0), (7, 3.0)].into_iter()), 5);
        assert_eq!(best([(0, f32::NAN)].into_iter()), END);
    }
}
