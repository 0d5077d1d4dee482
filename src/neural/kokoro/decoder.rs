//! From aligned text, pitch and energy to the features the generator sings from.

use candle_core::Result;
use candle_nn::VarBuilder;

use super::config::{HIDDEN, generator};
use super::prosody::Curves;
use super::resblock::StyledBlock;
use super::weights::{floats, same_conv};
use crate::neural::layers::conv::{Conv1d, unfold};
use crate::neural::layers::signal::Signal;

const WIDE: usize = 1024;
const TEXT_AGAIN: usize = 64;

pub struct Decoder {
    encode: StyledBlock,
    /// The first three keep the length, the last doubles it.
    decode: Vec<StyledBlock>,
    /// Halves the pitch and energy curves to one value a frame.
    pitch: Conv1d,
    energy: Conv1d,
    text: Conv1d,
}

impl Decoder {
    /// # Errors
    /// Names the tensor that is missing or of another shape.
    pub fn load(vb: &VarBuilder<'_>) -> Result<Self> {
        let halving = |name: &str| -> Result<Conv1d> {
            let vb = vb.pp(name);
            Ok(Conv1d::new(&floats(&vb, (1, 1, 3), "weight")?, [1, 3, 1], &floats(&vb, 1, "bias")?, 1, 0))
        };
        let again = WIDE + TEXT_AGAIN + 2;
        let block = |at: usize| {
            let last = at == 3;
            let outputs = if last { generator::CHANNELS } else { WIDE };
            StyledBlock::load(&vb.pp(format!("decode.{at}")), again, outputs, last)
        };
        Ok(Self {
            encode: StyledBlock::load(&vb.pp("encode"), HIDDEN + 2, WIDE, false)?,
            decode: (0..4).map(block).collect::<Result<_>>()?,
            pitch: halving("F0_conv")?,
            energy: halving("N_conv")?,
            text: same_conv(&vb.pp("asr_res.0"), [TEXT_AGAIN, HIDDEN, 1], 1)?,
        })
    }

    /// `[512, frames]` to `[512, 2 * frames]`. `None` where `go_on` says no.
    #[must_use]
    pub fn forward(&self, text: &Signal, curves: &Curves, style: &[f32], go_on: &dyn Fn() -> bool) -> Option<Signal> {
        let halve =
            |conv: &Conv1d, curve: &[f32]| conv.forward(&unfold(&Signal::new(1, curve.len(), curve.to_vec()), 3, 2, 1));
        let pitch = halve(&self.pitch, &curves.pitch);
        let energy = halve(&self.energy, &curves.energy);
        let again = self.text.forward(text);
        let mut x = self.encode.forward(&Signal::stack(&[text, &pitch, &energy]), style);
        for block in &self.decode {
            if !go_on() {
                return None;
            }
            x = block.forward(&Signal::stack(&[&x, &again, &pitch, &energy]), style);
        }
        Some(x)
    }
}
