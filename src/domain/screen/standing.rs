//! How a screen stands, by what was heard of it: whether somebody has to go and look.
//!
//! Invariant: green stands only on the screen's own word that it showed something a short while ago.

use crate::domain::Timestamp;

const MINUTE: i64 = 60_000;
/// Screens ask every quarter of a minute.
pub const QUIET_AFTER: i64 = 3 * MINUTE;
pub const SILENT_AFTER: i64 = 15 * MINUTE;
/// Screens tell what they showed each time they ask.
pub const DARK_AFTER: i64 = 10 * MINUTE;

/// A screen's colour, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Retired,
    /// Nothing was heard of it yet.
    Waiting,
    Green,
    /// It was heard of, but not in the last minutes.
    Quiet,
    /// It asks for its playlist and does not say that it shows anything.
    Dark,
    /// It plays, but its bus cannot be followed.
    LostBus,
    /// Nothing was heard of it for long.
    Silent,
}

/// What is known of a screen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signs {
    pub retired: bool,
    /// When it last asked for its playlist.
    pub asked: Option<Timestamp>,
    /// When its last proof of play came.
    pub showed: Option<Timestamp>,
    /// A notice covers its slides, and a notice is no play.
    pub notice: bool,
    pub lost_bus: bool,
}

impl Standing {
    #[must_use]
    pub fn of(signs: Signs, now: Timestamp) -> Self {
        let older = |at: Timestamp, than: i64| at.plus_millis(than) < now;
        match signs.asked.max(signs.showed) {
            _ if signs.retired => Self::Retired,
            None => Self::Waiting,
            Some(heard) if older(heard, SILENT_AFTER) => Self::Silent,
            Some(heard) if older(heard, QUIET_AFTER) => Self::Quiet,
            Some(_) if !signs.notice && signs.showed.is_none_or(|at| older(at, DARK_AFTER)) => Self::Dark,
            Some(_) if signs.lost_bus => Self::LostBus,
            Some(_) => Self::Green,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn green_needs_a_fresh_word_of_the_screen() {
        let now = Timestamp(1_000 * MINUTE);
        let ago = |minutes: i64| Some(now.plus_millis(-minutes * MINUTE));
        let signs = |asked, showed| Signs { asked, showed, ..Signs::default() };
        for (signs, expected) in [
            (signs(None, None), Standing::Waiting),
            (signs(ago(0), ago(0)), Standing::Green),
            (signs(ago(0), None), Standing::Dark),
            (signs(ago(0), ago(11)), Standing::Dark),
            (Signs { notice: true, ..signs(ago(0), ago(11)) }, Standing::Green),
            (Signs { lost_bus: true, ..signs(ago(0), ago(1)) }, Standing::LostBus),
            (signs(ago(4), ago(4)), Standing::Quiet),
            (signs(ago(16), ago(16)), Standing::Silent),
            // A process that has just begun knows only what was written down.
            (signs(ago(16), ago(1)), Standing::Green),
            (Signs { retired: true, ..signs(ago(0), ago(0)) }, Standing::Retired),
        ] {
            assert_eq!(Standing::of(signs, now), expected, "{signs:?}");
        }
    }
}
