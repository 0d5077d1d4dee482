//! The mark inside every synthetic file that says, to machines, that no person spoke it, and which model and voice
//! did; with the title, the language and the album beside it. All wording of the mark is here.
//!
//! The mark is IPTC's digital source type, which the standards for marked media share. MP3 and WAV carry it in
//! ID3v2.4 (in WAV as an `ID3 ` chunk), Opus in Vorbis comments.
//!
//! Invariant: a file whose voice is not synthetic carries no part of the mark.

use std::borrow::Cow;
use std::io::Cursor;

use lofty::TextEncoding;
use lofty::config::{ParseOptions, WriteOptions};
use lofty::file::AudioFile;
use lofty::id3::v2::{Frame, FrameId, Id3v2Tag, TextInformationFrame};
use lofty::iff::wav::WavFile;
use lofty::mpeg::MpegFile;
use lofty::ogg::OpusFile;
use lofty::ogg::tag::VorbisComments;
use lofty::tag::TagExt;

use super::AudioError;
use crate::domain::{AudioFormat, Language, VoiceMark};

/// <https://cv.iptc.org/newscodes/digitalsourcetype/>: "created algorithmically using a model derived from sampled
/// content".
pub const DIGITAL_SOURCE_TYPE: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

/// The same vocabulary: "mix or composite of several elements, at least one of which is trained algorithmic media".
pub const DIGITAL_SOURCE_TYPE_MIXED: &str =
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";

const KEY_SOURCE_TYPE: &str = "DigitalSourceType";
const KEY_ENGINE: &str = "SyntheticSpeechEngine";
const KEY_MODEL: &str = "SyntheticSpeechModel";
const KEY_VOICE: &str = "SyntheticSpeechVoice";
const KEY_PEOPLE: &str = "RecordedSpeechBy";

/// What a synthetic file says about its making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntheticMark {
    pub engine: String,
    pub model: String,
    pub voice: String,
    /// The people who say a part of the file, with semicolons between; empty where all of it is synthetic.
    pub people: String,
}

impl SyntheticMark {
    /// The mark of a file whose sentences a voice says, or a voice and these people. `None` where a person says all.
    #[must_use]
    pub fn of(voice: &VoiceMark, people: &[String]) -> Option<Self> {
        voice.synthetic.then(|| Self {
            engine: voice.engine.clone(),
            model: voice.model.clone(),
            voice: voice.voice.clone(),
            people: people.join("; "),
        })
    }

    fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let source = if self.people.is_empty() { DIGITAL_SOURCE_TYPE } else { DIGITAL_SOURCE_TYPE_MIXED };
        let fields: [(&'static str, &str); 5] = [
            (KEY_SOURCE_TYPE, source),
            (KEY_ENGINE, &self.engine),
            (KEY_MODEL, &self.model),
            (KEY_VOICE, &self.voice),
            (KEY_PEOPLE, &self.people),
        ];
        fields.into_iter().filter(|(key, value)| *key != KEY_PEOPLE || !value.is_empty())
    }

    /// The mark among fields found by name. `None` where they name no source type or another one.
    fn from_fields<'a>(field: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let text = |key| field(key).unwrap_or_default().to_owned();
        [DIGITAL_SOURCE_TYPE, DIGITAL_SOURCE_TYPE_MIXED].contains(&field(KEY_SOURCE_TYPE)?).then(|| Self {
            engine: text(KEY_ENGINE),
            model: text(KEY_MODEL),
            voice: text(KEY_VOICE),
            people: text(KEY_PEOPLE),
        })
    }
}

/// What the tags of a narration's files say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tags {
    pub title: String,
    pub language: Language,
    /// The site's name: players show a site's stops as one album.
    pub album: String,
    pub mark: VoiceMark,
    /// The people who say a part of it; empty where nobody does, or where a person says all of it.
    pub people: Vec<String>,
}

impl Tags {
    /// What they say, by name: for files whose tags have names.
    #[must_use]
    pub fn named(&self) -> Vec<(&'static str, String)> {
        let own =
            [("title", self.title.clone()), ("album", self.album.clone()), ("language", self.language.to_string())];
        let mark = SyntheticMark::of(&self.mark, &self.people);
        let marked = mark.iter().flat_map(SyntheticMark::fields).map(|(key, value)| (key, value.to_owned()));
        own.into_iter().chain(marked).collect()
    }
}

/// The kinds of files that carry tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    Wav,
    Mp3,
    Opus,
}

impl Container {
    fn name(self) -> &'static str {
        match self {
            Self::Wav => "WAV",
            Self::Mp3 => "MP3",
            Self::Opus => "Opus",
        }
    }
}

impl From<AudioFormat> for Container {
    fn from(format: AudioFormat) -> Self {
        match format {
            AudioFormat::Mp3 => Self::Mp3,
            AudioFormat::Opus => Self::Opus,
        }
    }
}

/// The file with its tags. Tags that were there are replaced.
///
/// # Errors
/// `Tags` where the bytes are no such file.
pub fn write(bytes: Vec<u8>, container: Container, tags: &Tags) -> Result<Vec<u8>, AudioError> {
    let failed = |what: String| AudioError::Tags { container: container.name(), action: "written", what };
    let options = WriteOptions::new().preferred_padding(0);
    let mut file = Cursor::new(bytes);
    match container {
        Container::Wav | Container::Mp3 => id3(tags).save_to(&mut file, options),
        Container::Opus => vorbis_comments(tags).save_to(&mut file, options),
    }
    .map_err(|error| failed(error.to_string()))?;
    Ok(file.into_inner())
}

/// The mark a file carries. `None` where it carries none.
///
/// # Errors
/// `Tags` where the bytes are no such file.
pub fn read(bytes: &[u8], container: Container) -> Result<Option<SyntheticMark>, AudioError> {
    let failed = |what: String| AudioError::Tags { container: container.name(), action: "read", what };
    let options = ParseOptions::new().read_properties(false);
    let mut file = Cursor::new(bytes);
    let id3 = match container {
        Container::Wav => {
            WavFile::read_from(&mut file, options).map_err(|error| failed(error.to_string()))?.id3v2().cloned()
        }
        Container::Mp3 => {
            MpegFile::read_from(&mut file, options).map_err(|error| failed(error.to_string()))?.id3v2().cloned()
        }
        Container::Opus => {
            let opus = OpusFile::read_from(&mut file, options).map_err(|error| failed(error.to_string()))?;
            return Ok(SyntheticMark::from_fields(|key| opus.vorbis_comments().get(&key.to_uppercase())));
        }
    };
    Ok(id3.and_then(|tag| SyntheticMark::from_fields(|key| tag.get_user_text(key))))
}

fn id3(tags: &Tags) -> Id3v2Tag {
    let mut tag = Id3v2Tag::new();
    for (id, value) in [("TIT2", tags.title.as_str()), ("TALB", &tags.album), ("TLAN", iso_639_2(tags.language))] {
        let frame = TextInformationFrame::new(FrameId::Valid(Cow::Borrowed(id)), TextEncoding::UTF8, value.to_owned());
        tag.insert(Frame::Text(frame));
    }
    for (key, value) in SyntheticMark::of(&tags.mark, &tags.people).iter().flat_map(SyntheticMark::fields) {
        tag.insert_user_text(key.to_owned(), value.to_owned());
    }
    tag
}

fn vorbis_comments(tags: &Tags) -> VorbisComments {
    let mut comments = VorbisComments::new();
    for (key, value) in [("TITLE", tags.title.as_str()), ("ALBUM", &tags.album), ("LANGUAGE", tags.language.tag())] {
        comments.push(key.to_owned(), value.to_owned());
    }
    for (key, value) in SyntheticMark::of(&tags.mark, &tags.people).iter().flat_map(SyntheticMark::fields) {
        comments.push(key.to_uppercase(), value.to_owned());
    }
    comments
}

/// The language as ID3's `TLAN` wants it: three letters of ISO 639-2/T; `und` for one without an entry here.
fn iso_639_2(language: Language) -> &'static str {
    match language.tag() {
        "vi" => "vie",
        "en" => "eng",
        "fr" => "fra",
        "ja" => "jpn",
        "zh" => "zho",
        "pt" => "por",
        "es" => "spa",
        "it" => "ita",
        "de" => "deu",
        "ru" => "rus",
        "ko" => "kor",
        _ => "und",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{Sound, wav};
    use crate::domain::Hertz;

    fn tags(synthetic: bool) -> Tags {
        let mark = VoiceMark {
            engine: "kokoro".into(),
            model: "kokoro-82m-v1.0".into(),
            voice: "ff_siwis".into(),
            synthetic,
            last_resort: false,
        };
        Tags {
            title: "Tháp Đôi – 双塔".into(), language: Language::FR, album: "Tháp Đôi".into(), mark, people: vec![]
        }
    }

    fn master() -> Vec<u8> {
        wav::write(&Sound::new(Hertz(24_000), vec![0.25; 2401])).unwrap()
    }

    #[test]
    fn every_language_has_its_three_letters() {
        assert!(Language::all().all(|language| iso_639_2(language) != "und"));
    }

    #[test]
    fn a_synthetic_master_says_so_and_its_sound_is_untouched() {
        let marked = write(master(), Container::Wav, &tags(true)).unwrap();
        let mark = read(&marked, Container::Wav).unwrap().unwrap();
        assert_eq!((mark.engine.as_str(), mark.voice.as_str()), ("kokoro", "ff_siwis"));
        assert_eq!(wav::read(&marked).unwrap(), wav::read(&master()).unwrap());
        let riff_size = u32::from_le_bytes(marked[4..8].try_into().unwrap());
        assert_eq!(riff_size as usize, marked.len() - 8);
    }

    #[test]
    fn a_person_is_never_marked() {
        let plain = write(master(), Container::Wav, &tags(false)).unwrap();
        assert_eq!(read(&plain, Container::Wav).unwrap(), None);
        let text = String::from_utf8_lossy(&plain).to_lowercase();
        assert!(!text.contains("synthetic") && !text.contains("kokoro") && !text.contains("sourcetype"));
    }

    #[test]
    fn a_mixed_guide_says_that_it_is_synthetic_and_who_says_the_rest() {
        let mixed = Tags { people: vec!["Bà Năm".into(), "An".into()], ..tags(true) };
        let marked = write(master(), Container::Wav, &mixed).unwrap();
        let mark = read(&marked, Container::Wav).unwrap().unwrap();
        assert_eq!((mark.people.as_str(), mark.voice.as_str()), ("Bà Năm; An", "ff_siwis"));
        assert!(String::from_utf8_lossy(&marked).contains(DIGITAL_SOURCE_TYPE_MIXED));
        let whole = write(master(), Container::Wav, &Tags { people: vec![], ..mixed }).unwrap();
        assert!(!String::from_utf8_lossy(&whole).contains("composite"));
    }

    #[test]
    fn marking_again_replaces_the_mark() {
        let once = write(master(), Container::Wav, &tags(true)).unwrap();
        assert_eq!(write(once.clone(), Container::Wav, &tags(true)).unwrap(), once);
        let plain = write(once, Container::Wav, &tags(false)).unwrap();
        assert_eq!(read(&plain, Container::Wav).unwrap(), None);
    }

    #[test]
    fn no_file_is_a_clear_error() {
        for container in [Container::Wav, Container::Opus] {
            let error = read(b"nothing", container).unwrap_err().to_string();
            assert!(error.contains(container.name()), "{error}");
        }
        assert!(write(b"nothing".to_vec(), Container::Mp3, &tags(true)).is_err());
    }
}
