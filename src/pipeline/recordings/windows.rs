//! Long sound in windows that a recognizer can hear at once, cut where it is quietest.
//!
//! All of the choice of places is `quietest`: a detector of voice may take its place.
//!
//! Invariant: the windows in their order are the sound; none is longer than [`MOST`].

use crate::audio::Sound;
use crate::domain::{Hertz, Milliseconds};

/// The longest window.
pub(super) const MOST: Milliseconds = Milliseconds(5 * 60_000);

/// A cut lies in the last part of a full window, of this length.
const SEARCHED: Milliseconds = Milliseconds(60_000);

/// A pause between sentences lasts about so long: the quietest stretch of this length is taken for one.
const PAUSE: Milliseconds = Milliseconds(400);

/// Energy is looked at in frames of this length.
const FRAME: Milliseconds = Milliseconds(20);

/// Takes samples as they come and gives windows.
pub(super) struct Windows {
    rate: Hertz,
    waiting: Vec<f32>,
    /// Of the first waiting sample.
    start: usize,
}

impl Windows {
    pub(super) fn new(rate: Hertz) -> Self {
        Self { rate, waiting: Vec::new(), start: 0 }
    }

    pub(super) fn push(&mut self, samples: &[f32]) {
        self.waiting.extend_from_slice(samples);
    }

    /// A full window with the moment it begins at; `None` until there is one.
    pub(super) fn full(&mut self) -> Option<(Milliseconds, Sound)> {
        let most = self.rate.samples(MOST);
        if self.waiting.len() < most {
            return None;
        }
        let from = most - self.rate.samples(SEARCHED);
        let cut = from + quietest(&self.waiting[from..most], self.rate);
        Some(self.take(cut))
    }

    /// What is left after the last full window.
    pub(super) fn rest(&mut self) -> Option<(Milliseconds, Sound)> {
        (!self.waiting.is_empty()).then(|| self.take(self.waiting.len()))
    }

    fn take(&mut self, cut: usize) -> (Milliseconds, Sound) {
        let rest = self.waiting.split_off(cut);
        let window = std::mem::replace(&mut self.waiting, rest);
        let start = Milliseconds(self.start as u64 * 1000 / u64::from(self.rate.0.max(1)));
        self.start += window.len();
        (start, Sound::new(self.rate, window))
    }
}

/// The middle of the quietest pause in a stretch of sound, in samples from its beginning.
fn quietest(samples: &[f32], rate: Hertz) -> usize {
    let frame = rate.samples(FRAME).max(1);
    let energies: Vec<f32> =
        samples.chunks(frame).map(|frame| frame.iter().map(|sample| sample * sample).sum()).collect();
    let long = (PAUSE.0 / FRAME.0) as usize;
    let sums = energies.windows(long.min(energies.len()).max(1)).map(|pause| pause.iter().sum::<f32>());
    let place = sums.enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(place, _)| place);
    ((place + long / 2) * frame).min(samples.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Hertz = Hertz(1000);

    #[test]
    fn a_cut_lies_in_the_pause_and_nothing_is_lost() {
        let mut sound: Vec<f32> = (0..700_000).map(|i| if i % 2 == 0 { 0.3 } else { -0.3 }).collect();
        sound[270_000..270_600].fill(0.001);
        let mut windows = Windows::new(RATE);
        let mut taken = Vec::new();
        for piece in sound.chunks(7001) {
            windows.push(piece);
            taken.extend(windows.full());
        }
        taken.extend(windows.rest());
        assert!(windows.rest().is_none());
        assert!((270_000..270_600).contains(&taken[0].1.samples.len()), "{}", taken[0].1.samples.len());
        assert_eq!(taken[1].0.0, taken[0].1.samples.len() as u64);
        assert!(taken.iter().all(|(_, window)| window.duration() <= MOST));
        assert_eq!(taken.iter().flat_map(|(_, window)| window.samples.clone()).collect::<Vec<_>>(), sound);
    }
}
