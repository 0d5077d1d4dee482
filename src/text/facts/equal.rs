//! Whether two values say the same, in whatever words: `thế kỷ XII` and `12世紀`, `20 m` and `66 feet`.

use super::rational::Rational;
use super::units::{Dimension, Unit};
use super::value::{Date, Fact, Part, Value};
use crate::domain::FindingKind;

/// How far a converted measure may be rounded, as a share of it.
const ROUNDING: f64 = 0.03;
const EXACT: f64 = 1e-6;
/// What may be said as `a few`.
const A_FEW: std::ops::RangeInclusive<i64> = 2..=6;
/// Minutes of half a day.
const HALF_DAY: i64 = 720;

pub(super) fn kind(value: &Value) -> FindingKind {
    match value {
        Value::Number(_) | Value::Vague(_) | Value::Quantity { .. } => FindingKind::Number,
        Value::Year(_) | Value::Decade(_) => FindingKind::Year,
        Value::Century { .. } => FindingKind::Century,
        Value::ReignYear(_) => FindingKind::ReignYear,
        Value::Date(_) | Value::Weekday(_) => FindingKind::Date,
        Value::Time { .. } => FindingKind::Time,
        Value::Money { .. } => FindingKind::Money,
        Value::Coordinate { .. } => FindingKind::Coordinates,
    }
}

/// The number in a value, whatever it counts.
pub(super) fn amount(value: &Value) -> Option<Rational> {
    Some(match value {
        Value::Number(value) | Value::Quantity { value, .. } | Value::Money { amount: value, .. } => *value,
        Value::Vague(n) | Value::Year(n) | Value::Decade(n) | Value::ReignYear(n) => Rational::whole(*n),
        Value::Century { number, .. } => Rational::whole(*number),
        Value::Date(_) | Value::Weekday(_) | Value::Time { .. } | Value::Coordinate { .. } => return None,
    })
}

/// Whether any reading of one fact is any reading of the other.
pub(super) fn agree(a: &Fact, b: &Fact) -> bool {
    // The size of a guess answers to words that say no more than a size; two guesses are the same for their numbers.
    let vague = |value: &Value| matches!(value, Value::Vague(_));
    let size_only = |fact: &Fact, value: &Value| vague(value) && !vague(&fact.value);
    let fits = |x: &Value, y: &Value| match (size_only(a, x), size_only(b, y)) {
        (false, false) => same(x, y),
        (true, true) => false,
        _ => x == y,
    };
    a.readings().any(|x| b.readings().any(|y| fits(x, y)))
}

pub(super) fn same(a: &Value, b: &Value) -> bool {
    one_way(a, b) || one_way(b, a)
}

fn one_way(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Vague(a), Value::Vague(b)) => a == b,
        (Value::Vague(1), Value::Number(b)) => A_FEW.contains(&b.as_whole().unwrap_or_default()),
        (Value::Vague(a), Value::Number(b)) => Rational::whole(*a) == *b,
        (Value::Quantity { value: a, unit: one }, Value::Quantity { value: b, unit: other }) => {
            measures_agree(*a, one, *b, other)
        }
        // `30 %`, `ba phần mười`, `三成`
        (Value::Quantity { value, unit }, Value::Number(share)) if unit.dimension == Dimension::Share => {
            *share < Rational::ONE && share.times(Rational::whole(100)) == Some(*value)
        }
        // An age or a length of time may lose its word: `aged 35`. A metre may not.
        (Value::Quantity { value: a, unit }, Value::Number(b)) => {
            // `13.50` is no half of an hour behind thirteen.
            let of_clock = unit.name == "h" && a.as_whole().is_none();
            a == b
                && !of_clock
                && matches!(unit.dimension, Dimension::Time | Dimension::Calendar | Dimension::Angle | Dimension::Own)
        }
        (Value::Year(a), Value::Year(b)) => a == b,
        (Value::Year(a), Value::Number(b)) => Rational::whole(*a) == *b,
        (Value::Decade(a), Value::Decade(b)) => {
            // Without a century it is one that people still remember.
            let (low, high) = (a.min(b), a.max(b));
            a == b || (*low < 100 && (1_900..2_030).contains(high) && low % 100 == high % 100)
        }
        (Value::Decade(a), Value::Number(b)) => *a < 100 && Rational::whole(*a) == *b,
        (Value::Century { number: a, part: x }, Value::Century { number: b, part: y }) => a == b && !contradict(*x, *y),
        (Value::Century { number: a, .. } | Value::ReignYear(a), Value::Number(b)) => Rational::whole(*a) == *b,
        (Value::ReignYear(a), Value::ReignYear(b)) => a == b,
        (Value::Weekday(a), Value::Weekday(b)) => a == b,
        (Value::Date(a), Value::Date(b)) => {
            let lunar = a.lunar.zip(b.lunar).is_none_or(|(a, b)| a == b);
            a.day == b.day && a.month == b.month && lunar
        }
        (
            Value::Date(Date { day: Some(n), month: None, .. } | Date { day: None, month: Some(n), .. }),
            Value::Number(b),
        ) => Rational::whole(i64::from(*n)) == *b,
        (Value::Time { minutes: a, half_known: x }, Value::Time { minutes: b, half_known: y }) => {
            a == b || (!(x | y) && a % HALF_DAY == b % HALF_DAY)
        }
        // `7.30`, where only the other side says that it is a time.
        (Value::Time { minutes, .. }, Value::Number(number)) => {
            let clock = |minutes: i64| Rational::new(i128::from(minutes / 60 * 100 + minutes % 60), 100);
            let afternoon = *minutes >= HALF_DAY && clock(minutes - HALF_DAY) == Some(*number);
            minutes % 60 != 0 && (clock(*minutes) == Some(*number) || afternoon)
        }
        (Value::Money { amount: a, currency: x }, Value::Money { amount: b, currency: y }) => a == b && x == y,
        (
            Value::Coordinate { degrees: a, precision: p, axis: x },
            Value::Coordinate { degrees: b, precision: q, axis: y },
        ) => (a - b).abs() <= 0.6 * (p + q) && x.zip(*y).is_none_or(|(x, y)| x == y),
        _ => false,
    }
}

/// Whether the same time of day is meant where one side leaves out which half of the day: right where another time of
/// its sentence says it (`from 7 to 9 pm`).
pub(super) fn same_clock(a: &Value, b: &Value) -> bool {
    matches!((a, b), (Value::Time { minutes: a, half_known: x }, Value::Time { minutes: b, half_known: y })
        if !(*x && *y) && a % HALF_DAY == b % HALF_DAY)
}

fn contradict(a: Option<Part>, b: Option<Part>) -> bool {
    use Part::{Early, FirstHalf, Late, Middle, SecondHalf};
    let (Some(a), Some(b)) = (a, b) else { return false };
    let clash =
        |a, b| matches!((a, b), (Early, Middle | Late | SecondHalf) | (Middle, Late) | (FirstHalf, SecondHalf | Late));
    clash(a, b) || clash(b, a)
}

fn measures_agree(a: Rational, one: &Unit, b: Rational, other: &Unit) -> bool {
    if one.name == other.name {
        return a == b;
    }
    let degrees = |unit: &Unit| matches!(unit.name, "C" | "deg");
    if degrees(one) && degrees(other) {
        return a == b;
    }
    if !one.converts_to(other) {
        return false;
    }
    let (x, y) = (one.base(a.as_f64()), other.base(b.as_f64()));
    let near = |share: f64| (x - y).abs() <= share * x.abs().max(y.abs());
    if near(EXACT) {
        return true;
    }
    let metric = |unit: &Unit| {
        !matches!(
            unit.name,
            "in" | "ft" | "yd" | "mi" | "nmi" | "acre" | "ft2" | "mi2" | "gal" | "lb" | "oz" | "mph" | "F"
        )
    };
    if metric(one) == metric(other) {
        return false;
    }
    near(ROUNDING) || rounds(one.from_base(y), a) || rounds(other.from_base(x), b)
}

/// Whether an exact amount, rounded to the last digit a number gives, is that number: `300 km` for 200 miles.
fn rounds(exact: f64, given: Rational) -> bool {
    let text = given.to_string();
    let places = match text.split_once('.') {
        Some((_, decimals)) => -i32::try_from(decimals.len()).unwrap_or(0),
        None => i32::try_from(text.len() - text.trim_end_matches('0').len()).unwrap_or(0),
    };
    let unit = 10.0_f64.powi(places.min(2));
    (exact - given.as_f64()).abs() <= 0.5 * unit + f64::EPSILON
}
