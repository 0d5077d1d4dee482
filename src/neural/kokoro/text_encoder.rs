//! What is said: phonemes to features, by three convolutions and a bidirectional LSTM.

use candle_core::Result;
use candle_nn::VarBuilder;

use super::config::{HIDDEN, TOKENS};
use super::norm::layer_norm;
use super::weights::{bilstm, floats, same_conv};
use crate::neural::layers::conv::Conv1d;
use crate::neural::layers::lstm::BiLstm;
use crate::neural::layers::signal::Signal;

const BLOCKS: usize = 3;
const TAPS: usize = 5;
const SLOPE: f32 = 0.2;

pub struct TextEncoder {
    /// `[tokens, 512]`
    embedding: Vec<f32>,
    blocks: Vec<Block>,
    lstm: BiLstm,
}

struct Block {
    conv: Conv1d,
    gamma: Vec<f32>,
    beta: Vec<f32>,
}

impl TextEncoder {
    /// # Errors
    /// Names the tensor that is missing or of another shape.
    pub fn load(vb: &VarBuilder<'_>) -> Result<Self> {
        let block = |at: usize| {
            let vb = vb.pp(format!("cnn.{at}"));
            let (gamma, beta) = (floats(&vb, HIDDEN, "1.gamma")?, floats(&vb, HIDDEN, "1.beta")?);
            Ok(Block { conv: same_conv(&vb.pp("0"), [HIDDEN, HIDDEN, TAPS], 1)?, gamma, beta })
        };
        Ok(Self {
            embedding: floats(vb, (TOKENS, HIDDEN), "embedding.weight")?,
            blocks: (0..BLOCKS).map(block).collect::<Result<_>>()?,
            lstm: bilstm(&vb.pp("lstm"), HIDDEN, HIDDEN / 2)?,
        })
    }

    /// `[tokens]` to `[512, tokens]`.
    #[must_use]
    pub fn forward(&self, tokens: &[u32]) -> Signal {
        let rows: Vec<f32> =
            tokens.iter().flat_map(|token| &self.embedding[*token as usize * HIDDEN..][..HIDDEN]).copied().collect();
        let mut x = Signal::from_time_major(&rows, tokens.len(), HIDDEN);
        for block in &self.blocks {
            x = block.conv.forward(&x);
            layer_norm(&mut x, |channel| (block.gamma[channel], block.beta[channel]));
            x.data.iter_mut().for_each(|x| *x = if *x > 0.0 { *x } else { *x * SLOPE });
        }
        self.lstm.forward(&x)
    }
}
