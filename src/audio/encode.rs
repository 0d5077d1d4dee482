//! The forms a narration is served in: MP3 for every phone, Ogg Opus for kiosks and newer browsers.
//!
//! Both encoders are unmodified programs run as child processes: `lame` is LGPL and is never linked; `opusenc` and
//! `opusdec` (opus-tools, BSD) bring the resampling and the Ogg framing that a binding to libopus would leave to us,
//! and cost no build time. Running them is all this folder does outside of memory. Files go by a temporary folder,
//! since LAME can only write the exact length into its header (the Info frame) where it can go back in the file.
//!
//! Invariant: the same WAV gives the same bytes, on one version of the encoders. Neither knows the time, and the
//! serial number of the Ogg stream comes from the sound.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{AudioError, Sound, child, wav};
use crate::domain::{ContentHash, Hertz};

/// The rates of MPEG-1 and MPEG-2 layer III.
const MP3_RATES: [u32; 6] = [16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/// LAME turns what it encodes at up to 96 kb/s down to 0.95 (0.45 LU); this turns it up again.
const LAME_SCALE: &str = "1.0526";

/// Opus always decodes to 48 kHz.
const OPUS_RATE: &str = "48000";

/// The programs, by name or path, and how they are set.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoders {
    pub lame: PathBuf,
    pub opusenc: PathBuf,
    pub opusdec: PathBuf,
    /// Of the MP3, in kb/s, constant.
    pub mp3_bitrate: u32,
    /// Of the Opus stream, in kb/s, on average.
    pub opus_bitrate: u32,
    /// How long one program may run.
    pub limit: Duration,
}

impl Default for Encoders {
    fn default() -> Self {
        Self {
            lame: "lame".into(),
            opusenc: "opusenc".into(),
            opusdec: "opusdec".into(),
            mp3_bitrate: 64,
            opus_bitrate: 32,
            limit: Duration::from_secs(180),
        }
    }
}

impl Encoders {
    /// Whether all three programs are there and start: worth asking before hours of speech are made.
    ///
    /// # Errors
    /// `ProgramMissing`, `ProgramFailed` or `ProgramTooSlow` for the first that does not.
    pub fn check(&self) -> Result<(), AudioError> {
        for (program, package) in [(&self.lame, "lame"), (&self.opusenc, "opus-tools"), (&self.opusdec, "opus-tools")] {
            child::run(program, package, &["--version"], self.limit)?;
        }
        Ok(())
    }

    /// A WAV master at `rate` as an MP3 of the same rate, one channel, constant bit rate, without tags.
    ///
    /// # Errors
    /// `UnknownRate`, and what a program can do wrong: missing, failed, too slow.
    pub fn mp3(&self, master: &[u8], rate: Hertz) -> Result<Vec<u8>, AudioError> {
        self.convert(Step::Mp3(rate), master)
    }

    /// A WAV master as Ogg Opus tuned for speech, without tags beyond the encoder's own.
    ///
    /// # Errors
    /// What a program can do wrong: missing, failed, too slow.
    pub fn opus(&self, master: &[u8]) -> Result<Vec<u8>, AudioError> {
        self.convert(Step::Opus(ContentHash::of(master)), master)
    }

    /// What a player makes of an MP3.
    ///
    /// # Errors
    /// As [`Encoders::mp3`]; `BrokenWav` where the program writes none.
    pub fn decode_mp3(&self, mp3: &[u8]) -> Result<Sound, AudioError> {
        wav::read(&self.convert(Step::FromMp3, mp3)?)
    }

    /// What a player makes of an Opus file, at 48 kHz.
    ///
    /// # Errors
    /// As [`Encoders::opus`]; `BrokenWav` where the program writes none.
    pub fn decode_opus(&self, opus: &[u8]) -> Result<Sound, AudioError> {
        wav::read(&self.convert(Step::FromOpus, opus)?)
    }

    fn convert(&self, step: Step, input: &[u8]) -> Result<Vec<u8>, AudioError> {
        let folder = tempfile::tempdir()?;
        let (from, to) = (folder.path().join("in"), folder.path().join("out"));
        std::fs::write(&from, input)?;
        self.convert_file(step, &from, &to, self.limit)?;
        Ok(std::fs::read(&to)?)
    }

    /// Makes the file `to` of the file `from`; the program may run for `limit`.
    pub(super) fn convert_file(&self, step: Step, from: &Path, to: &Path, limit: Duration) -> Result<(), AudioError> {
        let words = |options: &[&str]| options.iter().map(OsString::from).collect::<Vec<_>>();
        let (program, package, mut arguments) = match step {
            Step::Mp3(rate) => {
                if !MP3_RATES.contains(&rate.0) {
                    return Err(AudioError::UnknownRate(rate));
                }
                let bitrate = self.mp3_bitrate.to_string();
                let kilohertz = (f64::from(rate.0) / 1000.0).to_string();
                let mut options = vec!["--quiet", "-m", "m", "--cbr", "-b", &bitrate, "-q", "2", "--noreplaygain"];
                options.extend(["--resample", &kilohertz, "--scale", LAME_SCALE]);
                (&self.lame, "lame", words(&options))
            }
            Step::Opus(master) => {
                let (bitrate, serial) = (self.opus_bitrate.to_string(), serial_number(master).to_string());
                let mut options = vec!["--quiet", "--speech", "--bitrate", &bitrate, "--serial", &serial];
                options.extend(["--padding", "0", "--discard-comments"]);
                (&self.opusenc, "opus-tools", words(&options))
            }
            Step::FromMp3 => (&self.lame, "lame", words(&["--quiet", "--mp3input", "--decode"])),
            Step::FromOpus => {
                let options = ["--quiet", "--rate", OPUS_RATE, "--no-dither", "--force-wav"];
                (&self.opusdec, "opus-tools", words(&options))
            }
        };
        arguments.extend([from.into(), to.into()]);
        child::run(program, package, &arguments, limit)
    }
}

/// What a program is to do with a file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// A WAV of this rate.
    Mp3(Hertz),
    /// A WAV whose bytes have this hash.
    Opus(ContentHash),
    FromMp3,
    FromOpus,
}

/// A serial number for the Ogg stream of this sound, above zero and within what `opusenc` reads.
fn serial_number(master: ContentHash) -> u32 {
    let name = master.to_string();
    u32::from_str_radix(&name[..7], 16).unwrap_or_default() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_rate_is_refused_before_any_program_runs() {
        let encoders = Encoders { lame: "no-such-program".into(), ..Encoders::default() };
        assert!(matches!(encoders.mp3(&[], Hertz(23_999)), Err(AudioError::UnknownRate(_))));
        assert!(matches!(encoders.mp3(&[], Hertz(24_000)), Err(AudioError::ProgramMissing { .. })));
    }

    #[test]
    fn the_programs_are_there() {
        Encoders::default().check().unwrap();
        let encoders = Encoders { opusdec: "no-such-program".into(), ..Encoders::default() };
        assert!(matches!(encoders.check(), Err(AudioError::ProgramMissing { package: "opus-tools", .. })));
    }

    #[test]
    fn serial_numbers_follow_the_sound() {
        let number = |sound: &[u8]| serial_number(ContentHash::of(sound));
        assert_eq!(number(b"a"), number(b"a"));
        assert_ne!(number(b"a"), number(b"b"));
        assert!(number(b"") > 0);
    }
}
