//! Spanish numbers: hundreds and `uno` agree with the noun.

use super::Form;

const ONES: [&str; 30] = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
    "veintiséis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
];
const TENS: [&str; 10] = ["", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
const HUNDREDS: [&str; 10] = [
    "",
    "ciento",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "seiscientos",
    "setecientos",
    "ochocientos",
    "novecientos",
];
const ORDINALS: [&str; 21] = [
    "",
    "primero",
    "segundo",
    "tercero",
    "cuarto",
    "quinto",
    "sexto",
    "séptimo",
    "octavo",
    "noveno",
    "décimo",
    "undécimo",
    "duodécimo",
    "decimotercero",
    "decimocuarto",
    "decimoquinto",
    "decimosexto",
    "decimoséptimo",
    "decimoctavo",
    "decimonoveno",
    "vigésimo",
];

fn one(n: u64, form: Form) -> Option<&'static str> {
    Some(match (n, form.feminine, form.before_noun) {
        (1, true, _) => "una",
        (1, false, true) => "un",
        (21, true, _) => "veintiuna",
        (21, false, true) => "veintiún",
        _ => return None,
    })
}

fn below_hundred(n: u64, form: Form) -> String {
    if let Some(word) = one(n, form) {
        return word.to_owned();
    }
    match (n, n % 10) {
        (0..30, _) => ONES[n as usize].to_owned(),
        (_, 0) => TENS[n as usize / 10].to_owned(),
        (_, ones) => format!("{} y {}", TENS[n as usize / 10], one(ones, form).unwrap_or(ONES[ones as usize])),
    }
}

fn below_thousand(n: u64, form: Form) -> String {
    let (hundreds, rest) = super::parts(n, 100);
    if n == 100 {
        return "cien".to_owned();
    }
    let mut head = HUNDREDS[hundreds as usize].to_owned();
    if form.feminine && hundreds > 1 {
        head = format!("{}as", head.trim_end_matches("os"));
    }
    let tail = if rest == 0 && hundreds > 0 { String::new() } else { below_hundred(rest, form) };
    super::joined(&[&head, &tail], " ")
}

pub(super) fn cardinal(n: u64, form: Form) -> String {
    let short = Form { feminine: false, before_noun: true };
    let mut words = Vec::new();
    match n / 1_000_000 {
        0 => {}
        1 => words.push("un millón".to_owned()),
        value => words.push(format!("{} millones", cardinal(value, short))),
    }
    match n / 1_000 % 1_000 {
        0 => {}
        1 => words.push("mil".to_owned()),
        value => words.push(format!("{} mil", below_thousand(value, Form { before_noun: true, ..form }))),
    }
    if n == 0 || !n.is_multiple_of(1_000) {
        words.push(below_thousand(n % 1_000, form));
    }
    words.join(" ")
}

pub(super) fn ordinal(n: u64, feminine: bool) -> String {
    let word = match n {
        1..=20 => ORDINALS[n as usize].to_owned(),
        21..30 => format!("vigésimo {}", ORDINALS[n as usize - 20]),
        _ => return cardinal(n, Form { feminine, before_noun: false }),
    };
    if feminine {
        word.split(' ').map(|w| format!("{}a", w.trim_end_matches('o'))).collect::<Vec<_>>().join(" ")
    } else {
        word
    }
}
