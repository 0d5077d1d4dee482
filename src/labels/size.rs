//! Sizes from the distance a label is read from.

use std::fmt;
use std::str::FromStr;

use super::OrderError;

/// Millimetres on paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Millimetres(pub f32);

impl Millimetres {
    /// In points, the unit of PDF: 72 an inch.
    #[must_use]
    pub fn points(self) -> f32 {
        self.0 * 72.0 / 25.4
    }
}

/// A reading distance in centimetres: from an open hand to the far side of a courtyard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Distance(u16);

/// Nearer, a module would be finer than a phone's camera and an office printer are sure of.
const NEAREST: u16 = 15;
const FARTHEST: u16 = 1000;
/// Of a code of version 2, which has 25 modules, the side is a tenth of the distance.
const MODULES_IN_A_DISTANCE: f32 = 250.0;

impl Distance {
    /// Those that are offered.
    pub const USUAL: [Self; 7] = [Self(20), Self(30), Self(50), Self(75), Self(100), Self(200), Self(300)];

    #[must_use]
    pub fn centimetres(self) -> u16 {
        self.0
    }

    /// The side of one module.
    #[must_use]
    pub fn module(self) -> Millimetres {
        Millimetres(f32::from(self.0) * 10.0 / MODULES_IN_A_DISTANCE)
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl TryFrom<u16> for Distance {
    type Error = OrderError;
    fn try_from(centimetres: u16) -> Result<Self, OrderError> {
        if (NEAREST..=FARTHEST).contains(&centimetres) {
            return Ok(Self(centimetres));
        }
        Err(OrderError::new("reading distance in centimetres", &centimetres.to_string(), "15 to 1000"))
    }
}

impl FromStr for Distance {
    type Err = OrderError;
    fn from_str(text: &str) -> Result<Self, OrderError> {
        let number: Option<u16> = text.parse().ok();
        let number = number.ok_or_else(|| OrderError::new("reading distance in centimetres", text, "15 to 1000"))?;
        Self::try_from(number)
    }
}
