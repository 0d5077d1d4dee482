//! The sentences of a recording as lines for a person to correct: number, start, end and text, with tabs between.
//!
//! Numbers are counted from 1, times are `HH:MM:SS.mmm`. Invariant: what [`write_lines`] writes, [`read_lines`] reads.

use crate::domain::{Milliseconds, RecordedSentence};
use crate::store::Correction;

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}; `NUMBER<tab>HH:MM:SS.mmm<tab>HH:MM:SS.mmm<tab>TEXT` is expected")]
pub struct LineError {
    /// From 1.
    pub line: usize,
    pub what: &'static str,
}

/// One line a sentence: what a person says was said, else what was heard.
#[must_use]
pub fn write_lines(sentences: &[RecordedSentence]) -> String {
    let line = |sentence: &RecordedSentence| {
        // A tab or a line break in it would be a column or a line.
        let text = sentence.text().split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{}\t{}\t{}\t{text}\n", sentence.ordinal + 1, clock(sentence.start), clock(sentence.end))
    };
    sentences.iter().map(line).collect()
}

/// Reads the lines a person gives back. Blank lines are passed over; a line with no text says that nothing was said.
///
/// # Errors
/// The first line that does not fit, or whose number stood on an earlier one.
pub fn read_lines(text: &str) -> Result<Vec<Correction>, LineError> {
    let mut corrections: Vec<Correction> = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (content, line) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        let wrong = |what| LineError { line, what };
        let mut columns = content.splitn(4, '\t');
        let mut column = || columns.next().map(str::trim);
        let number: Option<u32> = column().and_then(|number| number.parse().ok()).filter(|number| *number > 0);
        let ordinal = number.ok_or(wrong("it does not begin with the number of a sentence"))? - 1;
        let mut time = || column().and_then(read_clock);
        let start = time().ok_or(wrong("the second column is no time"))?;
        let end = time().ok_or(wrong("the third column is no time"))?;
        if end <= start {
            return Err(wrong("it ends before it begins"));
        }
        let text = column().unwrap_or_default().to_owned();
        if corrections.iter().any(|correction| correction.ordinal == ordinal) {
            return Err(wrong("its number stood on an earlier line"));
        }
        corrections.push(Correction { ordinal, start, end, text });
    }
    Ok(corrections)
}

/// `00:01:02.500`.
#[must_use]
pub fn clock(Milliseconds(time): Milliseconds) -> String {
    let (seconds, rest) = (time / 1000, time % 1000);
    format!("{:02}:{:02}:{:02}.{rest:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A time as `clock` writes it, hours in any number of digits.
#[must_use]
pub fn read_clock(text: &str) -> Option<Milliseconds> {
    let (clock, rest) = text.split_once('.')?;
    let digits = |part: &str| {
        let fits = (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<u64>().ok()).flatten()
    };
    let parts: Vec<u64> = clock.split(':').map(digits).collect::<Option<_>>()?;
    let [hours, minutes @ 0..60, seconds @ 0..60] = parts[..] else { return None };
    let millis = digits(rest).filter(|_| rest.len() == 3)?;
    Some(Milliseconds(((hours * 60 + minutes) * 60 + seconds) * 1000 + millis))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bad_lines_are_told_by_their_number() {
        let what = |text| read_lines(text).unwrap_err().to_string();
        assert!(what("\n0\t00:00:01.000\t00:00:02.000\tA").starts_with("line 2: it does not begin with the number"));
        assert!(what("1\t00:61:01.000\t00:00:02.000\tA").contains("second column"));
        assert!(what("1\t00:00:01.000\tsoon\tA").contains("third column"));
        assert!(what("1\t00:00:03.000\t00:00:02.000\tA").contains("ends before"));
        assert!(what("1\t00:00:01.000\t00:00:02.000\tA\n1\t00:00:01.000\t00:00:02.000\tB").contains("line 2"));
        let kept = read_lines("\u{feff}2\t00:00:01.000\t00:00:02.000\t\n").unwrap();
        assert_eq!((kept[0].ordinal, kept[0].text.as_str()), (1, ""));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            rows in proptest::collection::vec((0_u64..9_000_000, 1_u64..99_999, "\\PC{0,30}"), 0..20),
        ) {
            let sentences: Vec<RecordedSentence> = rows.iter().zip(0..).map(|((start, length, text), ordinal)| RecordedSentence {
                ordinal,
                paragraph: 0,
                start: Milliseconds(*start),
                end: Milliseconds(start + length),
                heard: text.clone(),
                corrected: None,
                corrected_by: None,
            }).collect();
            let back = read_lines(&write_lines(&sentences)).unwrap();
            prop_assert_eq!(back.len(), sentences.len());
            for (sentence, correction) in sentences.iter().zip(&back) {
                prop_assert_eq!((sentence.start, sentence.end), (correction.start, correction.end));
                let solid = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                prop_assert_eq!(solid(&sentence.heard), solid(&correction.text));
            }
        }

        #[test]
        fn no_text_breaks_it(text in "[0-9:.\t\na]{0,80}") {
            let _ = read_lines(&text);
        }
    }
}
