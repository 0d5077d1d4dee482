//! Fractions: `1/3`, `½`, `một phần ba`, `two thirds`, `三分之一`.

use super::super::rational::Rational;
use super::super::sentence::{Place, Sentence};
use super::super::words::Words;
use super::{Form, Number, Weight};

const SIGNS: [(char, i128, i128); 9] = [
    ('½', 1, 2),
    ('⅓', 1, 3),
    ('⅔', 2, 3),
    ('¼', 1, 4),
    ('¾', 3, 4),
    ('⅕', 1, 5),
    ('⅛', 1, 8),
    ('⅜', 3, 8),
    ('⅞', 7, 8),
];

/// A character that is a fraction.
fn sign(sentence: &Sentence, at: usize) -> Option<Number> {
    let written = sentence.at(at)?;
    let (_, top, bottom) = SIGNS.iter().find(|(sign, _, _)| *sign == written)?;
    Some(Number {
        place: Place { from: at, to: at + 1 },
        end: at + 1,
        value: Rational::new(*top, *bottom)?,
        other: None,
        about: None,
        form: Form::Digits { plain: false, count: 1 },
        ordinal: false,
        weight: Weight::Strong,
    })
}

/// A fraction in one sign or word: `½`, `треть`, `ein Drittel` without its article, `một nửa`.
pub(super) fn alone(sentence: &Sentence, words: &Words, at: usize) -> Option<Number> {
    sign(sentence, at).or_else(|| {
        if matches!(sentence.language.tag(), "zh" | "ja" | "ko") {
            return None;
        }
        let (bottom, to) = words
            .halves
            .starting(sentence, at)
            .map(|((), end)| (2, end))
            .or_else(|| words.parts.starting(sentence, at))?;
        let (place, value) = (Place { from: at, to }, Rational::new(1, i128::from(bottom))?);
        let (form, weight) = (Form::Words, Weight::Optional);
        Some(Number { place, end: to, value, other: None, about: None, form, ordinal: false, weight })
    })
}

/// Puts the halves of fractions together.
pub(super) fn join(sentence: &Sentence, words: &Words, numbers: Vec<Number>) -> Vec<Number> {
    let mut joined: Vec<Number> = Vec::with_capacity(numbers.len());
    let mut rest = numbers.into_iter().peekable();
    while let Some(number) = rest.next() {
        let fraction = rest.peek().and_then(|next| of_two(sentence, &number, next));
        if let Some(fraction) = fraction {
            rest.next();
            joined.push(fraction);
        } else {
            let part = with_denominator(sentence, words, &number);
            if let Some(part) = &part {
                while rest.peek().is_some_and(|next| next.place.from < part.end) {
                    rest.next();
                }
            }
            joined.push(part.unwrap_or(number));
        }
    }
    joined
}

fn fraction(top: &Number, bottom: i64, to: usize, weight: Weight, from: usize) -> Option<Number> {
    let value = Rational::new(i128::from(top.whole()?), i128::from(bottom))?;
    let form = Form::Digits { plain: false, count: 1 };
    Some(Number { place: Place { from, to }, end: to, value, other: None, about: None, form, ordinal: false, weight })
}

/// `một phần ba`, `三分之一` (the denominator first), `1/3`.
fn of_two(sentence: &Sentence, first: &Number, second: &Number) -> Option<Number> {
    let between = sentence.text(first.end.min(second.place.from), second.place.from);
    let (a, b) = (first.within(1, 99)?, second.within(1, 99)?);
    let (from, to) = (first.place.from, second.end);
    match between.trim() {
        "phần" if b > 1 => fraction(first, b, to, Weight::Strong, from),
        "分之" | "分の" | "분의" => fraction(second, a, to, Weight::Strong, from),
        "/" if between == "/" && a < b && b <= 10 && apart(sentence, from, to) => {
            fraction(first, b, to, Weight::Strong, from)
        }
        // `2 ½`
        "" if second.place.to == second.place.from + 1 && second.value < Rational::ONE => Some(Number {
            place: Place { from, to },
            end: to,
            value: first.value.plus(second.value)?,
            ..second.clone()
        }),
        _ => None,
    }
}

/// No third part: `1/3/1975` is a date.
fn apart(sentence: &Sentence, from: usize, to: usize) -> bool {
    sentence.at(to) != Some('/') && sentence.before(from) != Some('/')
}

/// `two thirds`, `un tiers`.
fn with_denominator(sentence: &Sentence, words: &Words, number: &Number) -> Option<Number> {
    let top = number.within(1, 19).filter(|_| !number.ordinal && number.form == Form::Words)?;
    let next = sentence.skip(number.end + usize::from(sentence.at(number.end) == Some('-')));
    let (bottom, end) = words.parts.starting(sentence, next)?;
    let weight = if top == 1 { Weight::Optional } else { Weight::Strong };
    // `ein halb`, `una mitad`: the half stays a word that need not be a number.
    if top >= bottom {
        return None;
    }
    fraction(number, bottom, end, weight, number.place.from)
}
