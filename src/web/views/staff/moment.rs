//! Moments as staff read them: by the clock on their wall. Vietnam has one time, seven hours before UTC, all year.

use time::format_description::BorrowedFormatItem;
use time::macros::{format_description, offset};

use crate::domain::Timestamp;

const SHOWN: &[BorrowedFormatItem<'_>] = format_description!("[day]/[month]/[year] [hour]:[minute]");

/// A moment for reading and for machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub shown: String,
    /// RFC 3339.
    pub exact: String,
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        let local = time::OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000));
        let shown = local.ok().and_then(|time| time.to_offset(offset!(+7)).format(SHOWN).ok());
        Self { shown: shown.unwrap_or_else(|| at.rfc3339()), exact: at.rfc3339() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_on_the_wall_is_shown() {
        let moment = Moment::from(Timestamp(1_700_000_000_000));
        assert_eq!((moment.shown.as_str(), moment.exact.as_str()), ("15/11/2023 05:13", "2023-11-14T22:13:20Z"));
    }
}
