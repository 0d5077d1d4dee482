//! How fast and when: a cap on the bandwidth, hours in which files may be fetched, and waiting between tries.
//!
//! Waits grow twofold with full jitter, so that a thousand devices that lost the same server do not all come back in the
//! same second.

use std::str::FromStr;
use std::time::{Duration, Instant};

use super::KioskError;
use crate::domain::Timestamp;

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What can wait: the machine, or a test that does not want to.
pub trait Waiter {
    fn wait(&self, time: Duration);
    /// Time since some fixed moment; never goes back.
    fn elapsed(&self) -> Duration;
}

/// The machine's own time.
#[derive(Clone, Copy, Debug)]
pub struct RealTime(Instant);

impl Default for RealTime {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Waiter for RealTime {
    fn wait(&self, time: Duration) {
        std::thread::sleep(time);
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Hours of the day in UTC in which files are fetched: `22-5` goes over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    from: u8,
    to: u8,
}

impl Hours {
    #[must_use]
    pub fn has(self, moment: Timestamp) -> bool {
        let hour = moment.0.div_euclid(3_600_000).rem_euclid(24);
        let (from, to) = (i64::from(self.from), i64::from(self.to));
        if from <= to { (from..to).contains(&hour) } else { hour >= from || hour < to }
    }
}

impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` are no hours: write the first and the one past the last, in UTC, as in `22-5`");
        let (from, to) = text.split_once('-').ok_or_else(bad)?;
        let hour = |part: &str| part.trim().parse::<u8>().ok().filter(|hour| *hour <= 24);
        match (hour(from), hour(to)) {
            (Some(from), Some(to)) if from != to && from < 24 => Ok(Self { from, to }),
            _ => Err(bad()),
        }
    }
}

/// What an operator may set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Bytes a second.
    pub bandwidth: Option<u64>,
    pub hours: Option<Hours>,
}

/// Counts what came and waits where that was too fast; and waits between tries.
pub(super) struct Pace<'a> {
    waiter: &'a dyn Waiter,
    bandwidth: Option<u64>,
    begun: Duration,
    /// Bytes since `begun`.
    came: u64,
    tries: u32,
    chance: u64,
}

impl<'a> Pace<'a> {
    pub(super) fn new(waiter: &'a dyn Waiter, limits: &Limits) -> Self {
        let mut seed = [0; 8];
        // Without chance the jitter is the same every time, and everything else works.
        let chance = getrandom::fill(&mut seed).map_or(1, |()| u64::from_le_bytes(seed) | 1);
        Self { waiter, bandwidth: limits.bandwidth, begun: waiter.elapsed(), came: 0, tries: 0, chance }
    }

    /// Bytes came: waits until that many may have.
    pub(super) fn came(&mut self, bytes: usize) {
        self.came += bytes as u64;
        let Some(bandwidth) = self.bandwidth else { return };
        let due = Duration::from_micros(self.came.saturating_mul(1_000_000) / bandwidth.max(1));
        let spent = self.waiter.elapsed().saturating_sub(self.begun);
        if let Some(early) = due.checked_sub(spent) {
            self.waiter.wait(early);
        }
    }

    /// Something went forward: the next failure is the first one again.
    pub(super) fn progress(&mut self) {
        self.tries = 0;
    }

    /// Something failed. Waits and gives `true`, or gives `false` where it failed too often.
    pub(super) fn again(&mut self, most: u32) -> bool {
        self.tries += 1;
        if self.tries > most {
            return false;
        }
        let longest = FIRST_WAIT.saturating_mul(1 << (self.tries - 1).min(16)).min(LONGEST_WAIT);
        // xorshift64
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.waiter.wait(longest.mul_f64((self.chance >> 11) as f64 / (1u64 << 53) as f64));
        true
    }
}

/// # Errors
/// `OutOfHours`.
pub(super) fn within_hours(limits: &Limits, now: Timestamp) -> Result<(), KioskError> {
    match limits.hours {
        Some(hours) if !hours.has(now) => Err(KioskError::OutOfHours),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[derive(Default)]
    struct Counted(Cell<Duration>);

    impl Waiter for Counted {
        fn wait(&self, time: Duration) {
            self.0.set(self.0.get() + time);
        }

        fn elapsed(&self) -> Duration {
            self.0.get()
        }
    }

    #[test]
    fn the_cap_holds_over_any_number_of_pieces() {
        let waiter = Counted::default();
        let mut pace = Pace::new(&waiter, &Limits { bandwidth: Some(100_000), hours: None });
        for _ in 0..100 {
            pace.came(16_000);
        }
        assert_eq!(waiter.elapsed(), Duration::from_secs(16));
    }

    #[test]
    fn waits_grow_are_bounded_and_end() {
        let waiter = Counted::default();
        let mut pace = Pace::new(&waiter, &Limits::default());
        let mut tries = 0;
        while pace.again(20) {
            tries += 1;
        }
        assert_eq!(tries, 20);
        assert!(waiter.elapsed() > FIRST_WAIT && waiter.elapsed() <= LONGEST_WAIT * 20);
        pace.progress();
        assert!(pace.again(20));
    }

    #[test]
    fn hours_go_over_midnight() {
        let at = |hour: i64| Timestamp(hour * 3_600_000);
        let night: Hours = "22-5".parse().unwrap();
        for (hour, expected) in [(21, false), (22, true), (23, true), (0, true), (4, true), (5, false)] {
            assert_eq!(night.has(at(hour)), expected, "{hour}");
        }
        assert!("0-24".parse::<Hours>().unwrap().has(at(23)));
        for bad in ["", "5", "5-5", "25-3", "a-b", "-1-3", "24-3"] {
            assert!(bad.parse::<Hours>().is_err(), "{bad}");
        }
    }
}
