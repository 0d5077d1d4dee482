//! Hearings on their way to the sums: how much is taken from one place, so that nobody writes the numbers alone.
//!
//! Invariant: networks are held in memory for a minute at most, only to count what comes from them, beside nothing of
//! what they heard; none is written down.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::Timestamp;
use crate::web::error::{Result, WebError};

const A_MINUTE: i64 = 60_000;
/// A class that shares one address of a school, each pupil starting and stopping a few guides.
const FROM_ONE: u32 = 240;
/// From all the world together.
const FROM_ALL: u32 = 6_000;

/// What came in the present minute.
#[derive(Debug, Default)]
pub struct Listening {
    minute: Mutex<Minute>,
}

#[derive(Debug, Default)]
struct Minute {
    number: i64,
    all: u32,
    by_network: HashMap<String, u32>,
}

impl Listening {
    /// Counts one more from a network.
    ///
    /// # Errors
    /// `TooManyListens`.
    pub fn one_more(&self, network: &str, now: Timestamp) -> Result<()> {
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.0.div_euclid(A_MINUTE);
        if minute.number != number {
            *minute = Minute { number, ..Minute::default() };
        }
        let own = minute.by_network.get(network).copied().unwrap_or_default();
        if own >= FROM_ONE || minute.all >= FROM_ALL {
            return Err(WebError::TooManyListens);
        }
        minute.all += 1;
        minute.by_network.insert(network.to_owned(), own + 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_is_held_back_and_others_are_not() {
        let listening = Listening::default();
        let at = |millis| Timestamp(1_700_000_000_000 + millis);
        for _ in 0..FROM_ONE {
            listening.one_more("a", at(0)).unwrap();
        }
        assert!(listening.one_more("a", at(1)).is_err());
        assert!(listening.one_more("b", at(1)).is_ok());
        assert!(listening.one_more("a", at(A_MINUTE)).is_ok(), "a minute later");
    }
}
