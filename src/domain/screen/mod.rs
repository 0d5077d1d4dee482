//! Screens in buses and halls: what a screen shows, when, and what it tells of having shown it. Plain data, and the
//! rule of what plays at a moment.
//!
//! Invariant: [`Plan::playing`] is never empty while the plan has shows: where the timetable leaves a gap, everything
//! plays, since a dark screen tells nobody anything. `web/assets/screen.js` follows the same rule without a network.

mod plan;
mod standing;
mod when;

pub use plan::{Bus, Notice, Plan, PlanError, Play, Show, shown_notice};
pub use standing::{Signs, Standing};
pub use when::{LocalTime, When, WhenError};

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The code in a screen's address. It is all that is asked of who reads the playlist or reports plays, so it is drawn
/// at random: ten of 32 letters, 50 bits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ScreenCode(String);

/// Letters that are not taken for one another.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LENGTH: usize = 10;

/// A text that is no code of a screen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the code of a screen: it has {LENGTH} capitals and digits, as `thuyetminh screen list` prints it"
)]
pub struct ScreenCodeError(String);

impl ScreenCode {
    #[must_use]
    pub fn from_random(bytes: [u8; LENGTH]) -> Self {
        // 256 is a multiple of 32, so every letter is as likely as the others.
        Self(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ScreenCode {
    type Err = ScreenCodeError;
    fn from_str(text: &str) -> Result<Self, ScreenCodeError> {
        let fits = text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte));
        if fits { Ok(Self(text.to_owned())) } else { Err(ScreenCodeError(text.chars().take(40).collect())) }
    }
}

impl TryFrom<String> for ScreenCode {
    type Error = ScreenCodeError;
    fn try_from(text: String) -> Result<Self, ScreenCodeError> {
        text.parse()
    }
}

impl From<ScreenCode> for String {
    fn from(code: ScreenCode) -> Self {
        code.0
    }
}

impl fmt::Display for ScreenCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
