//! Brazilian Portuguese numbers: `e` between the parts, hundreds, `um` and `dois` agree with the noun.

use super::Form;

const ONES: [&str; 20] = [
    "zero",
    "um",
    "dois",
    "três",
    "quatro",
    "cinco",
    "seis",
    "sete",
    "oito",
    "nove",
    "dez",
    "onze",
    "doze",
    "treze",
    "catorze",
    "quinze",
    "dezesseis",
    "dezessete",
    "dezoito",
    "dezenove",
];
const TENS: [&str; 10] =
    ["", "", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"];
const HUNDREDS: [&str; 10] = [
    "",
    "cento",
    "duzentos",
    "trezentos",
    "quatrocentos",
    "quinhentos",
    "seiscentos",
    "setecentos",
    "oitocentos",
    "novecentos",
];
const ORDINALS: [&str; 10] =
    ["", "primeiro", "segundo", "terceiro", "quarto", "quinto", "sexto", "sétimo", "oitavo", "nono"];
const ORDINAL_TENS: [&str; 10] = [
    "",
    "décimo",
    "vigésimo",
    "trigésimo",
    "quadragésimo",
    "quinquagésimo",
    "sexagésimo",
    "septuagésimo",
    "octogésimo",
    "nonagésimo",
];

fn digit(n: u64, feminine: bool) -> &'static str {
    match (n, feminine) {
        (1, true) => "uma",
        (2, true) => "duas",
        _ => ONES[n as usize],
    }
}

fn below_thousand(n: u64, feminine: bool) -> String {
    if n == 100 {
        return "cem".to_owned();
    }
    let (hundreds, rest) = super::parts(n, 100);
    let mut head = HUNDREDS[hundreds as usize].to_owned();
    if feminine && hundreds > 1 {
        head = format!("{}as", head.trim_end_matches("os"));
    }
    let tail = match (rest, rest % 10) {
        (0, _) if hundreds > 0 => String::new(),
        (0..20, _) => digit(rest, feminine).to_owned(),
        (_, 0) => TENS[rest as usize / 10].to_owned(),
        (_, ones) => format!("{} e {}", TENS[rest as usize / 10], digit(ones, feminine)),
    };
    super::joined(&[&head, &tail], " e ")
}

pub(super) fn cardinal(n: u64, form: Form) -> String {
    let mut words = Vec::new();
    for (unit, one, many) in [(1_000_000_000, "bilhão", "bilhões"), (1_000_000, "milhão", "milhões")] {
        match n / unit % 1_000 {
            0 => {}
            1 => words.push(format!("um {one}")),
            value => words.push(format!("{} {many}", below_thousand(value, false))),
        }
    }
    match n / 1_000 % 1_000 {
        0 => {}
        1 => words.push("mil".to_owned()),
        value => words.push(format!("{} mil", below_thousand(value, form.feminine))),
    }
    let rest = n % 1_000;
    if rest > 0 || n == 0 {
        let last = below_thousand(rest, form.feminine);
        // `mil e duzentos`, `mil e cinco`, but `mil setecentos e setenta`.
        let linked = !words.is_empty() && (rest < 100 || rest.is_multiple_of(100));
        words.push(if linked { format!("e {last}") } else { last });
    }
    words.join(" ")
}

pub(super) fn ordinal(n: u64, feminine: bool) -> String {
    if n == 0 || n > 99 {
        return cardinal(n, Form { feminine, before_noun: false });
    }
    let word = super::joined(&[ORDINAL_TENS[n as usize / 10], ORDINALS[n as usize % 10]], " ");
    if feminine {
        word.split(' ').map(|w| format!("{}a", w.trim_end_matches('o'))).collect::<Vec<_>>().join(" ")
    } else {
        word
    }
}
