//! The espeak-ng program as a child process: phonemes, and the voice of last resort. Never linked.
//!
//! espeak-ng is free under the GPL: the unmodified program is run, its output read.

mod dialect;
mod phonemizer;
mod voice;

pub use dialect::Dialect;
pub use phonemizer::EspeakPhonemizer;
pub use voice::EspeakVoice;

use std::time::Duration;

use super::layers::program::Program;
use crate::ports::{Cancel, EngineError};

const ENGINE: &str = "espeak-ng";

fn program() -> Program {
    Program {
        engine: ENGINE,
        path: "espeak-ng".to_owned(),
        remedy: "install espeak-ng (scripts/install does)",
        patience: Duration::from_secs(120),
    }
}

/// `1.51` of `eSpeak NG text-to-speech: 1.51  Data at: ...`.
fn release(program: &Program) -> Result<String, EngineError> {
    let said = program.run(&["--version"], b"", &Cancel::new())?;
    let said = String::from_utf8_lossy(&said);
    let number = said.split(':').nth(1).and_then(|rest| rest.split_whitespace().next());
    number
        .map(str::to_owned)
        .ok_or_else(|| EngineError::failed(ENGINE, format!("cannot read its version in `{}`", said.trim())))
}
