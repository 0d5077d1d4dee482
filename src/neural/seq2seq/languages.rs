//! What the families call the languages.

use crate::domain::Language;

/// M2M100's hundred languages in the order of their words (`FAIRSEQ_LANGUAGE_CODES` in `transformers`).
pub const M2M100: [&str; 100] = [
    "af", "am", "ar", "ast", "az", "ba", "be", "bg", "bn", "br", "bs", "ca", "ceb", "cs", "cy", "da", "de", "el", "en",
    "es", "et", "fa", "ff", "fi", "fr", "fy", "ga", "gd", "gl", "gu", "ha", "he", "hi", "hr", "ht", "hu", "hy", "id",
    "ig", "ilo", "is", "it", "ja", "jv", "ka", "kk", "km", "kn", "ko", "lb", "lg", "ln", "lo", "lt", "lv", "mg", "mk",
    "ml", "mn", "mr", "ms", "my", "ne", "nl", "no", "ns", "oc", "or", "pa", "pl", "ps", "pt", "ro", "ru", "sd", "si",
    "sk", "sl", "so", "sq", "sr", "ss", "su", "sv", "sw", "ta", "th", "tl", "tn", "tr", "uk", "ur", "uz", "vi", "wo",
    "xh", "yi", "yo", "zh", "zu",
];

/// The tag, then ISO 639-3 as OPUS-MT's `>>...<<` and FLORES-200 write it.
const TABLE: [(&str, &[&str], &str); 11] = [
    ("vi", &["vi", "vie"], "vie_Latn"),
    ("en", &["en", "eng"], "eng_Latn"),
    ("fr", &["fr", "fra"], "fra_Latn"),
    ("ja", &["ja", "jpn"], "jpn_Jpan"),
    ("zh", &["zh", "zho", "cmn_Hans", "cmn"], "zho_Hans"),
    ("pt", &["pt", "por"], "por_Latn"),
    ("es", &["es", "spa"], "spa_Latn"),
    ("it", &["it", "ita"], "ita_Latn"),
    ("de", &["de", "deu"], "deu_Latn"),
    ("ru", &["ru", "rus"], "rus_Cyrl"),
    ("ko", &["ko", "kor"], "kor_Hang"),
];

/// What OPUS-MT may call a language, likeliest first.
#[must_use]
pub fn opus(language: Language) -> &'static [&'static str] {
    TABLE.iter().find(|(tag, ..)| *tag == language.tag()).map_or(&[], |(_, codes, _)| codes)
}

/// What NLLB calls a language.
#[must_use]
pub fn flores(language: Language) -> Option<&'static str> {
    TABLE.iter().find(|(tag, ..)| *tag == language.tag()).map(|(_, _, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_of_ours_has_its_names() {
        for language in Language::all() {
            assert!(!opus(language).is_empty() && flores(language).is_some(), "{language}");
            assert!(M2M100.contains(&language.tag()), "{language}");
        }
        assert!(M2M100.is_sorted());
    }
}
