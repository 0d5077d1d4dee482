//! A linear layer or a table of embeddings, whatever its weights are kept in.

use std::sync::Arc;

use candle_core::quantized::{QMatMul, QTensor};
use candle_core::{Device, Module, Tensor};

use crate::neural::layers::dynamic::{DynamicLinear, DynamicRows, ScaledRows};
use crate::neural::layers::float::FloatLinear;

/// `y = x W + b`.
pub enum Linear {
    /// 32 bits: what the others are measured against.
    Float(FloatLinear),
    /// 8 bits, rounded at loading.
    Int8(DynamicLinear),
    /// As a GGUF file keeps them, in candle's kernels: matrices whose results stand side by side.
    Ggml { parts: Vec<QMatMul>, inner: usize, outers: Vec<usize> },
}

/// Buffers of a worker's linear layers.
#[derive(Default)]
pub struct LinearScratch {
    rows: DynamicRows,
}

impl Linear {
    /// `[rows, outer]` of `[rows, inner]`.
    ///
    /// # Errors
    /// What candle finds.
    pub fn forward(&self, x: &[f32], scratch: &mut LinearScratch, out: &mut Vec<f32>) -> candle_core::Result<()> {
        match self {
            Self::Float(layer) => layer.forward(x, out),
            Self::Int8(layer) => {
                layer.quantize(x, &mut scratch.rows);
                layer.forward(&scratch.rows, out);
            }
            Self::Ggml { parts, inner, outers } => return ggml(x, parts, *inner, outers, out),
        }
        Ok(())
    }

    /// Width of the output.
    #[must_use]
    pub fn outer(&self) -> usize {
        match self {
            Self::Float(layer) => layer.outer(),
            Self::Int8(layer) => layer.outer(),
            Self::Ggml { outers, .. } => outers.iter().sum(),
        }
    }
}

fn ggml(x: &[f32], parts: &[QMatMul], inner: usize, outers: &[usize], out: &mut Vec<f32>) -> candle_core::Result<()> {
    let (rows, outer) = (x.len() / inner, outers.iter().sum::<usize>());
    out.resize(rows * outer, 0.0);
    let x = Tensor::from_slice(x, (rows, inner), &Device::Cpu)?;
    let mut first = 0;
    for (part, width) in parts.iter().zip(outers) {
        let made: Vec<f32> = part.forward(&x)?.flatten_all()?.to_vec1()?;
        for (to, from) in out.chunks_exact_mut(outer).zip(made.chunks_exact(*width)) {
            to[first..first + width].copy_from_slice(from);
        }
        first += width;
    }
    Ok(())
}

/// A table of words as vectors.
#[derive(Clone)]
pub enum Embedding {
    /// `[words, width]`
    Float(Arc<Vec<f32>>),
    Int8(Arc<ScaledRows>),
    Ggml(Arc<QTensor>),
}

impl Embedding {
    /// Appends the vectors of some words, times `scale`, each `width` wide.
    ///
    /// # Errors
    /// What candle finds.
    ///
    /// # Panics
    /// Where the table lacks a word.
    pub fn append(&self, words: &[u32], width: usize, scale: f32, out: &mut Vec<f32>) -> candle_core::Result<()> {
        let first = out.len();
        match self {
            Self::Float(table) => {
                for word in words {
                    out.extend(table[*word as usize * width..][..width].iter().map(|value| value * scale));
                }
            }
            Self::Int8(table) => {
                out.resize(first + words.len() * width, 0.0);
                for (word, out) in words.iter().zip(out[first..].chunks_exact_mut(width)) {
                    table.write(*word as usize, scale, out);
                }
            }
            Self::Ggml(table) => {
                let words = Tensor::from_slice(words, words.len(), &Device::Cpu)?;
                let rows: Vec<f32> = table.embedding(&words)?.flatten_all()?.to_vec1()?;
                out.extend(rows.into_iter().map(|value| value * scale));
            }
        }
        Ok(())
    }
}
