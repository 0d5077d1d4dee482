//! The two residual blocks of Kokoro, both steered by a style through AdaIN (StyleTTS 2, Li et al. 2023).

use candle_core::Result;
use candle_nn::VarBuilder;

use super::config::generator::DILATIONS;
use super::norm::StyleMap;
use super::weights::{floats, pointwise, same_conv};
use crate::neural::layers::conv::{Around, Conv1d};
use crate::neural::layers::rows::{self, RowMap};
use crate::neural::layers::signal::Signal;

const SLOPE: f32 = 0.2;

/// `AdainResBlk1d`: norm, leaky, convolution, twice; beside it the input, upsampled and projected where it must be.
pub struct StyledBlock {
    norms: [StyleMap; 2],
    convs: [Conv1d; 2],
    shortcut: Option<Conv1d>,
    upsample: Option<Doubling>,
}

/// A depthwise transposed convolution of 3 taps and stride 2.
struct Doubling {
    /// `[channels, 3]`
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl StyledBlock {
    /// # Errors
    /// Names the tensor that is missing or of another shape.
    pub fn load(vb: &VarBuilder<'_>, inputs: usize, outputs: usize, upsample: bool) -> Result<Self> {
        let doubling = || -> Result<Doubling> {
            let vb = vb.pp("pool");
            Ok(Doubling { weight: floats(&vb, (inputs, 1, 3), "weight")?, bias: floats(&vb, inputs, "bias")? })
        };
        let shortcut = (inputs != outputs).then(|| pointwise(&vb.pp("conv1x1"), outputs, inputs));
        Ok(Self {
            norms: [StyleMap::load(&vb.pp("norm1"), inputs)?, StyleMap::load(&vb.pp("norm2"), outputs)?],
            convs: [
                same_conv(&vb.pp("conv1"), [outputs, inputs, 3], 1)?,
                same_conv(&vb.pp("conv2"), [outputs, outputs, 3], 1)?,
            ],
            shortcut: shortcut.transpose()?,
            upsample: upsample.then(doubling).transpose()?,
        })
    }

    /// `[inputs, length]` to `[outputs, length]`, or twice the length where it upsamples.
    #[must_use]
    pub fn forward(&self, x: &Signal, style: &[f32]) -> Signal {
        let affine = self.norms[0].adain(style, &x.moments());
        let before = |channel: usize| affine.leaky(channel, SLOPE);
        let (first, beside) = match &self.upsample {
            None => {
                let around = Around { before: &before, ..Around::default() };
                (self.convs[0].forward_around(x, around), self.project(x.clone()))
            }
            Some(doubling) => {
                let around = Around::default();
                let doubled = x.repeat_columns(&vec![2; x.length]);
                (self.convs[0].forward_around(&doubling.forward(x, before), around), self.project(doubled))
            }
        };
        let affine = self.norms[1].adain(style, &first.moments);
        let around = Around {
            before: &|channel| affine.leaky(channel, SLOPE),
            onto: Some(beside),
            scale: std::f32::consts::FRAC_1_SQRT_2,
        };
        self.convs[1].forward_around(&first.signal, around).signal
    }

    fn project(&self, x: Signal) -> Signal {
        match &self.shortcut {
            Some(shortcut) => shortcut.forward(&x),
            None => x,
        }
    }
}

impl Doubling {
    /// Stride 2, padding 1, output padding 1: even samples take the middle tap, odd ones the taps beside it.
    fn forward(&self, x: &Signal, before: impl Fn(usize) -> RowMap) -> Signal {
        let mut out = Signal::zeros(x.channels, 2 * x.length);
        let mut row = vec![0.0; x.length + 1];
        for (channel, out) in out.data.chunks_exact_mut((2 * x.length).max(1)).enumerate() {
            rows::map(before(channel), x.row(channel), &mut row[..x.length]);
            let [left, middle, right] = [0, 1, 2].map(|tap| self.weight[channel * 3 + tap]);
            let bias = self.bias[channel];
            for (pair, x) in out.chunks_exact_mut(2).zip(row.windows(2)) {
                pair[0] = bias + middle * x[0];
                pair[1] = bias + right * x[0] + left * x[1];
            }
        }
        out
    }
}

/// `AdaINResBlock1` of the generator: three times norm, snake, dilated convolution, norm, snake, convolution.
pub struct SnakeBlock {
    steps: Vec<Step>,
}

struct Step {
    norms: [StyleMap; 2],
    alphas: [Vec<f32>; 2],
    convs: [Conv1d; 2],
}

impl SnakeBlock {
    /// # Errors
    /// Names the tensor that is missing or of another shape.
    pub fn load(vb: &VarBuilder<'_>, channels: usize, taps: usize) -> Result<Self> {
        let step = |(at, dilation): (usize, &usize)| {
            let alpha = |name: &str| floats(vb, (1, channels, 1), &format!("{name}.{at}"));
            let norm = |name: &str| StyleMap::load(&vb.pp(format!("{name}.{at}")), channels);
            let conv =
                |name: &str, dilation| same_conv(&vb.pp(format!("{name}.{at}")), [channels, channels, taps], dilation);
            Ok(Step {
                norms: [norm("adain1")?, norm("adain2")?],
                alphas: [alpha("alpha1")?, alpha("alpha2")?],
                convs: [conv("convs1", *dilation)?, conv("convs2", 1)?],
            })
        };
        Ok(Self { steps: DILATIONS.iter().enumerate().map(step).collect::<Result<_>>()? })
    }

    /// `[channels, length]` to the same shape. `go_on` is asked before each step; `None` where it says no.
    #[must_use]
    pub fn forward(&self, x: Signal, style: &[f32], go_on: &dyn Fn() -> bool) -> Option<Signal> {
        let mut moments = x.moments();
        let mut x = x;
        for step in &self.steps {
            if !go_on() {
                return None;
            }
            let affine = step.norms[0].adain(style, &moments);
            let before = |channel: usize| affine.snake(channel, step.alphas[0][channel]);
            let inner = step.convs[0].forward_around(&x, Around { before: &before, ..Around::default() });
            let affine = step.norms[1].adain(style, &inner.moments);
            let before = |channel: usize| affine.snake(channel, step.alphas[1][channel]);
            let outer = step.convs[1]
                .forward_around(&inner.signal, Around { before: &before, onto: Some(x), ..Around::default() });
            (x, moments) = (outer.signal, outer.moments);
        }
        Some(x)
    }
}
