//! Which way of speaking espeak-ng is asked for, and its phonemes in Kokoro's notation.
//!
//! The correspondences are those misaki (the notation's own tool) states in `espeak.py`: for English the table of its
//! fallback for words without an entry, for the others its general one.

use crate::domain::Language;
use crate::text::in_alphabet;

/// A way of speaking that Kokoro has voices for and espeak-ng has rules for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    EnUs,
    EnGb,
    Fr,
    Es,
    It,
    PtBr,
}

/// Joins the two halves of one sound in espeak-ng's output.
pub(super) const TIE: char = '^';

/// In this order: a sign must be met before the signs inside it.
const ENGLISH: [(&str, &str); 19] = [
    ("ʔˌn\u{329}", "ʔn"),
    ("ʔn\u{329}", "ʔn"),
    ("a^ɪ", "I"),
    ("a^ʊ", "W"),
    ("d^ʒ", "ʤ"),
    ("e^ɪ", "A"),
    ("t^ʃ", "ʧ"),
    ("ɔ^ɪ", "Y"),
    ("ə^l", "ᵊl"),
    ("ʲo", "jo"),
    ("ʲə", "jə"),
    ("ʲ", ""),
    ("ɚ", "əɹ"),
    ("r", "ɹ"),
    ("x", "k"),
    ("ç", "k"),
    ("ɐ", "ə"),
    ("ɬ", "l"),
    ("\u{303}", ""),
];
const AMERICAN: [(&str, &str); 6] = [("o^ʊ", "O"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ː", ""), ("ɾ", "T")];
const BRITISH: [(&str, &str); 4] = [("e^ə", "ɛː"), ("iə", "ɪə"), ("ə^ʊ", "Q"), ("ɾ", "T")];
const OTHERS: [(&str, &str); 11] = [
    ("a^ɪ", "I"),
    ("a^ʊ", "W"),
    ("d^z", "ʣ"),
    ("d^ʒ", "ʤ"),
    ("e^ɪ", "A"),
    ("o^ʊ", "O"),
    ("s^s", "S"),
    ("t^s", "ʦ"),
    ("t^ʃ", "ʧ"),
    ("ɔ^ɪ", "Y"),
    ("ə^ʊ", "Q"),
];

impl Dialect {
    /// espeak-ng's name for it.
    #[must_use]
    pub fn voice(self) -> &'static str {
        match self {
            Self::EnUs => "en-us",
            Self::EnGb => "en-gb",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::It => "it",
            Self::PtBr => "pt-br",
        }
    }

    #[must_use]
    pub fn language(self) -> Language {
        match self {
            Self::EnUs | Self::EnGb => Language::EN,
            Self::Fr => Language::FR,
            Self::Es => Language::ES,
            Self::It => Language::IT,
            Self::PtBr => Language::PT,
        }
    }

    fn is_english(self) -> bool {
        matches!(self, Self::EnUs | Self::EnGb)
    }

    /// One line of espeak-ng's IPA (with ties) in Kokoro's notation.
    #[must_use]
    pub(super) fn in_kokoros_notation(self, line: &str) -> String {
        let mut ipa = without_flags(line);
        if self.is_english() {
            ipa = replaced(&ipa, &ENGLISH);
            ipa = replaced_eh(&ipa, self == Self::EnGb);
            ipa = syllabic(&ipa);
            ipa = replaced(&ipa, if self == Self::EnUs { &AMERICAN } else { &BRITISH });
            ipa = replaced(&ipa, &[("o", "ɔ"), ("ʔ", "t")]);
        } else {
            ipa = replaced(&ipa, &OTHERS).replace('-', "");
        }
        let words: Vec<&str> = ipa.split_whitespace().collect();
        in_alphabet(&words.join(" ").replace(TIE, ""))
    }
}

fn replaced(text: &str, table: &[(&str, &str)]) -> String {
    table.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new))
}

/// A lone e is the sound of `A`; the British diphthong `e^ə` keeps it for its own rule.
fn replaced_eh(text: &str, british: bool) -> String {
    const KEPT: &str = "\u{1}";
    if british { text.replace("e^ə", KEPT).replace('e', "A").replace(KEPT, "e^ə") } else { text.replace('e', "A") }
}

/// A syllabic consonant takes its vowel before it: `n̩` is `ᵊn`.
fn syllabic(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match (c, out.pop()) {
            ('\u{329}', Some(consonant)) if !consonant.is_whitespace() => out.extend(['ᵊ', consonant]),
            ('\u{329}', last) => out.extend(last),
            (c, last) => out.extend(last.into_iter().chain([c])),
        }
    }
    out
}

/// espeak-ng marks words it reads by another language's rules: `(en)ðə(fr)`, tied or not.
fn without_flags(line: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for c in line.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sounds_come_over_in_kokoros_letters() {
        for (dialect, espeak, kokoro) in [
            (Dialect::EnUs, "həlˈo^ʊ wˈɜːld", "həlˈO wˈɜɹld"),
            (Dialect::EnUs, "nˈa^ʊ ˌa^ʊɾəvdˈɪkʃənˌɛɹi", "nˈW ˌWTəvdˈɪkʃənˌɛɹi"),
            (Dialect::EnUs, "d^ʒˈʌd^ʒ ɔ^ɪl t^ʃˈe^ɪs", "ʤˈʌʤ Yl ʧˈAs"),
            (Dialect::EnUs, "mˈɑːdə^l bˈʌʔn\u{329}", "mˈɑdᵊl bˈʌtn"),
            (Dialect::EnGb, "ðˈe^ə ɡˈə^ʊ", "ðˈɛː ɡˈQ"),
            (Dialect::Fr, "mɑ̃ʒˈa dy- pˈɛ̃ (^e^n)pˈɑːkɪŋ(^f^r)", "mɑ̃ʒˈa dy pˈɛ̃ pˈɑːkɪŋ"),
            (Dialect::Es, "mˈismo ˈa^ɪɾe e^ʊɾˈopa", "mˈismo ˈIɾe eʊɾˈopa"),
            (Dialect::It, "pˈit^sːa d^zˈia ʎɪ", "pˈiʦːa ʣˈia ʎɪ"),
            (Dialect::PtBr, "pˈɐ̃^ʊ̃ ʒˈe^ɪŋt^ʃy", "pˈɐ̃ʊ̃ ʒˈAŋʧy"),
        ] {
            assert_eq!(dialect.in_kokoros_notation(espeak), kokoro, "{espeak}");
        }
    }
}
