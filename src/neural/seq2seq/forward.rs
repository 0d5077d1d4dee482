//! Running the network: sources in, their context kept; then a row of scores for every hypothesis, step by step.
//!
//! Sentences stand one after the other without padding, attention never leaves a sentence, everything else works on
//! single rows: a result never depends on a sentence's neighbours. What a hypothesis shares with its parent is not
//! copied: each step's keys and values are kept once, and a hypothesis is a path through them.

use super::linear::LinearScratch;
use super::network::{CrossAttention, FeedForward, Network, NormPlace, Positions, SelfAttention};
use super::rows::{self, Heads, Sight};

/// Source tokens that go through the encoder together: their rows stay in the second-level cache.
const GROUP_TOKENS: usize = 256;

/// Keys and values, rows of the network's inner width.
#[derive(Default)]
struct Cache {
    keys: Vec<f32>,
    values: Vec<f32>,
}

impl Cache {
    fn with_room(values: usize) -> Self {
        Self { keys: Vec::with_capacity(values), values: Vec::with_capacity(values) }
    }
}

/// A source under translation: its context, and what the decoder has kept of its hypotheses.
pub struct Sentence {
    /// A cache for each decoder layer.
    context: Vec<Cache>,
    source: usize,
    kept: Vec<Cache>,
    /// Rows kept so far, which is the number of the next one.
    slots: u32,
    /// Words that each hypothesis has.
    length: usize,
    paths: Vec<Vec<u32>>,
}

/// The next word of a hypothesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub word: u32,
    /// Which hypothesis of the step before it continues; none before the first step.
    pub parent: usize,
}

/// Buffers of one worker.
#[derive(Default)]
pub struct Scratch {
    linear: LinearScratch,
    normed: Vec<f32>,
    all: Vec<f32>,
    joined: Vec<f32>,
    projected: Vec<f32>,
    inner: Vec<f32>,
    gated: Vec<f32>,
    scores: Vec<f32>,
    bias: Vec<f32>,
    identity: Vec<u32>,
}

impl Scratch {
    fn identity(&mut self, count: usize) {
        self.identity.extend(self.identity.len() as u32..count as u32);
    }
}

impl Network {
    /// Encodes sources (each ended as the family ends them) and prepares their translation; `room` is how many rows a
    /// decoder layer will likely keep for each.
    ///
    /// # Errors
    /// What candle finds.
    pub fn begin(&self, sources: &[(&[u32], usize)], scratch: &mut Scratch) -> candle_core::Result<Vec<Sentence>> {
        let mut sentences = Vec::with_capacity(sources.len());
        let mut rest = sources;
        while !rest.is_empty() {
            let mut tokens = 0;
            let fit = rest.iter().take_while(|(words, _)| {
                tokens += words.len();
                tokens <= GROUP_TOKENS
            });
            let (group, others) = rest.split_at(fit.count().max(1));
            self.begin_group(group, scratch, &mut sentences)?;
            rest = others;
        }
        Ok(sentences)
    }

    fn begin_group(
        &self,
        group: &[(&[u32], usize)],
        scratch: &mut Scratch,
        sentences: &mut Vec<Sentence>,
    ) -> candle_core::Result<()> {
        let encoded = self.encode(group, scratch)?;
        let first = sentences.len();
        sentences.extend(group.iter().map(|(words, room)| Sentence {
            context: Vec::with_capacity(self.decoder.len()),
            source: words.len(),
            kept: self.decoder.iter().map(|_| Cache::with_room(room * self.inner)).collect(),
            slots: 0,
            length: 0,
            paths: Vec::new(),
        }));
        for layer in &self.decoder {
            layer.cross.context.forward(&encoded, &mut scratch.linear, &mut scratch.all)?;
            let mut rows = scratch.all.chunks_exact(2 * self.inner);
            for sentence in &mut sentences[first..] {
                let mut context = Cache::with_room(sentence.source * self.inner);
                for row in rows.by_ref().take(sentence.source) {
                    let (key, value) = row.split_at(self.inner);
                    context.keys.extend_from_slice(key);
                    context.values.extend_from_slice(value);
                }
                sentence.context.push(context);
            }
        }
        Ok(())
    }

    /// `[tokens of all sources, width]`.
    fn encode(&self, group: &[(&[u32], usize)], scratch: &mut Scratch) -> candle_core::Result<Vec<f32>> {
        let mut x = Vec::with_capacity(group.iter().map(|(words, _)| words.len()).sum::<usize>() * self.width);
        for (words, _) in group {
            self.embed(&self.source_words, words, 0.., &mut x)?;
            scratch.identity(words.len());
        }
        for layer in &self.encoder {
            self.block(&layer.attention.norm, &mut x, scratch, |x, scratch, out| {
                self.attend_in_sources(&layer.attention, group, x, scratch, out)
            })?;
            self.feed_forward(&layer.feed_forward, &mut x, scratch)?;
        }
        if let Some(norm) = &self.encoder_norm {
            norm.apply(self.kernel, &mut x);
        }
        Ok(x)
    }

    /// `x + work(x)` with the norm where the network has it.
    fn block(
        &self,
        norm: &super::network::Norm,
        x: &mut [f32],
        scratch: &mut Scratch,
        work: impl FnOnce(&[f32], &mut Scratch, &mut Vec<f32>) -> candle_core::Result<()>,
    ) -> candle_core::Result<()> {
        let mut projected = std::mem::take(&mut scratch.projected);
        match self.place {
            NormPlace::After => {
                work(x, scratch, &mut projected)?;
                rows::add(self.kernel, x, &projected);
                norm.apply(self.kernel, x);
            }
            NormPlace::Before => {
                let mut normed = std::mem::take(&mut scratch.normed);
                normed.clear();
                normed.extend_from_slice(x);
                norm.apply(self.kernel, &mut normed);
                work(&normed, scratch, &mut projected)?;
                rows::add(self.kernel, x, &projected);
                scratch.normed = normed;
            }
        }
        scratch.projected = projected;
        Ok(())
    }

    fn feed_forward(&self, block: &FeedForward, x: &mut [f32], scratch: &mut Scratch) -> candle_core::Result<()> {
        self.block(&block.norm, x, scratch, |x, scratch, out| {
            block.up.forward(x, &mut scratch.linear, &mut scratch.inner)?;
            if !block.gated {
                rows::activate(self.kernel, block.activation, &mut scratch.inner);
                return block.down.forward(&scratch.inner, &mut scratch.linear, out);
            }
            let width = block.up.outer() / 2;
            scratch.gated.resize(scratch.inner.len() / 2, 0.0);
            rows::activate_gated(self.kernel, block.activation, &mut scratch.inner, width, &mut scratch.gated);
            block.down.forward(&scratch.gated, &mut scratch.linear, out)
        })
    }

    fn attend_in_sources(
        &self,
        attention: &SelfAttention,
        group: &[(&[u32], usize)],
        x: &[f32],
        scratch: &mut Scratch,
        out: &mut Vec<f32>,
    ) -> candle_core::Result<()> {
        let inner = self.inner;
        attention.all.forward(x, &mut scratch.linear, &mut scratch.all)?;
        scratch.joined.resize(x.len() / self.width * inner, 0.0);
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        let mut rows = scratch.all.chunks_exact(3 * inner);
        let mut made = scratch.joined.chunks_exact_mut(inner);
        for (words, _) in group {
            keys.clear();
            values.clear();
            for row in rows.clone().take(words.len()) {
                keys.extend_from_slice(&row[inner..2 * inner]);
                values.extend_from_slice(&row[2 * inner..]);
            }
            let sentence = rows.by_ref().take(words.len()).zip(made.by_ref());
            for (position, (row, made)) in sentence.enumerate() {
                if let Positions::Relative { encoder, .. } = &self.positions {
                    encoder.biases(position, words.len(), &mut scratch.bias);
                }
                let slots = &scratch.identity[..words.len()];
                let sight = Sight { keys: &keys, values: &values, slots, bias: &scratch.bias };
                rows::attend(self.kernel, &row[..inner], sight, self.encoder_heads, &mut scratch.scores, made);
            }
        }
        scratch.bias.clear();
        attention.out.forward(&scratch.joined, &mut scratch.linear, out)
    }

    /// One word more for each hypothesis: `next` holds the rows of one sentence after the other, `logits` becomes
    /// `[rows, words]`.
    ///
    /// # Errors
    /// What candle finds.
    pub fn step(
        &self,
        sentences: &mut [&mut Sentence],
        next: &[Vec<Row>],
        scratch: &mut Scratch,
        logits: &mut Vec<f32>,
    ) -> candle_core::Result<()> {
        let mut x = Vec::new();
        for (sentence, rows) in sentences.iter_mut().zip(next) {
            let words: Vec<u32> = rows.iter().map(|row| row.word).collect();
            let at = std::iter::repeat_n(sentence.length, rows.len());
            self.embed(&self.target_words, &words, at, &mut x)?;
            scratch.identity(sentence.source);
            sentence.extend_paths(rows);
        }
        for (depth, layer) in self.decoder.iter().enumerate() {
            self.block(&layer.attention.norm, &mut x, scratch, |x, scratch, out| {
                self.attend_in_targets(&layer.attention, depth, sentences, x, scratch, out)
            })?;
            self.block(&layer.cross.norm, &mut x, scratch, |x, scratch, out| {
                self.attend_to_sources(&layer.cross, depth, sentences, x, scratch, out)
            })?;
            self.feed_forward(&layer.feed_forward, &mut x, scratch)?;
        }
        if let Some(norm) = &self.decoder_norm {
            norm.apply(self.kernel, &mut x);
        }
        if self.head_scale != 1.0 {
            x.iter_mut().for_each(|value| *value *= self.head_scale);
        }
        self.head.forward(&x, &mut scratch.linear, logits)
    }

    fn attend_in_targets(
        &self,
        attention: &SelfAttention,
        depth: usize,
        sentences: &mut [&mut Sentence],
        x: &[f32],
        scratch: &mut Scratch,
        out: &mut Vec<f32>,
    ) -> candle_core::Result<()> {
        let inner = self.inner;
        attention.all.forward(x, &mut scratch.linear, &mut scratch.all)?;
        scratch.joined.resize(x.len() / self.width * inner, 0.0);
        let mut rows = scratch.all.chunks_exact(3 * inner);
        let mut made = scratch.joined.chunks_exact_mut(inner);
        for sentence in sentences {
            let cache = &mut sentence.kept[depth];
            for row in rows.clone().take(sentence.paths.len()) {
                cache.keys.extend_from_slice(&row[inner..2 * inner]);
                cache.values.extend_from_slice(&row[2 * inner..]);
            }
            if let Positions::Relative { decoder, .. } = &self.positions {
                decoder.biases(sentence.length - 1, sentence.length, &mut scratch.bias);
            }
            for ((path, row), made) in sentence.paths.iter().zip(rows.by_ref()).zip(made.by_ref()) {
                let sight = Sight { keys: &cache.keys, values: &cache.values, slots: path, bias: &scratch.bias };
                rows::attend(self.kernel, &row[..inner], sight, self.decoder_heads, &mut scratch.scores, made);
            }
        }
        scratch.bias.clear();
        attention.out.forward(&scratch.joined, &mut scratch.linear, out)
    }

    fn attend_to_sources(
        &self,
        attention: &CrossAttention,
        depth: usize,
        sentences: &mut [&mut Sentence],
        x: &[f32],
        scratch: &mut Scratch,
        out: &mut Vec<f32>,
    ) -> candle_core::Result<()> {
        let inner = self.inner;
        attention.query.forward(x, &mut scratch.linear, &mut scratch.all)?;
        scratch.joined.resize(x.len() / self.width * inner, 0.0);
        let mut queries = scratch.all.chunks_exact(inner).zip(scratch.joined.chunks_exact_mut(inner));
        let heads: Heads = self.decoder_heads;
        for sentence in sentences {
            let Cache { keys, values } = &sentence.context[depth];
            let slots = &scratch.identity[..sentence.source];
            for (query, made) in queries.by_ref().take(sentence.paths.len()) {
                let sight = Sight { keys, values, slots, bias: &[] };
                rows::attend(self.kernel, query, sight, heads, &mut scratch.scores, made);
            }
        }
        attention.out.forward(&scratch.joined, &mut scratch.linear, out)
    }
}

impl Sentence {
    /// Gives each of the new rows its slot, and the path of its parent.
    fn extend_paths(&mut self, rows: &[Row]) {
        let old = &self.paths;
        let paths = rows.iter().zip(self.slots..).map(|(row, slot)| {
            let before = old.get(row.parent).map_or(&[][..], Vec::as_slice);
            let mut path = Vec::with_capacity(before.len() + 1);
            path.extend_from_slice(before);
            path.push(slot);
            path
        });
        self.paths = paths.collect();
        self.slots += rows.len() as u32;
        self.length += 1;
    }
}
