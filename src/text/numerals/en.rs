//! English numbers, with `and` behind hundreds, and years in pairs of digits.

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn below_hundred(n: u64) -> String {
    match (n, n % 10) {
        (0..20, _) => ONES[n as usize].to_owned(),
        (_, 0) => TENS[n as usize / 10].to_owned(),
        (_, ones) => format!("{}-{}", TENS[n as usize / 10], ONES[ones as usize]),
    }
}

fn below_thousand(n: u64) -> String {
    match super::parts(n, 100) {
        (0, rest) => below_hundred(rest),
        (hundreds, 0) => format!("{} hundred", ONES[hundreds as usize]),
        (hundreds, rest) => format!("{} hundred and {}", ONES[hundreds as usize], below_hundred(rest)),
    }
}

pub(super) fn cardinal(n: u64) -> String {
    if n < 1_000 {
        return below_thousand(n);
    }
    let mut words = Vec::new();
    for (unit, name) in [(1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")] {
        let value = n / unit % 1_000;
        if value > 0 {
            words.push(format!("{} {name}", below_thousand(value)));
        }
    }
    match n % 1_000 {
        0 => {}
        rest @ 1..100 => words.push(format!("and {}", below_hundred(rest))),
        rest => words.push(below_thousand(rest)),
    }
    words.join(" ")
}

pub(super) fn ordinal(n: u64) -> String {
    let cardinal = cardinal(n);
    let cut = cardinal.rfind([' ', '-']).map_or(0, |at| at + 1);
    let (head, last) = cardinal.split_at(cut);
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        tens if tens.ends_with('y') => format!("{}ieth", tens.trim_end_matches('y')),
        other => format!("{other}th"),
    };
    format!("{head}{last}")
}

/// A year from 1000 to 2099: `seventeen seventy-one`, `nineteen oh six`, `two thousand and five`.
pub(crate) fn year(n: u64) -> String {
    let (century, rest) = super::parts(n, 100);
    match (century, rest) {
        (20, 0..10) | (10, 0) => cardinal(n),
        (_, 0) => format!("{} hundred", below_hundred(century)),
        (_, 1..10) => format!("{} oh {}", below_hundred(century), below_hundred(rest)),
        _ => format!("{} {}", below_hundred(century), below_hundred(rest)),
    }
}
