//! French numbers in the traditional spelling: `quatre-vingts`, `soixante et onze`, `deux cents`.

use super::Form;

const ONES: [&str; 20] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
];
const TENS: [&str; 7] = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante"];

/// `last`: nothing follows, so `vingts` and `cents` take their s.
fn below_hundred(n: u64, last: bool) -> String {
    match n {
        0..20 => ONES[n as usize].to_owned(),
        20..70 => match n % 10 {
            0 => TENS[n as usize / 10].to_owned(),
            1 => format!("{} et un", TENS[n as usize / 10]),
            ones => format!("{}-{}", TENS[n as usize / 10], ONES[ones as usize]),
        },
        71 => "soixante et onze".to_owned(),
        70..80 => format!("soixante-{}", ONES[n as usize - 60]),
        80 if last => "quatre-vingts".to_owned(),
        80 => "quatre-vingt".to_owned(),
        _ => format!("quatre-vingt-{}", ONES[n as usize - 80]),
    }
}

fn below_thousand(n: u64, last: bool) -> String {
    let (hundreds, rest) = super::parts(n, 100);
    let head = match hundreds {
        0 => String::new(),
        1 => "cent".to_owned(),
        _ if rest == 0 && last => format!("{} cents", ONES[hundreds as usize]),
        _ => format!("{} cent", ONES[hundreds as usize]),
    };
    let tail = if rest == 0 && hundreds > 0 { String::new() } else { below_hundred(rest, last) };
    super::joined(&[&head, &tail], " ")
}

pub(super) fn cardinal(n: u64, form: Form) -> String {
    let mut words = Vec::new();
    for (unit, one, many) in [(1_000_000_000, "milliard", "milliards"), (1_000_000, "million", "millions")] {
        match n / unit % 1_000 {
            0 => {}
            1 => words.push(format!("un {one}")),
            value => words.push(format!("{} {many}", below_thousand(value, true))),
        }
    }
    match n / 1_000 % 1_000 {
        0 => {}
        1 => words.push("mille".to_owned()),
        value => words.push(format!("{} mille", below_thousand(value, false))),
    }
    if n == 0 || !n.is_multiple_of(1_000) {
        words.push(below_thousand(n % 1_000, true));
    }
    let mut spelled = words.join(" ");
    if form.feminine && n % 10 == 1 && spelled.ends_with("un") {
        spelled.push('e');
    }
    spelled
}

pub(super) fn ordinal(n: u64, feminine: bool) -> String {
    if n == 1 {
        return if feminine { "première" } else { "premier" }.to_owned();
    }
    let cardinal = cardinal(n, Form::PLAIN);
    let stem = match cardinal.as_str() {
        c if c.ends_with("cinq") => format!("{c}u"),
        c if c.ends_with("neuf") => format!("{}v", c.trim_end_matches('f')),
        c if c.ends_with("vingts") || c.ends_with("cents") => c.trim_end_matches('s').to_owned(),
        c => c.trim_end_matches('e').to_owned(),
    };
    format!("{stem}ième")
}
