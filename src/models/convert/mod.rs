//! Conversions: from the files of a package to the files an engine loads, in Rust, once.
//!
//! A conversion is a pure function of its inputs: the same inputs give the same bytes, whose hashes the receipt keeps.
//! Each is named in a manifest by its [`Step`].

mod ctranslate2;
mod ggml;
mod kokoro;
mod kokoro_names;
mod mel;
mod onnx;
mod pytorch;
mod silero;
mod weights_file;
mod whisper;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The conversions there are, by the name a manifest uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Whisper in CTranslate2's format to GGML, which whisper.cpp reads.
    WhisperCtranslate2,
    /// Kokoro-82M from its 8-bit ONNX graph to named 32-bit weights.
    KokoroOnnx,
    /// PyTorch's own format to safetensors.
    Pytorch,
    /// Silero VAD from its ONNX graph to named 32-bit weights.
    SileroOnnx,
}

/// Why a conversion gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// The input is not what the conversion expects.
    #[error("{file}: {what}")]
    Input { file: String, what: String },
    /// The system refused to read or write.
    #[error("{}: {source}", path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

impl ConvertError {
    /// An input that is not as expected: `file` by its name in the manifest.
    pub fn input(file: &str, what: impl Into<String>) -> Self {
        Self::Input { file: file.to_owned(), what: what.into() }
    }

    /// For `map_err`: an input or output error with its path.
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

/// The files that are converted, for `src/fuzzed.rs`.
#[cfg(any(test, fuzzing))]
pub(super) fn read_hostile(bytes: &[u8]) {
    if let Ok(model) = ctranslate2::Model::read(bytes) {
        let _ = (model.layers("encoder"), model.half("a"), model.scalar("a"));
    }
    if let Ok(graph) = onnx::Reader::read("fuzzed", bytes) {
        let names: Vec<String> = graph.tensors().keys().cloned().collect();
        for name in names {
            let _ = graph.tensor(&name);
        }
    }
}

/// Converts. `inputs` holds the manifest's inputs under their `path`s; `output` is an empty folder which receives the
/// files that the manifest lists without a source.
///
/// # Errors
/// `Input` where a file is not what its manifest says it is, `Io` where the disk is full or unreadable.
pub(super) fn run(step: Step, inputs: &Path, output: &Path) -> Result<(), ConvertError> {
    match step {
        Step::WhisperCtranslate2 => whisper::convert(inputs, output),
        Step::KokoroOnnx => kokoro::convert(inputs, output),
        Step::Pytorch => pytorch::convert(inputs, output),
        Step::SileroOnnx => silero::convert(inputs, output),
    }
}
