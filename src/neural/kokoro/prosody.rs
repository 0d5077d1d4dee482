//! How it is said: how long each phoneme lasts, and the curves of pitch and energy.

use candle_core::Result;
use candle_nn::VarBuilder;

use super::config::{DURATION_BINS, HIDDEN, STYLE_HALF};
use super::norm::{StyleMap, layer_norm};
use super::resblock::StyledBlock;
use super::weights::{bilstm, floats, same_conv};
use crate::neural::layers::conv::Conv1d;
use crate::neural::layers::lstm::BiLstm;
use crate::neural::layers::signal::Signal;

const LAYERS: usize = 3;

pub struct Prosody {
    /// LSTM and style norm, three times.
    layers: Vec<(BiLstm, StyleMap)>,
    durations: BiLstm,
    /// `[50, 512, 1]`
    bins: Conv1d,
    shared: BiLstm,
    pitch: Curve,
    energy: Curve,
}

/// Three residual blocks, the second of which doubles the length, and a projection to one channel.
struct Curve {
    blocks: [StyledBlock; 3],
    projection: Conv1d,
}

/// Pitch in hertz and energy, two values a frame of 25 ms.
pub struct Curves {
    pub pitch: Vec<f32>,
    pub energy: Vec<f32>,
}

impl Prosody {
    /// # Errors
    /// Names the tensor that is missing or of another shape.
    pub fn load(vb: &VarBuilder<'_>) -> Result<Self> {
        let layer = |at: usize| {
            let vb = vb.pp("text_encoder.lstms");
            let lstm = bilstm(&vb.pp(2 * at), HIDDEN + STYLE_HALF, HIDDEN / 2)?;
            Ok((lstm, StyleMap::load(&vb.pp(2 * at + 1), HIDDEN)?))
        };
        let bins = vb.pp("duration_proj.linear_layer");
        let weight = floats(&bins, (DURATION_BINS, HIDDEN), "weight")?;
        let bias = floats(&bins, DURATION_BINS, "bias")?;
        Ok(Self {
            layers: (0..LAYERS).map(layer).collect::<Result<_>>()?,
            durations: bilstm(&vb.pp("lstm"), HIDDEN + STYLE_HALF, HIDDEN / 2)?,
            bins: Conv1d::new(&weight, [DURATION_BINS, HIDDEN, 1], &bias, 1, 0),
            shared: bilstm(&vb.pp("shared"), HIDDEN + STYLE_HALF, HIDDEN / 2)?,
            pitch: Curve::load(vb, "F0")?,
            energy: Curve::load(vb, "N")?,
        })
    }

    /// `[512, tokens]` of PL-BERT to `[640, tokens]`: features with the style below them.
    #[must_use]
    pub fn encode(&self, text: &Signal, style: &[f32]) -> Signal {
        let mut constant = Signal::zeros(STYLE_HALF, text.length);
        for (row, value) in constant.data.chunks_exact_mut(text.length.max(1)).zip(style) {
            row.fill(*value);
        }
        let mut x = Signal::stack(&[text, &constant]);
        for (lstm, norm) in &self.layers {
            let mut y = lstm.forward(&x);
            let (gain, offset) = norm.gains(style);
            layer_norm(&mut y, |channel| (gain[channel], offset[channel]));
            x = Signal::stack(&[&y, &constant]);
        }
        x
    }

    /// Frames each token lasts: at least one; fewer where `speed` is above 1.
    #[must_use]
    pub fn durations(&self, encoded: &Signal, speed: f32) -> Vec<usize> {
        let bins = self.bins.forward(&self.durations.forward(encoded));
        (0..bins.length)
            .map(|token| {
                let sum: f32 = (0..DURATION_BINS).map(|bin| 1.0 / (1.0 + (-bins.row(bin)[token]).exp())).sum();
                (sum / speed).round_ties_even().max(1.0) as usize
            })
            .collect()
    }

    /// `[640, frames]` to the curves.
    #[must_use]
    pub fn curves(&self, aligned: &Signal, style: &[f32]) -> Curves {
        let shared = self.shared.forward(aligned);
        Curves { pitch: self.pitch.forward(&shared, style), energy: self.energy.forward(&shared, style) }
    }
}

impl Curve {
    fn load(vb: &VarBuilder<'_>, name: &str) -> Result<Self> {
        let at = |index: usize| vb.pp(format!("{name}.{index}"));
        Ok(Self {
            blocks: [
                StyledBlock::load(&at(0), HIDDEN, HIDDEN, false)?,
                StyledBlock::load(&at(1), HIDDEN, HIDDEN / 2, true)?,
                StyledBlock::load(&at(2), HIDDEN / 2, HIDDEN / 2, false)?,
            ],
            projection: same_conv(&vb.pp(format!("{name}_proj")), [1, HIDDEN / 2, 1], 1)?,
        })
    }

    fn forward(&self, x: &Signal, style: &[f32]) -> Vec<f32> {
        let mut x = self.blocks[0].forward(x, style);
        for block in &self.blocks[1..] {
            x = block.forward(&x, style);
        }
        self.projection.forward(&x).data
    }
}
