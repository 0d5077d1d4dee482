//! The weights of Marian and of M2M100's line, which bear the names of BART's: `model.encoder.layers.0.self_attn...`.

use super::config::{Config, Family};
use super::error::Seq2SeqError;
use super::linear::{Embedding, Linear};
use super::network::{
    CrossAttention, DecoderLayer, EncoderLayer, FeedForward, Network, Norm, NormPlace, Positions, SelfAttention,
};
use super::rows::{Activation, Heads};
use super::weights::Weights;

const EPSILON: f32 = 1e-5;

/// What two kinds of layers are made of.
struct Parts<'a> {
    weights: &'a Weights,
    width: usize,
    activation: Activation,
}

/// Loads a network of either line.
///
/// # Errors
/// `Unsupported` for settings no model of the family has, `Unfit` where weights and settings contradict each other.
pub fn load(config: &Config, family: Family, weights: &Weights) -> Result<Network, Seq2SeqError> {
    let marian = family == Family::Marian;
    for setting in ["normalize_before", "normalize_embedding", "add_final_layer_norm"] {
        if marian || setting != "normalize_before" {
            config.refuse(setting)?;
        }
    }
    let width = config.size("d_model")?;
    let words = config.size("vocab_size")?;
    let target_words = config.size_or("decoder_vocab_size", words)?;
    let parts = Parts { weights, width, activation: config.activation("activation_function")? };
    let heads = |key: &str| {
        let count = config.size(key)?;
        if !width.is_multiple_of(count) {
            return Err(Seq2SeqError::unfit(config.path(), format!("{width} values do not make {count} heads")));
        }
        Ok(Heads { count, scale: 1.0 / ((width / count) as f32).sqrt() })
    };
    let encoder_inner = config.size("encoder_ffn_dim")?;
    let decoder_inner = config.size("decoder_ffn_dim")?;
    let encoder = (0..config.size("encoder_layers")?).map(|n| parts.encoder_layer(n, encoder_inner));
    let decoder = (0..config.size("decoder_layers")?).map(|n| parts.decoder_layer(n, decoder_inner));
    let (source, target, head) = tables(config, &parts, words, target_words, marian)?;
    let at = config.size("max_position_embeddings")?;
    Ok(Network {
        kernel: weights.kernel,
        width,
        inner: width,
        encoder_heads: heads("encoder_attention_heads")?,
        decoder_heads: heads("decoder_attention_heads")?,
        place: if marian { NormPlace::After } else { NormPlace::Before },
        positions: Positions::Added(if marian { interval_sinusoids(at, width) } else { sinusoids(at, width, 2) }),
        source_words: source,
        target_words: target,
        embedding_scale: if config.is("scale_embedding") { (width as f32).sqrt() } else { 1.0 },
        encoder: encoder.collect::<Result<_, _>>()?,
        decoder: decoder.collect::<Result<_, _>>()?,
        encoder_norm: if marian { None } else { Some(parts.norm("model.encoder.layer_norm")?) },
        decoder_norm: if marian { None } else { Some(parts.norm("model.decoder.layer_norm")?) },
        head,
        head_scale: 1.0,
    })
}

/// Words of the source, words of the target, and the output layer, which mostly are one table.
fn tables(
    config: &Config,
    parts: &Parts<'_>,
    words: usize,
    target_words: usize,
    marian: bool,
) -> Result<(Embedding, Embedding, Linear), Seq2SeqError> {
    let (weights, width) = (parts.weights, parts.width);
    let shared = "model.shared.weight";
    let one = !marian || config.is_not_denied("share_encoder_decoder_embeddings");
    let (source_name, target_name) = match one {
        true if weights.has(shared) => (shared, shared),
        true if weights.has("model.encoder.embed_tokens.weight") => {
            ("model.encoder.embed_tokens.weight", "model.encoder.embed_tokens.weight")
        }
        true => (shared, shared),
        false => ("model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight"),
    };
    let source = weights.embedding(source_name, words, width)?;
    let target = if one { source.clone() } else { weights.embedding(target_name, target_words, width)? };
    let head = if config.is_not_denied("tie_word_embeddings") { target_name } else { "lm_head.weight" };
    let bias = match marian {
        true => weights.values("final_logits_bias", &[target_words])?,
        false => vec![0.0; target_words],
    };
    let head = weights.linear_of(&weights.values(head, &[target_words, width])?, width, &bias);
    Ok((source, target, head))
}

impl Parts<'_> {
    fn norm(&self, name: &str) -> Result<Norm, Seq2SeqError> {
        let values = |part: &str| self.weights.values(&format!("{name}.{part}"), &[self.width]);
        Ok(Norm::Layer { scale: values("weight")?, bias: values("bias")?, epsilon: EPSILON })
    }

    /// Several matrices of one input side by side.
    fn linear(&self, name: &str, parts: &[&str], inner: usize, outer: usize) -> Result<Linear, Seq2SeqError> {
        let names = |end: &str| -> Vec<String> { parts.iter().map(|part| format!("{name}.{part}.{end}")).collect() };
        self.weights.linear(&names("weight"), Some(&names("bias")), inner, &vec![outer; parts.len()])
    }

    fn self_attention(&self, name: &str) -> Result<SelfAttention, Seq2SeqError> {
        let attention = format!("{name}.self_attn");
        Ok(SelfAttention {
            all: self.linear(&attention, &["q_proj", "k_proj", "v_proj"], self.width, self.width)?,
            out: self.linear(&attention, &["out_proj"], self.width, self.width)?,
            norm: self.norm(&format!("{name}.self_attn_layer_norm"))?,
        })
    }

    fn feed_forward(&self, name: &str, inner: usize) -> Result<FeedForward, Seq2SeqError> {
        Ok(FeedForward {
            up: self.linear(name, &["fc1"], self.width, inner)?,
            down: self.linear(name, &["fc2"], inner, self.width)?,
            gated: false,
            activation: self.activation,
            norm: self.norm(&format!("{name}.final_layer_norm"))?,
        })
    }

    fn encoder_layer(&self, n: usize, inner: usize) -> Result<EncoderLayer, Seq2SeqError> {
        let name = format!("model.encoder.layers.{n}");
        Ok(EncoderLayer { attention: self.self_attention(&name)?, feed_forward: self.feed_forward(&name, inner)? })
    }

    fn decoder_layer(&self, n: usize, inner: usize) -> Result<DecoderLayer, Seq2SeqError> {
        let name = format!("model.decoder.layers.{n}");
        let cross = format!("{name}.encoder_attn");
        Ok(DecoderLayer {
            attention: self.self_attention(&name)?,
            cross: CrossAttention {
                query: self.linear(&cross, &["q_proj"], self.width, self.width)?,
                context: self.linear(&cross, &["k_proj", "v_proj"], self.width, self.width)?,
                out: self.linear(&cross, &["out_proj"], self.width, self.width)?,
                norm: self.norm(&format!("{name}.encoder_attn_layer_norm"))?,
            },
            feed_forward: self.feed_forward(&name, inner)?,
        })
    }
}

/// Marian's positions in `transformers`, `[count, width]`: sines of `position / 10000^(2c / width)`, then cosines.
fn interval_sinusoids(count: usize, width: usize) -> Vec<f32> {
    let rate = |c: usize| 10_000_f64.powf(2.0 * c as f64 / width as f64);
    table(count, width, |position, c| position as f64 / rate(c))
}

/// Positions of tensor2tensor and fairseq, `[count, width]`, the first being `offset`: sines of
/// `position * 10000^(-c / (width / 2 - 1))`, then cosines.
pub fn sinusoids(count: usize, width: usize, offset: usize) -> Vec<f32> {
    let step = 10_000_f64.ln() / (width as f64 / 2.0 - 1.0);
    let rates: Vec<f64> = (0..width / 2).map(|c| (-(c as f64) * step).exp()).collect();
    table(count, width, |position, c| (position + offset) as f64 * rates[c])
}

fn table(count: usize, width: usize, angle: impl Fn(usize, usize) -> f64) -> Vec<f32> {
    let half = width / 2;
    let mut table = Vec::with_capacity(count * width);
    for position in 0..count {
        table.extend((0..half).map(|c| angle(position, c).sin() as f32));
        table.extend((0..width - half).map(|c| angle(position, c.min(half - 1)).cos() as f32));
    }
    table
}
