//! From the probability of speech in each window to stretches of speech, by the rules of Silero's
//! `get_speech_timestamps` (silero-vad 6.2), one window at a time.
//!
//! Padding depends on how near the next stretch is, so a stretch is held back until that is known. Invariant: the
//! stretches are those the reference gives for all windows together.

use super::network::WINDOW;
use crate::domain::Milliseconds;
use crate::ports::{SpeechRules, Stretch};

/// Samples of a millisecond at 16 kHz.
const MILLISECOND: u64 = 16;

fn samples(length: Milliseconds) -> u64 {
    length.0 * MILLISECOND
}

/// Speech in samples.
#[derive(Clone, Copy)]
struct Span {
    start: u64,
    end: u64,
}

pub struct Stretches {
    rules: SpeechRules,
    /// Where the next window begins.
    next: u64,
    /// Where the speech that is going on began.
    speech: Option<u64>,
    /// Where the silence within it began.
    silence: Option<u64>,
    /// Its longest pause so far: where it began, how long it was.
    pause: Option<(u64, u64)>,
    /// Speech whose end is not padded yet.
    held: Option<Span>,
}

impl Stretches {
    pub fn new(rules: &SpeechRules) -> Self {
        Self { rules: *rules, next: 0, speech: None, silence: None, pause: None, held: None }
    }

    /// Takes the probability of the next window and gives what has become certain.
    pub fn take(&mut self, probability: f32, ready: &mut Vec<Stretch>) {
        let now = self.next;
        self.next += WINDOW as u64;
        self.decide(f64::from(probability), now, ready);
        self.release(now, ready);
    }

    fn decide(&mut self, probability: f64, now: u64, ready: &mut Vec<Stretch>) {
        let speaks = probability >= self.rules.threshold;
        if speaks && let Some(since) = self.silence.take() {
            let length = now - since;
            let is_longest = self.pause.is_none_or(|(_, longest)| length > longest);
            if length > samples(self.rules.pause) && is_longest {
                self.pause = Some((since, length));
            }
        }
        let Some(mut start) = self.speech else {
            self.speech = speaks.then_some(now);
            return;
        };
        if self.is_too_long(now - start) {
            let Some((end, length)) = self.pause.take() else {
                self.accept(Span { start, end: now }, ready);
                self.stop();
                return;
            };
            self.accept(Span { start, end }, ready);
            self.silence = None;
            start = end + length;
            self.speech = Some(start);
        }
        if probability < self.rules.leave {
            let since = *self.silence.get_or_insert(now);
            if now - since >= samples(self.rules.silence) {
                if since - start > samples(self.rules.shortest) {
                    self.accept(Span { start, end: since }, ready);
                }
                self.stop();
            }
        }
    }

    fn is_too_long(&self, length: u64) -> bool {
        let around = WINDOW as u64 + 2 * samples(self.rules.padding);
        self.rules.longest.is_some_and(|longest| length + around > samples(longest))
    }

    fn stop(&mut self) {
        (self.speech, self.silence, self.pause) = (None, None, None);
    }

    /// Speech that counts: the one held before it now knows its neighbour.
    fn accept(&mut self, mut span: Span, ready: &mut Vec<Stretch>) {
        let padding = samples(self.rules.padding);
        let silence = self.held.map(|held| span.start - held.end);
        let shared = silence.filter(|silence| *silence < 2 * padding).map(|silence| silence / 2);
        let before = shared.unwrap_or(padding);
        ready.extend(self.held.take().map(|held| stretch(held.start, held.end + before)));
        span.start = span.start.saturating_sub(before);
        self.held = Some(span);
    }

    /// Lets go of what is held once no neighbour can come near enough to share the silence.
    fn release(&mut self, now: u64, ready: &mut Vec<Stretch>) {
        let padding = samples(self.rules.padding);
        let earliest = self.speech.unwrap_or(now);
        if let Some(held) = self.held.take_if(|held| earliest >= held.end + 2 * padding) {
            ready.push(stretch(held.start, held.end + padding));
        }
    }

    /// No stretch still to come begins before this sample.
    pub fn settled(&self) -> u64 {
        let coming = self.speech.unwrap_or(self.next).saturating_sub(samples(self.rules.padding));
        self.held.map_or(coming, |held| held.start)
    }

    /// What is left when the sound has ended after `length` samples.
    pub fn finish(&mut self, length: u64, ready: &mut Vec<Stretch>) {
        if let Some(start) =
            self.speech.take().filter(|start| length.saturating_sub(*start) > samples(self.rules.shortest))
        {
            self.accept(Span { start, end: length }, ready);
        }
        let end = |held: Span| (held.end + samples(self.rules.padding)).min(length);
        ready.extend(self.held.take().map(|held| stretch(held.start, end(held))));
        self.stop();
    }
}

fn stretch(start: u64, end: u64) -> Stretch {
    Stretch { start: Milliseconds(start / MILLISECOND), end: Milliseconds(end.div_ceil(MILLISECOND)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(probabilities: &[f32], rules: &SpeechRules) -> Vec<Stretch> {
        let (mut stretches, mut ready) = (Stretches::new(rules), Vec::new());
        for probability in probabilities {
            let settled = Milliseconds(stretches.settled() / MILLISECOND);
            let before = ready.len();
            stretches.take(*probability, &mut ready);
            assert!(ready[before..].iter().all(|stretch| stretch.start >= settled));
        }
        stretches.finish((probabilities.len() * WINDOW) as u64, &mut ready);
        ready
    }

    #[test]
    fn silence_is_no_speech_and_a_click_neither() {
        assert_eq!(found(&[0.1; 40], &SpeechRules::default()), []);
        let mut click = [0.0; 40];
        click[20] = 0.9;
        assert_eq!(found(&click, &SpeechRules::default()), []);
        assert_eq!(found(&[], &SpeechRules::default()), []);
    }

    #[test]
    fn speech_is_left_later_than_it_is_entered() {
        let mut speech = vec![0.4; 10];
        speech.extend([0.6; 10]);
        speech.extend([0.4; 10]);
        speech.extend([0.1; 10]);
        let stretches = found(&speech, &SpeechRules::default());
        assert_eq!(stretches, [Stretch { start: Milliseconds(290), end: Milliseconds(990) }]);
    }

    #[derive(serde::Deserialize)]
    struct Golden {
        rules: (f64, f64, u64, u64, u64, Option<u64>),
        samples: u64,
        probabilities: Vec<f32>,
        found: Vec<[u64; 2]>,
    }

    /// Made by scripts/reference-silero.py.
    #[test]
    fn stretches_are_those_of_the_reference() {
        let mut longest_cut = 0;
        for line in include_str!("../../../tests/golden/silero/rules.jsonl").lines() {
            let golden: Golden = serde_json::from_str(line).unwrap();
            let (threshold, leave, shortest, silence, padding, longest) = golden.rules;
            let [shortest, silence, padding] = [shortest, silence, padding].map(Milliseconds);
            let longest = longest.map(Milliseconds);
            let rules = SpeechRules { threshold, leave, shortest, silence, padding, longest, pause: Milliseconds(98) };
            let (mut stretches, mut ready) = (Stretches::new(&rules), Vec::new());
            for probability in &golden.probabilities {
                stretches.take(*probability, &mut ready);
            }
            stretches.finish(golden.samples, &mut ready);
            let expected: Vec<Stretch> = golden.found.iter().map(|[start, end]| stretch(*start, *end)).collect();
            assert_eq!(ready, expected, "{line}");
            longest_cut += usize::from(longest.is_some() && expected.len() > 1);
        }
        assert!(longest_cut > 5, "the reference cuts long speech somewhere");
    }

    proptest! {
        #[test]
        fn stretches_are_in_order_and_within_the_sound(
            probabilities in prop::collection::vec(0.0_f32..1.0, 0..400),
            padding in 0_u64..500,
            silence in 0_u64..400,
            longest in prop::option::of(100_u64..6_000),
        ) {
            let rules = SpeechRules {
                padding: Milliseconds(padding),
                silence: Milliseconds(silence),
                longest: longest.map(Milliseconds),
                ..SpeechRules::default()
            };
            let stretches = found(&probabilities, &rules);
            prop_assert!(stretches.windows(2).all(|pair| pair[0].end <= pair[1].start), "{stretches:?}");
            prop_assert!(stretches.iter().all(|stretch| stretch.start <= stretch.end));
            prop_assert!(stretches.last().is_none_or(|last| last.end.0 <= 32 * probabilities.len() as u64));
        }
    }
}
