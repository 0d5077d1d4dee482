//! About how many: `vài chục`, `a few hundred`, `ein paar Dutzend`; `năm sáu`, `two or three hundred`, `五六`, `대여섯`.
//!
//! Of a few dozen only the order of magnitude is said. Two numbers in a row, one more than the other, are a guess: either
//! side may write it in its own way, or say no more than `a few`.

use super::super::rational::Rational;
use super::super::sentence::{Place, Sentence};
use super::super::words::{Group, Piece, Words};
use super::{Form, Number, Weight};

/// Scales in a row: `vài chục nghìn`.
const MOST_SCALES: usize = 3;
/// Numerals that can stand for figures.
const FIGURES: &str = "一二两三四五六七八九일이삼사오육칠팔구";
/// Letters between the two numbers of a guess: ` hoặc `, ` or `.
const LONGEST_LINK: usize = 9;

fn vague(scale: i64, from: usize, to: usize) -> Number {
    Number {
        place: Place { from, to },
        end: to,
        value: Rational::whole(scale),
        other: None,
        about: None,
        form: Form::Vague,
        ordinal: false,
        weight: Weight::Optional,
    }
}

/// `a few` and the scales behind it, or what stands for so many of them in one word.
pub(super) fn few(sentence: &Sentence, words: &Words, at: usize) -> Option<Number> {
    let named = words.vague.starting(sentence, at);
    let (mut scale, mut end) = match named {
        Some(found) => found,
        None => (1, words.group(Group::Few).starting(sentence, at)?.1),
    };
    for _ in 0..MOST_SCALES {
        let Some((word, next)) = words.numbers.starting(sentence, sentence.skip(end)) else { break };
        let Piece::Times(factor @ 10..) = word.piece else { break };
        // A dozen is ten or so.
        let Some(more) = scale.checked_mul(if factor == 12 { 10 } else { factor }) else { break };
        (scale, end) = (more, next);
    }
    Some(vague(scale, at, end))
}

/// Tells of the numbers of a guess that they are one.
pub(super) fn guesses(sentence: &Sentence, words: &Words, numbers: &mut Vec<Number>) {
    take_apart(sentence, numbers);
    for index in 0..numbers.len() {
        if let Some(more) = one_more(sentence, words, &numbers[index]) {
            numbers[index].other = Some(more);
            numbers[index].about = Some(1);
        }
        let Some((first, second)) = numbers.get(index).zip(numbers.get(index + 1)) else { break };
        if in_turns(sentence, first, second) {
            numbers[index].weight = Weight::Optional;
            continue;
        }
        let Some((low, high, scale)) = guess(sentence, words, first, second) else { continue };
        let scaled = first.value != low;
        let first = &mut numbers[index];
        first.other = if scaled { Some(low) } else { first.other };
        first.about = Some(scale);
        let second = &mut numbers[index + 1];
        second.about = Some(scale);
        if second.value != high {
            second.other = Some(high);
        }
        for number in &mut numbers[index..index + 2] {
            // `one or two` may be any few.
            if low == Rational::ONE {
                number.weight = Weight::Optional;
            } else if number.weight == Weight::Optional && number.value != Rational::ONE {
                number.weight = Weight::Normal;
            }
        }
    }
}

/// `대여섯`: five or six in one word, which is read as the five.
fn one_more(sentence: &Sentence, words: &Words, number: &Number) -> Option<Rational> {
    let (least, end) = words.either.starting(sentence, number.place.from)?;
    (end == number.place.to).then(|| Rational::whole(least + 1))
}

/// Han numerals that are no figures: `五六位` is five or six.
fn take_apart(sentence: &Sentence, numbers: &mut Vec<Number>) {
    let mut index = 0;
    while index < numbers.len() {
        let number = &numbers[index];
        let two = number.form == Form::Han && number.place.to - number.place.from == 2;
        let parts = number.within(12, 89).filter(|value| two && value % 10 == value / 10 + 1);
        let han = sentence.at(number.place.from).is_some_and(|c| FIGURES.contains(c));
        if let Some(value) = parts.filter(|_| han) {
            let (from, to) = (number.place.from, number.place.to);
            let part = |value: i64, from: usize, to: usize| Number {
                value: Rational::whole(value),
                place: Place { from, to },
                end: to,
                ..number.clone()
            };
            let both = [part(value / 10, from, from + 1), part(value % 10, from + 1, to)];
            numbers.splice(index..=index, both);
            index += 1;
        }
        index += 1;
    }
}

/// The two numbers that are guessed at and their scale: `2`, `300` are 200 and 300.
fn guess(sentence: &Sentence, words: &Words, first: &Number, second: &Number) -> Option<(Rational, Rational, i64)> {
    let spelled = |number: &Number| matches!(number.form, Form::Words | Form::Han) && !number.ordinal;
    let perhaps = first.weight == Weight::Optional && first.form == Form::Words;
    if perhaps || !spelled(first) || !spelled(second) || !linked(sentence, words, first.end, second.place.from) {
        return None;
    }
    let (low, high) = (first.whole().filter(|low| *low > 0)?, second.whole()?);
    // `十五六`, `mười lăm sáu`: the tens are said once.
    let together = first.form == Form::Words || first.end == second.place.from;
    if together && (11..100).contains(&low) && high < 10 && low % 10 + 1 == high {
        return Some((first.value, Rational::whole(low + 1), 1));
    }
    let mut scales = std::iter::successors(Some(1_i64), |scale| scale.checked_mul(10)).take(7);
    let told_once = scales.clone().find(|scale| low < 100 && high == (low + 1) * scale);
    if let Some(scale) = told_once {
        return Some((Rational::whole(low * scale), second.value, scale));
    }
    scales.find(|scale| low % scale == 0 && high == low + scale).map(|scale| (first.value, second.value, scale))
}

/// `de três em três anos`, `two by two`: the number is said twice and meant once.
fn in_turns(sentence: &Sentence, first: &Number, second: &Number) -> bool {
    let between = sentence.text(first.end.min(second.place.from), second.place.from);
    first.value == second.value && matches!(between.trim(), "em" | "en" | "by" | "per" | "по")
}

fn linked(sentence: &Sentence, words: &Words, from: usize, to: usize) -> bool {
    let at = sentence.skip(from);
    if at >= to {
        return matches!(sentence.language.tag(), "vi" | "zh" | "ja" | "ko");
    }
    let between = sentence.text(at, to);
    let sign = matches!(between.trim_end(), "," | "、" | "-" | "–");
    sign || to - at <= LONGEST_LINK
        && [Group::Or, Group::Few]
            .iter()
            .any(|group| sentence.phrase(at, words.group(*group)).is_some_and(|(_, end)| sentence.skip(end) >= to))
}
