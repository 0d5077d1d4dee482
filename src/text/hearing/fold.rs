//! Spellings of one word that are as good: British and American, French ligatures, German ß, Portuguese before and after
//! the agreement of 1990, Chinese characters of both norms, kana of both kinds, Vietnamese tone marks in either place.

use unicode_normalization::UnicodeNormalization;

use super::han_forms;
use crate::domain::Language;
use crate::text::vietnamese::syllable;

/// The spelling by which a word is compared: small letters, without apostrophes.
pub fn fold(word: &str, language: Language) -> String {
    let small: String = word.nfkc().collect::<String>().to_lowercase().nfc().filter(|c| !is_apostrophe(*c)).collect();
    match language.tag() {
        "vi" => vietnamese(&small),
        "en" => english(&small),
        "fr" => small.replace('œ', "oe").replace('æ', "ae"),
        "de" => small.replace('ß', "ss"),
        "pt" => portuguese(&small),
        "zh" => small.chars().map(han_forms::simplified).collect(),
        "ja" => small.chars().map(hiragana).collect(),
        "ru" => small.replace('ё', "е"),
        _ => small,
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// A syllable as its letters and a number for the tone, so that it does not matter which vowel carries the mark.
fn vietnamese(word: &str) -> String {
    if syllable::parse(word).is_none() {
        return word.to_owned();
    }
    let tone = |c: char| "\u{300}\u{301}\u{309}\u{303}\u{323}".contains(c);
    let marks: String = word.nfd().filter(|c| tone(*c)).collect();
    let bare: String = word.nfd().filter(|c| !tone(*c)).nfc().collect();
    // `i` and `y` stand for one vowel at the end of an open syllable: `Mỹ`, `Mĩ`; `quý` and `quí`.
    let open = match bare.strip_suffix('y') {
        Some(stem) if stem.ends_with(|c: char| "hklmstqu".contains(c)) && !stem.ends_with('a') => format!("{stem}i"),
        _ => bare,
    };
    open + &marks
}

fn english(word: &str) -> String {
    const ENDINGS: [(&str, &str); 16] = [
        ("isation", "ization"),
        ("isations", "izations"),
        ("ising", "izing"),
        ("ised", "ized"),
        ("ises", "izes"),
        ("ise", "ize"),
        ("metre", "meter"),
        ("metres", "meters"),
        ("centre", "center"),
        ("centres", "centers"),
        ("theatre", "theater"),
        ("theatres", "theaters"),
        ("elling", "eling"),
        ("elled", "eled"),
        ("eller", "eler"),
        ("ellers", "elers"),
    ];
    const WORDS: [(&str, &str); 14] = [
        ("grey", "gray"),
        ("jewellery", "jewelry"),
        ("storey", "story"),
        ("storeys", "stories"),
        ("towards", "toward"),
        ("plough", "plow"),
        ("defence", "defense"),
        ("mould", "mold"),
        ("programme", "program"),
        ("ok", "okay"),
        ("mr", "mister"),
        ("dr", "doctor"),
        ("st", "saint"),
        ("sceptre", "scepter"),
    ];
    if let Some((_, american)) = WORDS.iter().find(|(british, _)| *british == word) {
        return (*american).to_owned();
    }
    let mut folded = word.to_owned();
    // `colour`, `honoured`, `neighbouring`; not `four`, `hour`, `your`, `tour`.
    if let Some(at) = folded.find("our").filter(|at| *at >= 3 && !folded.starts_with("court")) {
        folded.replace_range(at..at + 3, "or");
    }
    for (british, american) in ENDINGS {
        if let Some(stem) = folded.strip_suffix(british).filter(|stem| stem.len() >= 3 || british.contains("tre")) {
            return format!("{stem}{american}");
        }
    }
    folded
}

fn portuguese(word: &str) -> String {
    let plain: String = word.replace('ü', "u").replace("cç", "ç").replace("pç", "ç");
    ["acto", "ecto", "acta", "óptimo", "cção"].iter().zip(["ato", "eto", "ata", "ótimo", "ção"]).fold(
        plain,
        |word, (old, new)| {
            // Only at the end of the word, where the mute consonant stood.
            word.strip_suffix(old).filter(|stem| !stem.is_empty()).map_or(word.clone(), |stem| format!("{stem}{new}"))
        },
    )
}

/// Katakana as hiragana; the sign of a long vowel stays.
fn hiragana(c: char) -> char {
    match c {
        '\u{30a1}'..='\u{30f6}' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_are_as_good_are_one() {
        let pairs = [
            (Language::VI, "hoà", "hòa"),
            (Language::VI, "Thuỷ", "thủy"),
            (Language::VI, "Mỹ", "mĩ"),
            (Language::EN, "colour", "color"),
            (Language::EN, "metres", "meters"),
            (Language::EN, "Organised", "organized"),
            (Language::FR, "sœur", "soeur"),
            (Language::DE, "Straße", "strasse"),
            (Language::PT, "facto", "fato"),
            (Language::ZH, "國", "国"),
            (Language::JA, "サン", "さん"),
        ];
        for (language, one, other) in pairs {
            assert_eq!(fold(one, language), fold(other, language), "{language}");
        }
    }

    #[test]
    fn other_words_stay_other_words() {
        let pairs = [
            (Language::VI, "hòa", "hóa"),
            (Language::VI, "tai", "tay"),
            (Language::EN, "four", "for"),
            (Language::EN, "hour", "hor"),
            (Language::PT, "pato", "prato"),
        ];
        for (language, one, other) in pairs {
            assert_ne!(fold(one, language), fold(other, language), "{language}");
        }
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_is_folding_once(word in "[a-zA-Zàạđơœßüçñ']{0,16}") {
            for language in Language::all() {
                let once = fold(&word, language);
                proptest::prop_assert_eq!(fold(&once, language).chars().count() <= once.chars().count() + 1, true);
            }
        }
    }
}
