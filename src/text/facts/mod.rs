//! Facts: what a sentence says in numbers and names, read as values and compared with what its translation says.
//!
//! A sentence is read in stages. `numbers` finds every number, in digits or words; the readers then look at what stands
//! beside each: coordinates, dates, times of day, money, centuries, reigns, decades, measures, years, in this order, and
//! what nobody claims stays a plain number. [`compare`] matches the facts of both sides and tells what is left over.
//!
//! Invariants: a fact's span quotes the sentence; a place belongs to one fact; a text compared with itself differs in
//! nothing; time grows with the length of the text, not with its square.

mod calendar;
mod centuries;
mod clock;
mod compare;
mod compounds;
mod coordinates;
mod days;
mod decades;
mod equal;
mod halves;
mod measures;
mod months;
mod names;
mod noon;
mod numbers;
mod phrases;
mod rational;
mod reader;
mod sentence;
mod shares;
mod storeys;
mod transcription;
mod units;
mod value;
mod weekdays;
mod words;

pub use compare::compare;
pub use numbers::Weight;
pub use rational::Rational;
pub use units::{Dimension, Unit};
pub use value::{Axis, Date, Fact, Part, Value};

use crate::domain::Language;

/// The facts of a sentence, in order.
#[must_use]
pub fn read(sentence: &str, language: Language) -> Vec<Fact> {
    reader::facts(&sentence::Sentence::new(sentence, language))
}

#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod tests;
