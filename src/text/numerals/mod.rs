//! Whole numbers in words, one file per language: cardinals, ordinals, years.
//!
//! Sources are each language's grammar; what must come out stands in `golden/spoken/`. Numbers up to 999 999 999 999
//! are spelled; above that their digits are read one by one.

mod en;
mod es;
mod fr;
mod han;
mod it;
mod pt;
mod roman;
mod vi;

pub(super) use en::year as english_year;
pub(super) use han::{chinese, digits as han_digits, japanese};
pub(super) use roman::roman_value;

use crate::domain::Language;

/// What a number agrees with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub feminine: bool,
    /// A noun follows: Spanish `un metro` against `uno`.
    pub before_noun: bool,
}

impl Form {
    pub(super) const PLAIN: Self = Self { feminine: false, before_noun: false };
}

const LARGEST: u64 = 999_999_999_999;

/// The cardinal in words; `None` for a language without a speller here.
pub(super) fn cardinal(n: u64, form: Form, language: Language) -> Option<String> {
    let speller: fn(u64, Form) -> String = match language.tag() {
        "vi" => |n, _| vi::cardinal(n),
        "en" => |n, _| en::cardinal(n),
        "fr" => fr::cardinal,
        "es" => es::cardinal,
        "it" => it::cardinal,
        "pt" => pt::cardinal,
        "zh" => |n, _| han::chinese(n),
        "ja" => |n, _| han::japanese(n),
        _ => return None,
    };
    if n > LARGEST {
        let digits = n.to_string();
        let words: Vec<String> = digits.bytes().map(|digit| speller(u64::from(digit - b'0'), Form::PLAIN)).collect();
        return Some(words.join(" "));
    }
    Some(speller(n, form))
}

/// The ordinal in words, where the language has one of its own: `twelfth`, `douzième`, `décimo segundo`.
pub(super) fn ordinal(n: u64, feminine: bool, language: Language) -> Option<String> {
    Some(match language.tag() {
        "vi" => format!("thứ {}", vi::after_thu(n)),
        "en" => en::ordinal(n),
        "fr" => fr::ordinal(n, feminine),
        "es" => es::ordinal(n, feminine),
        "it" => it::ordinal(n, feminine),
        "pt" => pt::ordinal(n, feminine),
        _ => return None,
    })
}

/// What follows `thứ` in Vietnamese: `nhất`, `hai`, `ba`, `tư`.
pub(super) fn vietnamese_after_thu(n: u64) -> String {
    vi::after_thu(n)
}

/// The number of a ruler in Vietnamese: `đệ tam`.
pub(super) fn vietnamese_reign(n: u64) -> String {
    vi::reign(n)
}

/// Splits into (groups above, value below) by a power of ten.
fn parts(n: u64, unit: u64) -> (u64, u64) {
    (n / unit, n % unit)
}

/// Joins what is not empty.
fn joined(words: &[&str], between: &str) -> String {
    words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn say(n: u64, tag: &str) -> String {
        cardinal(n, Form::PLAIN, tag.parse().unwrap()).unwrap()
    }

    #[test]
    fn cardinals_are_those_of_the_grammars() {
        for (n, tag, words) in [
            (0, "vi", "không"),
            (15, "vi", "mười lăm"),
            (21, "vi", "hai mươi mốt"),
            (105, "vi", "một trăm lẻ năm"),
            (1_005, "vi", "một nghìn không trăm lẻ năm"),
            (1_771, "vi", "một nghìn bảy trăm bảy mươi mốt"),
            (1_000_000, "vi", "một triệu"),
            (2_050_000, "vi", "hai triệu không trăm năm mươi nghìn"),
            (1_771, "en", "one thousand seven hundred and seventy-one"),
            (1_000_005, "en", "one million and five"),
            (71, "fr", "soixante et onze"),
            (80, "fr", "quatre-vingts"),
            (81, "fr", "quatre-vingt-un"),
            (99, "fr", "quatre-vingt-dix-neuf"),
            (200, "fr", "deux cents"),
            (201, "fr", "deux cent un"),
            (1_775, "fr", "mille sept cent soixante-quinze"),
            (80_000, "fr", "quatre-vingt mille"),
            (2_000_000, "fr", "deux millions"),
            (1_775, "es", "mil setecientos setenta y cinco"),
            (100, "es", "cien"),
            (21_000, "es", "veintiún mil"),
            (1_000_000, "es", "un millón"),
            (1_775, "pt", "mil setecentos e setenta e cinco"),
            (1_200, "pt", "mil e duzentos"),
            (1_005, "pt", "mil e cinco"),
            (2_345_678, "pt", "dois milhões trezentos e quarenta e cinco mil seiscentos e setenta e oito"),
            (1_775, "it", "millesettecentosettantacinque"),
            (28, "it", "ventotto"),
            (123, "it", "centoventitré"),
            (2_000, "it", "duemila"),
            (1_200, "zh", "一千二百"),
            (1_005, "zh", "一千零五"),
            (2_000, "zh", "两千"),
            (10_020, "zh", "一万零二十"),
            (12, "zh", "十二"),
            (112, "zh", "一百一十二"),
            (1_771, "ja", "千七百七十一"),
            (10_000, "ja", "一万"),
            (600, "ja", "六百"),
        ] {
            assert_eq!(say(n, tag), words, "{n} in {tag}");
        }
    }

    #[test]
    fn numbers_agree_in_gender() {
        let feminine = Form { feminine: true, before_noun: true };
        assert_eq!(cardinal(202, feminine, Language::PT).unwrap(), "duzentas e duas");
        assert_eq!(cardinal(201, feminine, Language::ES).unwrap(), "doscientas una");
        assert_eq!(cardinal(21, feminine, Language::FR).unwrap(), "vingt et une");
        let masculine = Form { feminine: false, before_noun: true };
        assert_eq!(cardinal(21, masculine, Language::ES).unwrap(), "veintiún");
        assert_eq!(cardinal(2_000, feminine, Language::PT).unwrap(), "duas mil");
    }

    #[test]
    fn ordinals_are_those_of_the_grammars() {
        for (n, tag, words) in [
            (12, "en", "twelfth"),
            (21, "en", "twenty-first"),
            (1, "fr", "premier"),
            (5, "fr", "cinquième"),
            (9, "fr", "neuvième"),
            (21, "fr", "vingt et unième"),
            (80, "fr", "quatre-vingtième"),
            (12, "it", "dodicesimo"),
            (23, "it", "ventitreesimo"),
            (4, "vi", "thứ tư"),
            (12, "pt", "décimo segundo"),
            (18, "es", "decimoctavo"),
            (21, "es", "vigésimo primero"),
        ] {
            assert_eq!(ordinal(n, false, tag.parse().unwrap()).unwrap(), words, "{n} in {tag}");
        }
        assert_eq!(ordinal(3, true, Language::PT).unwrap(), "terceira");
    }

    proptest! {
        #[test]
        fn different_numbers_sound_different(a in 0..2_000_000_000_u64, b in 0..2_000_000_000_u64) {
            prop_assume!(a != b);
            for tag in ["vi", "en", "fr", "es", "it", "pt", "zh", "ja"] {
                prop_assert_ne!(say(a, tag), say(b, tag));
            }
        }
    }
}
