//! When a show plays: days of the year, days of the week, hours of the day, in the screen's local time.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// A part of a timetable that cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    #[error("`{0}` is not a time of day: write it as 07:30, from 00:00 to 24:00")]
    Clock(String),
    #[error("`{0}` is not a day: write it as 2026-11-24")]
    Day(String),
    #[error("`{0}` is not a day of the week: Monday is 1, Sunday is 7")]
    Weekday(u8),
    #[error("the last day, {last}, lies before the first, {first}")]
    Backwards { first: String, last: String },
}

/// Minutes since midnight, `07:30`; 24:00 is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalTime(u16);

impl FromStr for LocalTime {
    type Err = WhenError;
    fn from_str(text: &str) -> Result<Self, WhenError> {
        let bad = || WhenError::Clock(text.chars().take(20).collect());
        let (hours, minutes) = text.split_once(':').ok_or_else(bad)?;
        let two = |part: &str| {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u16>().ok()).flatten()
        };
        let (hours, minutes) = (two(hours).ok_or_else(bad)?, two(minutes).ok_or_else(bad)?);
        let total = hours * 60 + minutes;
        if minutes < 60 && total <= 24 * 60 { Ok(Self(total)) } else { Err(bad()) }
    }
}

impl TryFrom<String> for LocalTime {
    type Error = WhenError;
    fn try_from(text: String) -> Result<Self, WhenError> {
        text.parse()
    }
}

impl From<LocalTime> for String {
    fn from(time: LocalTime) -> Self {
        time.to_string()
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// When a show plays; a field that is left out does not limit it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// First and last day, both included: `2026-11-24`.
    pub first_day: Option<String>,
    pub last_day: Option<String>,
    /// Days of the week, Monday is 1, Sunday is 7; empty: all.
    pub days: Vec<u8>,
    /// From this time of day on.
    pub from: Option<LocalTime>,
    /// Until before this time. Where it lies before `from`, the hours go past midnight and belong to the day on which
    /// they began; where both are the same, the whole day.
    pub until: Option<LocalTime>,
}

impl When {
    /// # Errors
    /// Where a day is none, or the days run backwards.
    pub fn check(&self) -> Result<(), WhenError> {
        for day in [&self.first_day, &self.last_day].into_iter().flatten() {
            if !is_day(day) {
                return Err(WhenError::Day(day.chars().take(20).collect()));
            }
        }
        if let Some(day) = self.days.iter().find(|day| !(1..=7).contains(*day)) {
            return Err(WhenError::Weekday(*day));
        }
        match (&self.first_day, &self.last_day) {
            (Some(first), Some(last)) if last < first => {
                Err(WhenError::Backwards { first: first.clone(), last: last.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Whether it plays at this moment, on a clock that is so many minutes ahead of UTC.
    #[must_use]
    pub fn holds(&self, now: Timestamp, offset_minutes: i32) -> bool {
        let local = now.0.saturating_add(i64::from(offset_minutes) * MINUTE);
        let minute = u16::try_from(local.rem_euclid(DAY) / MINUTE).unwrap_or(0);
        let from = self.from.map_or(0, |time| time.0);
        let until = self.until.map_or(24 * 60, |time| time.0);
        if from < until {
            return (from..until).contains(&minute) && self.on(local);
        }
        // Past midnight, or the whole day round.
        (minute >= from && self.on(local)) || (minute < until && self.on(local.saturating_sub(DAY)))
    }

    /// Whether hours that begin on this local day play.
    fn on(&self, local: i64) -> bool {
        let days = local.div_euclid(DAY);
        // 1970-01-01 was a Thursday.
        let weekday = u8::try_from((days + 3).rem_euclid(7) + 1).unwrap_or(1);
        let Ok(moment) = time::OffsetDateTime::from_unix_timestamp(days.saturating_mul(DAY / 1000)) else {
            return false;
        };
        let day = format!("{:04}-{:02}-{:02}", moment.year(), u8::from(moment.month()), moment.day());
        (self.days.is_empty() || self.days.contains(&weekday))
            && self.first_day.as_ref().is_none_or(|first| *first <= day)
            && self.last_day.as_ref().is_none_or(|last| day <= *last)
    }
}

/// `2026-11-24`, and a day that there is.
fn is_day(text: &str) -> bool {
    let read = || {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
        if parts.next().is_some() || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
            return None;
        }
        let month = time::Month::try_from(month.parse::<u8>().ok()?).ok()?;
        time::Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
    };
    read().is_some()
}
