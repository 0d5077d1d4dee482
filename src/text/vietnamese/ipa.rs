//! A Vietnamese syllable in the sounds a voice of another language has, as near to its own as they go.
//!
//! The alphabet is Kokoro's: IPA with `A I O W Y` for the English diphthongs (there `I` and `W` serve Spanish, Italian
//! and Portuguese too). Tones are dropped: no voice of these languages can make them. The sounds are those of the
//! broadcast standard (d, gi as z), which is also what the Japanese renderings of the names follow.

use super::syllable::Syllable;
use crate::domain::Language;

/// The vowels of one target language, in the order of [`NUCLEI`].
struct Sounds {
    nuclei: [&'static str; 14],
    /// h, kh, nh, ng at the start of a syllable; r; v; d and gi.
    h: &'static str,
    kh: &'static str,
    nh: &'static str,
    ng: &'static str,
    r: &'static str,
    v: &'static str,
    z: &'static str,
    /// The second half of a falling diphthong.
    i: &'static str,
    u: &'static str,
    /// nh at the end.
    palatal: &'static str,
}

const NUCLEI: [&str; 14] = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "iê", "ươ", "uô"];

static EN: Sounds = Sounds {
    nuclei: ["ɑ", "ɑ", "ʌ", "ɛ", "A", "i", "ɔ", "O", "ʌ", "u", "ʊ", "iə", "ʊə", "uə"],
    h: "h",
    kh: "k",
    nh: "nj",
    ng: "n",
    r: "ɹ",
    v: "v",
    z: "z",
    i: "i",
    u: "u",
    palatal: "n",
};

static FR: Sounds = Sounds {
    nuclei: ["a", "a", "œ", "ɛ", "e", "i", "ɔ", "o", "ø", "u", "y", "jɛ", "yœ", "uo"],
    h: "h",
    kh: "k",
    nh: "ɲ",
    ng: "ŋ",
    r: "ʁ",
    v: "v",
    z: "z",
    i: "j",
    u: "w",
    palatal: "ɲ",
};

static ES: Sounds = Sounds {
    nuclei: ["a", "a", "a", "e", "e", "i", "o", "o", "o", "u", "u", "je", "uo", "uo"],
    h: "x",
    kh: "k",
    nh: "ɲ",
    ng: "ŋ",
    r: "r",
    v: "b",
    z: "z",
    i: "ɪ",
    u: "ʊ",
    palatal: "ɲ",
};

static IT: Sounds = Sounds {
    nuclei: ["a", "a", "a", "ɛ", "e", "i", "ɔ", "o", "o", "u", "u", "jɛ", "uo", "uo"],
    h: "h",
    kh: "k",
    nh: "ɲ",
    ng: "ŋ",
    r: "r",
    v: "v",
    z: "z",
    i: "ɪ",
    u: "ʊ",
    palatal: "ɲ",
};

static PT: Sounds = Sounds {
    nuclei: ["a", "a", "ɐ", "ɛ", "e", "i", "ɔ", "o", "ɐ", "u", "u", "ie", "uɐ", "uo"],
    h: "x",
    kh: "k",
    nh: "ɲ",
    ng: "ŋ",
    r: "x",
    v: "v",
    z: "z",
    i: "ɪ",
    u: "ʊ",
    palatal: "ɲ",
};

fn sounds(language: Language) -> Option<&'static Sounds> {
    Some(match language.tag() {
        "en" => &EN,
        "fr" => &FR,
        "es" => &ES,
        // The alphabet's Italian has five plain vowels that Chinese and Japanese voices know too.
        "it" | "ja" | "zh" => &IT,
        "pt" => &PT,
        _ => return None,
    })
}

fn initial(syllable: &Syllable, sounds: &Sounds) -> &'static str {
    match syllable.initial {
        "c" | "k" | "qu" => "k",
        "ch" | "tr" => "ʧ",
        "đ" => "d",
        "d" | "gi" => sounds.z,
        "g" | "gh" => "ɡ",
        "h" => sounds.h,
        "kh" => sounds.kh,
        "ng" | "ngh" => sounds.ng,
        "nh" => sounds.nh,
        "ph" => "f",
        "r" => sounds.r,
        "th" => "t",
        "v" => sounds.v,
        "x" => "s",
        other => other,
    }
}

/// Diphthongs the alphabet has one letter for.
fn diphthong(syllable: &Syllable, language: Language) -> Option<&'static str> {
    let english = language == Language::EN;
    if !english && !matches!(language.tag(), "es" | "it" | "pt") {
        return None;
    }
    Some(match (syllable.nucleus, syllable.coda) {
        ("a", "i") => "I",
        ("a", "u") => "W",
        ("â", "i") if english => "A",
        ("â", "u") if english => "O",
        ("o" | "ô", "i") if english => "Y",
        _ => return None,
    })
}

/// The syllable in IPA, `stress` standing before its vowel; `None` for a language without such a table.
pub(crate) fn syllable_ipa(syllable: &Syllable, stress: &str, language: Language) -> Option<String> {
    let sounds = sounds(language)?;
    let place = NUCLEI.iter().position(|nucleus| *nucleus == syllable.nucleus)?;
    let glide = if syllable.glide { "w" } else { "" };
    let head = format!("{}{glide}{stress}", initial(syllable, sounds));
    if let Some(vowel) = diphthong(syllable, language) {
        return Some(format!("{head}{vowel}"));
    }
    let nucleus = sounds.nuclei[place];
    let (nucleus, coda) = match (syllable.coda, syllable.nucleus) {
        // Anh, ách: the vowel glides towards the palatal.
        ("nh", "a") if language == Language::EN => ("I", "n"),
        ("ch", "a") if language == Language::EN => ("I", "k"),
        ("nh", _) => (nucleus, sounds.palatal),
        ("ch" | "c", _) => (nucleus, "k"),
        ("ng", _) => (nucleus, "ŋ"),
        ("i", _) => (nucleus, sounds.i),
        ("u", _) => (nucleus, sounds.u),
        (coda, _) => (nucleus, coda),
    };
    Some(format!("{head}{nucleus}{coda}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::vietnamese::syllable::parse;

    fn ipa(name: &str, language: Language) -> String {
        let say = |word: &str| syllable_ipa(&parse(word).unwrap(), "ˈ", language).unwrap();
        name.split(' ').map(say).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_come_near_their_own_sound() {
        assert_eq!(ipa("Quy Nhơn", Language::EN), "kwˈi njˈʌn");
        assert_eq!(ipa("Tây Sơn", Language::EN), "tˈA sˈʌn");
        assert_eq!(ipa("Dương Long", Language::EN), "zˈʊəŋ lˈɔŋ");
        assert_eq!(ipa("Bánh Ít", Language::EN), "bˈIn ˈit");
        assert_eq!(ipa("Huệ", Language::FR), "hwˈe");
        assert_eq!(ipa("Bài Chòi", Language::PT), "bˈI ʧˈɔɪ");
        assert_eq!(ipa("Nguyễn", Language::ES), "ŋwjˈen".replace("jˈe", "ˈje"));
    }
}
