//! A long recording in passages: the stretches of speech between long silences.
//!
//! Who speaks in a passage is said by a person. Voices are not told apart here: where two people follow each other
//! without a silence, that is one passage.
//!
//! Invariant: passages are in order, do not overlap, and no speech lies outside of them.

use super::{RecordingError, decode, original};
use crate::audio::Decoder;
use crate::blobs::Blobs;
use crate::domain::{Hertz, Milliseconds, Passage, Recording};
use crate::store::Store;

/// What counts as a long silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silences {
    /// A silence this long ends a passage.
    pub at_least: Milliseconds,
    /// A passage shorter than this goes to the one before, the first to the one after: a cough between two silences is none.
    pub shortest: Milliseconds,
}

impl Default for Silences {
    fn default() -> Self {
        Self { at_least: Milliseconds(2000), shortest: Milliseconds(3000) }
    }
}

const RATE: Hertz = Hertz(16_000);

/// Loudness is looked at in frames of this length.
const FRAME: Milliseconds = Milliseconds(100);

/// Of digital silence, in decibels below full scale.
const FLOOR: f32 = -120.0;

/// Kept around the speech of a passage.
const MARGIN: u64 = 2;

/// Cuts a recording into passages and keeps them in place of the ones before.
///
/// # Errors
/// `Lost`; those of decoding and of the database.
pub async fn cut_passages(
    store: &Store,
    blobs: &Blobs,
    decoder: &Decoder,
    recording: &Recording,
    silences: Silences,
) -> Result<Vec<Passage>, RecordingError> {
    let file = original(blobs, recording).await?;
    let (decoder, about) = (decoder.clone(), recording.clone());
    let reading = tokio::task::spawn_blocking(move || {
        let mut levels = Levels::default();
        decode(&decoder, file, &about, RATE, |piece| {
            levels.push(piece);
            Ok::<_, RecordingError>(())
        })?;
        Ok::<_, RecordingError>(levels.finish())
    });
    let passages = between_silences(&reading.await??, silences, recording.duration);
    store.put_passages(None, recording.id, &passages).await?;
    Ok(passages)
}

/// The level of each frame, in decibels below full scale.
#[derive(Default)]
struct Levels {
    levels: Vec<f32>,
    energy: f32,
    count: usize,
}

impl Levels {
    fn push(&mut self, samples: &[f32]) {
        let frame = RATE.samples(FRAME);
        for sample in samples {
            self.energy += sample * sample;
            self.count += 1;
            if self.count == frame {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        let level = 10.0 * (self.energy / self.count.max(1) as f32).log10();
        self.levels.push(level.max(FLOOR));
        (self.energy, self.count) = (0.0, 0);
    }

    fn finish(mut self) -> Vec<f32> {
        if self.count > 0 {
            self.close();
        }
        self.levels
    }
}

/// What is louder than this is speech: well above the room, yet not so high that soft voices count as silence.
fn threshold(levels: &[f32]) -> f32 {
    let mut sorted = levels.to_vec();
    sorted.sort_by(f32::total_cmp);
    let at = |share: usize| sorted.get(sorted.len().saturating_sub(1) * share / 100).copied().unwrap_or(FLOOR);
    let (room, speech) = (at(5), at(90));
    (room + 8.0).max(speech - 35.0).min(speech - 12.0)
}

fn between_silences(levels: &[f32], silences: Silences, duration: Milliseconds) -> Vec<Passage> {
    let threshold = threshold(levels);
    let frames = |length: Milliseconds| length.0.div_ceil(FRAME.0);
    // First and last frame of each stretch of speech.
    let mut stretches: Vec<(u64, u64)> = Vec::new();
    for (level, frame) in levels.iter().zip(0_u64..) {
        if *level < threshold {
            continue;
        }
        match stretches.last_mut() {
            Some((_, last)) if frame - *last <= frames(silences.at_least) => *last = frame,
            _ => stretches.push((frame, frame)),
        }
    }
    let mut kept: Vec<(u64, u64)> = Vec::new();
    for (first, last) in stretches {
        let is_short = |first, last| last - first + 1 < frames(silences.shortest);
        match kept.last_mut() {
            Some(before) if is_short(before.0, before.1) || is_short(first, last) => before.1 = last,
            _ => kept.push((first, last)),
        }
    }
    let mut end_before = Milliseconds(0);
    let mut passages = Vec::with_capacity(kept.len());
    for ((first, last), ordinal) in kept.into_iter().zip(0..) {
        let start = Milliseconds(first.saturating_sub(MARGIN) * FRAME.0).max(end_before);
        let end = Milliseconds((last + 1 + MARGIN) * FRAME.0).min(duration).max(Milliseconds(start.0 + 1));
        passages.push(Passage { ordinal, start, end, speaker: None, title: None });
        end_before = end;
    }
    passages
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spans(levels: &[f32], silences: Silences) -> Vec<(u64, u64)> {
        let duration = Milliseconds(levels.len() as u64 * FRAME.0);
        between_silences(levels, silences, duration).iter().map(|p| (p.start.0, p.end.0)).collect()
    }

    fn stretch(level: f32, seconds: usize) -> Vec<f32> {
        vec![level; seconds * 10]
    }

    #[test]
    fn long_silences_part_and_short_ones_do_not() {
        for room in [-120.0, -55.0] {
            let levels = [
                stretch(room, 3),
                stretch(-25.0, 20),
                stretch(room, 1),
                stretch(-30.0, 20),
                stretch(room, 4),
                stretch(-28.0, 30),
                stretch(room, 5),
            ]
            .concat();
            assert_eq!(spans(&levels, Silences::default()), [(2800, 44_200), (47_800, 78_200)], "{room}");
            let patient = Silences { at_least: Milliseconds(5000), ..Silences::default() };
            assert_eq!(spans(&levels, patient), [(2800, 78_200)]);
        }
    }

    #[test]
    fn a_cough_goes_to_the_passage_before() {
        let levels =
            [stretch(-25.0, 20), stretch(-70.0, 4), stretch(-25.0, 1), stretch(-70.0, 4), stretch(-25.0, 20)].concat();
        assert_eq!(spans(&levels, Silences::default()), [(0, 25_200), (28_800, 49_000)]);
    }

    proptest! {
        #[test]
        fn speech_lies_in_passages(levels in proptest::collection::vec(-110.0_f32..-5.0, 0..400)) {
            let found = spans(&levels, Silences::default());
            prop_assert!(found.iter().all(|(start, end)| start < end));
            prop_assert!(found.windows(2).all(|pair| pair[0].1 <= pair[1].0));
            let threshold = threshold(&levels);
            for (level, frame) in levels.iter().zip(0_u64..) {
                let inside = found.iter().any(|(start, end)| *start <= frame * 100 && frame * 100 < *end);
                prop_assert!(*level < threshold || inside);
            }
        }
    }
}
