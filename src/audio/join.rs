//! Sentences into one narration, with the pauses a listener needs, and the place of each on the timeline.
//!
//! Invariant: spans are in order and do not overlap; the last one ends `lead_out` before the sound does.

use super::Sound;
use crate::domain::{Hertz, Milliseconds};

/// The silence around and between sentences.
#[derive(Clone, Debug, PartialEq)]
pub struct Pauses {
    /// Before the first sentence: wireless headphones swallow the first moments of a sound.
    pub lead_in: Milliseconds,
    pub between_sentences: Milliseconds,
    pub between_paragraphs: Milliseconds,
    pub lead_out: Milliseconds,
}

impl Default for Pauses {
    fn default() -> Self {
        Self {
            lead_in: Milliseconds(200),
            between_sentences: Milliseconds(350),
            between_paragraphs: Milliseconds(800),
            lead_out: Milliseconds(400),
        }
    }
}

/// A narration, and when each of its sentences is spoken.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined {
    pub sound: Sound,
    /// Start and end of each sentence, in the order given.
    pub spans: Vec<(Milliseconds, Milliseconds)>,
}

/// A sentence to be joined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joinable<'a> {
    pub paragraph: u32,
    pub samples: &'a [f32],
    /// The silence between it and the next one, where it is not the usual one.
    pub pause: Option<Milliseconds>,
}

/// Joins sentences. All are taken to be at `rate`.
#[must_use]
pub fn join<'a>(rate: Hertz, sentences: impl IntoIterator<Item = Joinable<'a>>, pauses: &Pauses) -> Joined {
    let mut samples = Vec::new();
    let mut spans = Vec::new();
    let mut before: Option<Joinable<'_>> = None;
    for sentence in sentences {
        let pause = match before.replace(sentence) {
            None => pauses.lead_in,
            Some(Joinable { pause: Some(own), .. }) => own,
            Some(before) if before.paragraph == sentence.paragraph => pauses.between_sentences,
            Some(_) => pauses.between_paragraphs,
        };
        samples.resize(samples.len() + rate.samples(pause), 0.0);
        let start = rate.duration(samples.len());
        samples.extend_from_slice(sentence.samples);
        spans.push((start, rate.duration(samples.len())));
    }
    samples.resize(samples.len() + rate.samples(pauses.lead_out), 0.0);
    Joined { sound: Sound::new(rate, samples), spans }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_stand_where_the_pauses_put_them() {
        for rate in [Hertz(24_000), Hertz(22_050)] {
            let second = vec![0.5; rate.0 as usize];
            let usual = |paragraph| Joinable { paragraph, samples: &second, pause: None };
            let joined = join(rate, [usual(0), usual(0), usual(1)], &Pauses::default());
            let wanted = [(200, 1200), (1550, 2550), (3350, 4350)].map(|(a, b)| (Milliseconds(a), Milliseconds(b)));
            assert_eq!(joined.spans, wanted, "{rate:?}");
            assert_eq!(joined.sound.duration(), Milliseconds(4750));
            let (start, end) = (rate.samples(Milliseconds(1550)), rate.samples(Milliseconds(2550)));
            assert!(joined.sound.samples[start + 1..end - 1].iter().all(|s| *s == 0.5));
            assert!(joined.sound.samples[end + 1..rate.samples(Milliseconds(3350)) - 1].iter().all(|s| *s == 0.0));
        }
    }

    #[test]
    fn a_sentence_with_a_pause_of_its_own_is_followed_by_that_and_the_end_stays() {
        let second = vec![0.5; 24_000];
        let with = |pause| Joinable { paragraph: 0, samples: &second[..], pause };
        let long = Some(Milliseconds(2000));
        let joined = join(Hertz(24_000), [with(long), with(None), with(long)], &Pauses::default());
        let wanted = [(200, 1200), (3200, 4200), (4550, 5550)].map(|(a, b)| (Milliseconds(a), Milliseconds(b)));
        assert_eq!(joined.spans, wanted);
        assert_eq!(joined.sound.duration(), Milliseconds(5950));
    }

    #[test]
    fn without_pauses_spans_touch_and_never_overlap() {
        let none = Milliseconds(0);
        let pauses = Pauses { lead_in: none, between_sentences: none, between_paragraphs: none, lead_out: none };
        let odd = [0.1; 1001];
        let joined =
            join(Hertz(22_050), (0..50).map(|paragraph| Joinable { paragraph, samples: &odd, pause: None }), &pauses);
        assert!(joined.spans.windows(2).all(|pair| pair[0].1 == pair[1].0 && pair[0].0 < pair[0].1));
        assert_eq!(joined.spans.last().map(|span| span.1), Some(joined.sound.duration()));
    }
}
