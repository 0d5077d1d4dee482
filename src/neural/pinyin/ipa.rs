//! One pinyin syllable in Kokoro's phonemes.
//!
//! The correspondences are those misaki states for Mandarin (after Duanmu, *The Phonology of Standard Chinese*, 2007, and
//! Lin, *The Sounds of Chinese*, 2007), its tone letters as arrows.

/// A syllable: `zhong` and its tone, 1 to 4, or 5 for the neutral one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Syllable {
    pub letters: String,
    pub tone: u8,
}

const INITIALS: [(&str, &str); 21] = [
    ("zh", "ꭧ"),
    ("ch", "ꭧʰ"),
    ("sh", "ʂ"),
    ("b", "p"),
    ("p", "pʰ"),
    ("m", "m"),
    ("f", "f"),
    ("d", "t"),
    ("t", "tʰ"),
    ("n", "n"),
    ("l", "l"),
    ("g", "k"),
    ("k", "kʰ"),
    ("h", "x"),
    ("j", "ʨ"),
    ("q", "ʨʰ"),
    ("x", "ɕ"),
    ("r", "ɻ"),
    ("z", "ʦ"),
    ("c", "ʦʰ"),
    ("s", "s"),
];

/// Finals; `0` stands where the tone goes.
const FINALS: [(&str, &str); 36] = [
    ("a", "a0"),
    ("ai", "ai0"),
    ("an", "a0n"),
    ("ang", "a0ŋ"),
    ("ao", "au0"),
    ("e", "ɤ0"),
    ("ei", "ei0"),
    ("en", "ə0n"),
    ("eng", "ə0ŋ"),
    ("er", "ɚ0"),
    ("ê", "ɛ0"),
    ("i", "i0"),
    ("ia", "ja0"),
    ("ian", "jɛ0n"),
    ("iang", "ja0ŋ"),
    ("iao", "jau0"),
    ("ie", "je0"),
    ("in", "i0n"),
    ("ing", "i0ŋ"),
    ("iong", "jʊ0ŋ"),
    ("iu", "jou0"),
    ("o", "wo0"),
    ("ong", "ʊ0ŋ"),
    ("ou", "ou0"),
    ("u", "u0"),
    ("ua", "wa0"),
    ("uai", "wai0"),
    ("uan", "wa0n"),
    ("uang", "wa0ŋ"),
    ("ui", "wei0"),
    ("un", "wə0n"),
    ("ueng", "wə0ŋ"),
    ("uo", "wo0"),
    ("ü", "y0"),
    ("üe", "ɥe0"),
    ("üan", "ɥɛ0n"),
];

/// Syllables that are no initial and final.
const WHOLE: [(&str, &str); 6] = [("io", "jɔ0"), ("m", "m0"), ("n", "n0"), ("ng", "ŋ0"), ("hm", "hm0"), ("o", "ɔ0")];

/// A final in the spelling of the table: `yu`, `wei`, `ju` and their like written out.
fn plain(letters: &str) -> String {
    let after_palatal = |rest: &str| rest.strip_prefix('u').map(|tail| format!("ü{tail}"));
    if let Some(rest) = letters.strip_prefix('y') {
        return match rest {
            "u" | "ue" | "uan" | "un" => format!("ü{}", &rest[1..]),
            "ou" => "iu".to_owned(),
            "i" | "in" | "ing" => rest.to_owned(),
            _ => format!("i{rest}"),
        };
    }
    if let Some(rest) = letters.strip_prefix('w') {
        return match rest {
            "u" => "u".to_owned(),
            "ei" => "ui".to_owned(),
            "en" => "un".to_owned(),
            _ => format!("u{rest}"),
        };
    }
    for initial in ["j", "q", "x"] {
        if let Some(front) = letters.strip_prefix(initial).and_then(after_palatal) {
            return format!("{initial}{front}");
        }
    }
    letters.to_owned()
}

/// The syllable in IPA; `None` for letters that are no pinyin.
pub(super) fn phonemes(syllable: &Syllable) -> Option<String> {
    let tone = match syllable.tone {
        1 => "→",
        2 => "↗",
        3 => "↓",
        4 => "↘",
        _ => "",
    };
    let letters = plain(&syllable.letters.replace('v', "ü"));
    if let Some((_, said)) = WHOLE.iter().find(|(written, _)| *written == letters) {
        return Some(said.replace('0', tone));
    }
    let (initial, sound) =
        INITIALS.iter().find(|(initial, _)| letters.starts_with(initial)).copied().unwrap_or(("", ""));
    let written = &letters[initial.len()..];
    let said = match (initial, written) {
        ("zh" | "ch" | "sh" | "r" | "z" | "c" | "s", "i") => "ɨ0",
        (_, "ün") => "y0n",
        _ => FINALS.iter().find(|(name, _)| *name == written)?.1,
    };
    Some(format!("{sound}{}", said.replace('0', tone)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_sound_as_they_should() {
        for (letters, tone, sound) in [
            ("ni", 3, "ni↓"),
            ("hao", 3, "xau↓"),
            ("zhong", 1, "ꭧʊ→ŋ"),
            ("shi", 4, "ʂɨ↘"),
            ("zi", 5, "ʦɨ"),
            ("yuan", 2, "ɥɛ↗n"),
            ("ju", 4, "ʨy↘"),
            ("xun", 2, "ɕy↗n"),
            ("lüe", 4, "lɥe↘"),
            ("nü", 3, "ny↓"),
            ("wei", 4, "wei↘"),
            ("yong", 3, "jʊ↓ŋ"),
            ("you", 3, "jou↓"),
            ("wo", 3, "wo↓"),
            ("er", 4, "ɚ↘"),
            ("bo", 1, "pwo→"),
            ("ta", 3, "tʰa↓"),
            ("wang", 2, "wa↗ŋ"),
            ("wen", 2, "wə↗n"),
            ("yi", 1, "i→"),
            ("ying", 1, "i→ŋ"),
            ("de", 5, "tɤ"),
        ] {
            let syllable = Syllable { letters: letters.to_owned(), tone };
            assert_eq!(phonemes(&syllable).as_deref(), Some(sound), "{letters}");
        }
    }

    #[test]
    fn every_reading_of_the_dictionary_has_a_sound() {
        use pinyin::ToPinyin;
        let silent: Vec<String> = ('\u{4e00}'..='\u{9fff}')
            .filter_map(|c| c.to_pinyin())
            .map(|pinyin| pinyin.plain().to_owned())
            .filter(|letters| phonemes(&Syllable { letters: letters.clone(), tone: 1 }).is_none())
            .collect();
        assert!(silent.is_empty(), "{silent:?}");
    }
}
