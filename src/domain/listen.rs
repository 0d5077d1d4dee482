//! How often guides are heard, as sums: which guide, from where, in which hour, how far. Nothing in here is of any one
//! listener.

use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;
use time::macros::{format_description, offset};

use super::{Language, Slug, Timestamp};

/// How a listener came to a guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListenSource {
    /// By the code on a label, scanned or typed.
    Qr,
    /// On a device of the house.
    Kiosk,
    /// Any other way.
    Link,
}

/// A word that is no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no source: use qr, kiosk or link")]
pub struct ListenSourceError(String);

impl ListenSource {
    pub const ALL: [Self; 3] = [Self::Qr, Self::Kiosk, Self::Link];

    /// As it is stored and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Qr => "qr",
            Self::Kiosk => "kiosk",
            Self::Link => "link",
        }
    }
}

impl FromStr for ListenSource {
    type Err = ListenSourceError;
    fn from_str(text: &str) -> Result<Self, ListenSourceError> {
        let found = Self::ALL.into_iter().find(|source| source.word() == text);
        found.ok_or_else(|| ListenSourceError(text.chars().take(40).collect()))
    }
}

/// What is told of a hearing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    Began,
    /// Stopped in this tenth of the guide, 0 to 9; 10: heard to its end.
    Ended(u8),
}

impl Moment {
    pub const WHOLE: u8 = 10;

    /// Where somebody stopped who heard this share of a guide. The last twentieth counts as the end: nobody waits for the
    /// silence.
    #[must_use]
    pub fn stopped_at(share: f64) -> Self {
        if share >= 0.95 {
            return Self::Ended(Self::WHOLE);
        }
        Self::Ended(((share.clamp(0.0, 1.0) * 10.0) as u8).min(9))
    }

    /// As it is stored: -1 for a beginning.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::Began => -1,
            Self::Ended(tenth) => i64::from(tenth.min(Self::WHOLE)),
        }
    }
}

/// An hour of a day in Vietnam, which has one time all year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour {
    /// `2026-11-23`.
    pub day: String,
    pub hour: u8,
}

impl Hour {
    /// `None` for times no calendar has.
    #[must_use]
    pub fn of(at: Timestamp) -> Option<Self> {
        let local = OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000)).ok()?.to_offset(offset!(+7));
        let day = local.format(format_description!("[year]-[month]-[day]")).ok()?;
        Some(Self { day, hour: local.hour() })
    }
}

impl fmt::Display for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:02}", self.day, self.hour)
    }
}

/// One hearing, told once when it begins and once when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    pub stop: Slug,
    pub language: Language,
    pub source: ListenSource,
    pub moment: Moment,
    pub hour: Hour,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hours_are_those_on_the_wall_in_vietnam() {
        let hour = Hour::of(Timestamp(1_700_000_000_000)).unwrap();
        assert_eq!((hour.day.as_str(), hour.hour), ("2023-11-15", 5));
        assert_eq!(Hour::of(Timestamp(i64::MAX)), None);
    }

    #[test]
    fn shares_are_put_into_tenths() {
        for (share, tenth) in [(-1.0, 0), (0.0, 0), (0.099, 0), (0.1, 1), (0.94, 9), (0.95, 10), (7.0, 10)] {
            assert_eq!(Moment::stopped_at(share), Moment::Ended(tenth), "{share}");
        }
        assert_eq!(Moment::stopped_at(f64::NAN), Moment::Ended(0));
    }

    proptest! {
        #[test]
        fn any_word_is_read_or_refused(text in "\\PC{0,8}") {
            match text.parse::<ListenSource>() {
                Ok(source) => prop_assert_eq!(source.word(), text),
                Err(error) => prop_assert!(error.to_string().contains("kiosk")),
            }
        }
    }
}
