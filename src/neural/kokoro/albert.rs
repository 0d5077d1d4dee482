//! PL-BERT: an ALBERT over phonemes. One layer's weights are used twelve times; GELU is the tanh form and the layer
//! norms' epsilon 1e-12, as the network was trained with.

use candle_core::{Device, Result, Tensor};
use candle_nn::{LayerNorm, Linear, Module, VarBuilder, layer_norm, linear, ops};

use super::config::{TOKENS, albert::*};
use super::error::KokoroError;
use crate::ports::Cancel;

pub struct Albert {
    words: Tensor,
    /// Positions, with the one token type already added.
    positions: Tensor,
    norm: LayerNorm,
    widen: Linear,
    layer: Layer,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    dense: Linear,
    attention_norm: LayerNorm,
    inner: Linear,
    outer: Linear,
    norm: LayerNorm,
}

impl Albert {
    /// # Errors
    /// Names the tensor that is missing or of another shape.
    pub fn load(vb: &VarBuilder<'_>) -> Result<Self> {
        let embeddings = vb.pp("embeddings");
        let kind = embeddings.get((2, EMBEDDING), "token_type_embeddings.weight")?.narrow(0, 0, 1)?;
        let positions = embeddings.get((POSITIONS, EMBEDDING), "position_embeddings.weight")?;
        Ok(Self {
            words: embeddings.get((TOKENS, EMBEDDING), "word_embeddings.weight")?,
            positions: positions.broadcast_add(&kind)?,
            norm: layer_norm(EMBEDDING, NORM_EPSILON, embeddings.pp("LayerNorm"))?,
            widen: linear(EMBEDDING, HIDDEN, vb.pp("encoder.embedding_hidden_mapping_in"))?,
            layer: Layer::load(&vb.pp("encoder.albert_layer_groups.0.albert_layers.0"))?,
        })
    }

    /// `[tokens]` to `[tokens, 768]`.
    ///
    /// # Errors
    /// `Cancelled`; more tokens than positions.
    pub fn forward(&self, tokens: &[u32], cancel: &Cancel) -> std::result::Result<Tensor, KokoroError> {
        let ids = Tensor::new(tokens, &Device::Cpu)?;
        let places = self.positions.narrow(0, 0, tokens.len())?;
        let embedded = (self.words.index_select(&ids, 0)? + places)?;
        let mut hidden = self.widen.forward(&self.norm.forward(&embedded)?)?;
        for _ in 0..LAYERS {
            if cancel.is_cancelled() {
                return Err(KokoroError::Cancelled);
            }
            hidden = self.layer.forward(&hidden)?;
        }
        Ok(hidden)
    }
}

impl Layer {
    fn load(vb: &VarBuilder<'_>) -> Result<Self> {
        let attention = vb.pp("attention");
        Ok(Self {
            query: linear(HIDDEN, HIDDEN, attention.pp("query"))?,
            key: linear(HIDDEN, HIDDEN, attention.pp("key"))?,
            value: linear(HIDDEN, HIDDEN, attention.pp("value"))?,
            dense: linear(HIDDEN, HIDDEN, attention.pp("dense"))?,
            attention_norm: layer_norm(HIDDEN, NORM_EPSILON, attention.pp("LayerNorm"))?,
            inner: linear(HIDDEN, INNER, vb.pp("ffn"))?,
            outer: linear(INNER, HIDDEN, vb.pp("ffn_output"))?,
            norm: layer_norm(HIDDEN, NORM_EPSILON, vb.pp("full_layer_layer_norm"))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let attended = self.attention_norm.forward(&(x + self.attend(x)?)?)?;
        // candle's `gelu` is the tanh form; `gelu_erf` would be the exact one.
        let changed = self.outer.forward(&self.inner.forward(&attended)?.gelu()?)?;
        self.norm.forward(&(attended + changed)?)
    }

    fn attend(&self, x: &Tensor) -> Result<Tensor> {
        let (length, width) = (x.dim(0)?, HIDDEN / HEADS);
        let heads = |x: Tensor| x.reshape((length, HEADS, width))?.transpose(0, 1)?.contiguous();
        let (query, key, value) =
            (heads(self.query.forward(x)?)?, heads(self.key.forward(x)?)?, heads(self.value.forward(x)?)?);
        let scores = (query.matmul(&key.t()?)? / (width as f64).sqrt())?;
        let mixed = ops::softmax_last_dim(&scores)?.matmul(&value)?;
        self.dense.forward(&mixed.transpose(0, 1)?.reshape((length, HIDDEN))?)
    }
}
