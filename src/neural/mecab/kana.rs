//! Katakana as it is pronounced, in Kokoro's phonemes.
//!
//! The correspondences are those misaki states for Japanese (its table of Hepburn sounds in IPA); long vowels are `ː`,
//! the held consonant is `ʔ`, and the moraic nasal takes the place of the sound behind it.

/// Rows of the syllabary, a sound for each kana.
const ROWS: [(&str, [&str; 5]); 17] = [
    ("アイウエオ", ["a", "i", "ɯ", "e", "o"]),
    ("カキクケコ", ["ka", "kʲi", "kɯ", "ke", "ko"]),
    ("ガギグゲゴ", ["ɡa", "ɡʲi", "ɡɯ", "ɡe", "ɡo"]),
    ("サシスセソ", ["sa", "ɕi", "sɨ", "se", "so"]),
    ("ザジズゼゾ", ["ʣa", "ʥi", "zɨ", "ʣe", "ʣo"]),
    ("タチツテト", ["ta", "ʨi", "ʦɨ", "te", "to"]),
    ("ダヂヅデド", ["da", "ʥi", "zɨ", "de", "do"]),
    ("ナニヌネノ", ["na", "ɲi", "nɯ", "ne", "no"]),
    ("ハヒフヘホ", ["ha", "çi", "ɸɯ", "he", "ho"]),
    ("バビブベボ", ["ba", "bʲi", "bɯ", "be", "bo"]),
    ("パピプペポ", ["pa", "pʲi", "pɯ", "pe", "po"]),
    ("マミムメモ", ["ma", "mʲi", "mɯ", "me", "mo"]),
    ("ラリルレロ", ["ɾa", "ɾʲi", "ɾɯ", "ɾe", "ɾo"]),
    ("ヤイユエヨ", ["ja", "i", "jɯ", "e", "jo"]),
    ("ワヰウヱヲ", ["βa", "i", "ɯ", "e", "o"]),
    ("ヷヸヴヹヺ", ["va", "vʲi", "vɯ", "ve", "vo"]),
    ("ヵイウヶオ", ["ka", "i", "ɯ", "ke", "o"]),
];

/// Pairs with a sound of their own; others follow from their parts.
const PAIRS: [(&str, &str); 24] = [
    ("イェ", "je"),
    ("ウィ", "βi"),
    ("ウェ", "βe"),
    ("ウォ", "βo"),
    ("クァ", "kᵝa"),
    ("クィ", "kᵝi"),
    ("クェ", "kᵝe"),
    ("クォ", "kᵝo"),
    ("グァ", "ɡᵝa"),
    ("グィ", "ɡᵝi"),
    ("グェ", "ɡᵝe"),
    ("グォ", "ɡᵝo"),
    ("ツィ", "ʦʲi"),
    ("ティ", "tʲi"),
    ("ディ", "dʲi"),
    ("テュ", "tʲɨ"),
    ("デュ", "dʲɨ"),
    ("トゥ", "tɯ"),
    ("ドゥ", "dɯ"),
    ("フィ", "ɸʲi"),
    ("フュ", "ɸʲɨ"),
    ("フョ", "ɸʲo"),
    ("ヴィ", "vʲi"),
    ("ヴュ", "bʲɨ"),
];

fn sound(kana: char) -> Option<&'static str> {
    ROWS.iter().find_map(|(row, sounds)| row.chars().position(|c| c == kana).map(|place| sounds[place]))
}

/// The vowel a small kana puts in the place of the one before it.
fn small_vowel(kana: char) -> Option<&'static str> {
    Some(match kana {
        'ァ' | 'ャ' | 'ヮ' => "a",
        'ィ' => "i",
        'ゥ' => "ɯ",
        'ュ' => "ɨ",
        'ェ' => "e",
        'ォ' | 'ョ' => "o",
        _ => return None,
    })
}

/// The phonemes of a word in katakana. Characters that are no kana are left out.
pub(super) fn phonemes(word: &str) -> String {
    let kana: Vec<char> = word.chars().collect();
    let mut sounds: Vec<String> = Vec::new();
    let mut at = 0;
    while at < kana.len() {
        let (used, said) = mora(&kana[at..]);
        sounds.push(said);
        at += used;
    }
    for place in 0..sounds.len() {
        if sounds[place] == "ɴ" {
            sounds[place] = nasal(sounds.get(place + 1).map_or("", String::as_str)).to_owned();
        }
    }
    sounds.concat()
}

fn mora(kana: &[char]) -> (usize, String) {
    let own = |text: &str| (1, text.to_owned());
    match kana[0] {
        'ー' => return own("ː"),
        'ッ' => return own("ʔ"),
        'ン' => return own("ɴ"),
        _ => {}
    }
    let next = kana.get(1).copied().and_then(|small| small_vowel(small).map(|vowel| (small, vowel)));
    if let (Some((small, vowel)), Some(first)) = (next, sound(kana[0])) {
        let pair: String = [kana[0], small].iter().collect();
        if let Some((_, said)) = PAIRS.iter().find(|(written, _)| *written == pair) {
            return (2, (*said).to_owned());
        }
        let consonant: String = first.chars().take(first.chars().count() - 1).collect();
        return (2, format!("{consonant}{vowel}"));
    }
    let alone = match kana[0] {
        'ャ' => Some("ja"),
        'ュ' => Some("jɯ"),
        'ョ' => Some("jo"),
        small => sound(small).or_else(|| small_vowel(small)),
    };
    own(alone.unwrap_or_default())
}

fn nasal(next: &str) -> &'static str {
    match next.chars().next() {
        Some('m' | 'p' | 'b') => "m",
        Some('k' | 'ɡ') => "ŋ",
        Some('ɲ' | 'ʨ' | 'ʥ') => "ɲ",
        Some('n' | 't' | 'd' | 'ɾ' | 'z') => "n",
        _ => "ɴ",
    }
}

/// Names of the letters, for words in Latin letters the dictionary does not know.
const LETTERS: [&str; 26] = [
    "エー",
    "ビー",
    "シー",
    "ディー",
    "イー",
    "エフ",
    "ジー",
    "エイチ",
    "アイ",
    "ジェー",
    "ケー",
    "エル",
    "エム",
    "エヌ",
    "オー",
    "ピー",
    "キュー",
    "アール",
    "エス",
    "ティー",
    "ユー",
    "ブイ",
    "ダブリュー",
    "エックス",
    "ワイ",
    "ゼット",
];

/// A word in Latin letters, letter by letter.
pub(super) fn spelled(word: &str) -> String {
    word.chars()
        .filter_map(|c| LETTERS.get((c.to_ascii_uppercase() as usize).wrapping_sub('A' as usize)))
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kana_sound_as_they_should() {
        for (kana, sound) in [
            ("コンニチワ", "koɲɲiʨiβa"),
            ("ガッコー", "ɡaʔkoː"),
            ("トーキョー", "toːkʲoː"),
            ("ヒャク", "çakɯ"),
            ("シンブン", "ɕimbɯɴ"),
            ("ジューニ", "ʥɨːɲi"),
            ("ティエン", "tʲieɴ"),
            ("クァン", "kᵝaɴ"),
            ("ヴィジャヤ", "vʲiʥaja"),
            ("チャンパ", "ʨampa"),
            ("ズオンロン", "zɨonɾoɴ"),
            ("フエ", "ɸɯe"),
        ] {
            assert_eq!(phonemes(kana), sound, "{kana}");
        }
        assert_eq!(spelled("ABC"), "エービーシー");
    }
}
