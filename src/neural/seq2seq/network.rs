//! One encoder-decoder transformer for every family: its parts, and what tells the families apart.
//!
//! | | Marian | M2M100, SMaLL-100, NLLB | T5 v1.1 (MADLAD-400) |
//! |---|---|---|---|
//! | norm | after each block, with mean | before each block, with mean | before each block, without mean |
//! | positions | sinusoids added to words | sinusoids added to words, from 2 | a bias on scores by distance |
//! | feed-forward | one matrix up | one matrix up | two, one of them a gate |
//!
//! (Vaswani et al. 2017; Junczys-Dowmunt et al. 2018; Fan et al. 2020; Raffel et al. 2020; Kudugunta et al. 2023.)

use super::linear::{Embedding, Linear};
use super::relative::Relative;
use super::rows::{self, Activation, Heads};
use crate::neural::layers::int8::Kernel;

/// A norm's weights.
pub enum Norm {
    Layer { scale: Vec<f32>, bias: Vec<f32>, epsilon: f32 },
    Root { scale: Vec<f32>, epsilon: f32 },
}

impl Norm {
    /// Every row of `x`.
    pub fn apply(&self, kernel: Kernel, x: &mut [f32]) {
        match self {
            Self::Layer { scale, bias, epsilon } => rows::layer_norm(kernel, x, scale, bias, *epsilon),
            Self::Root { scale, epsilon } => rows::root_norm(kernel, x, scale, *epsilon),
        }
    }
}

/// Attention within a sentence: queries, keys and values come of one matrix.
pub struct SelfAttention {
    /// `[width, 3 * inner]`
    pub all: Linear,
    pub out: Linear,
    pub norm: Norm,
}

/// Attention from the target to the source.
pub struct CrossAttention {
    pub query: Linear,
    /// `[width, 2 * inner]`: keys, then values.
    pub context: Linear,
    pub out: Linear,
    pub norm: Norm,
}

/// `down(activation(up(x)))`, or `down(activation(gate(x)) * up(x))`.
pub struct FeedForward {
    /// With a gate its columns stand first.
    pub up: Linear,
    pub down: Linear,
    pub gated: bool,
    pub activation: Activation,
    pub norm: Norm,
}

pub struct EncoderLayer {
    pub attention: SelfAttention,
    pub feed_forward: FeedForward,
}

pub struct DecoderLayer {
    pub attention: SelfAttention,
    pub cross: CrossAttention,
    pub feed_forward: FeedForward,
}

/// Where a word stands.
pub enum Positions {
    /// Rows of the model's width, added to the words.
    Added(Vec<f32>),
    /// Biases of the encoder's and of the decoder's scores.
    Relative { encoder: Relative, decoder: Relative },
}

/// Whether a block's norm stands after its sum or before its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormPlace {
    After,
    Before,
}

/// A loaded network.
pub struct Network {
    pub kernel: Kernel,
    pub width: usize,
    /// Width of all heads together.
    pub inner: usize,
    pub encoder_heads: Heads,
    pub decoder_heads: Heads,
    pub place: NormPlace,
    pub positions: Positions,
    pub source_words: Embedding,
    pub target_words: Embedding,
    /// Embeddings are multiplied by this.
    pub embedding_scale: f32,
    pub encoder: Vec<EncoderLayer>,
    pub decoder: Vec<DecoderLayer>,
    /// After the last layer, where norms stand before the blocks.
    pub encoder_norm: Option<Norm>,
    pub decoder_norm: Option<Norm>,
    pub head: Linear,
    /// The decoder's last rows are multiplied by this before the output layer.
    pub head_scale: f32,
}

impl Network {
    /// Words of the target.
    #[must_use]
    pub fn words(&self) -> usize {
        self.head.outer()
    }

    /// Appends words as the first layer takes them: word `n` stands at `positions[n]`.
    ///
    /// # Errors
    /// What candle finds.
    pub(super) fn embed(
        &self,
        table: &Embedding,
        words: &[u32],
        at: impl Iterator<Item = usize>,
        out: &mut Vec<f32>,
    ) -> candle_core::Result<()> {
        let first = out.len();
        table.append(words, self.width, self.embedding_scale, out)?;
        if let Positions::Added(positions) = &self.positions {
            for (row, at) in out[first..].chunks_exact_mut(self.width).zip(at) {
                rows::add(self.kernel, row, &positions[at * self.width..][..self.width]);
            }
        }
        Ok(())
    }
}
