//! Shares told by their two numbers: `chín phần mười` and `nine out of ten`, `năm phần trăm` and `5 in 100`.

use super::equal::amount;
use super::rational::Rational;
use super::units::Dimension;
use super::value::{Fact, Value};

/// How far from each other the two numbers may stand, in facts: `cứ mười người thì có chín`.
const APART: usize = 2;

/// The share a fact tells, less than the whole.
fn share(fact: &Fact) -> Option<Rational> {
    let share = match fact.value {
        Value::Number(value) => value,
        Value::Quantity { value, unit } if unit.dimension == Dimension::Share => value.times(Rational::new(1, 100)?)?,
        _ => return None,
    };
    (Rational::ZERO < share && share < Rational::ONE).then_some(share)
}

/// The places of two facts nobody has matched that make the share of another, in either order.
pub(super) fn of_two(fact: &Fact, others: &[Fact], free: &[usize]) -> Option<(usize, usize)> {
    let share = share(fact)?;
    let number = |place: usize| match others[place].value {
        Value::Number(_) => amount(&others[place].value),
        _ => None,
    };
    free.iter().enumerate().find_map(|(at, first)| {
        free[at + 1..].iter().take(APART).find_map(|second| {
            let (a, b) = (number(*first)?, number(*second)?);
            let makes = |part: Rational, whole: Rational| whole.times(share) == Some(part);
            (makes(a, b) || makes(b, a)).then_some((*first, *second))
        })
    })
}
