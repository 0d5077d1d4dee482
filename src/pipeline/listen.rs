//! Listening to a recording of any length: where somebody speaks is cut out, joined to windows that the recognizer
//! hears in one go, and what was heard gets its times in the recording back.
//!
//! Silence never reaches the recognizer, so no words are invented into it. Invariants: besides the text, memory holds
//! one window for each worker and the sound since the last silence, whatever the length of the recording; what is
//! heard depends neither on the number of workers nor on how the recording arrives.

use std::num::NonZero;
use std::thread;

use crate::audio::Sound;
use crate::domain::{Hertz, Language, Milliseconds, Script};
use crate::ports::{
    Cancel, EngineError, HeardSegment, HeardWord, Recognizer, SpeechRules, Stretch, Transcript, VoiceDetector,
    VoiceListener,
};

/// What a recognizer hears in one go; Whisper sees 30 seconds.
const WINDOW: Milliseconds = Milliseconds(28_000);
/// A segment is told in two where this much of the recording was cut out of its middle.
const GAP: Milliseconds = Milliseconds(1_000);

/// Speech for a recognizer: half a second of silence ends it, and it keeps some of the silence around it.
const RULES: SpeechRules = SpeechRules {
    threshold: 0.5,
    leave: 0.35,
    shortest: Milliseconds(250),
    silence: Milliseconds(500),
    padding: Milliseconds(200),
    longest: Some(WINDOW),
    pause: Milliseconds(98),
};

/// Everything heard in a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The language that was told, or found in the first window of speech; `None` where nobody spoke and none was told.
    pub language: Option<Language>,
    /// How probable that language is, 0 to 1, where it was not told.
    pub probability: Option<f32>,
    /// Empty where nobody spoke.
    pub transcript: Transcript,
}

/// One recording being listened to.
pub struct Listening<'a> {
    recognizer: &'a dyn Recognizer,
    listener: Box<dyn VoiceListener + 'a>,
    rate: Hertz,
    language: Option<Language>,
    probability: Option<f32>,
    /// The recording from sample `begun` on.
    recent: Vec<f32>,
    begun: usize,
    window: Window,
    /// Whole windows that wait for every worker to have one.
    waiting: Vec<Window>,
    workers: usize,
    segments: Vec<HeardSegment>,
}

/// Stretches of speech, one behind the other.
#[derive(Default)]
struct Window {
    samples: Vec<f32>,
    pieces: Vec<Piece>,
}

/// Where a stretch lies in its window and in the recording.
#[derive(Clone, Copy, Debug)]
struct Piece {
    at: Milliseconds,
    stretch: Stretch,
}

impl<'a> Listening<'a> {
    /// Begins to listen to a recording of this rate. Without a language, the first window of speech tells it.
    ///
    /// # Errors
    /// `BadInput` for a rate that cannot be heard.
    pub fn begin(
        recognizer: &'a dyn Recognizer,
        detector: &'a dyn VoiceDetector,
        rate: Hertz,
        language: Option<Language>,
    ) -> Result<Self, EngineError> {
        Ok(Self {
            recognizer,
            listener: detector.listen(rate, &RULES)?,
            rate,
            language,
            probability: None,
            recent: Vec::new(),
            begun: 0,
            window: Window::default(),
            waiting: Vec::new(),
            workers: 1,
            segments: Vec::new(),
        })
    }

    /// Hears so many windows at the same time.
    #[must_use]
    pub fn workers(mut self, workers: NonZero<usize>) -> Self {
        self.workers = workers.get();
        self
    }

    /// Takes the next samples of the recording; gives the segments that were heard meanwhile.
    ///
    /// # Errors
    /// `Cancelled`, or an engine's own failure.
    pub fn take(&mut self, samples: &[f32], cancel: &Cancel) -> Result<&[HeardSegment], EngineError> {
        let before = self.segments.len();
        // Second by second, however much comes at once: so is what must be kept.
        for second in samples.chunks(self.rate.0.max(1) as usize) {
            cancel.check()?;
            self.recent.extend_from_slice(second);
            let stretches = self.listener.hear(second)?;
            self.add(&stretches, cancel)?;
            let settled = self.rate.samples(self.listener.settled()).clamp(self.begun, self.begun + self.recent.len());
            self.recent.drain(..settled - self.begun);
            self.begun = settled;
        }
        Ok(&self.segments[before..])
    }

    /// Everything heard, once the last samples were taken.
    ///
    /// # Errors
    /// `Cancelled`, or an engine's own failure.
    pub fn finish(mut self, cancel: &Cancel) -> Result<Heard, EngineError> {
        let stretches = self.listener.finish()?;
        self.add(&stretches, cancel)?;
        self.close_window();
        self.hear_windows(cancel)?;
        let text = match self.language {
            Some(language) => joined(self.segments.iter().map(|segment| segment.text.as_str()), language),
            None => String::new(),
        };
        let transcript = Transcript { text, segments: self.segments };
        Ok(Heard { language: self.language, probability: self.probability, transcript })
    }

    fn add(&mut self, stretches: &[Stretch], cancel: &Cancel) -> Result<(), EngineError> {
        for stretch in stretches {
            let end = self.recent.len();
            let from = self.rate.samples(stretch.start).saturating_sub(self.begun).min(end);
            let until = self.rate.samples(stretch.end).saturating_sub(self.begun).min(end);
            let full = self.window.samples.len() + until.saturating_sub(from) > self.rate.samples(WINDOW);
            if full {
                self.close_window();
            }
            if self.waiting.len() >= self.workers {
                self.hear_windows(cancel)?;
            }
            let at = self.rate.duration(self.window.samples.len());
            self.window.pieces.push(Piece { at, stretch: *stretch });
            self.window.samples.extend_from_slice(self.recent.get(from..until).unwrap_or_default());
        }
        Ok(())
    }

    fn close_window(&mut self) {
        let window = std::mem::take(&mut self.window);
        if !window.samples.is_empty() {
            self.waiting.push(window);
        }
    }

    fn hear_windows(&mut self, cancel: &Cancel) -> Result<(), EngineError> {
        let windows = std::mem::take(&mut self.waiting).into_iter();
        let windows: Vec<(Sound, Vec<Piece>)> =
            windows.map(|window| (Sound::new(self.rate, window.samples), window.pieces)).collect();
        let Some((first, _)) = windows.first() else { return Ok(()) };
        let language = match self.language {
            Some(language) => language,
            None => {
                let (language, probability) = self.recognizer.detect(first, cancel)?;
                self.probability = Some(probability);
                *self.language.insert(language)
            }
        };
        let recognizer = self.recognizer;
        let heard: Vec<Result<Transcript, EngineError>> = thread::scope(|scope| {
            let hear = |sound| scope.spawn(move || recognizer.recognize(sound, language, cancel));
            let workers: Vec<_> = windows.iter().map(|(sound, _)| hear(sound)).collect();
            let panicked = |_| Err(EngineError::failed(&recognizer.identity().engine, "a worker panicked"));
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(panicked)).collect()
        });
        for (heard, (_, pieces)) in heard.into_iter().zip(&windows) {
            self.segments.extend(heard?.segments.into_iter().flat_map(|segment| placed(segment, pieces, language)));
        }
        Ok(())
    }
}

/// Text of parts as it is written in a language.
fn joined<'t>(parts: impl Iterator<Item = &'t str>, language: Language) -> String {
    let between = match language.script() {
        Script::Alphabetic => " ",
        Script::Ideographic => "",
    };
    parts.collect::<Vec<_>>().join(between)
}

/// A segment of a window at its times in the recording, in two or more where much was cut out of its middle.
fn placed(segment: HeardSegment, pieces: &[Piece], language: Language) -> Vec<HeardSegment> {
    let mut groups: Vec<(usize, Vec<HeardWord>)> = Vec::new();
    for word in segment.words {
        let middle = Milliseconds(word.start.0.midpoint(word.end.0));
        let piece = piece_at(pieces, middle);
        let word = HeardWord { start: moment(pieces, piece, word.start), end: moment(pieces, piece, word.end), ..word };
        match groups.last_mut() {
            Some((last, words)) if !is_far(pieces, *last, piece) => {
                *last = piece;
                words.push(word);
            }
            _ => groups.push((piece, vec![word])),
        }
    }
    if groups.len() > 1 {
        let parts = groups.into_iter().map(|(_, words)| HeardSegment {
            text: joined(words.iter().map(|word| word.text.as_str()), language),
            start: words.first().map_or(segment.start, |word| word.start),
            end: words.last().map_or(segment.end, |word| word.end),
            words,
        });
        return parts.collect();
    }
    let words = groups.pop().map(|(_, words)| words).unwrap_or_default();
    // A moment between two stretches is the start of the later one, or the end of the earlier one.
    let start = moment(pieces, piece_at(pieces, segment.start), segment.start);
    let last = piece_at(pieces, Milliseconds(segment.end.0.saturating_sub(1)));
    let end = moment(pieces, last, segment.end).max(start);
    // A recognizer may begin a segment in speech that lies far before its first word, where what lay between was cut out.
    let start =
        words.first().map(|word| word.start).filter(|first| first.0.saturating_sub(start.0) > GAP.0).unwrap_or(start);
    let end = words.last().map(|word| word.end).filter(|last| end.0.saturating_sub(last.0) > GAP.0).unwrap_or(end);
    vec![HeardSegment { text: segment.text, start, end, words }]
}

/// The last piece that begins at this moment of the window or before.
fn piece_at(pieces: &[Piece], moment: Milliseconds) -> usize {
    pieces.iter().rposition(|piece| piece.at <= moment).unwrap_or(0)
}

/// A moment of the window as one of the recording, within the given piece.
fn moment(pieces: &[Piece], piece: usize, moment: Milliseconds) -> Milliseconds {
    pieces.get(piece).map_or(moment, |Piece { at, stretch }| {
        Milliseconds(stretch.start.0 + moment.0.saturating_sub(at.0)).min(stretch.end)
    })
}

fn is_far(pieces: &[Piece], earlier: usize, later: usize) -> bool {
    let gap = |pair: &[Piece]| pair[1].stretch.start.0.saturating_sub(pair[0].stretch.end.0);
    pieces.get(earlier..=later.max(earlier)).is_some_and(|between| between.windows(2).any(|pair| gap(pair) > GAP.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> Vec<Piece> {
        let piece = |at: u64, start: u64, end: u64| Piece {
            at: Milliseconds(at),
            stretch: Stretch { start: Milliseconds(start), end: Milliseconds(end) },
        };
        vec![piece(0, 5_000, 7_000), piece(2_000, 7_600, 8_600), piece(3_000, 60_000, 62_000)]
    }

    fn segment(words: &[(&str, u64, u64)]) -> HeardSegment {
        let word = |(text, start, end): &(&str, u64, u64)| HeardWord {
            text: (*text).to_owned(),
            start: Milliseconds(*start),
            end: Milliseconds(*end),
            probability: 1.0,
        };
        let words: Vec<HeardWord> = words.iter().map(word).collect();
        let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        HeardSegment { text, start: words[0].start, end: words[words.len() - 1].end, words }
    }

    #[test]
    fn times_are_those_of_the_recording() {
        let placed = placed(segment(&[("one", 100, 900), ("two", 2_100, 2_900)]), &pieces(), Language::EN);
        assert_eq!(placed.len(), 1, "six tenths of a second are no gap");
        let HeardSegment { text, start, end, words } = &placed[0];
        assert_eq!((text.as_str(), start.0, end.0), ("one two", 5_100, 8_500));
        assert_eq!((words[1].start.0, words[1].end.0), (7_700, 8_500));
    }

    #[test]
    fn a_segment_over_a_long_silence_is_told_in_two() {
        let placed = placed(segment(&[("one", 2_000, 3_000), ("two", 3_000, 3_500)]), &pieces(), Language::EN);
        let told: Vec<_> = placed.iter().map(|part| (part.text.as_str(), part.start.0, part.end.0)).collect();
        assert_eq!(told, [("one", 7_600, 8_600), ("two", 60_000, 60_500)]);
    }
}
