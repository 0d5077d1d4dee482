//! Every number of a sentence, however it is written: digits, words, Roman or Han.
//!
//! Invariant: the numbers come in order and no two overlap. How far a number can be trusted to be one is its weight.

mod approximate;
mod digits;
mod eastern;
mod five;
mod fractions;
mod spelled;
mod sum;

use super::rational::Rational;
use super::sentence::{Place, Sentence, is_letter};
use super::words::{Group, Words};
use crate::domain::{Language, Script};
use crate::text::numerals::roman_value;

/// How sure it is that a word is meant as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Perhaps an article, a name or a figure of speech: explains a number of the other side, and no more.
    Optional,
    /// A small number in words.
    Normal,
    Strong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Digits {
        plain: bool,
        count: usize,
    },
    Words,
    Roman,
    Han,
    /// `hundreds`: only its order of magnitude.
    Vague,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub place: Place,
    /// Behind the sign of an ordinal: `12th`.
    pub end: usize,
    pub value: Rational,
    /// What else the digits may mean, where the language writes both `1.234` and `1,234`.
    pub other: Option<Rational>,
    /// The order of magnitude, where the number is a guess: `two or three hundred`.
    pub about: Option<i64>,
    pub form: Form,
    pub ordinal: bool,
    pub weight: Weight,
}

impl Number {
    pub(super) fn whole(&self) -> Option<i64> {
        self.value.as_whole()
    }

    /// A whole number within bounds.
    pub(super) fn within(&self, low: i64, high: i64) -> Option<i64> {
        self.whole().filter(|value| (low..=high).contains(value))
    }
}

/// Han or Hangul numerals in a row; no number is written with more, and what is no number is not read place by place.
const LONGEST_RUN: usize = 32;

/// Largest number of a Roman numeral that is taken for one.
const LARGEST_ROMAN: u64 = 3_999;

pub(super) fn scan(sentence: &Sentence, words: &Words) -> Vec<Number> {
    let eastern = sentence.language.script() == Script::Ideographic || sentence.language == Language::KO;
    let mut numbers: Vec<Number> = Vec::new();
    let mut at = 0;
    while at < sentence.chars.len() {
        if eastern {
            let run = eastern::run(sentence, at);
            if run > LONGEST_RUN {
                at += run;
                continue;
            }
        }
        let found = if eastern { eastern::number(sentence, words, at) } else { spelled::number(sentence, words, at) };
        let found = found.or_else(|| roman(sentence, at)).or_else(|| fractions::alone(sentence, words, at));
        match found {
            Some(mut number) if number.end > at => {
                mark_ordinal(sentence, words, &mut number);
                at = number.end;
                numbers.push(number);
            }
            _ => {
                // Digits that are no number are none from their middle on either.
                let digits = sentence.chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
                let next = sentence.word_end(at).max(at + 1);
                at = if eastern { at + 1 } else { next }.max(at + digits);
            }
        }
    }
    let mut numbers = fractions::join(sentence, words, numbers);
    approximate::guesses(sentence, words, &mut numbers);
    numbers
}

fn mark_ordinal(sentence: &Sentence, words: &Words, number: &mut Number) {
    let before = sentence.phrase_before(number.place.from, words.group(Group::OrdinalBefore));
    if before.is_some() && number.form != Form::Vague {
        number.ordinal = true;
    }
    if !matches!(number.form, Form::Digits { plain: true, count: 1..=3 } | Form::Roman) || number.end != number.place.to
    {
        return;
    }
    let Some(((), end)) = words.group(Group::OrdinalAfter).starting(sentence, number.place.to) else { return };
    let next = sentence.at(sentence.skip(end));
    let sign = sentence.chars[end - 1];
    let fits = match sign {
        '°' => !next.is_some_and(|c| c.is_ascii_digit() || "cf'′,.)nsewo".contains(c)),
        '.' => sentence.at(end) == Some(' ') && next.is_some_and(is_letter),
        _ => true,
    };
    if fits {
        number.ordinal = true;
        number.end = end;
    }
}

/// A Roman numeral in capitals; French writes `XIIe`, Russian sometimes takes Cyrillic letters.
fn roman(sentence: &Sentence, at: usize) -> Option<Number> {
    let first = *sentence.written.get(at)?;
    let numeral = |c: &char| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C' | 'D' | 'M' | 'Х' | 'І' | 'С' | 'М');
    if let 'Ⅰ'..='Ⅻ' = first {
        let value = i64::from(first as u32 - 'Ⅰ' as u32) + 1;
        return Some(roman_number(sentence, at, at + 1, value));
    }
    if !numeral(&first) || sentence.before(at).is_some_and(|c| c.is_alphanumeric() && c.is_ascii()) {
        return None;
    }
    let end = at + sentence.written[at..].iter().take(16).take_while(|c| numeral(c)).count();
    let latin: String = sentence.written[at..end].iter().map(|c| latin(*c)).collect();
    let value = roman_value(&latin).filter(|value| *value <= LARGEST_ROMAN)?;
    let suffix = sentence.text(end, sentence.word_end(end));
    let fits = match sentence.language.tag() {
        "fr" => matches!(suffix.as_str(), "" | "e" | "ème" | "eme" | "er" | "ᵉ" | "es" | "nd" | "re"),
        "ja" | "zh" | "ko" => !suffix.starts_with(|c: char| c.is_ascii_alphabetic()),
        "de" => matches!(suffix.as_str(), "" | "ten"),
        _ => suffix.is_empty(),
    };
    let digit = sentence.at(end).is_some_and(|c| c.is_ascii_digit());
    let mut number = roman_number(sentence, at, end, i64::try_from(value).ok()?);
    if matches!(sentence.language.tag(), "fr" | "de") {
        number.end = end + suffix.chars().count();
    }
    (fits && !digit).then_some(number)
}

fn latin(c: char) -> char {
    match c {
        'Х' => 'X',
        'І' => 'I',
        'С' => 'C',
        'М' => 'M',
        other => other,
    }
}

fn roman_number(sentence: &Sentence, from: usize, to: usize, value: i64) -> Number {
    // A numeral alone is a sign more often than a number: the `I` of English, an initial, a size, `CD`.
    let beside_name = sentence.before(sentence.skip_back(from)).is_some_and(is_letter)
        && sentence.written.get(sentence.word_start(sentence.skip_back(from))).is_some_and(|c| c.is_uppercase());
    let sure = to - from > 1 && value < 40 && beside_name;
    Number {
        place: Place { from, to },
        end: to,
        value: Rational::whole(value),
        other: None,
        about: None,
        form: Form::Roman,
        ordinal: true,
        weight: if sure { Weight::Strong } else { Weight::Optional },
    }
}
