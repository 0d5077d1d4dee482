//! An edition: the frozen set of sound, captions and text of one stop in one language. The web serves editions only.

use serde::{Deserialize, Serialize};

use super::{ContentHash, HearingSummary, Language, Lufs, Milliseconds, Slug, StopCode};

/// The forms a guide's sound is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AudioFormat {
    /// 64 kb/s mono: every phone plays it.
    Mp3,
    /// Ogg Opus: kiosks and newer browsers.
    Opus,
}

impl AudioFormat {
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Opus => "opus",
        }
    }

    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::Opus => "audio/ogg; codecs=opus",
        }
    }
}

/// One encoded file of an edition, named by the hash of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioFile {
    pub format: AudioFormat,
    pub hash: ContentHash,
    pub bytes: u64,
}

/// What spoke, for staff, for the page and for the mark inside the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoiceMark {
    /// `kokoro`, `espeak-ng` ...
    pub engine: String,
    pub model: String,
    pub voice: String,
    /// False only where people say all of it; a file that holds one synthetic sentence is synthetic.
    pub synthetic: bool,
    /// True where no neural voice speaks the language and the voice of last resort stands in.
    pub last_resort: bool,
}

/// How the words came about when no person wrote them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranslationMark {
    pub engine: String,
    /// Languages passed through, source first.
    pub route: Vec<Language>,
    /// True where a person approved every sentence.
    pub approved: bool,
}

/// A sentence in the edition's sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionSentence {
    pub paragraph: u32,
    /// Original spelling.
    pub text: String,
    pub start: Milliseconds,
    pub end: Milliseconds,
    /// The key of the clip that was spoken (not the hash of its bytes).
    pub clip: ContentHash,
    /// Who says it, where the edition's own voice does not: always there where a person does in a guide that is not a
    /// narration as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<VoiceMark>,
}

/// A published guide. Its hash covers every field, so the same guide made twice is the same edition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edition {
    pub stop: Slug,
    pub code: StopCode,
    pub language: Language,
    pub title: String,
    pub sentences: Vec<EditionSentence>,
    pub duration: Milliseconds,
    pub loudness: Lufs,
    /// One file per format, MP3 first.
    pub audio: Vec<AudioFile>,
    /// WebVTT, by hash.
    pub captions: ContentHash,
    /// The WAV master, by hash: never served, kept to encode again.
    pub master: ContentHash,
    pub voice: VoiceMark,
    /// `None` where a person wrote the text.
    pub translation: Option<TranslationMark>,
    /// `None` where nobody listened: a recording of a person, or an edition made before clips were heard back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hearing: Option<HearingSummary>,
    /// The key of everything this edition was made from: a guide whose recipe has not changed is not made again.
    pub recipe: ContentHash,
}
