//! The weights of T5 v1.1, which MADLAD-400 is: `encoder.block.0.layer.0.SelfAttention.q...`, from a safetensors file
//! or a GGUF file with the same names.

use super::config::Config;
use super::error::Seq2SeqError;
use super::linear::Linear;
use super::network::{
    CrossAttention, DecoderLayer, EncoderLayer, FeedForward, Network, Norm, NormPlace, Positions, SelfAttention,
};
use super::relative::Relative;
use super::rows::{Activation, Heads};
use super::weights::Weights;

struct Parts<'a> {
    weights: &'a Weights,
    width: usize,
    inner: usize,
    feed_inner: usize,
    gated: bool,
    activation: Activation,
    epsilon: f32,
}

/// Loads a network.
///
/// # Errors
/// `Unsupported` for settings no model of the family has, `Unfit` where weights and settings contradict each other.
pub fn load(config: &Config, weights: &Weights) -> Result<Network, Seq2SeqError> {
    let (width, words) = (config.size("d_model")?, config.size("vocab_size")?);
    let (heads, inner) = (config.size("num_heads")?, config.size("num_heads")? * config.size("d_kv")?);
    let activation = config.activation("feed_forward_proj")?;
    let parts = Parts {
        weights,
        width,
        inner,
        feed_inner: config.size("d_ff")?,
        gated: activation == Activation::GeluTanh,
        activation,
        epsilon: config.number_or("layer_norm_epsilon", 1e-6) as f32,
    };
    let layers = config.size("num_layers")?;
    let encoder = (0..layers).map(|n| parts.encoder_layer(n));
    let decoder = (0..config.size_or("num_decoder_layers", layers)?).map(|n| parts.decoder_layer(n));
    let table = if weights.has("shared.weight") { "shared.weight" } else { "decoder.embed_tokens.weight" };
    let embedding = weights.embedding(table, words, width)?;
    let tied = config.is_not_denied("tie_word_embeddings");
    let head = if tied { table } else { "lm_head.weight" };
    let buckets = config.size_or("relative_attention_num_buckets", 32)?;
    let farthest = config.size_or("relative_attention_max_distance", 128)?;
    if buckets < 4 || farthest <= buckets {
        let what = format!("{buckets} buckets for distances up to {farthest}");
        return Err(Seq2SeqError::unfit(config.path(), what));
    }
    let relative = |side: &str, both_ways: bool| {
        let name = format!("{side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight");
        Ok(Relative::new(weights.values(&name, &[buckets, heads])?, heads, farthest, both_ways))
    };
    Ok(Network {
        kernel: weights.kernel,
        width,
        inner,
        encoder_heads: Heads { count: heads, scale: 1.0 },
        decoder_heads: Heads { count: heads, scale: 1.0 },
        place: NormPlace::Before,
        positions: Positions::Relative { encoder: relative("encoder", true)?, decoder: relative("decoder", false)? },
        source_words: embedding.clone(),
        target_words: embedding,
        embedding_scale: 1.0,
        encoder: encoder.collect::<Result<_, _>>()?,
        decoder: decoder.collect::<Result<_, _>>()?,
        encoder_norm: Some(parts.norm("encoder.final_layer_norm")?),
        decoder_norm: Some(parts.norm("decoder.final_layer_norm")?),
        head: weights.linear(&[head.to_owned()], None, width, &[words])?,
        head_scale: if tied { 1.0 / (width as f32).sqrt() } else { 1.0 },
    })
}

impl Parts<'_> {
    fn norm(&self, name: &str) -> Result<Norm, Seq2SeqError> {
        let scale = self.weights.values(&format!("{name}.weight"), &[self.width])?;
        Ok(Norm::Root { scale, epsilon: self.epsilon })
    }

    fn linear(&self, name: &str, parts: &[&str], inner: usize, outer: usize) -> Result<Linear, Seq2SeqError> {
        let names: Vec<String> = parts.iter().map(|part| format!("{name}.{part}.weight")).collect();
        self.weights.linear(&names, None, inner, &vec![outer; parts.len()])
    }

    fn self_attention(&self, name: &str) -> Result<SelfAttention, Seq2SeqError> {
        let attention = format!("{name}.SelfAttention");
        Ok(SelfAttention {
            all: self.linear(&attention, &["q", "k", "v"], self.width, self.inner)?,
            out: self.linear(&attention, &["o"], self.inner, self.width)?,
            norm: self.norm(&format!("{name}.layer_norm"))?,
        })
    }

    fn feed_forward(&self, name: &str) -> Result<FeedForward, Seq2SeqError> {
        let block = format!("{name}.DenseReluDense");
        let up: &[&str] = if self.gated { &["wi_0", "wi_1"] } else { &["wi"] };
        Ok(FeedForward {
            up: self.linear(&block, up, self.width, self.feed_inner)?,
            down: self.linear(&block, &["wo"], self.feed_inner, self.width)?,
            gated: self.gated,
            activation: self.activation,
            norm: self.norm(&format!("{name}.layer_norm"))?,
        })
    }

    fn encoder_layer(&self, n: usize) -> Result<EncoderLayer, Seq2SeqError> {
        let name = |layer: u8| format!("encoder.block.{n}.layer.{layer}");
        Ok(EncoderLayer { attention: self.self_attention(&name(0))?, feed_forward: self.feed_forward(&name(1))? })
    }

    fn decoder_layer(&self, n: usize) -> Result<DecoderLayer, Seq2SeqError> {
        let name = |layer: u8| format!("decoder.block.{n}.layer.{layer}");
        let cross = format!("{}.EncDecAttention", name(1));
        Ok(DecoderLayer {
            attention: self.self_attention(&name(0))?,
            cross: CrossAttention {
                query: self.linear(&cross, &["q"], self.width, self.inner)?,
                context: self.linear(&cross, &["k", "v"], self.width, self.inner)?,
                out: self.linear(&cross, &["o"], self.inner, self.width)?,
                norm: self.norm(&format!("{}.layer_norm", name(1)))?,
            },
            feed_forward: self.feed_forward(&name(2))?,
        })
    }
}
