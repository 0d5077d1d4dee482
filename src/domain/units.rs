//! Units as types, so that milliseconds are never added to hertz.

use serde::{Deserialize, Serialize};

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Milliseconds(pub u64);

impl Milliseconds {
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl std::ops::Add for Milliseconds {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

/// Samples a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hertz(pub u32);

impl Hertz {
    /// How long `samples` last at this rate.
    #[must_use]
    pub fn duration(self, samples: usize) -> Milliseconds {
        Milliseconds((samples as u64 * 1000).div_ceil(u64::from(self.0.max(1))))
    }

    /// How many samples a length of time holds at this rate.
    #[must_use]
    pub fn samples(self, length: Milliseconds) -> usize {
        (length.0 * u64::from(self.0) / 1000) as usize
    }
}

/// Loudness after EBU R 128, in LUFS.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lufs(pub f64);
