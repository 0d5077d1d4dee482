//! Sentences through an engine with the glossary's names whole.
//!
//! An engine carries most names by itself, and the words around a name come out best where it may: masking every name
//! costs a BLEU point (345 sentences of news, English to Portuguese: 29.5 to 28.5 without the names), masking the nine
//! that it does not carry costs nothing (29.5). So every sentence goes in as it is first (Vietnamese marks laid aside);
//! where a name then has no accepted rendering, the sentence is
//! done again with that name masked, and if this costs another name, with all of them masked. What does not come back
//! whole even so keeps its first translation and says so.
//!
//! Invariant: each name of the source stands in the translation in an accepted form, as often as in the source, or a
//! finding names it.

use crate::domain::{Finding, FindingKind, GlossaryEntry, Language};
use crate::ports::{Cancel, EngineError, Translator};
use crate::text::{FoundName, Masked, NameFinder, Unmasked, accepted_forms};

/// A sentence's translation, and the names it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskedTranslation {
    pub text: String,
    /// One of kind `Glossary` for each name that has no accepted rendering.
    pub findings: Vec<Finding>,
}

/// Which names a round masks.
#[derive(Clone, Copy)]
enum Round {
    Missing,
    All,
}

/// One translation for each sentence, in the same order. The result for a sentence does not depend on the others.
///
/// # Errors
/// The engine's own; `Failed` where it gives another number of translations than it was given sentences.
pub fn translate_masked(
    translator: &dyn Translator,
    sentences: &[String],
    glossary: &[GlossaryEntry],
    cancel: &Cancel,
) -> Result<Vec<MaskedTranslation>, EngineError> {
    let work = Work::new(translator, glossary, cancel);
    let names: Vec<Vec<FoundName>> = sentences.iter().map(|sentence| work.in_source.find(sentence)).collect();
    let open: Vec<Masked> = sentences.iter().map(|sentence| work.masked(sentence, &[])).collect();
    let mut best: Vec<String> = Vec::with_capacity(sentences.len());
    for (masked, made) in open.iter().zip(work.translate(&open)?) {
        match masked.unmask(&made) {
            Unmasked::Whole(text) => best.push(text),
            Unmasked::Lost(_) => best.push(made),
        }
    }
    let mut missing: Vec<Vec<FoundName>> =
        names.iter().zip(&best).map(|(names, text)| work.missing(names, text)).collect();
    let mut open: Vec<usize> = (0..sentences.len()).filter(|at| !missing[*at].is_empty()).collect();
    for round in [Round::Missing, Round::All] {
        let masks = |at: &usize| match round {
            Round::Missing => work.masked(&sentences[*at], &missing[*at]),
            Round::All => work.masked(&sentences[*at], &names[*at]),
        };
        let masked: Vec<Masked> = open.iter().map(masks).collect();
        let made = work.translate(&masked)?;
        let mut still_open = Vec::new();
        for ((at, masked), made) in open.into_iter().zip(&masked).zip(made) {
            let whole = match masked.unmask(&made) {
                Unmasked::Whole(text) if !masked.is_bare() => Some(text),
                _ => None,
            };
            let better = whole
                .map(|text| (work.missing(&names[at], &text), text))
                .filter(|(lacks, _)| lacks.len() < missing[at].len());
            if let Some((lacks, text)) = better {
                best[at] = text;
                missing[at] = lacks;
            }
            if !missing[at].is_empty() {
                still_open.push(at);
            }
        }
        open = still_open;
    }
    let outcome = |(text, lacks): (String, Vec<FoundName>)| MaskedTranslation {
        findings: lacks.into_iter().map(|name| work.finding(name)).collect(),
        text,
    };
    Ok(best.into_iter().zip(missing).map(outcome).collect())
}

/// What every round needs.
struct Work<'a> {
    translator: &'a dyn Translator,
    from: Language,
    to: Language,
    glossary: &'a [GlossaryEntry],
    in_source: NameFinder,
    in_target: NameFinder,
    cancel: &'a Cancel,
}

impl<'a> Work<'a> {
    fn new(translator: &'a dyn Translator, glossary: &'a [GlossaryEntry], cancel: &'a Cancel) -> Self {
        let (from, to) = (translator.source(), translator.target());
        let (in_source, in_target) = (NameFinder::in_source(glossary, from), NameFinder::accepted(glossary, to));
        Self { translator, from, to, glossary, in_source, in_target, cancel }
    }

    fn masked(&self, sentence: &str, names: &[FoundName]) -> Masked {
        Masked::of_names(sentence, self.from, self.to, self.glossary, names)
    }

    fn translate(&self, masked: &[Masked]) -> Result<Vec<String>, EngineError> {
        if masked.is_empty() {
            return Ok(Vec::new());
        }
        let given: Vec<String> = masked.iter().map(|masked| masked.text.clone()).collect();
        let made = self.translator.translate(&given, self.cancel)?;
        if made.len() == given.len() {
            return Ok(made);
        }
        let what = format!("it gave {} translations of {} sentences", made.len(), given.len());
        Err(EngineError::failed(&self.translator.identity().engine, what))
    }

    /// The names of the source that the translation does not have as often.
    fn missing(&self, names: &[FoundName], translation: &str) -> Vec<FoundName> {
        let entries: Vec<usize> = names.iter().map(|name| name.entry).collect();
        let there = self.in_target.find_among(translation, &entries);
        let mut there: Vec<usize> = there.into_iter().map(|name| name.entry).collect();
        let mut missing = Vec::new();
        for name in names {
            match there.iter().position(|entry| *entry == name.entry) {
                Some(at) => drop(there.swap_remove(at)),
                None => missing.push(name.clone()),
            }
        }
        missing
    }

    fn finding(&self, name: FoundName) -> Finding {
        let accepted = self.glossary.get(name.entry).map(|entry| accepted_forms(entry, self.to)).unwrap_or_default();
        let accepted: Vec<String> = accepted.into_iter().map(str::to_owned).collect();
        let forms = accepted.iter().map(|form| format!("`{form}`")).collect::<Vec<_>>().join(", ");
        let message = format!("`{}` is not in the translation: {forms} would be right", name.span.text);
        Finding { kind: FindingKind::Glossary, source: Some(name.span), target: None, accepted, message }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use super::*;
    use crate::domain::ContentHash;
    use crate::ports::EngineIdentity;

    /// Says what a table of words says, and remembers what it was asked.
    struct Words(EngineIdentity, &'static [(&'static str, &'static str)], Mutex<Vec<String>>);

    impl Translator for Words {
        fn identity(&self) -> &EngineIdentity {
            &self.0
        }
        fn source(&self) -> Language {
            Language::EN
        }
        fn target(&self) -> Language {
            Language::PT
        }
        fn translate(&self, sentences: &[String], _: &Cancel) -> Result<Vec<String>, EngineError> {
            self.2.lock().unwrap().extend_from_slice(sentences);
            let say =
                |sentence: &String| self.1.iter().fold(sentence.clone(), |text, (from, to)| text.replace(from, to));
            Ok(sentences.iter().map(say).collect())
        }
    }

    fn through(words: &'static [(&'static str, &'static str)], sentence: &str) -> (MaskedTranslation, Vec<String>) {
        let entry = |term: &str, english: &str, portuguese: &str| GlossaryEntry {
            term: term.to_owned(),
            forms: Vec::new(),
            renderings: BTreeMap::from([
                (Language::EN, vec![english.to_owned()]),
                (Language::PT, vec![portuguese.to_owned()]),
            ]),
            note: None,
        };
        let glossary =
            [entry("Tháp Đôi", "Twin Towers", "Torres Gémeas"), entry("Bãi Đá Trứng", "Egg Beach", "Praia dos Ovos")];
        let identity = EngineIdentity { engine: "w".into(), model: "w".into(), fingerprint: ContentHash::of(b"") };
        let engine = Words(identity, words, Mutex::default());
        let mut made = translate_masked(&engine, &[sentence.to_owned()], &glossary, &Cancel::new()).unwrap();
        (made.remove(0), engine.2.into_inner().unwrap())
    }

    fn flagged(made: &MaskedTranslation) -> Vec<&str> {
        made.findings.iter().map(|finding| finding.source.as_ref().unwrap().text.as_str()).collect()
    }

    #[test]
    fn what_the_engine_carries_goes_in_once_and_unmasked() {
        let (made, asked) = through(&[("The Twin Towers", "As Torres Gémeas")], "The Twin Towers");
        assert_eq!((made.text.as_str(), flagged(&made).len()), ("As Torres Gémeas", 0));
        assert_eq!(asked, ["The Twin Towers"]);
    }

    #[test]
    fn only_the_name_that_is_missing_is_masked() {
        let (made, asked) = through(&[("Egg Beach", "Praia dos Ovos")], "Twin Towers, Egg Beach");
        assert_eq!((made.text.as_str(), flagged(&made).len()), ("Torres Gémeas, Praia dos Ovos", 0));
        assert_eq!(asked, ["Twin Towers, Egg Beach", "Hung Thanh, Egg Beach"]);
    }

    #[test]
    fn a_name_that_a_mask_costs_is_masked_too() {
        let words =
            &[("Twin Towers, Egg Beach", "Twin Towers, Praia dos Ovos"), ("Hung Thanh, Egg Beach", "Hung Thanh")];
        let (made, asked) = through(words, "Twin Towers, Egg Beach");
        assert_eq!(made.text, "Torres Gémeas, Praia dos Ovos");
        assert_eq!(asked.len(), 3);
    }

    #[test]
    fn what_does_not_come_back_is_flagged_and_keeps_its_first_translation() {
        let words = &[("Twin", "Gémeos"), ("Hung", "Hungria")];
        let (made, asked) = through(words, "Egg Beach, Twin Towers");
        assert_eq!(asked.len(), 3, "plain, both masked, and once more: {asked:?}");
        assert_eq!(made.text, "Egg Beach, Gémeos Towers");
        assert_eq!(flagged(&made), ["Egg Beach", "Twin Towers"]);
        assert!(made.findings[1].message.contains("`Torres Gémeas`"), "{}", made.findings[1].message);
        assert_eq!(made.findings[1].source.as_ref().map(|span| (span.start, span.end)), Some((11, 22)));
    }

    #[test]
    fn a_name_twice_in_the_source_is_wanted_twice() {
        let (made, _) = through(&[("Twin Towers and Twin Towers", "Torres Gémeas")], "Twin Towers and Twin Towers");
        assert_eq!((made.text.as_str(), flagged(&made).len()), ("Torres Gémeas and Torres Gémeas", 0));
    }
}
