//! The phonemes Kokoro-82M v1.0 knows: the notation every phonemizer of ours writes.
//!
//! IPA with a few letters of its own: `A I O Q W Y` for the diphthongs of English (and `I W A` for those of Spanish,
//! Italian and Portuguese), `T` for the American flap, `S` for a long s, `ᵊ` before syllabic consonants, arrows for the
//! tones of Chinese. A test holds it against the vocabulary that comes with the weights.

/// Every symbol, the space among them.
pub const KOKORO_ALPHABET: &str = ";:,.!?—…\"()“” \u{303}ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔɕçɖðʤəɚɛɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːʰʲ↓→↗↘ᵻ";

/// The text with only what the alphabet has; a plain g becomes its `ɡ`.
#[must_use]
pub fn in_alphabet(phonemes: &str) -> String {
    phonemes.chars().map(|c| if c == 'g' { 'ɡ' } else { c }).filter(|c| KOKORO_ALPHABET.contains(*c)).collect()
}

/// The punctuation of a written sentence in the alphabet's own marks; `None` for a mark that has no part in the melody.
#[must_use]
pub fn melody_mark(c: char) -> Option<char> {
    Some(match c {
        ';' | '；' => ';',
        ':' | '：' => ':',
        ',' | '，' | '、' => ',',
        '.' | '。' | '．' => '.',
        '!' | '！' => '!',
        '?' | '？' => '?',
        '—' | '–' | '〜' | '～' => '—',
        '…' | '‥' => '…',
        '"' => '"',
        '(' | '[' | '（' | '【' => '(',
        ')' | ']' | '）' | '】' => ')',
        '“' | '«' | '„' | '「' | '『' | '《' | '〈' => '“',
        '”' | '»' | '」' | '』' | '》' | '〉' => '”',
        _ => return None,
    })
}
