//! ISTFTNet with a harmonic source: features and pitch to samples (Kaneko et al. 2022, StyleTTS 2).
//!
//! Every block normalises over the whole utterance, so no sample is known before all frames are: an utterance is the
//! smallest piece that can be streamed.

use candle_core::Result;
use candle_nn::VarBuilder;

use super::config::generator::*;
use super::resblock::SnakeBlock;
use super::source::Source;
use super::spectrum;
use super::weights::{floats, same_conv, upsampling};
use crate::neural::layers::conv::{Around, Conv1d, ConvTranspose1d, unfold};
use crate::neural::layers::rows::RowMap;
use crate::neural::layers::signal::Signal;

const SLOPE: f32 = 0.1;
const LAST_SLOPE: f32 = 0.01;
/// Magnitudes and phases of a frame.
const SPECTRUM: usize = FFT + 2;

pub struct Generator {
    source: Source,
    stages: Vec<Stage>,
    last: Conv1d,
}

/// One upsampling, with the source's branch and the residual blocks behind it.
struct Stage {
    upsample: ConvTranspose1d,
    /// The source's spectrum brought to this stage's rate: taps, stride and padding of its windows, then a product.
    windows: [usize; 3],
    source: Conv1d,
    source_block: SnakeBlock,
    blocks: Vec<SnakeBlock>,
}

impl Generator {
    /// # Errors
    /// Names the tensor that is missing or of another shape.
    pub fn load(vb: &VarBuilder<'_>) -> Result<Self> {
        let mixer = vb.pp("m_source.l_linear");
        let weight = floats(&mixer, (1, HARMONICS), "weight")?;
        let bias = floats(&mixer, 1, "bias")?[0];
        let source = Source::new(std::array::from_fn(|harmonic| weight[harmonic]), bias);
        Ok(Self {
            source,
            stages: (0..UPSAMPLES.len()).map(|at| Stage::load(vb, at)).collect::<Result<_>>()?,
            last: same_conv(&vb.pp("conv_post"), [SPECTRUM, CHANNELS >> UPSAMPLES.len(), 7], 1)?,
        })
    }

    /// `[512, pitch values]` and the pitch curve to 300 samples for each of its values. `None` where `go_on` says no.
    #[must_use]
    pub fn forward(&self, x: Signal, pitch: &[f32], style: &[f32], go_on: &dyn Fn() -> bool) -> Option<Vec<f32>> {
        let source = self.source.spectrum(pitch);
        let mut x = x;
        for (at, stage) in self.stages.iter().enumerate() {
            x = stage.forward(&x, &source, style, at + 1 == self.stages.len(), go_on)?;
        }
        let around = Around { before: &|_| RowMap::Leaky { slope: LAST_SLOPE }, ..Around::default() };
        Some(spectrum::synthesise(&self.last.forward_around(&x, around).signal, FFT, HOP))
    }
}

impl Stage {
    fn load(vb: &VarBuilder<'_>, at: usize) -> Result<Self> {
        let (rate, taps) = UPSAMPLES[at];
        let (inputs, channels) = (CHANNELS >> at, CHANNELS >> (at + 1));
        // How much finer the source's spectrum is than this stage's features.
        let stride: usize = UPSAMPLES[at + 1..].iter().map(|(rate, _)| rate).product();
        let windows = if stride > 1 { [2 * stride, stride, stride / 2] } else { [1, 1, 0] };
        let source = vb.pp(format!("noise_convs.{at}"));
        let weight = floats(&source, (channels, SPECTRUM, windows[0]), "weight")?;
        let shape = [channels, SPECTRUM * windows[0], 1];
        let first = at * KERNELS.len();
        let block = |(index, taps): (usize, &usize)| {
            SnakeBlock::load(&vb.pp(format!("resblocks.{}", first + index)), channels, *taps)
        };
        debug_assert_eq!(taps, 2 * rate);
        Ok(Self {
            upsample: upsampling(&vb.pp(format!("ups.{at}")), [inputs, channels, taps])?,
            windows,
            source: Conv1d::new(&weight, shape, &floats(&source, channels, "bias")?, 1, 0),
            source_block: SnakeBlock::load(&vb.pp(format!("noise_res.{at}")), channels, SOURCE_KERNELS[at])?,
            blocks: KERNELS.iter().enumerate().map(block).collect::<Result<_>>()?,
        })
    }

    fn forward(
        &self,
        x: &Signal,
        source: &Signal,
        style: &[f32],
        last: bool,
        go_on: &dyn Fn() -> bool,
    ) -> Option<Signal> {
        let [taps, stride, padding] = self.windows;
        let source = if taps == 1 {
            self.source.forward(source)
        } else {
            self.source.forward(&unfold(source, taps, stride, padding))
        };
        let mut x_and_source = self.source_block.forward(source, style, go_on)?;
        let mut x = self.upsample.forward(x, RowMap::Leaky { slope: SLOPE });
        if last {
            x = reflect_first(&x);
        }
        x_and_source.add(&x);
        let mut sum: Option<Signal> = None;
        for block in &self.blocks {
            let out = block.forward(x_and_source.clone(), style, go_on)?;
            match &mut sum {
                Some(sum) => sum.add(&out),
                None => sum = Some(out),
            }
        }
        let mut mean = sum?;
        let count = self.blocks.len() as f32;
        mean.data.iter_mut().for_each(|x| *x /= count);
        Some(mean)
    }
}

/// One sample more at the front, the mirror image of the second: an even number of hops has an odd number of frames.
fn reflect_first(x: &Signal) -> Signal {
    let mut data = Vec::with_capacity(x.data.len() + x.channels);
    for channel in 0..x.channels {
        let row = x.row(channel);
        data.push(row[1.min(row.len() - 1)]);
        data.extend_from_slice(row);
    }
    Signal::new(x.channels, x.length + 1, data)
}
