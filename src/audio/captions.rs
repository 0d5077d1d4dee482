//! Captions as WebVTT (W3C): one cue a sentence, in the original spelling, whatever the voice was given to read.
//!
//! Only what every player understands is written: cue numbers, times with hours, plain text with `&`, `<` and `>`
//! escaped. The reader takes exactly what the writer writes, and is strict, since its use is to check files.
//!
//! Invariant: a document that was written has at least one cue; cues are in order, do not overlap, last longer than
//! nothing and show something.

use super::AudioError;
use super::caption_lines::break_lines;
use crate::domain::{Language, Milliseconds};

/// One sentence on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    pub start: Milliseconds,
    pub end: Milliseconds,
    /// As shown, one below the other.
    pub lines: Vec<String>,
}

impl Cue {
    /// A sentence in its original spelling, broken into lines as its language is.
    #[must_use]
    pub fn new(span: (Milliseconds, Milliseconds), text: &str, language: Language) -> Self {
        Self { start: span.0, end: span.1, lines: break_lines(text, language) }
    }
}

/// The captions of one narration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captions {
    pub language: Language,
    pub cues: Vec<Cue>,
}

const HEADER: &str = "WEBVTT\n\nNOTE Language: ";

impl Captions {
    /// The document, as it is served (`text/vtt`).
    ///
    /// # Errors
    /// `BadCue` where the invariant would break.
    pub fn write(&self) -> Result<String, AudioError> {
        if self.cues.is_empty() {
            return Err(AudioError::NoSentences);
        }
        let mut text = format!("{HEADER}{}\n", self.language.tag());
        let mut before = Milliseconds(0);
        for (number, cue) in self.cues.iter().enumerate() {
            let bad = |what| Err(AudioError::BadCue { cue: number, what });
            if cue.start < before {
                return bad("it begins before the one ahead of it has ended");
            }
            if cue.end <= cue.start {
                return bad("it ends before it has begun");
            }
            if cue.lines.is_empty() || cue.lines.iter().any(|line| line.trim().is_empty()) {
                return bad("it has an empty line, or none");
            }
            if cue.lines.iter().any(|line| line.contains(|c: char| c.is_control() && c != '\t')) {
                return bad("it holds a control character");
            }
            before = cue.end;
            let lines: String = cue.lines.iter().map(|line| escape(line) + "\n").collect();
            text += &format!("\n{}\n{} --> {}\n{lines}", number + 1, timestamp(cue.start), timestamp(cue.end));
        }
        Ok(text)
    }

    /// Reads what [`Captions::write`] wrote.
    ///
    /// # Errors
    /// `BrokenCaptions` with the line at fault; `BadCue` where the invariant is broken.
    pub fn parse(text: &str) -> Result<Self, AudioError> {
        let broken = |line: usize, what| AudioError::BrokenCaptions { line: line + 1, what };
        let body =
            text.strip_prefix(HEADER).ok_or(broken(0, "it must begin with WEBVTT and the note of the language"))?;
        let tag = body.lines().next().unwrap_or_default();
        let language = tag.parse().map_err(|_| broken(2, "the language is unknown"))?;
        let mut lines = body.lines().enumerate().skip(1).map(|(number, line)| (number + 2, line)).peekable();
        let mut cues = Vec::new();
        while let Some((at, line)) = lines.next() {
            if !line.is_empty() {
                return Err(broken(at, "an empty line must stand before each cue"));
            }
            if lines.next().is_none_or(|(_, number)| number != (cues.len() + 1).to_string()) {
                return Err(broken(at + 1, "cues must be numbered from 1"));
            }
            let times = lines.next().and_then(|(_, times)| times.split_once(" --> "));
            let span = times.and_then(|(start, end)| Some((read_timestamp(start)?, read_timestamp(end)?)));
            let (start, end) = span.ok_or(broken(at + 2, "`HH:MM:SS.mmm --> HH:MM:SS.mmm` is expected"))?;
            let mut shown = Vec::new();
            while let Some((at, line)) = lines.next_if(|(_, line)| !line.is_empty()) {
                shown.push(unescape(line).ok_or(broken(at, "`&`, `<` or `>` is not escaped"))?);
            }
            cues.push(Cue { start, end, lines: shown });
        }
        let captions = Self { language, cues };
        captions.write()?;
        Ok(captions)
    }
}

fn escape(line: &str) -> String {
    line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn unescape(line: &str) -> Option<String> {
    let known = |rest: &str| ["amp;", "lt;", "gt;"].iter().any(|name| rest.starts_with(name));
    let whole = line.split('&').skip(1).all(known) && !line.contains(['<', '>']);
    whole.then(|| line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

fn timestamp(Milliseconds(time): Milliseconds) -> String {
    let (seconds, rest) = (time / 1000, time % 1000);
    format!("{:02}:{:02}:{:02}.{rest:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn read_timestamp(text: &str) -> Option<Milliseconds> {
    let number =
        |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u64>().ok()).flatten();
    let (clock, rest) = text.split_once('.')?;
    let mut parts = clock.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let lengths_fit = hours.len() >= 2 && minutes.len() == 2 && seconds.len() == 2 && rest.len() == 3;
    if !lengths_fit || parts.next().is_some() {
        return None;
    }
    let (minutes, seconds) = (number(minutes)?, number(seconds)?);
    let whole = number(hours)?.checked_mul(3600)?.checked_add(minutes * 60 + seconds)?;
    (minutes < 60 && seconds < 60)
        .then(|| whole.checked_mul(1000)?.checked_add(number(rest)?))
        .flatten()
        .map(Milliseconds)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cue(start: u64, end: u64, line: &str) -> Cue {
        Cue { start: Milliseconds(start), end: Milliseconds(end), lines: vec![line.to_owned()] }
    }

    fn written(cues: Vec<Cue>) -> Result<String, AudioError> {
        Captions { language: Language::VI, cues }.write()
    }

    #[test]
    fn a_document_reads_like_this() {
        let text = written(vec![cue(200, 1550, "Tháp Đôi & <Champa>"), cue(3_661_001, 3_662_000, "a --> b")]).unwrap();
        let wanted = "WEBVTT\n\nNOTE Language: vi\n\n1\n00:00:00.200 --> 00:00:01.550\nTháp Đôi &amp; &lt;Champa&gt;\n\n\
                      2\n01:01:01.001 --> 01:01:02.000\na --&gt; b\n";
        assert_eq!(text, wanted);
    }

    #[test]
    fn bad_cues_are_refused() {
        assert!(written(Vec::new()).is_err());
        for bad in [cue(5, 5, "x"), cue(5, 4, "x"), cue(0, 9, " "), cue(0, 9, "a\nb"), cue(0, 9, "a\0")] {
            assert!(matches!(written(vec![bad]), Err(AudioError::BadCue { cue: 0, .. })));
        }
        assert!(matches!(written(vec![cue(0, 9, "x"), cue(8, 12, "y")]), Err(AudioError::BadCue { cue: 1, .. })));
        let blank = Cue::new((Milliseconds(0), Milliseconds(9)), " ", Language::VI);
        assert!(written(vec![blank]).is_err());
    }

    #[test]
    fn a_broken_document_names_the_line() {
        let good = written(vec![cue(0, 900, "Xin chào & tạm biệt")]).unwrap();
        for (from, to, line) in [
            ("WEBVTT", "WEBVT", 1),
            ("vi\n", "xx\n", 3),
            ("\n1\n", "\n2\n", 5),
            (" --> ", " -> ", 6),
            (".900", ".9", 6),
            ("00:00:00.9", "00:60:00.9", 6),
            ("&amp;", "&", 7),
        ] {
            match Captions::parse(&good.replace(from, to)) {
                Err(AudioError::BrokenCaptions { line: found, .. }) => assert_eq!(found, line, "{to}"),
                other => panic!("{to}: {other:?}"),
            }
        }
    }

    fn cues() -> impl Strategy<Value = Vec<Cue>> {
        let line = "[^\\p{Cc}]{0,12}(&amp;|&lt;|-->|<b>|NOTE|Tháp|塔)[^\\p{Cc}]{0,12}";
        let cue = (0_u64..5_000_000, 1_u64..99_999, proptest::collection::vec(line, 1..4));
        proptest::collection::vec(cue, 1..8).prop_map(|drawn| {
            let mut now = 0;
            let mut place = |(pause, length, lines)| {
                let start = now + pause;
                now = start + length;
                Cue { start: Milliseconds(start), end: Milliseconds(now), lines }
            };
            drawn.into_iter().map(&mut place).collect()
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(cues in cues(), language in 0_usize..11) {
            let language = Language::all().nth(language).unwrap();
            let captions = Captions { language, cues };
            prop_assert_eq!(Captions::parse(&captions.write().unwrap()).unwrap(), captions);
        }

        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,60}", cut in 0_usize..70, times in "[0-9:.]{0,20}") {
            let good = written(vec![cue(0, 900, "Xin chào")]).unwrap();
            let cut = (0..=cut.min(good.len())).rev().find(|at| good.is_char_boundary(*at)).unwrap();
            let _ = Captions::parse(&format!("{}{text}", &good[..cut]));
            let _ = read_timestamp(&times);
        }
    }
}
