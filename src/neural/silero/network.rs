//! Silero's network for 16 kHz: a spectrum by convolution, four convolutions, one recurrent cell, one probability.
//!
//! What does not depend on the windows before is computed for a batch of windows at once, as matrix products; only the
//! recurrent cell goes window by window. A batch always has the same number of windows, so that the result does not
//! depend on how many there are.

use std::collections::HashMap;
use std::path::Path;

use candle_core::{Device, Result, Tensor, bail};

/// Samples of a window: 32 ms at 16 kHz.
pub const WINDOW: usize = 512;
/// Samples before a window that the network sees with it.
pub const CONTEXT: usize = 64;
/// Windows of a batch.
pub const BATCH: usize = 32;

/// Samples of a frame of the spectrum, and from one frame to the next.
const FRAME: usize = 256;
const STRIDE: usize = 128;
/// A window is continued by its own mirror image for this long.
const MIRROR: usize = 64;
const FRAMES: usize = (CONTEXT + WINDOW + MIRROR - FRAME) / STRIDE + 1;
const BINS: usize = FRAME / 2 + 1;
const HIDDEN: usize = 128;
const GATES: usize = 4 * HIDDEN;

/// A convolution of three taps, padded by one frame on each side.
struct Conv {
    /// `[3 * in, out]`
    weight: Tensor,
    bias: Tensor,
    stride: usize,
}

pub struct Network {
    /// `[FRAME, 2 * BINS]`: real parts, then imaginary ones.
    spectrum: Tensor,
    convs: [Conv; 4],
    /// `[HIDDEN, GATES]`, and both of PyTorch's biases added up.
    input: Tensor,
    input_bias: Tensor,
    /// `[HIDDEN][GATES]`: a hidden value's part in every gate.
    hidden: Vec<f32>,
    last: Vec<f32>,
    last_bias: f32,
}

/// What the recurrent cell remembers of the windows before.
#[derive(Clone)]
pub struct Memory {
    hidden: [f32; HIDDEN],
    cell: [f32; HIDDEN],
}

impl Default for Memory {
    fn default() -> Self {
        Self { hidden: [0.0; HIDDEN], cell: [0.0; HIDDEN] }
    }
}

impl Network {
    /// # Errors
    /// A file that is no safetensors, or a tensor that is missing or of another shape, by name.
    pub fn load(bytes: &[u8]) -> Result<Self> {
        let tensors = candle_core::safetensors::load_buffer(bytes, &Device::Cpu)?;
        let named = Named(&tensors);
        let last = named.get("final_conv.weight", &[1, HIDDEN, 1])?.flatten_all()?.to_vec1()?;
        let last_bias = named.get("final_conv.bias", &[1])?.to_vec1::<f32>()?;
        let biases = (named.get("lstm_cell.bias_ih", &[GATES])?, named.get("lstm_cell.bias_hh", &[GATES])?);
        Ok(Self {
            spectrum: named.get("stft_conv.weight", &[2 * BINS, 1, FRAME])?.squeeze(1)?.t()?.contiguous()?,
            convs: [
                named.conv("conv1", BINS, 128, 1)?,
                named.conv("conv2", 128, 64, 2)?,
                named.conv("conv3", 64, 64, 2)?,
                named.conv("conv4", 64, HIDDEN, 1)?,
            ],
            input: named.get("lstm_cell.weight_ih", &[GATES, HIDDEN])?.t()?.contiguous()?,
            input_bias: (biases.0 + biases.1)?,
            hidden: named.get("lstm_cell.weight_hh", &[GATES, HIDDEN])?.t()?.flatten_all()?.to_vec1()?,
            last,
            last_bias: last_bias[0],
        })
    }

    /// How probable speech is in each of the `BATCH` windows of `samples`, which begin with the context of the first.
    ///
    /// # Errors
    /// Another number of samples than `CONTEXT + BATCH * WINDOW`.
    pub fn listen(&self, samples: &[f32], memory: &mut Memory) -> Result<Vec<f32>> {
        if samples.len() != CONTEXT + BATCH * WINDOW {
            bail!("a batch of {} samples", samples.len());
        }
        let parts = Tensor::from_vec(frames(samples), (BATCH * FRAMES, FRAME), &Device::Cpu)?.matmul(&self.spectrum)?;
        let (real, imaginary) = (parts.narrow(1, 0, BINS)?, parts.narrow(1, BINS, BINS)?);
        let mut x = (real.sqr()? + imaginary.sqr()?)?.sqrt()?.reshape((BATCH, FRAMES, BINS))?;
        for conv in &self.convs {
            x = conv.forward(&x)?;
        }
        let gates = x.reshape((BATCH, HIDDEN))?.matmul(&self.input)?.broadcast_add(&self.input_bias)?;
        let gates: Vec<f32> = gates.flatten_all()?.to_vec1()?;
        Ok(gates.chunks_exact(GATES).map(|gates| self.step(gates, memory)).collect())
    }

    /// One step of the recurrent cell; PyTorch's order of gates: input, forget, cell, output.
    fn step(&self, from_input: &[f32], memory: &mut Memory) -> f32 {
        let mut gates = [0.0_f32; GATES];
        gates.copy_from_slice(from_input);
        for (value, row) in memory.hidden.iter().zip(self.hidden.chunks_exact(GATES)) {
            for (gate, weight) in gates.iter_mut().zip(row) {
                *gate += value * weight;
            }
        }
        let mut sum = self.last_bias;
        for at in 0..HIDDEN {
            let [input, forget, cell, output] = [0, 1, 2, 3].map(|gate| gates[gate * HIDDEN + at]);
            memory.cell[at] = sigmoid(forget) * memory.cell[at] + sigmoid(input) * cell.tanh();
            memory.hidden[at] = sigmoid(output) * memory.cell[at].tanh();
            sum += memory.hidden[at].max(0.0) * self.last[at];
        }
        sigmoid(sum)
    }
}

impl Conv {
    /// `[batch, frames, in]` to `[batch, frames / stride, out]`, rectified.
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, frames, _) = x.dims3()?;
        let padded = x.pad_with_zeros(1, 1, 1)?;
        let out = (frames - 1) / self.stride + 1;
        let tap = |tap: usize| {
            let at: Vec<u32> = (0..out).map(|frame| (frame * self.stride + tap) as u32).collect();
            padded.index_select(&Tensor::new(at, &Device::Cpu)?, 1)
        };
        let taps = Tensor::cat(&[tap(0)?, tap(1)?, tap(2)?], 2)?;
        let rows = taps.reshape((batch * out, taps.dim(2)?))?;
        rows.matmul(&self.weight)?.broadcast_add(&self.bias)?.relu()?.reshape((batch, out, self.bias.elem_count()))
    }
}

/// The frames of every window, one after the other.
fn frames(samples: &[f32]) -> Vec<f32> {
    let mut frames = Vec::with_capacity(BATCH * FRAMES * FRAME);
    let mut window = [0.0_f32; CONTEXT + WINDOW + MIRROR];
    for number in 0..BATCH {
        let (seen, mirror) = window.split_at_mut(CONTEXT + WINDOW);
        seen.copy_from_slice(&samples[number * WINDOW..][..CONTEXT + WINDOW]);
        for (at, sample) in mirror.iter_mut().enumerate() {
            // The last sample is the mirror and does not repeat.
            *sample = seen[CONTEXT + WINDOW - 2 - at];
        }
        for frame in 0..FRAMES {
            frames.extend_from_slice(&window[frame * STRIDE..][..FRAME]);
        }
    }
    frames
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

struct Named<'a>(&'a HashMap<String, Tensor>);

impl Named<'_> {
    fn get(&self, name: &str, shape: &[usize]) -> Result<Tensor> {
        let Some(tensor) = self.0.get(name) else { bail!("there is no tensor {name}") };
        if tensor.dims() != shape {
            bail!("{name} is {:?}, not {shape:?}", tensor.dims());
        }
        tensor.to_dtype(candle_core::DType::F32)
    }

    fn conv(&self, name: &str, inputs: usize, outputs: usize, stride: usize) -> Result<Conv> {
        let weight = self.get(&format!("{name}.weight"), &[outputs, inputs, 3])?;
        Ok(Conv {
            weight: weight.permute((2, 1, 0))?.contiguous()?.reshape((3 * inputs, outputs))?,
            bias: self.get(&format!("{name}.bias"), &[outputs])?,
            stride,
        })
    }
}

/// The network in a file, and the file's bytes.
///
/// # Errors
/// As [`Network::load`], or a file that cannot be read.
pub fn read(path: &Path) -> Result<(Network, Vec<u8>)> {
    let bytes = std::fs::read(path)?;
    Ok((Network::load(&bytes)?, bytes))
}
