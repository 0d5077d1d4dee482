//! The encoder: sentences in, one row of context for each of their words out.
//!
//! Sentences of a batch stand one after the other without padding; attention never leaves a sentence, everything
//! else works on single rows. So a sentence's context never depends on its neighbours.

use super::network::{Attention, FeedForward, Network};
use super::rows::{add_norm, arrange_keys, attend};
use crate::neural::layers::int8::{Int8Linear, Kernel, Quantized};

/// Rows of a feed-forward block that go through both of its matrices together, so that what lies between stays in
/// the second-level cache.
const FEED_FORWARD_ROWS: usize = 96;

/// Buffers that are used again and again.
#[derive(Default)]
pub struct Scratch {
    quantized: Quantized,
    inner: Quantized,
    pub query: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    pub joined: Vec<f32>,
    projected: Vec<f32>,
    pub keys: Vec<f32>,
    pub scores: Vec<f32>,
}

impl Scratch {
    /// `out = x layer`.
    pub fn linear(&mut self, layer: &Int8Linear, x: &[f32], out: &mut Vec<f32>) {
        layer.quantize(x, &mut self.quantized);
        layer.forward_quantized(&self.quantized, out);
    }

    /// `out = x layer` for several layers, quantizing again only where their multipliers differ.
    pub fn linears<const N: usize>(&mut self, x: &[f32], work: [(&Int8Linear, &mut Vec<f32>); N]) {
        let mut last = None;
        for (layer, out) in work {
            if last != Some(layer.multiplier()) {
                layer.quantize(x, &mut self.quantized);
                last = Some(layer.multiplier());
            }
            layer.forward_quantized(&self.quantized, out);
        }
    }

    /// `x = norm(x + joined out)`: the end of an attention whose heads stand in `joined`.
    pub fn close_attention(&mut self, kernel: Kernel, attention: &Attention, x: &mut [f32]) {
        attention.out.quantize(&self.joined, &mut self.quantized);
        attention.out.forward_quantized(&self.quantized, &mut self.projected);
        add_norm(kernel, x, &self.projected, &attention.norm.scale, &attention.norm.bias);
    }

    /// `x = norm(x + relu(x up) down)`.
    pub fn feed_forward(&mut self, kernel: Kernel, block: &FeedForward, x: &mut [f32]) {
        for x in x.chunks_mut(FEED_FORWARD_ROWS * block.up.inner()) {
            block.up.quantize(x, &mut self.quantized);
            block.up.forward_relu(&self.quantized, &block.down, &mut self.inner);
            block.down.forward_quantized(&self.inner, &mut self.projected);
            add_norm(kernel, x, &self.projected, &block.norm.scale, &block.norm.bias);
        }
    }
}

impl Network {
    /// `[words of all sentences, width]`, sentence after sentence.
    pub fn encode(&self, sentences: &[&[u32]], scratch: &mut Scratch) -> Vec<f32> {
        let width = self.config.width;
        let mut x = Vec::with_capacity(sentences.iter().map(|s| s.len()).sum::<usize>() * width);
        for sentence in sentences {
            for (position, word) in sentence.iter().enumerate() {
                self.embed_source(*word, position, &mut x);
            }
        }
        for layer in &self.encoder {
            self.self_attention(&layer.attention, sentences, &mut x, scratch);
            scratch.feed_forward(self.kernel, &layer.feed_forward, &mut x);
        }
        x
    }

    fn self_attention(&self, attention: &Attention, sentences: &[&[u32]], x: &mut [f32], scratch: &mut Scratch) {
        let width = self.config.width;
        let [mut query, mut key, mut value] =
            [&mut scratch.query, &mut scratch.key, &mut scratch.value].map(std::mem::take);
        scratch
            .linears(x, [(&attention.query, &mut query), (&attention.key, &mut key), (&attention.value, &mut value)]);
        scratch.joined.resize(x.len(), 0.0);
        let mut start = 0;
        for sentence in sentences {
            let rows = start..start + sentence.len() * width;
            start = rows.end;
            arrange_keys(&key[rows.clone()], width, self.config.heads, &mut scratch.keys);
            let out = scratch.joined[rows.clone()].chunks_exact_mut(width);
            for (query, out) in query[rows.clone()].chunks_exact(width).zip(out) {
                let (keys, values) = (&scratch.keys, &value[rows.clone()]);
                attend(self.kernel, query, keys, values, self.config.heads, &mut scratch.scores, out);
            }
        }
        (scratch.query, scratch.key, scratch.value) = (query, key, value);
        scratch.close_attention(self.kernel, attention, x);
    }
}
