//! Which form of sound a file is, by what it holds and never by its name.

use std::path::Path;

/// The forms that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Wav,
    Mp3,
    M4a,
    Flac,
    /// Ogg with Vorbis or FLAC in it.
    Ogg,
    /// Ogg with Opus in it.
    Opus,
    WebM,
}

impl Form {
    pub const ALL: [Self; 7] = [Self::Wav, Self::Mp3, Self::M4a, Self::Flac, Self::Ogg, Self::Opus, Self::WebM];

    /// As people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wav => "WAV",
            Self::Mp3 => "MP3",
            Self::M4a => "M4A",
            Self::Flac => "FLAC",
            Self::Ogg => "Ogg",
            Self::Opus => "Opus",
            Self::WebM => "WebM",
        }
    }

    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Wav => "audio/wav",
            Self::Mp3 => "audio/mpeg",
            Self::M4a => "audio/mp4",
            Self::Flac => "audio/flac",
            Self::Ogg => "audio/ogg",
            Self::Opus => "audio/ogg; codecs=opus",
            Self::WebM => "audio/webm",
        }
    }

    /// The form a media type stands for.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.media_type() == media_type)
    }

    /// The reader of ffmpeg for it: naming it keeps every other one, playlists among them, away from the file.
    pub(super) fn demuxer(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
            Self::M4a => "mov",
            Self::Flac => "flac",
            Self::Ogg | Self::Opus => "ogg",
            Self::WebM => "matroska",
        }
    }

    /// Endings of file names that promise this form.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Wav => &["wav", "wave"],
            Self::Mp3 => &["mp3"],
            Self::M4a => &["m4a", "mp4", "m4b", "mov", "3gp"],
            Self::Flac => &["flac"],
            Self::Ogg => &["ogg", "oga"],
            Self::Opus => &["opus", "ogg", "oga"],
            Self::WebM => &["webm", "mkv", "mka"],
        }
    }

    /// Whether the name of a file promises another form than this one. A name without a known ending promises nothing.
    #[must_use]
    pub fn is_mislabelled(self, name: &str) -> bool {
        let Some(ending) = Path::new(name).extension().and_then(|ending| ending.to_str()) else { return false };
        let ending = ending.to_ascii_lowercase();
        let promised = Self::ALL.into_iter().any(|form| form.endings().contains(&ending.as_str()));
        promised && !self.endings().contains(&ending.as_str())
    }

    /// The form of a file that begins with `head`; or what it looks like instead.
    pub(super) fn of(head: &[u8]) -> Result<Self, &'static str> {
        let is_at = |at: usize, mark: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(mark));
        if is_at(0, b"RIFF") {
            return if is_at(8, b"WAVE") { Ok(Self::Wav) } else { Err("a RIFF file without sound, such as AVI") };
        }
        if is_at(0, b"OggS") {
            let first_page = &head[..head.len().min(512)];
            let holds = |mark: &[u8]| first_page.windows(mark.len()).any(|window| window == mark);
            return Ok(if holds(b"OpusHead") { Self::Opus } else { Self::Ogg });
        }
        if is_at(4, b"ftyp") {
            return Ok(Self::M4a);
        }
        if is_at(0, &[0x1a, 0x45, 0xdf, 0xa3]) {
            return Ok(Self::WebM);
        }
        let start = after_id3(head);
        if is_at(start, b"fLaC") {
            return Ok(Self::Flac);
        }
        let tagged = start > 0;
        if Frame::at(head, start).is_some_and(|frame| tagged || Frame::at(head, start + frame.bytes).is_some()) {
            return Ok(Self::Mp3);
        }
        // A long tag (a cover picture) reaches past what was read here: the decoder tells what follows it.
        if tagged && start >= head.len() {
            return Ok(Self::Mp3);
        }
        Err(looks_like(head))
    }
}

fn looks_like(head: &[u8]) -> &'static str {
    let known: [(&[u8], &str); 9] = [
        (b"%PDF", "it looks like a PDF"),
        (b"PK\x03\x04", "it looks like a ZIP archive or an office document"),
        (b"\x89PNG", "it looks like a PNG picture"),
        (b"\xff\xd8\xff", "it looks like a JPEG picture"),
        (b"FORM", "it looks like AIFF"),
        (b"#!AMR", "it looks like AMR"),
        (b"RF64", "it looks like RF64, a WAV file beyond 4 GB"),
        (b"\x30\x26\xb2\x75", "it looks like Windows Media"),
        (b"\x1f\x8b", "it looks like a gzip archive"),
    ];
    if let Some((_, name)) = known.iter().find(|(mark, _)| head.starts_with(mark)) {
        return name;
    }
    let is_text = std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true)
        && !head.iter().any(|byte| *byte < 9);
    if is_text { "it looks like text" } else { "nothing in it is known" }
}

/// Where the bytes after an ID3v2 tag begin (id3.org, ID3v2.4 section 3.1): 0 without one.
pub(super) fn after_id3(head: &[u8]) -> usize {
    match head {
        [b'I', b'D', b'3', _, _, flags, a, b, c, d, ..] if [a, b, c, d].iter().all(|byte| **byte < 0x80) => {
            let size = [a, b, c, d].iter().fold(0_usize, |size, byte| size << 7 | usize::from(**byte));
            10 + size + if flags & 0x10 != 0 { 10 } else { 0 }
        }
        _ => 0,
    }
}

/// The header of one frame of MPEG layer III (ISO 11172-3, 2.4.1.3, and 13818-3 for the lower rates).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Length of the frame with its header.
    pub bytes: usize,
    /// How far behind the start of the frame an encoder's own header ("Xing", "Info") lies.
    pub encoder_header: usize,
}

impl Frame {
    pub(super) fn at(bytes: &[u8], at: usize) -> Option<Self> {
        let header = bytes.get(at..at.checked_add(4)?)?;
        let [first, second, third, fourth] = [header[0], header[1], header[2], header[3]];
        let is_frame = first == 0xff && second & 0xe0 == 0xe0 && second & 0x06 == 0x02;
        let version = second >> 3 & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
        let (rate_index, bitrate_index) = (usize::from(third >> 2 & 3), usize::from(third >> 4));
        if !is_frame || version == 1 || rate_index == 3 || bitrate_index == 0 || bitrate_index == 15 {
            return None;
        }
        const RATES: [usize; 3] = [44_100, 48_000, 32_000];
        const KILOBITS_1: [usize; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
        const KILOBITS_2: [usize; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        let is_mono = fourth >> 6 == 3;
        let padding = usize::from(third >> 1 & 1);
        let (kilobits, samples_by_8, rate, side) = match version {
            3 => (KILOBITS_1[bitrate_index - 1], 144, RATES[rate_index], if is_mono { 17 } else { 32 }),
            2 => (KILOBITS_2[bitrate_index - 1], 72, RATES[rate_index] / 2, if is_mono { 9 } else { 17 }),
            _ => (KILOBITS_2[bitrate_index - 1], 72, RATES[rate_index] / 4, if is_mono { 9 } else { 17 }),
        };
        Some(Self { bytes: samples_by_8 * kilobits * 1000 / rate + padding, encoder_header: 4 + side })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_are_known_by_their_first_bytes() {
        assert_eq!(Form::of(b"RIFF\0\0\0\0WAVEfmt "), Ok(Form::Wav));
        assert_eq!(Form::of(b"fLaC\0"), Ok(Form::Flac));
        assert_eq!(Form::of(b"ID3\x04\0\0\0\0\0\x02xxfLaC"), Ok(Form::Flac));
        assert_eq!(Form::of(b"\0\0\0\x20ftypM4A "), Ok(Form::M4a));
        assert_eq!(Form::of(b"OggS............OpusHead"), Ok(Form::Opus));
        assert!(Form::of("Tháp Đôi có hai ngọn.".as_bytes()).unwrap_err().contains("text"));
        assert!(Form::of(b"%PDF-1.7").unwrap_err().contains("PDF"));
        assert!(Form::of(b"\xff\xfb\x90\x44 one lone frame header").is_err());
    }

    #[test]
    fn frames_have_their_lengths() {
        assert_eq!(Frame::at(&[0xff, 0xfb, 0x90, 0x44], 0), Some(Frame { bytes: 417, encoder_header: 36 }));
        assert_eq!(Frame::at(&[0xff, 0xf3, 0x84, 0xc4], 0), Some(Frame { bytes: 192, encoder_header: 13 }));
        assert_eq!(Frame::at(&[0xff, 0xf1, 0x50, 0x80], 0), None, "AAC in ADTS");
    }

    #[test]
    fn names_promise_forms() {
        assert!(Form::Wav.is_mislabelled("lời kể.MP3"));
        assert!(!Form::Wav.is_mislabelled("lời kể.wav") && !Form::Wav.is_mislabelled("lời kể"));
        assert!(!Form::Opus.is_mislabelled("a.ogg") && Form::Ogg.is_mislabelled("a.opus"));
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(head in proptest::collection::vec(any::<u8>(), 0..64), at in 0_usize..80) {
            let _ = Form::of(&head);
            let _ = Frame::at(&head, at);
            let tagged: Vec<u8> = b"ID3\x04\0".iter().chain(&head).copied().collect();
            let _ = Form::of(&tagged);
        }
    }
}
