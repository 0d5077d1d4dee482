//! Exact numbers: a fraction of two whole numbers, always in lowest terms.
//!
//! Invariant: the denominator is positive. What would overflow is `None`, never a wrong number.

use std::cmp::Ordering;
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rational {
    top: i128,
    bottom: i128,
}

fn divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Rational {
    pub const ZERO: Self = Self { top: 0, bottom: 1 };
    pub const ONE: Self = Self { top: 1, bottom: 1 };
    pub(super) const HALF: Self = Self { top: 1, bottom: 2 };

    #[must_use]
    pub const fn whole(value: i64) -> Self {
        Self { top: value as i128, bottom: 1 }
    }

    /// `None` where the denominator is nought or a part is too large.
    #[must_use]
    pub fn new(top: i128, bottom: i128) -> Option<Self> {
        if bottom == 0 {
            return None;
        }
        let common = i128::try_from(divisor(top.unsigned_abs(), bottom.unsigned_abs())).ok()?;
        let sign = if bottom < 0 { -1 } else { 1 };
        Some(Self { top: (top / common).checked_mul(sign)?, bottom: (bottom / common).checked_mul(sign)? })
    }

    /// Digits, and the digits behind the point.
    pub(super) fn decimal(whole: &str, decimals: &str) -> Option<Self> {
        let digits = format!("{whole}{decimals}");
        let places = u32::try_from(decimals.len()).ok()?;
        Self::new(digits.parse().ok()?, 10_i128.checked_pow(places)?)
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let left = self.top.checked_mul(other.bottom)?;
        Self::new(left.checked_add(other.top.checked_mul(self.bottom)?)?, self.bottom.checked_mul(other.bottom)?)
    }

    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        Self::new(self.top.checked_mul(other.top)?, self.bottom.checked_mul(other.bottom)?)
    }

    #[must_use]
    pub fn negative(self) -> Self {
        Self { top: self.top.saturating_neg(), bottom: self.bottom }
    }

    /// The whole number, where it is one that fits.
    #[must_use]
    pub fn as_whole(self) -> Option<i64> {
        if self.bottom == 1 { i64::try_from(self.top).ok() } else { None }
    }

    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.top as f64 / self.bottom as f64
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.top.checked_mul(other.bottom), other.top.checked_mul(self.bottom)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => self.as_f64().total_cmp(&other.as_f64()).then(self.top.cmp(&other.top)),
        }
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bottom == 1 {
            return write!(f, "{}", self.top);
        }
        let mut rest = self.bottom;
        for prime in [2, 5] {
            while rest % prime == 0 {
                rest /= prime;
            }
        }
        if rest == 1 { write!(f, "{}", self.as_f64()) } else { write!(f, "{}/{}", self.top, self.bottom) }
    }
}
