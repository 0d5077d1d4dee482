//! A sound too long for memory: its samples in a file without a name, which is gone when it is let go of, or when the
//! program dies.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::{AudioError, Sound};
use crate::domain::{Hertz, Milliseconds};

const SAMPLE: u64 = size_of::<f32>() as u64;

/// A mono sound on the disk, 32-bit floats. Written once from the beginning, then read anywhere.
#[derive(Debug)]
pub struct Tape {
    file: File,
    rate: Hertz,
    samples: u64,
}

impl Tape {
    /// An empty one, on the disk that holds `folder`.
    ///
    /// # Errors
    /// `TemporaryFile`.
    pub fn new(folder: &Path, rate: Hertz) -> Result<Self, AudioError> {
        Ok(Self { file: tempfile::tempfile_in(folder)?, rate, samples: 0 })
    }

    #[must_use]
    pub fn rate(&self) -> Hertz {
        self.rate
    }

    /// Length in samples.
    #[must_use]
    pub fn samples(&self) -> u64 {
        self.samples
    }

    #[must_use]
    pub fn duration(&self) -> Milliseconds {
        self.rate.duration(usize::try_from(self.samples).unwrap_or(usize::MAX))
    }

    /// Adds samples to the end.
    ///
    /// # Errors
    /// `TemporaryFile`, on a full disk above all.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        self.file.seek(SeekFrom::Start(self.samples * SAMPLE))?;
        self.file.write_all(&bytes)?;
        self.samples += samples.len() as u64;
        Ok(())
    }

    /// The samples from `start` to `end`, as far as there are any.
    ///
    /// # Errors
    /// `TemporaryFile`.
    pub fn read(&mut self, start: u64, end: u64) -> Result<Sound, AudioError> {
        let (start, end) = (start.min(self.samples), end.min(self.samples));
        let mut bytes = vec![0; (end.saturating_sub(start) * SAMPLE) as usize];
        self.file.seek(SeekFrom::Start(start * SAMPLE))?;
        self.file.read_exact(&mut bytes)?;
        let samples = bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        Ok(Sound::new(self.rate, samples))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pushed_is_read_and_no_file_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let mut tape = Tape::new(folder.path(), Hertz(1000)).unwrap();
        tape.push(&[0.5, 1.0]).unwrap();
        tape.push(&[-1.5]).unwrap();
        assert_eq!((tape.samples(), tape.duration()), (3, Milliseconds(3)));
        assert_eq!(tape.read(1, 9).unwrap().samples, [1.0, -1.5]);
        assert!(tape.read(7, 9).unwrap().samples.is_empty());
        tape.push(&[0.25]).unwrap();
        assert_eq!(tape.read(0, 4).unwrap().samples, [0.5, 1.0, -1.5, 0.25]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
