//! Which entries of the glossary a sentence holds.

use crate::domain::{GlossaryEntry, HashBuilder, Language, Script};
use crate::text::similarity::tokens;

/// Letters an ending may add to the last word of a term: `tower`, `towers`; `탑`, `탑은`.
const ENDING: usize = 3;

/// The entries with a form that stands in the sentence, which is in `language`: as whole words, in any case, with an
/// ending where the language has such.
pub(super) fn held_in<'g>(sentence: &str, language: Language, glossary: &'g [GlossaryEntry]) -> Vec<&'g GlossaryEntry> {
    let words = tokens(sentence);
    let ending = if language == Language::VI || language.script() == Script::Ideographic { 0 } else { ENDING };
    let holds = |form: &String| stands_in(&tokens(form), &words, ending);
    glossary
        .iter()
        .filter(|entry| {
            let own = entry.renderings.get(&language).into_iter().flatten();
            std::iter::once(&entry.term).chain(&entry.forms).chain(own).any(holds)
        })
        .collect()
}

fn stands_in(form: &[String], words: &[String], ending: usize) -> bool {
    let Some((last, before)) = form.split_last() else { return false };
    words.windows(form.len()).any(|window| {
        let tail = window[before.len()].strip_prefix(last.as_str());
        window.starts_with(before) && tail.is_some_and(|tail| tail.chars().count() <= ending)
    })
}

/// The parts of the entries that a translation between two languages can depend on, into a key. Nothing where there are
/// no entries.
pub(super) fn into_key(key: HashBuilder, entries: &[&GlossaryEntry], from: Language, to: Language) -> HashBuilder {
    let alternatives = |key: HashBuilder, name: &str, words: &[String]| {
        words.iter().fold(key.with(name, (words.len() as u64).to_le_bytes()), |key, word| key.with("word", word))
    };
    let renderings = |entry: &GlossaryEntry, language| entry.renderings.get(&language).cloned().unwrap_or_default();
    entries.iter().fold(key, |key, entry| {
        let key = alternatives(key.with("term", &entry.term), "forms", &entry.forms);
        let key = alternatives(key, "from", &renderings(entry, from));
        alternatives(key, "to", &renderings(entry, to))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn entry(term: &str, forms: &[&str], renderings: &[(Language, &str)]) -> GlossaryEntry {
        GlossaryEntry {
            term: term.into(),
            forms: forms.iter().map(|&form| form.to_owned()).collect(),
            renderings: renderings
                .iter()
                .map(|(language, words)| (*language, vec![(*words).to_owned()]))
                .collect::<BTreeMap<_, _>>(),
            note: None,
        }
    }

    fn held(sentence: &str, language: Language, glossary: &[GlossaryEntry]) -> Vec<String> {
        held_in(sentence, language, glossary).into_iter().map(|entry| entry.term.clone()).collect()
    }

    #[test]
    fn terms_are_found_whole_in_any_case_and_with_endings() {
        let glossary = [
            entry("Tháp Đôi", &["tháp Hưng Thạnh"], &[(Language::EN, "Twin Tower"), (Language::ZH, "双塔")]),
            entry("An", &[], &[(Language::KO, "안")]),
        ];
        assert_eq!(held("THÁP ĐÔI ở Quy Nhơn.", Language::VI, &glossary), ["Tháp Đôi"]);
        assert_eq!(held("Đó là tháp Hưng Thạnh.", Language::VI, &glossary), ["Tháp Đôi"]);
        assert_eq!(held("Anh đi qua Tháp.", Language::VI, &glossary), [""; 0], "neither within a word nor in part");
        assert_eq!(held("The twin towers stand.", Language::EN, &glossary), ["Tháp Đôi"]);
        assert_eq!(held("The twin towering walls.", Language::EN, &glossary), ["Tháp Đôi"], "three letters more");
        assert_eq!(held("这是双塔。", Language::ZH, &glossary), ["Tháp Đôi"]);
        assert_eq!(held("안은 왔다", Language::KO, &glossary), ["An"]);
    }

    #[test]
    fn a_key_sees_the_two_languages_of_a_pair_and_no_other() {
        let key =
            |entry: &GlossaryEntry| into_key(HashBuilder::new("test 1"), &[entry], Language::VI, Language::EN).finish();
        let one = entry("Tháp Đôi", &["Tháp Hưng Thạnh"], &[(Language::EN, "Twin Towers")]);
        let mut french = one.clone();
        french.renderings.insert(Language::FR, vec!["Tours jumelles".into()]);
        french.note = Some("in Quy Nhơn".into());
        assert_eq!(key(&one), key(&french));
        let english = entry("Tháp Đôi", &["Tháp Hưng Thạnh"], &[(Language::EN, "the Twin Towers")]);
        let forms = entry("Tháp Đôi", &[], &[(Language::EN, "Twin Towers")]);
        assert!(key(&one) != key(&english) && key(&one) != key(&forms));
        assert_eq!(
            into_key(HashBuilder::new("test 1"), &[], Language::VI, Language::EN).finish(),
            HashBuilder::new("test 1").finish()
        );
    }
}
