//! Weights by name: 32- or 16-bit floats of a safetensors file, or the blocks of a GGUF file, with their shapes checked.

use std::cell::RefCell;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use candle_core::quantized::{QMatMul, QTensor, gguf_file};
use candle_core::safetensors::MmapedSafetensors;
use candle_core::{DType, Device};

use super::error::Seq2SeqError;
use super::linear::{Embedding, Linear};
use crate::neural::layers::dynamic::{DynamicLinear, ScaledRows};
use crate::neural::layers::float::FloatLinear;
use crate::neural::layers::int8::Kernel;

/// What the matrices of a safetensors file are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    Float,
    Int8,
}

enum Source {
    Safetensors(MmapedSafetensors),
    Gguf { content: gguf_file::Content, file: RefCell<BufReader<File>> },
}

/// An opened file of weights.
pub struct Weights {
    path: PathBuf,
    source: Source,
    precision: Precision,
    pub kernel: Kernel,
}

impl Weights {
    /// Opens `model.safetensors`, or where there is none the one `.gguf` file of a folder.
    ///
    /// # Errors
    /// `Read` where neither is there, `Garbled` where it is none.
    pub fn open(folder: &Path, precision: Precision, kernel: Kernel) -> Result<Self, Seq2SeqError> {
        let safetensors = folder.join("model.safetensors");
        let path = if safetensors.is_file() { safetensors } else { gguf_in(folder).unwrap_or(safetensors) };
        let source = if path.extension().is_some_and(|extension| extension == "gguf") {
            let file = File::open(&path).map_err(|source| Seq2SeqError::Read { path: path.clone(), source })?;
            let mut file = BufReader::new(file);
            let content = gguf_file::Content::read(&mut file).map_err(|e| Seq2SeqError::garbled(&path, e))?;
            Source::Gguf { content, file: RefCell::new(file) }
        } else {
            // Looked at first, so that a missing file is told as one.
            File::open(&path).map_err(|source| Seq2SeqError::Read { path: path.clone(), source })?;
            // SAFETY: weights are written beside and renamed by `models pull`, never changed in place.
            let mapped = unsafe { MmapedSafetensors::new(&path) };
            Source::Safetensors(mapped.map_err(|e| Seq2SeqError::garbled(&path, e))?)
        };
        Ok(Self { path, source, precision, kernel })
    }

    /// The file, for errors and fingerprints.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether candle's own kernels multiply, on candle's own threads.
    #[must_use]
    pub fn is_gguf(&self) -> bool {
        matches!(self.source, Source::Gguf { .. })
    }

    /// Whether a tensor of that name is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        match &self.source {
            Source::Safetensors(file) => file.get(name).is_ok(),
            Source::Gguf { content, .. } => content.tensor_infos.contains_key(name),
        }
    }

    fn check(&self, name: &str, found: &[usize], expected: &[usize]) -> Result<(), Seq2SeqError> {
        // A single leading dimension of 1 says nothing (`final_logits_bias` is [1, words]).
        let found = if found.len() == expected.len() + 1 && found[0] == 1 { &found[1..] } else { found };
        if found == expected {
            return Ok(());
        }
        Err(Seq2SeqError::unfit(
            &self.path,
            format!("`{name}` has the shape {found:?}, by config.json {expected:?} is expected"),
        ))
    }

    fn missing(&self, name: &str) -> Seq2SeqError {
        Seq2SeqError::unfit(&self.path, format!("it has no tensor `{name}`"))
    }

    fn quantized(&self, name: &str, shape: &[usize]) -> Result<QTensor, Seq2SeqError> {
        let Source::Gguf { content, file } = &self.source else {
            return Err(self.missing(name));
        };
        if !content.tensor_infos.contains_key(name) {
            return Err(self.missing(name));
        }
        let tensor = content
            .tensor(&mut *file.borrow_mut(), name, &Device::Cpu)
            .map_err(|e| Seq2SeqError::garbled(&self.path, format!("`{name}`: {e}")))?;
        self.check(name, tensor.shape().dims(), shape)?;
        Ok(tensor)
    }

    /// The values of a tensor of that shape, all finite.
    ///
    /// # Errors
    /// `Unfit` where it is missing or has another shape, `Garbled` where it is not numbers.
    pub fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Seq2SeqError> {
        let garbled = |e: candle_core::Error| Seq2SeqError::garbled(&self.path, format!("`{name}`: {e}"));
        let tensor = match &self.source {
            Source::Gguf { .. } => self.quantized(name, shape)?.dequantize(&Device::Cpu).map_err(garbled)?,
            Source::Safetensors(file) => {
                let view = file.get(name).map_err(|_| self.missing(name))?;
                self.check(name, view.shape(), shape)?;
                file.load(name, &Device::Cpu).map_err(garbled)?
            }
        };
        let tensor = tensor.to_dtype(DType::F32).and_then(|tensor| tensor.flatten_all()).map_err(garbled)?;
        let values: Vec<f32> = tensor.to_vec1().map_err(garbled)?;
        if values.iter().all(|value| value.is_finite()) {
            return Ok(values);
        }
        Err(Seq2SeqError::garbled(&self.path, format!("`{name}` holds a value that is not finite")))
    }

    /// One linear layer of several matrices `[outer, inner]` side by side; `bias` names theirs, or there is none.
    ///
    /// # Errors
    /// As [`Weights::values`].
    pub fn linear(
        &self,
        names: &[String],
        bias: Option<&[String]>,
        inner: usize,
        outers: &[usize],
    ) -> Result<Linear, Seq2SeqError> {
        let mut biases = Vec::new();
        for (n, outer) in outers.iter().enumerate() {
            match bias {
                Some(names) => biases.extend(self.values(&names[n], &[*outer])?),
                None => biases.resize(biases.len() + outer, 0.0),
            }
        }
        if self.is_gguf() && bias.is_none() {
            let parts = names.iter().zip(outers).map(|(name, outer)| {
                let tensor = self.quantized(name, &[*outer, inner])?;
                QMatMul::from_qtensor(tensor).map_err(|e| Seq2SeqError::garbled(&self.path, format!("`{name}`: {e}")))
            });
            return Ok(Linear::Ggml { parts: parts.collect::<Result<_, _>>()?, inner, outers: outers.to_vec() });
        }
        let mut values = Vec::with_capacity(outers.iter().sum::<usize>() * inner);
        for (name, outer) in names.iter().zip(outers) {
            values.extend(self.values(name, &[*outer, inner])?);
        }
        Ok(self.linear_of(&values, inner, &biases))
    }

    /// A linear layer of `[outer, inner]` values.
    #[must_use]
    pub fn linear_of(&self, values: &[f32], inner: usize, bias: &[f32]) -> Linear {
        match self.precision {
            Precision::Float => Linear::Float(FloatLinear::new(values, inner, bias, self.kernel)),
            Precision::Int8 => Linear::Int8(DynamicLinear::new(&ScaledRows::new(values, inner), bias, self.kernel)),
        }
    }

    /// A table of words.
    ///
    /// # Errors
    /// As [`Weights::values`].
    pub fn embedding(&self, name: &str, words: usize, width: usize) -> Result<Embedding, Seq2SeqError> {
        if self.is_gguf() {
            return Ok(Embedding::Ggml(Arc::new(self.quantized(name, &[words, width])?)));
        }
        let values = self.values(name, &[words, width])?;
        Ok(match self.precision {
            Precision::Float => Embedding::Float(Arc::new(values)),
            Precision::Int8 => Embedding::Int8(Arc::new(ScaledRows::new(&values, width))),
        })
    }
}

fn gguf_in(folder: &Path) -> Option<PathBuf> {
    let paths = std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let mut found: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "gguf")).collect();
    found.sort();
    found.into_iter().next()
}
