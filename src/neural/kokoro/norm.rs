//! Normalisation that a style steers: AdaIN over time, and layer norm over channels.

use candle_core::Result;
use candle_nn::VarBuilder;

use super::config::STYLE_HALF;
use super::weights::floats;
use crate::neural::layers::rows::RowMap;
use crate::neural::layers::signal::{Moments, Signal};

const EPSILON: f32 = 1e-5;

/// The linear map from a style to a gain and an offset for each channel.
pub struct StyleMap {
    channels: usize,
    /// `[2 * channels, 128]`
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl StyleMap {
    /// Reads `fc.weight` and `fc.bias` below `vb`.
    ///
    /// # Errors
    /// Names the tensor that is missing or of another shape.
    pub fn load(vb: &VarBuilder<'_>, channels: usize) -> Result<Self> {
        let vb = vb.pp("fc");
        let weight = floats(&vb, (2 * channels, STYLE_HALF), "weight")?;
        Ok(Self { channels, weight, bias: floats(&vb, 2 * channels, "bias")? })
    }

    /// `1 + gamma` and `beta` of each channel for a style of 128 values.
    #[must_use]
    pub fn gains(&self, style: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let row = |at: usize| -> f32 {
            let weights = &self.weight[at * STYLE_HALF..][..STYLE_HALF];
            self.bias[at] + weights.iter().zip(style).map(|(w, s)| w * s).sum::<f32>()
        };
        ((0..self.channels).map(|c| 1.0 + row(c)).collect(), (self.channels..2 * self.channels).map(row).collect())
    }

    /// AdaIN as one multiplication and one addition a sample: instance norm by `moments`, then the style's gains.
    #[must_use]
    pub fn adain(&self, style: &[f32], moments: &Moments) -> Affine {
        let (gain, offset) = self.gains(style);
        let spread = moments.variance.iter().map(|variance| (variance + EPSILON).sqrt());
        let scale: Vec<f32> = gain.iter().zip(spread).map(|(gain, spread)| gain / spread).collect();
        let shift = offset.iter().zip(&scale).zip(&moments.mean).map(|((b, scale), mean)| b - mean * scale).collect();
        Affine { scale, shift }
    }
}

/// `scale * x + shift` for each channel.
pub struct Affine {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

impl Affine {
    #[must_use]
    pub fn leaky(&self, channel: usize, slope: f32) -> RowMap {
        RowMap::AffineLeaky { scale: self.scale[channel], shift: self.shift[channel], slope }
    }

    #[must_use]
    pub fn snake(&self, channel: usize, alpha: f32) -> RowMap {
        RowMap::AffineSnake { scale: self.scale[channel], shift: self.shift[channel], alpha }
    }
}

/// Layer norm over the channels of each time step; `gains` gives each channel's factor and offset.
pub fn layer_norm(x: &mut Signal, gains: impl Fn(usize) -> (f32, f32)) {
    let count = x.channels as f32;
    let mut mean = vec![0.0_f32; x.length];
    for channel in 0..x.channels {
        mean.iter_mut().zip(x.row(channel)).for_each(|(mean, x)| *mean += x / count);
    }
    let mut variance = vec![0.0_f32; x.length];
    for channel in 0..x.channels {
        let deviations = x.row(channel).iter().zip(&mean).map(|(x, mean)| x - mean);
        variance.iter_mut().zip(deviations).for_each(|(variance, d)| *variance += d * d / count);
    }
    let length = x.length;
    for (channel, row) in x.data.chunks_exact_mut(length.max(1)).enumerate() {
        let (gain, offset) = gains(channel);
        for ((x, mean), variance) in row.iter_mut().zip(&mean).zip(&variance) {
            *x = (*x - mean) / (variance + EPSILON).sqrt() * gain + offset;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layer_norm_works_over_channels() {
        let mut x = Signal::new(2, 2, vec![1.0, 5.0, 3.0, 5.0]);
        layer_norm(&mut x, |channel| (2.0, channel as f32));
        let expected = [-2.0, 0.0, 3.0, 1.0];
        assert!(x.data.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-3), "{:?}", x.data);
    }

    #[test]
    fn adain_gives_the_style_its_mean_and_spread() {
        let map =
            StyleMap { channels: 1, weight: [[0.5; STYLE_HALF], [0.25; STYLE_HALF]].concat(), bias: vec![0.0, 1.0] };
        let mut style = vec![0.0; STYLE_HALF];
        style[3] = 2.0;
        // gamma = 1, beta = 1.5
        let signal = Signal::new(1, 4, vec![0.0, 2.0, 4.0, 6.0]);
        let affine = map.adain(&style, &signal.moments());
        let RowMap::AffineLeaky { scale, shift, .. } = affine.leaky(0, 0.2) else { panic!("leaky") };
        assert!((scale - 2.0 / 5.0_f32.sqrt()).abs() < 1e-5);
        assert!((shift - (1.5 - 3.0 * scale)).abs() < 1e-5);
    }
}
