//! From the sentences a voice spoke to the files of a guide: trimmed, joined with pauses, brought to one loudness,
//! kept as a WAV master, encoded, marked, captioned.
//!
//! Invariants: nothing given is left out (a silent or blank sentence is an error, never skipped); what the decoded
//! files measure was checked, not only what went into the encoders; the same input gives the same bytes.

use super::join::Joinable;
use super::loudness::off_target;
use super::mark::{self, Container, Tags};
use super::{AudioError, Captions, Cue, Encoders, Loudness, Pauses, Sound, Target, Trim};
use super::{join, measure, normalize, trim, wav};
use crate::domain::{ContentHash, HashBuilder, Hertz, Milliseconds};

/// One sentence as a voice gave it, with its place and its original spelling.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipOfSentence {
    pub sound: Sound,
    pub paragraph: u32,
    pub text: String,
    /// The silence after it, where it is not the usual one.
    pub pause: Option<Milliseconds>,
}

/// Everything about finishing that can be set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    pub trim: Trim,
    pub pauses: Pauses,
    pub target: Target,
    pub encoders: Encoders,
}

/// Raised when the same clips and settings come to give other files.
const PURPOSE: &str = "finish narration 1";

impl Settings {
    /// The key of everything here that changes what is made; where the programs lie and how long they may run does
    /// not.
    #[must_use]
    pub fn key(&self) -> ContentHash {
        let Encoders { mp3_bitrate, opus_bitrate, lame: _, opusenc: _, opusdec: _, limit: _ } = &self.encoders;
        HashBuilder::new(PURPOSE)
            .with("trim", format!("{:?}", self.trim))
            .with("pauses", format!("{:?}", self.pauses))
            .with("target", format!("{:?}", self.target))
            .with("bitrates", format!("{mp3_bitrate} {opus_bitrate}"))
            .finish()
    }
}

/// A finished narration.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    pub master_wav: Vec<u8>,
    pub mp3: Vec<u8>,
    pub opus: Vec<u8>,
    /// WebVTT.
    pub vtt: String,
    /// Start and end of each sentence, as given.
    pub cues: Vec<(Milliseconds, Milliseconds)>,
    /// Of the master, and of each file as it decodes.
    pub duration: Milliseconds,
    /// Of the MP3, decoded.
    pub loudness: Loudness,
}

/// Coding lifts the peaks of speech by up to 0.7 dB: the master stays this far below the ceiling from the start.
const CODING_HEADROOM: f64 = 1.0;

/// Another meter may read a decoded file this much higher than ours does.
const METERS_DIFFER: f64 = 0.3;

/// How often the master's ceiling is lowered where coding lifted a peak over the target's.
const TURNS: usize = 5;

/// Finishes a narration. All clips are at one rate, which the master and the MP3 keep.
///
/// # Errors
/// `NoSentences`, `BlankText`, `Silent`, `NotFinite`, `MixedRates`, `UnknownRate`; `NoLoudness`, `OffTarget`; and what
/// the encoders can do wrong: `ProgramMissing`, `ProgramFailed`, `ProgramTooSlow`.
pub fn finish(clips: &[ClipOfSentence], settings: &Settings, meta: &Tags) -> Result<Finished, AudioError> {
    let rate = clips.first().ok_or(AudioError::NoSentences)?.sound.rate;
    let trimmed = clips
        .iter()
        .enumerate()
        .map(|(sentence, clip)| checked_and_trimmed(sentence, clip, rate, &settings.trim))
        .collect::<Result<Vec<_>, _>>()?;
    let parts = clips.iter().zip(&trimmed).map(|(clip, sound)| Joinable {
        paragraph: clip.paragraph,
        samples: &sound.samples,
        pause: clip.pause,
    });
    let joined = join(rate, parts, &settings.pauses);

    let cues = joined.spans.iter().zip(clips).map(|(span, clip)| Cue::new(*span, &clip.text, meta.language)).collect();
    let vtt = Captions { language: meta.language, cues }.write()?;
    let coded = code(&joined.sound, settings)?;
    Ok(Finished {
        master_wav: mark::write(coded.master, Container::Wav, meta)?,
        mp3: mark::write(coded.mp3, Container::Mp3, meta)?,
        opus: mark::write(coded.opus, Container::Opus, meta)?,
        vtt,
        cues: joined.spans,
        duration: joined.sound.duration(),
        loudness: coded.loudness,
    })
}

fn checked_and_trimmed(sentence: usize, clip: &ClipOfSentence, rate: Hertz, how: &Trim) -> Result<Sound, AudioError> {
    if clip.text.trim().is_empty() {
        return Err(AudioError::BlankText { sentence });
    }
    if clip.sound.rate != rate {
        return Err(AudioError::MixedRates { sentence, wanted: rate, found: clip.sound.rate });
    }
    if clip.sound.samples.iter().any(|sample| !sample.is_finite()) {
        return Err(AudioError::NotFinite { sentence });
    }
    trim(&clip.sound, how).ok_or(AudioError::Silent { sentence })
}

struct Coded {
    master: Vec<u8>,
    mp3: Vec<u8>,
    opus: Vec<u8>,
    loudness: Loudness,
}

/// What one turn of coding measured.
pub(super) struct Turn {
    pub master: Loudness,
    pub mp3: Loudness,
    pub opus: Loudness,
}

/// Normalizes, encodes, decodes and measures, until what a player gets meets the target.
fn code(sound: &Sound, settings: &Settings) -> Result<Coded, AudioError> {
    let encoders = &settings.encoders;
    let mut files = (Vec::new(), Vec::new(), Vec::new());
    let last = until_met(&settings.target, |target| {
        let (loud, of_master) = normalize(sound, target)?;
        let master = wav::write(&loud)?;
        let mp3 = encoders.mp3(&master, sound.rate)?;
        let opus = encoders.opus(&master)?;
        let of_mp3 = measure(&encoders.decode_mp3(&mp3)?)?;
        let of_opus = measure(&encoders.decode_opus(&opus)?)?;
        files = (master, mp3, opus);
        Ok(Turn { master: of_master, mp3: of_mp3, opus: of_opus })
    })?;
    let (master, mp3, opus) = files;
    Ok(Coded { master, mp3, opus, loudness: last.mp3 })
}

/// Lowers the master's ceiling until the decoded files of a turn meet the target. The last turn is the one that does.
pub(super) fn until_met(
    target: &Target,
    mut code: impl FnMut(&Target) -> Result<Turn, AudioError>,
) -> Result<Turn, AudioError> {
    let heard = Target { true_peak: target.true_peak - METERS_DIFFER, ..*target };
    let mut ceiling = target.true_peak - CODING_HEADROOM;
    let mut turns = 0;
    loop {
        let turn = code(&Target { true_peak: ceiling, ..*target })?;
        turns += 1;
        let decoded = [("decoded MP3", turn.mp3), ("decoded Opus", turn.opus)];
        let missed = decoded.into_iter().find(|(_, loudness)| !heard.is_met(loudness));
        match missed {
            None => return Ok(turn),
            Some((what, loudness)) if turns >= TURNS => return Err(off_target(what, &loudness, &heard)),
            Some(_) => {
                let above = turn.mp3.true_peak.max(turn.opus.true_peak) - heard.true_peak;
                ceiling = ceiling.min(turn.master.true_peak) - above.max(0.0) - 0.1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_follows_what_changes_the_files_and_nothing_else() {
        let usual = Settings::default();
        let mut slower = usual.clone();
        slower.pauses.between_sentences = Milliseconds(500);
        let mut smaller = usual.clone();
        smaller.encoders.opus_bitrate = 24;
        let mut elsewhere = usual.clone();
        elsewhere.encoders.lame = "/opt/lame".into();
        assert_eq!(usual.key(), elsewhere.key());
        assert!(usual.key() != slower.key() && usual.key() != smaller.key() && slower.key() != smaller.key());
    }
}
