//! From named tensors to the blocks of `neural::layers`; a tensor that is missing or of another shape is named.

use candle_core::{Result, Shape};
use candle_nn::VarBuilder;

use crate::neural::layers::conv::{Conv1d, ConvTranspose1d};
use crate::neural::layers::lstm::{BiLstm, Direction};

/// A tensor's values, row major.
pub fn floats(vb: &VarBuilder<'_>, shape: impl Into<Shape>, name: &str) -> Result<Vec<f32>> {
    vb.get(shape.into(), name)?.flatten_all()?.to_vec1()
}

/// `[out, in, taps]`, dilated, padded so that the length stays.
pub fn same_conv(vb: &VarBuilder<'_>, shape: [usize; 3], dilation: usize) -> Result<Conv1d> {
    let bias = floats(vb, shape[0], "bias")?;
    let padding = dilation * (shape[2] - 1) / 2;
    Ok(Conv1d::new(&floats(vb, shape.to_vec(), "weight")?, shape, &bias, dilation, padding))
}

/// `[out, in, 1]` without a bias.
pub fn pointwise(vb: &VarBuilder<'_>, out: usize, inputs: usize) -> Result<Conv1d> {
    Ok(Conv1d::new(&floats(vb, (out, inputs, 1), "weight")?, [out, inputs, 1], &[], 1, 0))
}

/// `[in, out, 2 * rate]`, padded by half its rate: the length is multiplied by the rate.
pub fn upsampling(vb: &VarBuilder<'_>, shape: [usize; 3]) -> Result<ConvTranspose1d> {
    let bias = floats(vb, shape[1], "bias")?;
    Ok(ConvTranspose1d::new(&floats(vb, shape.to_vec(), "weight")?, shape, &bias, shape[2] / 4))
}

/// A bidirectional LSTM of `hidden` units a direction.
pub fn bilstm(vb: &VarBuilder<'_>, inputs: usize, hidden: usize) -> Result<BiLstm> {
    let direction = |suffix: &str| -> Result<[Vec<f32>; 4]> {
        Ok([
            floats(vb, (4 * hidden, inputs), &format!("weight_ih_l0{suffix}"))?,
            floats(vb, (4 * hidden, hidden), &format!("weight_hh_l0{suffix}"))?,
            floats(vb, 4 * hidden, &format!("bias_ih_l0{suffix}"))?,
            floats(vb, 4 * hidden, &format!("bias_hh_l0{suffix}"))?,
        ])
    };
    let (forward, backward) = (direction("")?, direction("_reverse")?);
    Ok(BiLstm::new(inputs, hidden, &borrow(&forward), &borrow(&backward)))
}

fn borrow([input, hidden, input_bias, hidden_bias]: &[Vec<f32>; 4]) -> Direction<'_> {
    Direction { input, hidden, input_bias, hidden_bias }
}
