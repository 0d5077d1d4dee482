//! The golden sentences of `golden/spoken/` (sentence, tab, what is spoken), and what must hold for any sentence.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::{GlossaryEntry, LexiconEntry};

const GOLDEN: [(&str, &str); 8] = [
    ("vi", include_str!("../golden/spoken/vi.txt")),
    ("en", include_str!("../golden/spoken/en.txt")),
    ("fr", include_str!("../golden/spoken/fr.txt")),
    ("es", include_str!("../golden/spoken/es.txt")),
    ("it", include_str!("../golden/spoken/it.txt")),
    ("pt", include_str!("../golden/spoken/pt.txt")),
    ("zh", include_str!("../golden/spoken/zh.txt")),
    ("ja", include_str!("../golden/spoken/ja.txt")),
];

fn glossary() -> Vec<GlossaryEntry> {
    let entry = |term: &str| GlossaryEntry {
        term: term.to_owned(),
        forms: Vec::new(),
        renderings: BTreeMap::new(),
        note: None,
    };
    vec![entry("Quang Trung"), entry("Quy Nhơn"), entry("Tháp Bánh Ít")]
}

fn say(text: &str, language: Language, lexicon: &Lexicon) -> SpokenText {
    spoken(text, language, lexicon, &NameReader::new(language, &glossary()))
}

/// Names in the golden files stand as they are written.
#[test]
fn every_golden_sentence_is_spoken_as_written_there() {
    let mut wrong = Vec::new();
    for (tag, text) in GOLDEN {
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let Some((sentence, expected)) = line.split_once('\t') else {
                wrong.push(format!("{tag}: no tab in `{line}`"));
                continue;
            };
            let found = say(sentence, tag.parse().unwrap(), &Lexicon::default()).written();
            if found != expected {
                wrong.push(format!("{tag}: {sentence}\n  expected {expected}\n  found    {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_carry_their_own_sound() {
    let text = say("In 1771 Quang Trung left Quy Nhơn.", Language::EN, &Lexicon::default());
    let words = |text: &str| SpokenPart::Words(text.to_owned());
    let name = |written: &str, ipa: &str| SpokenPart::Name { written: written.to_owned(), ipa: ipa.to_owned() };
    let expected = vec![
        words("In seventeen seventy-one "),
        name("Quang Trung", "kwˌɑŋ ʧˈuŋ"),
        words(" left "),
        name("Quy Nhơn", "kwˌi njˈʌn"),
        words("."),
    ];
    assert_eq!(text.parts, expected);
}

#[test]
fn the_lexicon_comes_before_every_rule() {
    let entry = |grapheme: &str, pronunciation| LexiconEntry {
        language: Language::EN,
        grapheme: grapheme.to_owned(),
        pronunciation,
    };
    let lexicon = Lexicon::new(
        &[
            entry("Indravarman", Pronunciation::Ipa("ˌɪndɹəvˈɑɹmən".to_owned())),
            entry("Quy Nhơn", Pronunciation::Alias("the city".to_owned())),
            entry("TD1", Pronunciation::Alias("stop one".to_owned())),
        ],
        Language::EN,
    );
    let text = say("At TD1, Jaya Indravarman IV saw Quy Nhơn.", Language::EN, &lexicon);
    assert_eq!(text.written(), "At stop one, Jaya Indravarman the fourth saw the city.");
    assert!(text.parts.iter().any(|part| matches!(part, SpokenPart::Name { ipa, .. } if ipa == "ˌɪndɹəvˈɑɹmən")));
}

#[test]
fn letters_no_voice_knows_are_made_plain() {
    let text = say("The Đắk Lắk gongs and Bơhnar houses.", Language::EN, &Lexicon::default());
    assert!(
        text.parts.iter().all(|part| !matches!(part, SpokenPart::Words(words) if words.contains(['Đ', 'ắ', 'ơ']))),
        "{text:?}"
    );
}

proptest! {
    #[test]
    fn no_digit_is_left_and_no_sentence_breaks(text in r"[a-zA-ZÀ-ỹ0-9 .,:/%°$()'\u{2013}-]{0,50}", place in 0..8_usize) {
        let language: Language = GOLDEN[place].0.parse().unwrap();
        let said = say(&text, language, &Lexicon::default()).written();
        prop_assert!(!said.chars().any(|c| c.is_ascii_digit()), "{} -> {}", text, said);
    }

    #[test]
    fn words_without_numbers_stay(text in r"[a-zà-öø-ÿạ-ỹ]{2,8}( [a-zà-öø-ÿạ-ỹ]{2,8}){0,6}\.") {
        prop_assert_eq!(say(&text, Language::VI, &Lexicon::default()).written(), text);
    }
}
