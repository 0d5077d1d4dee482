//! A number being put together from its parts: `hai` `nghìn` `năm` `trăm`.
//!
//! Invariant: a part is taken only where the grammar of numbers allows it, so that two numbers beside each other stay two.

use super::super::rational::Rational;

/// A number being put together.
pub(super) struct Sum {
    /// Smallest scale that ends a part: a thousand in the West, ten thousand in the East.
    scale: i64,
    total: Option<Rational>,
    group: Option<Rational>,
    /// Unit of the last multiplication, for `rưỡi`.
    last: i64,
    /// Scale below which the next part must stay.
    ceiling: Option<i64>,
}

impl Sum {
    pub(super) const fn new(scale: i64) -> Self {
        Self { scale, total: None, group: None, last: 1, ceiling: None }
    }

    /// A number that is whole already.
    pub(super) const fn of(value: Rational) -> Self {
        Self { group: Some(value), ..Self::new(1_000) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.total.is_none() && self.group.is_none()
    }

    pub(super) fn value(&self) -> Option<Rational> {
        match (self.total, self.group) {
            (Some(total), Some(group)) => total.plus(group),
            (total, group) => total.or(group),
        }
    }

    /// Adds `20`, `5`; false where the number cannot go on with it.
    pub(super) fn add(&mut self, value: i64, french: bool) -> bool {
        let Some(group) = self.group else {
            if self.ceiling.is_some_and(|ceiling| value >= ceiling) {
                return false;
            }
            self.group = Some(Rational::whole(value));
            self.last = 1;
            return true;
        };
        let Some(held) = group.as_whole() else { return false };
        let fits = held > 0
            && value > 0
            && match value {
                1..10 => held % 10 == 0,
                10..20 => held % 100 == 0 || (french && matches!(held % 100, 60 | 80)),
                20..100 => held % 100 == 0,
                100..1_000 => held % 1_000 == 0,
                _ => false,
            };
        if fits {
            self.group = group.plus(Rational::whole(value));
            self.last = 1;
        }
        fits && self.group.is_some()
    }

    /// Digits: they begin a number or a part below a scale.
    pub(super) fn digits(&mut self, value: Rational) -> bool {
        let fits = self.group.is_none()
            && (self.total.is_none() || self.ceiling.is_some_and(|ceiling| value < Rational::whole(ceiling)));
        if fits {
            self.group = Some(value);
            self.last = 1;
        }
        fits
    }

    pub(super) fn times(&mut self, factor: i64) -> bool {
        self.try_times(factor).unwrap_or(false)
    }

    fn try_times(&mut self, factor: i64) -> Option<bool> {
        let many = Rational::whole(factor);
        self.last = factor;
        if factor < self.scale {
            let Some(group) = self.group else {
                self.group = Some(many);
                return Some(true);
            };
            let low = match group.as_whole() {
                Some(held) => Rational::whole(held % factor),
                None => group,
            };
            if low == Rational::ZERO {
                // `nghìn trăm`: nothing to multiply, so a part of its own.
                let fits = group.as_whole().is_some_and(|held| held % (factor * 10) == 0 && held > 0);
                self.group = group.plus(many).filter(|_| fits).or(self.group);
                return Some(fits);
            }
            self.group = Some(group.plus(low.negative())?.plus(low.times(many)?)?);
            return Some(true);
        }
        if self.ceiling.is_some_and(|ceiling| factor >= ceiling) {
            // `hai nghìn tỷ`: the scale multiplies all there is.
            let all = self.value()?;
            (self.total, self.group) = (Some(all.times(many)?), None);
        } else {
            let part = self.group.unwrap_or(Rational::ONE).times(many)?;
            self.total = Some(self.total.unwrap_or(Rational::ZERO).plus(part)?);
            self.group = None;
        }
        self.ceiling = Some(factor);
        Some(true)
    }

    /// Half of the last part more: `hai nghìn rưỡi`.
    pub(super) fn half_more(&mut self) {
        let half = Rational::new(i128::from(self.last), 2);
        self.group = half.and_then(|half| self.group.unwrap_or(Rational::ZERO).plus(half)).or(self.group);
    }
}
