//! Sentences with times from words with times.
//!
//! Invariants: every word heard stands in one sentence, in order; sentences are in order and do not overlap.

use crate::domain::{Language, Milliseconds, RecordedSentence, Script};
use crate::ports::{HeardSegment, HeardWord};
use crate::text::split_sentences;

/// So long a silence ends a sentence, whatever its punctuation, and begins a paragraph.
const SILENCE: Milliseconds = Milliseconds(2000);

/// A sentence longer than this is cut at a long pause: nobody reads a caption that long.
const LONGEST: Milliseconds = Milliseconds(25_000);

/// No shorter pause is cut at.
const PAUSE: Milliseconds = Milliseconds(300);

/// The words of the segments, in order, as sentences. `before` is where the recording's earlier sentences ended.
pub(super) fn cut(segments: &[HeardSegment], language: Language) -> Vec<RecordedSentence> {
    let words = words_of(segments);
    let mut sentences = Vec::new();
    let paragraphs = words.chunk_by(|a, b| a.end + SILENCE > b.start);
    for (words, paragraph) in paragraphs.zip(0..) {
        let mut left = words;
        for sentence in split_sentences(&joined(words, language), language) {
            let mut characters = solid(&sentence);
            let mut count = 0;
            while characters > 0 && count < left.len() {
                characters = characters.saturating_sub(solid(&left[count].text));
                count += 1;
            }
            let (these, rest) = left.split_at(count);
            left = rest;
            for words in short_enough(these) {
                sentences.extend(sentence_of(words, paragraph, language));
            }
        }
    }
    for (sentence, ordinal) in sentences.iter_mut().zip(0..) {
        sentence.ordinal = ordinal;
    }
    sentences
}

/// In order and without overlaps: a recognizer's times need not be. A segment without words counts as one.
fn words_of(segments: &[HeardSegment]) -> Vec<HeardWord> {
    let whole = |segment: &HeardSegment| HeardWord {
        text: segment.text.trim().to_owned(),
        start: segment.start,
        end: segment.end,
        probability: 1.0,
    };
    let mut words: Vec<HeardWord> = segments
        .iter()
        .flat_map(|segment| if segment.words.is_empty() { vec![whole(segment)] } else { segment.words.clone() })
        .filter(|word| !word.text.trim().is_empty())
        .collect();
    let mut before = Milliseconds(0);
    for word in &mut words {
        word.start = word.start.max(before);
        word.end = word.end.max(Milliseconds(word.start.0 + 1));
        before = word.end;
    }
    words
}

fn joined(words: &[HeardWord], language: Language) -> String {
    let between = match language.script() {
        Script::Alphabetic => " ",
        Script::Ideographic => "",
    };
    words.iter().map(|word| word.text.trim()).collect::<Vec<_>>().join(between)
}

/// Splitting smooths white space and nothing else.
fn solid(text: &str) -> usize {
    text.chars().filter(|letter| !letter.is_whitespace()).count()
}

fn short_enough(words: &[HeardWord]) -> Vec<&[HeardWord]> {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Vec::new() };
    // A long pause near the middle is better than a little longer one near an end.
    let longest = (1..words.len())
        .map(|place| {
            let (left, right) = (&words[place - 1], &words[place]);
            let pause = right.start.0.saturating_sub(left.end.0);
            let shorter_side = (left.end.0 - first.start.0).min(last.end.0 - right.start.0);
            (place, pause, pause * shorter_side)
        })
        .filter(|(_, pause, _)| *pause >= PAUSE.0)
        .max_by_key(|(_, _, worth)| *worth);
    match longest {
        Some((place, ..)) if last.end.0 - first.start.0 > LONGEST.0 => {
            let (left, right) = words.split_at(place);
            [short_enough(left), short_enough(right)].concat()
        }
        _ => vec![words],
    }
}

fn sentence_of(words: &[HeardWord], paragraph: u32, language: Language) -> Option<RecordedSentence> {
    Some(RecordedSentence {
        ordinal: 0,
        paragraph,
        start: words.first()?.start,
        end: words.last()?.end,
        heard: joined(words, language),
        corrected: None,
        corrected_by: None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn segment(words: &[(&str, u64, u64)]) -> HeardSegment {
        let words: Vec<HeardWord> = words
            .iter()
            .map(|(text, start, end)| HeardWord {
                text: (*text).into(),
                start: Milliseconds(*start),
                end: Milliseconds(*end),
                probability: 0.9,
            })
            .collect();
        let (start, end) = (words[0].start, words[words.len() - 1].end);
        HeardSegment { text: String::new(), start, end, words }
    }

    fn seen(sentences: &[RecordedSentence]) -> Vec<(u32, u64, u64, &str)> {
        sentences.iter().map(|s| (s.paragraph, s.start.0, s.end.0, s.heard.as_str())).collect()
    }

    #[test]
    fn sentences_cross_segments_and_silences_end_them() {
        let segments = [
            segment(&[("Tháp", 100, 300), ("Đôi", 300, 500), ("có", 500, 700)]),
            segment(&[("hai", 700, 900), ("ngọn.", 900, 1200), ("Tháp", 1300, 1500), ("bắc", 1500, 1800)]),
            segment(&[("cao", 4000, 4300), ("hơn.", 4300, 4600)]),
        ];
        let sentences = cut(&segments, Language::VI);
        let expected =
            [(0, 100, 1200, "Tháp Đôi có hai ngọn."), (0, 1300, 1800, "Tháp bắc"), (1, 4000, 4600, "cao hơn.")];
        assert_eq!(seen(&sentences), expected);
        assert_eq!(sentences[2].ordinal, 2);
    }

    #[test]
    fn scripts_without_spaces_are_joined_without() {
        let sentences = cut(&[segment(&[("双塔", 0, 300), ("很高。", 300, 600), ("是砖。", 700, 900)])], Language::ZH);
        assert_eq!(seen(&sentences), [(0, 0, 600, "双塔很高。"), (0, 700, 900, "是砖。")]);
    }

    #[test]
    fn what_nobody_could_read_at_once_is_cut_at_a_pause() {
        let word = |i: u64| ("và", i * 600 + u64::from(i >= 40) * 500, i * 600 + u64::from(i >= 40) * 500 + 550);
        let words: Vec<_> = (0..60).map(word).collect();
        let sentences = cut(&[segment(&words)], Language::VI);
        assert_eq!(sentences.len(), 2, "{:?}", seen(&sentences));
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_times_are_in_order(
            words in proptest::collection::vec(("[a-zđ]{1,4}[.!?]?", 0_u64..90_000, 0_u64..5000), 1..60),
        ) {
            let words: Vec<(&str, u64, u64)> =
                words.iter().map(|(text, start, length)| (text.as_str(), *start, start + length)).collect();
            let sentences = cut(&[segment(&words)], Language::VI);
            let said: String = words.iter().map(|word| word.0).collect();
            let kept: String = sentences.iter().flat_map(|s| s.heard.chars()).filter(|c| !c.is_whitespace()).collect();
            prop_assert_eq!(kept, said);
            prop_assert!(sentences.iter().all(|s| s.start < s.end));
            prop_assert!(sentences.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
