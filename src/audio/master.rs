//! A person's recording to the files of a guide: brought to the house loudness, kept as a WAV master, encoded. The same
//! way as `finish` goes with a voice's sentences, but from a [`Tape`] and by files, so that two hours take no more
//! memory than a minute. Nothing is cut and no pause is moved: what the person said stays as it was said.
//!
//! Invariants: as in `finish`, what the decoded files measure was checked; a person's file never carries the mark of
//! synthetic speech; the folder that is used is gone when [`Mastered`] is let go of.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

use super::encode::Step;
use super::finish::{Turn, until_met};
use super::limiter::limit;
use super::loudness::{Meter, settle};
use super::mark::{self, Container, Tags};
use super::wav::{broken, to_16_bits};
use super::{AudioError, Encoders, Loudness, Settings, Tape, Target};
use crate::domain::{ContentHash, ContentHasher, Hertz, Lufs, Milliseconds};

/// A recording brought to the house loudness.
#[derive(Debug)]
pub struct Mastered {
    folder: tempfile::TempDir,
    /// Tagged; 29 MB an hour.
    pub mp3: Vec<u8>,
    /// Tagged; 14 MB an hour.
    pub opus: Vec<u8>,
    pub duration: Milliseconds,
    /// Of the MP3, decoded.
    pub loudness: Loudness,
}

impl Mastered {
    /// The WAV master, 16 bits, without tags: it is never served.
    #[must_use]
    pub fn master(&self) -> PathBuf {
        self.folder.path().join(MASTER)
    }
}

const MASTER: &str = "master.wav";

/// An encoder may take this share of the time the sound lasts, and never less than its usual limit.
const SHARE: u32 = 4;

/// Masters a recording. Temporary files go into a folder of their own below `folder`.
///
/// # Errors
/// `PersonMarked` where the tags call the voice synthetic; `NoLoudness`, `OffTarget`; `UnknownRate`; what the encoders
/// can do wrong; `TemporaryFile`.
pub fn master(tape: &mut Tape, settings: &Settings, meta: &Tags, folder: &Path) -> Result<Mastered, AudioError> {
    if meta.mark.synthetic {
        return Err(AudioError::PersonMarked);
    }
    let folder = tempfile::tempdir_in(folder)?;
    let path = |name: &str| folder.path().join(name);
    let (rate, duration) = (tape.rate(), tape.duration());
    let before = loudness_of(tape)?;
    let limit = settings.encoders.limit.max(Duration::from_millis(duration.0) / SHARE);
    let last = until_met(&settings.target, |target| {
        let of_master = normalize(tape, before.integrated, target, &path(MASTER))?;
        let opus = Step::Opus(hash_of(&path(MASTER))?);
        let coded = |step, back, name: &str| {
            code(&settings.encoders, step, back, &path(MASTER), &path(name), &path("decoded"), limit)
        };
        let mp3 = coded(Step::Mp3(rate), Step::FromMp3, "mp3")?;
        let opus = coded(opus, Step::FromOpus, "opus")?;
        Ok(Turn { master: of_master, mp3, opus })
    })?;
    let tagged = |name: &str, container| mark::write(std::fs::read(path(name))?, container, meta);
    let (mp3, opus) = (tagged("mp3", Container::Mp3)?, tagged("opus", Container::Opus)?);
    Ok(Mastered { folder, mp3, opus, duration, loudness: last.mp3 })
}

fn loudness_of(tape: &mut Tape) -> Result<Loudness, AudioError> {
    let mut meter = Meter::new(tape.rate())?;
    let step = u64::from(tape.rate().0);
    let mut at = 0;
    while at < tape.samples() {
        meter.add(&tape.read(at, at + step)?.samples)?;
        at += step;
    }
    meter.read()
}

/// Writes the tape at the target's loudness as a WAV file, and says what it measures.
fn normalize(tape: &mut Tape, before: Lufs, target: &Target, to: &Path) -> Result<Loudness, AudioError> {
    settle(target, before, |gain, ceiling| {
        let mut meter = Meter::new(tape.rate())?;
        let spec =
            WavSpec { channels: 1, sample_rate: tape.rate().0, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut writer = WavWriter::create(to, spec).map_err(broken)?;
        limit(tape, gain, ceiling, |samples| {
            meter.add(samples)?;
            samples.iter().try_for_each(|sample| writer.write_sample(to_16_bits(*sample))).map_err(broken)
        })?;
        writer.finalize().map_err(broken)?;
        meter.read()
    })
}

/// Encodes the master, decodes it again and measures that.
fn code(
    encoders: &Encoders,
    step: Step,
    back: Step,
    from: &Path,
    to: &Path,
    decoded: &Path,
    limit: Duration,
) -> Result<Loudness, AudioError> {
    encoders.convert_file(step, from, to, limit)?;
    encoders.convert_file(back, to, decoded, limit)?;
    let mut reader = WavReader::open(decoded).map_err(broken)?;
    let spec = reader.spec();
    let mut meter = Meter::new(Hertz(spec.sample_rate))?;
    let mut piece = Vec::with_capacity(spec.sample_rate as usize);
    let channels = usize::from(spec.channels.max(1));
    for (place, sample) in reader.samples::<i16>().enumerate() {
        let sample = f32::from(sample.map_err(broken)?) / 32_768.0;
        if place % channels == 0 {
            piece.push(sample);
        }
        if piece.len() == piece.capacity() {
            meter.add(&piece)?;
            piece.clear();
        }
    }
    meter.add(&piece)?;
    std::fs::remove_file(decoded)?;
    meter.read()
}

fn hash_of(path: &Path) -> Result<ContentHash, AudioError> {
    let mut file = File::open(path)?;
    let mut hasher = ContentHasher::default();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finish()),
            read => hasher.add(&buffer[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{measure, wav};
    use crate::domain::{Language, VoiceMark};

    const RATE: Hertz = Hertz(24_000);

    /// A tone in syllables with a knock twice a second, as peaky as speech.
    fn knocking(seconds: usize) -> Vec<f32> {
        let mut samples: Vec<f32> = (0..seconds * 24_000)
            .map(|i| {
                let time = i as f32 / 24_000.0;
                0.02 * (time * 220.0 * std::f32::consts::TAU).sin() * (time * 4.0 * std::f32::consts::PI).sin().abs()
            })
            .collect();
        for (i, sample) in samples.iter_mut().enumerate().filter(|(i, _)| i % 12_000 < 24) {
            *sample = if i % 6 < 3 { 0.18 } else { -0.18 };
        }
        samples
    }

    fn tags(synthetic: bool) -> Tags {
        let mark = VoiceMark {
            engine: "person".into(),
            model: String::new(),
            voice: "Lan".into(),
            synthetic,
            last_resort: false,
        };
        Tags { title: "Tháp Đôi".into(), language: Language::VI, album: "Tháp Đôi".into(), mark, people: vec![] }
    }

    #[test]
    fn a_recording_comes_to_the_house_loudness_without_the_mark_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut tape = Tape::new(folder.path(), RATE).unwrap();
        tape.push(&knocking(70)).unwrap();
        let mastered = master(&mut tape, &Settings::default(), &tags(false), folder.path()).unwrap();
        let bytes = std::fs::read(mastered.master()).unwrap();
        let sound = wav::read(&bytes).unwrap();
        assert_eq!(sound.samples.len(), 70 * 24_000);
        let loudness = measure(&sound).unwrap();
        assert!((loudness.integrated.0 + 16.0).abs() < 0.2 && loudness.true_peak < -1.0, "{loudness:?}");
        assert!(Target::default().is_met(&mastered.loudness), "{:?}", mastered.loudness);
        for (bytes, container) in [(&mastered.mp3, Container::Mp3), (&mastered.opus, Container::Opus)] {
            assert_eq!(mark::read(bytes, container).unwrap(), None);
        }
        drop(mastered);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_persons_recording_is_never_called_synthetic() {
        let folder = tempfile::tempdir().unwrap();
        let mut tape = Tape::new(folder.path(), RATE).unwrap();
        tape.push(&knocking(2)).unwrap();
        let error = master(&mut tape, &Settings::default(), &tags(true), folder.path()).unwrap_err();
        assert!(matches!(error, AudioError::PersonMarked), "{error}");
    }

    /// Piece by piece the limiter gives what it gives for the whole.
    #[test]
    fn limiting_a_tape_is_limiting_the_sound() {
        let folder = tempfile::tempdir().unwrap();
        let samples = knocking(65);
        let mut tape = Tape::new(folder.path(), RATE).unwrap();
        tape.push(&samples).unwrap();
        let mut by_pieces = Vec::new();
        limit(&mut tape, 4.0, 0.3, |piece| {
            by_pieces.extend_from_slice(piece);
            Ok(())
        })
        .unwrap();
        let peaks = super::super::limiter::local_true_peaks(&samples);
        let gains = super::super::limiter::limiting_gain(&peaks, 4.0, 0.3, RATE);
        assert_eq!(by_pieces.len(), samples.len());
        let worst = samples.iter().zip(gains).zip(&by_pieces).map(|((s, g), b)| (s * g - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-5, "{worst}");
    }
}
