//! Samples in memory: one channel, 32-bit floats, full scale at ±1.

use crate::domain::{Hertz, Milliseconds};

/// A mono sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    pub rate: Hertz,
    pub samples: Vec<f32>,
}

impl Sound {
    #[must_use]
    pub fn new(rate: Hertz, samples: Vec<f32>) -> Self {
        Self { rate, samples }
    }

    #[must_use]
    pub fn duration(&self) -> Milliseconds {
        self.rate.duration(self.samples.len())
    }
}
