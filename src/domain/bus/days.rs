//! Days of a timetable: counted, since a service runs on days and not at moments.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Days since 1970-01-01 in the local time of the buses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

/// A text that names no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a day: write it as 20261130")]
pub struct DayError(String);

impl Day {
    /// The local day of a moment, in milliseconds since 1970-01-01 by the local clock.
    #[must_use]
    pub fn of_local(millis: i64) -> Self {
        Self(i32::try_from(millis.div_euclid(86_400_000)).unwrap_or(i32::MAX))
    }

    /// Monday is 1, Sunday is 7. 1970-01-01 was a Thursday.
    #[must_use]
    pub fn weekday(self) -> u8 {
        u8::try_from((i64::from(self.0) + 3).rem_euclid(7) + 1).unwrap_or(1)
    }

    /// This day moved by a number of days.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl FromStr for Day {
    type Err = DayError;
    fn from_str(text: &str) -> Result<Self, DayError> {
        let bad = || DayError(text.chars().take(20).collect());
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(bad());
        }
        let part = |range: std::ops::Range<usize>| text[range].parse::<u16>().map_err(|_| bad());
        let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
        let month = u8::try_from(month).ok().and_then(|month| time::Month::try_from(month).ok()).ok_or_else(bad)?;
        let day = u8::try_from(day).map_err(|_| bad())?;
        let date = time::Date::from_calendar_date(i32::from(year), month, day).map_err(|_| bad())?;
        // The Julian day of 1970-01-01.
        Ok(Self(date.to_julian_day() - 2_440_588))
    }
}

impl fmt::Display for Day {
    /// `2026-11-30`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match time::Date::from_julian_day(self.0.saturating_add(2_440_588)) {
            Ok(date) => write!(f, "{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()),
            Err(_) => write!(f, "day {}", self.0),
        }
    }
}

/// On which days trips run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub id: String,
    /// Days of the week, Monday is 1; empty where only `added` counts.
    pub weekdays: Vec<u8>,
    /// First and last day of `weekdays`, both included.
    pub first: Day,
    pub last: Day,
    /// Days on which it runs besides, in order.
    pub added: Vec<Day>,
    /// Days on which it does not, in order.
    pub removed: Vec<Day>,
}

impl Service {
    #[must_use]
    pub fn runs_on(&self, day: Day) -> bool {
        if self.added.binary_search(&day).is_ok() {
            return true;
        }
        (self.first..=self.last).contains(&day)
            && self.weekdays.contains(&day.weekday())
            && self.removed.binary_search(&day).is_err()
    }

    /// The last day on which it may run.
    #[must_use]
    pub fn ends(&self) -> Option<Day> {
        let regular = (!self.weekdays.is_empty()).then_some(self.last);
        regular.max(self.added.last().copied())
    }
}
