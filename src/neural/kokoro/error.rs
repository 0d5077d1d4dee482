//! What can go wrong in Kokoro, and how the port says it.

use std::path::PathBuf;

use crate::ports::EngineError;

/// The engine's name in errors and marks.
pub const ENGINE: &str = "kokoro";

#[derive(Debug, thiserror::Error)]
pub enum KokoroError {
    #[error("{path}: {what}; run `thuyetminh models pull kokoro` to fetch it again")]
    Broken { path: PathBuf, what: String },
    #[error("no voice `{name}` in {folder}: there are {known}")]
    NoVoice { name: String, folder: PathBuf, known: String },
    #[error("phonemes Kokoro does not know: {found} in `{phonemes}`")]
    UnknownPhonemes { found: String, phonemes: String },
    #[error("nothing to speak: no phonemes")]
    Nothing,
    #[error("a speed of {0} cannot be spoken: use 0.5 to 2")]
    Speed(f32),
    #[error("cannot start {threads} threads: {source}")]
    Threads { threads: usize, source: rayon::ThreadPoolBuildError },
    #[error("stopped before the end, as asked")]
    Cancelled,
    #[error("the network failed: {0}")]
    Network(#[from] candle_core::Error),
}

impl From<KokoroError> for EngineError {
    fn from(error: KokoroError) -> Self {
        let engine = ENGINE.to_owned();
        match error {
            KokoroError::Cancelled => Self::Cancelled,
            KokoroError::UnknownPhonemes { .. } | KokoroError::Nothing | KokoroError::Speed(_) => {
                Self::BadInput { engine, what: error.to_string() }
            }
            KokoroError::Broken { path, what } => Self::Unavailable {
                engine,
                what: format!("{}: {what}", path.display()),
                remedy: "run `thuyetminh models pull kokoro`".to_owned(),
            },
            KokoroError::NoVoice { .. } => {
                Self::Unavailable { engine, what: error.to_string(), remedy: "choose one of these voices".to_owned() }
            }
            other => Self::failed(ENGINE, other),
        }
    }
}
