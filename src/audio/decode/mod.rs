//! What people record with, as samples: WAV, MP3, M4A, FLAC, Ogg, Opus and WebM, read by ffmpeg in a child process
//! under limits, and passed on piece by piece, so that two hours take no more memory than two seconds.
//!
//! The form is told by the content: a name that promises another one is said in a note. Nothing is written anywhere.
//!
//! Invariants: samples are numbers; a file that is shorter than it says, silent, too long or too large is refused; when
//! a call returns, its child has ended.

mod child;
mod claims;
mod error;
mod form;

pub use error::DecodeError;
pub use form::Form;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Sound;
use crate::domain::{Hertz, Milliseconds};
use child::{Child, Stop};

/// What a file may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of the sound.
    pub duration: Milliseconds,
    /// Of the file.
    pub bytes: u64,
    /// Address space of the child, in bytes: its programs' code takes half of the default.
    pub memory: u64,
    /// Processor time of the child, in whole seconds.
    pub computing: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            duration: Milliseconds(2 * 3_600_000),
            bytes: 2 << 30,
            memory: 512 << 20,
            computing: Duration::from_secs(600),
        }
    }
}

/// The program that decodes, the one that sets its limits, and these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoder {
    pub ffmpeg: PathBuf,
    pub prlimit: PathBuf,
    pub limits: Limits,
}

impl Default for Decoder {
    fn default() -> Self {
        Self { ffmpeg: "ffmpeg".into(), prlimit: "prlimit".into(), limits: Limits::default() }
    }
}

/// What was found out while decoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub form: Form,
    pub duration: Milliseconds,
    /// The name promises another form: worth telling, no reason to refuse.
    pub mislabelled: bool,
}

/// What stays below this from beginning to end holds nothing (-80 dBFS).
const NOTHING: f32 = 1e-4;

/// Enough to tell the form, and to look past a small tag.
const HEAD: u64 = 1 << 16;

/// FLAC counts its samples: so much less than it says is a file that was cut off.
const SHORTFALL: Milliseconds = Milliseconds(20);

impl Decoder {
    /// Decodes a file into one channel at `rate` and gives the samples to `sink`, piece by piece.
    ///
    /// # Errors
    /// Every `DecodeError`, and what `sink` gives. Samples may have been passed on before: whoever keeps them throws
    /// them away then.
    pub fn decode<E: From<DecodeError>>(
        &self,
        path: &Path,
        rate: Hertz,
        sink: impl FnMut(&[f32]) -> Result<(), E>,
    ) -> Result<Decoded, E> {
        let name = path.display().to_string();
        let file = open(path, &name)?;
        self.decode_file(file, &name, rate, sink)
    }

    /// The same for an open file; `name` is for messages.
    ///
    /// # Errors
    /// As [`Decoder::decode`].
    pub fn decode_file<E: From<DecodeError>>(
        &self,
        mut file: File,
        name: &str,
        rate: Hertz,
        mut sink: impl FnMut(&[f32]) -> Result<(), E>,
    ) -> Result<Decoded, E> {
        let (form, claimed) = self.look_at(&mut file, name)?;
        let most = rate.samples(self.limits.duration);
        let most_seconds = self.limits.duration.0 / 1000 + 2;
        let mut child = Child::start(self, file, form, rate, most_seconds)?;
        let (mut count, mut peak) = (0, 0.0_f32);
        let mut samples = Vec::new();
        while let Some(piece) = child.next().map_err(|stop| stopped(stop, name, form))? {
            let values = piece.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
            samples.clear();
            samples.extend(values);
            if samples.iter().any(|sample| !sample.is_finite()) {
                Err(damaged(name, form, "a sample in it is not a number"))?;
            }
            count += samples.len();
            peak = samples.iter().fold(peak, |peak, sample| peak.max(sample.abs()));
            if count > most {
                Err(DecodeError::TooLong { file: name.to_owned(), limit: self.limits.duration })?;
            }
            sink(&samples)?;
        }
        let ended = self.judge_end(child, name, form);
        let duration = rate.duration(count);
        // A cut breaks the last frame too: the length says more than the decoder's stumbling over it.
        let heard_in_part = matches!(ended, Ok(()) | Err(DecodeError::Damaged { .. })) && count > 0;
        if let Some(claimed) = claimed.filter(|claimed| heard_in_part && duration.0 + SHORTFALL.0 < claimed.0) {
            let what = format!("it says it lasts {:.2} s and gives {:.2} s", claimed.seconds(), duration.seconds());
            Err(DecodeError::Truncated { file: name.to_owned(), form: form.name(), what })?;
        }
        ended?;
        if count == 0 {
            Err(DecodeError::NoSound { file: name.to_owned() })?;
        }
        if peak < NOTHING {
            Err(DecodeError::Silent { file: name.to_owned() })?;
        }
        Ok(Decoded { form, duration, mislabelled: form.is_mislabelled(name) })
    }

    /// A whole sound in memory: for short ones.
    ///
    /// # Errors
    /// Every `DecodeError`.
    pub fn read_sound(&self, path: &Path, rate: Hertz) -> Result<Sound, DecodeError> {
        let mut samples = Vec::new();
        self.decode(path, rate, |piece| {
            samples.extend_from_slice(piece);
            Ok::<_, DecodeError>(())
        })?;
        Ok(Sound::new(rate, samples))
    }

    /// What can be told before anything is decoded: the form, and for FLAC the length it claims.
    fn look_at(&self, file: &mut File, name: &str) -> Result<(Form, Option<Milliseconds>), DecodeError> {
        let unreadable = |source| DecodeError::Unreadable { file: name.to_owned(), source };
        let meta = file.metadata().map_err(unreadable)?;
        if !meta.is_file() {
            return Err(DecodeError::NoFile { file: name.to_owned() });
        }
        let bytes = meta.len();
        if bytes == 0 {
            return Err(DecodeError::Empty { file: name.to_owned() });
        }
        if bytes > self.limits.bytes {
            return Err(DecodeError::TooLarge { file: name.to_owned(), bytes, limit: self.limits.bytes });
        }
        let mut head = Vec::new();
        file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        file.take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
        let form = Form::of(&head).map_err(|looks_like| DecodeError::NotSound { file: name.to_owned(), looks_like })?;
        if let Some(what) = claims::what_is_missing(file, form, bytes).map_err(unreadable)? {
            return Err(DecodeError::Truncated { file: name.to_owned(), form: form.name(), what });
        }
        let claimed = match form {
            Form::Flac => claims::flac_duration(file).map_err(unreadable)?,
            _ => None,
        };
        file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        Ok((form, claimed))
    }

    fn judge_end(&self, child: Child, name: &str, form: Form) -> Result<(), DecodeError> {
        let end = child.end().map_err(|source| DecodeError::Unreadable { file: name.to_owned(), source })?;
        if end.success {
            return Ok(());
        }
        let said = &end.complaint;
        if said.contains("matches no streams") || said.contains("does not contain any stream") {
            return Err(DecodeError::NoSound { file: name.to_owned() });
        }
        if said.contains("failed to execute") {
            let program = self.ffmpeg.display().to_string();
            return Err(DecodeError::ProgramMissing { program, package: "ffmpeg" });
        }
        if said.contains("error while loading shared libraries") || said.starts_with("prlimit:") {
            let program = self.ffmpeg.display().to_string();
            return Err(DecodeError::ProgramFailed { program, what: said.clone() });
        }
        if end.by_signal || said.contains("Cannot allocate memory") {
            let Limits { memory, computing, .. } = &self.limits;
            let what = format!("{} s of computing or {} MiB of memory", computing.as_secs(), memory >> 20);
            return Err(DecodeError::TooMuchWork { file: name.to_owned(), what });
        }
        let last = said.lines().last().unwrap_or(&end.status);
        Err(damaged(name, form, last))
    }
}

/// Opened without waiting for the other end of a pipe: what is no plain file is refused by `look_at`.
fn open(path: &Path, name: &str) -> Result<File, DecodeError> {
    let unreadable = |source| DecodeError::Unreadable { file: name.to_owned(), source };
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(DecodeError::NoFile { file: name.to_owned() });
    }
    File::open(path).map_err(unreadable)
}

fn damaged(name: &str, form: Form, what: &str) -> DecodeError {
    DecodeError::Damaged { file: name.to_owned(), form: form.name(), what: what.to_owned() }
}

fn stopped(stop: Stop, name: &str, form: Form) -> DecodeError {
    match stop {
        Stop::Pipe(error) => damaged(name, form, &format!("its samples cannot be taken: {error}")),
        Stop::Stalled(after) => {
            DecodeError::TooMuchWork { file: name.to_owned(), what: format!("{} s without a sample", after.as_secs()) }
        }
    }
}

/// Looks at the first bytes of a file as a whole file, for `src/fuzzed.rs`.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_hostile(bytes: &[u8]) {
    let mut file = std::io::Cursor::new(bytes);
    if let Ok(form) = Form::of(&bytes[..bytes.len().min(HEAD as usize)]) {
        let _ = claims::what_is_missing(&mut file, form, bytes.len() as u64);
    }
    let _ = claims::flac_duration(&mut file);
}

#[cfg(test)]
mod tests;
