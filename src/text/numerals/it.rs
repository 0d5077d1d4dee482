//! Italian numbers, written in one word below a million.

use super::Form;

const ONES: [&str; 20] = [
    "zero",
    "uno",
    "due",
    "tre",
    "quattro",
    "cinque",
    "sei",
    "sette",
    "otto",
    "nove",
    "dieci",
    "undici",
    "dodici",
    "tredici",
    "quattordici",
    "quindici",
    "sedici",
    "diciassette",
    "diciotto",
    "diciannove",
];
const TENS: [&str; 10] =
    ["", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"];
const ORDINALS: [&str; 11] =
    ["", "primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono", "decimo"];

fn below_thousand(n: u64) -> String {
    let (hundreds, rest) = super::parts(n, 100);
    let head = match hundreds {
        0 => String::new(),
        1 => "cento".to_owned(),
        _ => format!("{}cento", ONES[hundreds as usize]),
    };
    let tail = match (rest, rest % 10) {
        (0, _) if hundreds > 0 => String::new(),
        (0..20, _) => ONES[rest as usize].to_owned(),
        (_, 0) => TENS[rest as usize / 10].to_owned(),
        // The ten loses its vowel before uno and otto.
        (_, ones @ (1 | 8)) => {
            let ten = TENS[rest as usize / 10];
            format!("{}{}", &ten[..ten.len() - 1], ONES[ones as usize])
        }
        (_, 3) => format!("{}tré", TENS[rest as usize / 10]),
        (_, ones) => format!("{}{}", TENS[rest as usize / 10], ONES[ones as usize]),
    };
    format!("{head}{tail}")
}

pub(super) fn cardinal(n: u64, form: Form) -> String {
    if n == 1 && form.before_noun {
        return if form.feminine { "una" } else { "un" }.to_owned();
    }
    let mut words = Vec::new();
    for (unit, one, many) in [(1_000_000_000, "miliardo", "miliardi"), (1_000_000, "milione", "milioni")] {
        match n / unit % 1_000 {
            0 => {}
            1 => words.push(format!("un {one}")),
            value => words.push(format!("{} {many}", below_thousand(value))),
        }
    }
    let mut low = match n / 1_000 % 1_000 {
        0 => String::new(),
        1 => "mille".to_owned(),
        value => format!("{}mila", below_thousand(value).replace("tré", "tre")),
    };
    if n == 0 || !n.is_multiple_of(1_000) {
        low.push_str(&below_thousand(n % 1_000));
    }
    words.push(low);
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

pub(super) fn ordinal(n: u64, feminine: bool) -> String {
    let word = match ORDINALS.get(n as usize) {
        Some(word) => (*word).to_owned(),
        None => {
            let cardinal = cardinal(n, Form::PLAIN);
            // `ventitreesimo`, `ventiseiesimo` keep their vowel.
            if cardinal.ends_with("tré") {
                format!("{}eesimo", cardinal.trim_end_matches('é'))
            } else if cardinal.ends_with("sei") {
                format!("{cardinal}esimo")
            } else {
                let mut stem = cardinal;
                stem.pop();
                format!("{stem}esimo")
            }
        }
    };
    if feminine { format!("{}a", word.trim_end_matches('o')) } else { word }
}
