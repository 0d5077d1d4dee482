//! What can go wrong with sound, said so that whoever reads it knows the way out.

use crate::domain::{Hertz, Lufs, Milliseconds};

/// Why a sound could not be read, finished or written. Sentences are counted from 0, as in the list that was given.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    #[error("not a WAV file that can be read: {0}")]
    BrokenWav(String),
    #[error("a narration needs at least one sentence")]
    NoSentences,
    #[error("sentence {sentence} has no text")]
    BlankText { sentence: usize },
    #[error("sentence {sentence} is silent: its voice gave no sound")]
    Silent { sentence: usize },
    #[error("sentence {sentence} holds a sample that is not a number")]
    NotFinite { sentence: usize },
    #[error("sentence {sentence} is at {found:?}, the first one at {wanted:?}: one narration has one rate")]
    MixedRates { sentence: usize, wanted: Hertz, found: Hertz },
    #[error("MP3 knows no rate of {0:?}: use 16000, 22050, 24000, 32000, 44100 or 48000")]
    UnknownRate(Hertz),
    #[error("the sound has no loudness: it is silent, or shorter than the 400 ms that EBU R 128 measures by")]
    NoLoudness,
    #[error("the loudness cannot be measured: {0}")]
    Meter(#[from] ebur128::Error),
    #[error(
        "the {what} measures {loudness:?} and {true_peak:.1} dBTP; {wanted:?} and at most {ceiling:.1} dBTP are wanted"
    )]
    OffTarget { what: &'static str, loudness: Lufs, true_peak: f64, wanted: Lufs, ceiling: f64 },
    #[error("the program `{program}` is missing: install the Debian package `{package}`")]
    ProgramMissing { program: String, package: &'static str },
    #[error("the program `{program}` failed: {what}")]
    ProgramFailed { program: String, what: String },
    #[error("the program `{program}` was stopped after {0} ms without an end", .after.0)]
    ProgramTooSlow { program: String, after: Milliseconds },
    #[error("the tags of the {container} cannot be {action}: {what}")]
    Tags { container: &'static str, action: &'static str, what: String },
    #[error("caption {cue}: {what}")]
    BadCue { cue: usize, what: &'static str },
    #[error("line {line} of the captions: {what}")]
    BrokenCaptions { line: usize, what: &'static str },
    #[error("a person's recording was to carry the mark of a synthetic voice: this is a fault of the program")]
    PersonMarked,
    #[error("a temporary file for the encoders: {0}")]
    TemporaryFile(#[from] std::io::Error),
}
