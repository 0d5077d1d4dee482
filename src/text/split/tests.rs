//! The golden texts of `golden/split/`, one sentence a line and a blank line between paragraphs, and what must hold
//! for any text.

use proptest::prelude::*;

use super::*;

const GOLDEN: [(&str, &str); 11] = [
    ("vi", include_str!("../golden/split/vi.txt")),
    ("en", include_str!("../golden/split/en.txt")),
    ("fr", include_str!("../golden/split/fr.txt")),
    ("pt", include_str!("../golden/split/pt.txt")),
    ("es", include_str!("../golden/split/es.txt")),
    ("it", include_str!("../golden/split/it.txt")),
    ("de", include_str!("../golden/split/de.txt")),
    ("ru", include_str!("../golden/split/ru.txt")),
    ("ja", include_str!("../golden/split/ja.txt")),
    ("zh", include_str!("../golden/split/zh.txt")),
    ("ko", include_str!("../golden/split/ko.txt")),
];

fn golden_paragraphs(text: &str) -> Vec<Vec<&str>> {
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    kept.split(|line| line.is_empty()).filter(|lines| !lines.is_empty()).map(<[&str]>::to_vec).collect()
}

#[test]
fn every_golden_paragraph_splits_where_its_translator_split_it() {
    let mut wrong = Vec::new();
    for (tag, text) in GOLDEN {
        let language: Language = tag.parse().unwrap();
        let between = if language.script() == Script::Ideographic { "" } else { " " };
        for sentences in golden_paragraphs(text) {
            let found = split_sentences(&sentences.join(between), language);
            if found != sentences {
                wrong.push(format!("{tag}: expected {sentences:#?}, found {found:#?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn paragraphs_are_what_stands_between_blank_lines() {
    assert_eq!(split_paragraphs(" một\nhai \n \n\nba\r\n"), ["một hai", "ba"]);
    assert_eq!(split_paragraphs("塔は\n高い。"), ["塔は高い。"]);
    assert!(split_paragraphs(" \n\t\n").is_empty());
    assert_eq!(split_sentences("Không dấu chấm\n\nĐoạn hai", Language::VI), ["Không dấu chấm", "Đoạn hai"]);
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

proptest! {
    #[test]
    fn nothing_is_lost(text in r#"([A-Za-zÀ-ỹ0-9 .!?…,()«»“”"'\n\[\]「」。！？塔は]|v\.v\. |TP\. |\. [A-Z]|\.\.\.){0,60}"#, place in 0..11_usize) {
        let language = Language::all().nth(place).unwrap();
        let sentences = split_sentences(&text, language);
        prop_assert_eq!(bare(&sentences.concat()), bare(&text));
        prop_assert!(sentences.iter().all(|s| !s.is_empty() && s.trim() == s));
    }

    #[test]
    fn splitting_twice_changes_nothing(text in r#"[A-ZÀ-ỹa-z0-9 .!?…()"»]{0,60}"#) {
        for sentence in split_sentences(&text, Language::VI) {
            let again = split_sentences(&sentence, Language::VI);
            prop_assert_eq!(bare(&again.concat()), bare(&sentence));
        }
    }
}
