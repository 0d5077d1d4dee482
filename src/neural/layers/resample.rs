//! Sound at the rate an engine hears at, by rubato's FFT resampler, all at once or piece by piece.
//!
//! Invariant: however a sound is cut into pieces, the samples that come out are the same, and there are as many as its
//! duration holds at the new rate, rounded up.

use rubato::audioadapter_buffers::owned::InterleavedOwned;
use rubato::{Fft, FixedSync, Resampler};

use crate::domain::Hertz;

/// Samples a round of the resampler takes.
const CHUNK: usize = 1024;

/// A rate that cannot be converted.
#[derive(Debug, thiserror::Error)]
#[error("a sound at {} Hz cannot be brought to {} Hz: {what}", from.0, to.0)]
pub struct RateError {
    from: Hertz,
    to: Hertz,
    what: String,
}

/// Samples at another rate.
///
/// # Errors
/// A rate that cannot be converted.
pub fn to_rate(samples: &[f32], from: Hertz, to: Hertz) -> Result<Vec<f32>, RateError> {
    let mut stream = RateStream::new(from, to)?;
    let mut resampled = stream.push(samples)?;
    resampled.extend(stream.finish()?);
    Ok(resampled)
}

/// Brings a sound that arrives in pieces to another rate.
pub struct RateStream {
    from: Hertz,
    to: Hertz,
    /// None where both rates are the same.
    resampler: Option<Fft<f32>>,
    /// What is less than a round of the resampler.
    waiting: Vec<f32>,
    /// Samples that came in and went out.
    taken: u64,
    given: u64,
    /// The resampler's delay, as far as it has not been dropped yet.
    delay: usize,
}

impl RateStream {
    /// # Errors
    /// A rate that cannot be converted.
    pub fn new(from: Hertz, to: Hertz) -> Result<Self, RateError> {
        let wrong = |what: String| RateError { from, to, what };
        if from.0 == 0 || to.0 == 0 {
            return Err(wrong("there is no such rate".to_owned()));
        }
        let resampler = if from == to {
            None
        } else {
            let made = Fft::<f32>::new(from.0 as usize, to.0 as usize, CHUNK, 1, FixedSync::Input);
            Some(made.map_err(|error| wrong(error.to_string()))?)
        };
        let delay = resampler.as_ref().map_or(0, Resampler::output_delay);
        Ok(Self { from, to, resampler, waiting: Vec::new(), taken: 0, given: 0, delay })
    }

    /// Takes the next samples and gives those that are ready.
    ///
    /// # Errors
    /// The resampler's own failure.
    pub fn push(&mut self, samples: &[f32]) -> Result<Vec<f32>, RateError> {
        self.taken += samples.len() as u64;
        if self.resampler.is_none() {
            self.given += samples.len() as u64;
            return Ok(samples.to_vec());
        }
        self.waiting.extend_from_slice(samples);
        let mut ready = Vec::new();
        let mut used = 0;
        while let Some(round) = self.waiting.get(used..used + self.round()) {
            let round = round.to_vec();
            used += round.len();
            ready.extend(self.run(round)?);
        }
        self.waiting.drain(..used);
        self.given += ready.len() as u64;
        Ok(ready)
    }

    /// The samples that are still to come once the last piece was taken.
    ///
    /// # Errors
    /// The resampler's own failure.
    pub fn finish(&mut self) -> Result<Vec<f32>, RateError> {
        let whole = (self.taken * u64::from(self.to.0)).div_ceil(u64::from(self.from.0));
        let missing = whole.saturating_sub(self.given) as usize;
        let mut last = Vec::new();
        while self.resampler.is_some() && last.len() < missing {
            let mut round = std::mem::take(&mut self.waiting);
            round.resize(self.round(), 0.0);
            last.extend(self.run(round)?);
        }
        last.truncate(missing);
        self.given += last.len() as u64;
        Ok(last)
    }

    fn round(&self) -> usize {
        self.resampler.as_ref().map_or(CHUNK, Resampler::input_frames_next)
    }

    fn run(&mut self, round: Vec<f32>) -> Result<Vec<f32>, RateError> {
        let (from, to) = (self.from, self.to);
        let wrong = |what: &dyn std::fmt::Display| RateError { from, to, what: what.to_string() };
        let Some(resampler) = &mut self.resampler else { return Ok(round) };
        let frames = round.len();
        let input = InterleavedOwned::new_from(round, 1, frames).map_err(|error| wrong(&error))?;
        let mut output = resampler.process(&input, None).map_err(|error| wrong(&error))?.take_data();
        let dropped = self.delay.min(output.len());
        self.delay -= dropped;
        output.drain(..dropped);
        Ok(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tone_keeps_its_pitch_its_strength_and_its_length() {
        for from in [8_000_u32, 22_050, 24_000, 44_100, 48_000] {
            let tone = |rate: u32| {
                let samples = (0..rate).map(|n| (n as f32 / rate as f32 * 440.0 * std::f32::consts::TAU).sin() * 0.5);
                samples.collect::<Vec<f32>>()
            };
            let heard = to_rate(&tone(from), Hertz(from), Hertz(16_000)).unwrap();
            assert_eq!(heard.len(), 16_000);
            let expected = tone(16_000);
            let middle = 2_000..14_000;
            let worst = middle.map(|n| (heard[n] - expected[n]).abs()).fold(0.0_f32, f32::max);
            // The resampler's delay is cut off in whole samples: half a sample of this tone at its steepest is 0.043.
            assert!(worst < 0.045, "{from} Hz: {worst}");
        }
    }

    #[test]
    fn no_rate_at_all_is_an_error() {
        assert!(RateStream::new(Hertz(0), Hertz(16_000)).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn pieces_give_what_the_whole_gives(
            samples in prop::collection::vec(-1.0_f32..1.0, 0..6_000),
            cuts in prop::collection::vec(1_usize..2_500, 0..8),
            rate in prop::sample::select(vec![8_000_u32, 16_000, 22_050, 48_000]),
        ) {
            let whole = to_rate(&samples, Hertz(rate), Hertz(16_000)).unwrap();
            prop_assert_eq!(whole.len() as u64, (samples.len() as u64 * 16_000).div_ceil(u64::from(rate)));
            let mut stream = RateStream::new(Hertz(rate), Hertz(16_000)).unwrap();
            let mut pieces = Vec::new();
            let mut rest = &samples[..];
            for cut in cuts {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                pieces.extend(stream.push(piece).unwrap());
                rest = after;
            }
            pieces.extend(stream.push(rest).unwrap());
            pieces.extend(stream.finish().unwrap());
            prop_assert_eq!(pieces, whole);
        }
    }
}
