//! What a fact can say.

use super::numbers::Weight;
use super::rational::Rational;
use super::units::Unit;
use crate::domain::Span;

/// Which part of a century is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Early,
    Middle,
    Late,
    FirstHalf,
    SecondHalf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Latitude,
    Longitude,
}

/// A day, a month or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    pub day: Option<u8>,
    pub month: Option<u8>,
    /// Of the lunar calendar; `None` where the words leave it open.
    pub lunar: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    Number(Rational),
    /// A fraction of a whole, `1st`, `thousands`: only the order of magnitude.
    Vague(i64),
    Quantity {
        value: Rational,
        unit: &'static Unit,
    },
    /// Years before Christ are negative.
    Year(i64),
    /// The first year of ten; without its century where that is left out (`the 90s`).
    Decade(i64),
    /// Centuries before Christ are negative.
    Century {
        number: i64,
        part: Option<Part>,
    },
    ReignYear(i64),
    /// From Monday, which is 1.
    Weekday(u8),
    Date(Date),
    /// Minutes since midnight; `half_known` where it is said which half of the day is meant.
    Time {
        minutes: i64,
        half_known: bool,
    },
    Money {
        amount: Rational,
        currency: &'static str,
    },
    /// Degrees north or east, and the size of the last digit given.
    Coordinate {
        degrees: f64,
        precision: f64,
        axis: Option<Axis>,
    },
}

/// One fact of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub value: Value,
    /// What else the same words may mean.
    pub others: Vec<Value>,
    pub span: Span,
    pub weight: Weight,
}

impl Fact {
    /// Everything the words may mean, the likeliest first.
    pub fn readings(&self) -> impl Iterator<Item = &Value> {
        std::iter::once(&self.value).chain(&self.others)
    }
}
