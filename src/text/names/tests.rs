//! What counts as a name of the glossary in a sentence, and what does not.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn entry(term: &str, forms: &[&str], renderings: &[(Language, &[&str])]) -> GlossaryEntry {
    let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    let renderings: BTreeMap<_, _> = renderings.iter().map(|(language, all)| (*language, owned(all))).collect();
    GlossaryEntry { term: term.to_owned(), forms: owned(forms), renderings, note: None }
}

fn is_accepted(rendering: &str, language: Language, text: &str) -> bool {
    accepted(text, language, &entry("x y z", &[], &[(language, &[rendering])])).is_some()
}

#[test]
fn names_take_the_endings_of_their_language() {
    use Language as L;
    for (rendering, language, text) in [
        ("Garuda", L::EN, "two stone Garudas"),
        ("Twin Tower", L::EN, "THE TWIN TOWERS"),
        ("Quang Trung", L::EN, "Quang Trung’s drums"),
        ("Torre de Prata", L::PT, "as Torres de Prata"),
        ("siamês", L::PT, "Siamês"),
        ("Cham", L::DE, "der Kunst der Chams"),
        ("Tempel", L::DE, "in den Tempeln"),
        ("Tempio dei Tre Eroi", L::IT, "i Tempi dei Tre Eroi"),
        ("Тэйшон", L::RU, "восстание Тэйшонов"),
        ("Чампа", L::RU, "цари Чампы"),
        ("Башня", L::RU, "у Башни"),
        ("꾸이년", L::KO, "꾸이년에서 만난"),
        ("시바", L::KO, "12세기의 시바상은"),
        ("UNESCO", L::KO, "UNESCO는"),
        ("UNESCO", L::JA, "ユネスコ（UNESCO）はUNESCOが"),
        ("グエン・フエ", L::JA, "英雄グエンフエの像"),
        ("占族", L::ZH, "两座占族塔"),
        ("Quy Nhơn", L::PT, "em Quy Nhon,"),
        ("Quy\u{a0}Nhơn", L::FR, "à Quy Nhơn."),
    ] {
        assert!(is_accepted(rendering, language, text), "{rendering} in {text}");
    }
}

#[test]
fn other_words_are_not_taken_for_a_name() {
    use Language as L;
    for (rendering, language, text) in [
        ("Côn", L::ES, "con el río"),
        ("Côn", L::ES, "Con el río"),
        ("Chăm", L::EN, "a charm, Chămpa"),
        ("Champa", L::EN, "champa flowers"),
        ("Cham", L::FR, "le champ, Champagne"),
        ("Quy Nhơn", L::PT, "Quỳ Nhơn"),
        ("Quy Nhơn", L::VI, "Quy Nhon"),
        ("コン川", L::JA, "メコン川"),
        ("シャム", L::JA, "シャムロック"),
        ("꾸이년", L::KO, "꾸이년스러운"),
        ("Чам", L::RU, "чампа Чампион"),
        ("", L::EN, "anything"),
    ] {
        assert!(!is_accepted(rendering, language, text), "{rendering} in {text}");
    }
}

#[test]
fn the_longest_name_wins_and_none_overlap() {
    let glossary = [
        entry("Quang Trung", &[], &[]),
        entry("Bảo tàng Quang Trung", &[], &[(Language::EN, &["Quang Trung Museum"])]),
        entry("Tháp Đôi", &["tháp Đôi"], &[(Language::EN, &["Twin Towers", "Tháp Đôi"])]),
    ];
    let found = |text: &str| -> Vec<(usize, usize, String)> {
        let names = NameFinder::in_source(&glossary, Language::EN);
        names.find(text).into_iter().map(|name| (name.entry, name.form, name.span.text)).collect()
    };
    assert_eq!(
        found("Quang Trung’s sword is in the QUANG TRUNG MUSEUM, not at Tháp Đôi (tháp Đôi)."),
        [
            (0, 0, "Quang Trung".to_owned()),
            (1, 0, "QUANG TRUNG MUSEUM".to_owned()),
            (2, 1, "Tháp Đôi".to_owned()),
            (2, 2, "tháp Đôi".to_owned()),
        ]
    );
}

#[test]
fn a_language_without_renderings_keeps_the_term() {
    let huyen_tran = entry("Huyền Trân", &["công chúa Huyền Trân"], &[(Language::JA, &["フエン・チャン"])]);
    assert_eq!(accepted_forms(&huyen_tran, Language::PT), ["Huyền Trân"]);
    assert_eq!(accepted_forms(&huyen_tran, Language::JA), ["フエン・チャン"]);
    assert_eq!(accepted_forms(&huyen_tran, Language::VI), ["Huyền Trân", "công chúa Huyền Trân"]);
}

proptest! {
    #[test]
    fn found_names_are_where_they_say(text in "([a-cA-C ơ’,シャム占]|Côn|Chăm |Chăm Pa){0,30}") {
        let glossary = [entry("Côn", &["a"], &[]), entry("Chăm", &["b c"], &[]), entry("Chăm Pa", &["シャム", "占"], &[])];
        for language in [Language::VI, Language::PT] {
            let chars: Vec<char> = text.chars().collect();
            let mut last = 0;
            for name in NameFinder::in_source(&glossary, language).find(&text) {
                prop_assert!(name.span.start >= last && name.span.end <= chars.len());
                prop_assert_eq!(&chars[name.span.start..name.span.end].iter().collect::<String>(), &name.span.text);
                last = name.span.end;
            }
        }
    }
}
