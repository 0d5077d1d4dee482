//! What of the glossary's entries a translation depends on.

use crate::domain::{GlossaryEntry, HashBuilder, Language};

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
