//! Why a file gave no sound. Every message names the file and the way out.

use crate::domain::Milliseconds;

/// What a file that somebody hands in can lack. `file` is its name as it was given.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("{file}: the file is empty: record or copy it again")]
    Empty { file: String },
    #[error("{file}: this is no sound that can be read ({looks_like}): hand in WAV, MP3, M4A, FLAC, Ogg, Opus or WebM")]
    NotSound { file: String, looks_like: &'static str },
    #[error("{file}: the {form} file is cut off: {what}; copy it again from where it was recorded")]
    Truncated { file: String, form: &'static str, what: String },
    #[error("{file}: there is no sound in it, only pictures or data: hand in the file with the sound")]
    NoSound { file: String },
    #[error("{file}: it holds nothing but silence: look whether the microphone was on")]
    Silent { file: String },
    #[error("{file}: it is longer than {} minutes: cut it into parts and hand in each", .limit.0 / 60_000)]
    TooLong { file: String, limit: Milliseconds },
    #[error("{file}: it has {bytes} bytes and {limit} are the most: save it as FLAC, Opus or MP3")]
    TooLarge { file: String, bytes: u64, limit: u64 },
    #[error("{file}: the {form} file is damaged: {what}; hand in another copy")]
    Damaged { file: String, form: &'static str, what: String },
    #[error("{file}: reading it took more than {what}: save it anew with another program and hand that in")]
    TooMuchWork { file: String, what: String },
    #[error("{file}: it is no plain file")]
    NoFile { file: String },
    #[error("{file}: it cannot be read: {source}")]
    Unreadable {
        file: String,
        #[source]
        source: std::io::Error,
    },
    #[error("the program `{program}` is missing: install the Debian package `{package}`")]
    ProgramMissing { program: String, package: &'static str },
    #[error("the program `{program}` could not be run: {what}")]
    ProgramFailed { program: String, what: String },
}
