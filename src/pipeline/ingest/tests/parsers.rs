//! The readers of single files against anything at all: they answer, and never panic.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::front_matter::Document;
use super::super::heads::{StopHead, TextHead};
use super::super::{body, glossary, lexicon, reading};
use super::*;
use crate::domain::{GlossaryEntry, Language, LexiconEntry, Pronunciation};

/// Text that is likely to hold what a parser looks for.
fn likely(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => prop::sample::select(words).prop_map(str::to_owned), 1 => ".{0,6}"];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

const TOML: &[&str] = &[
    "+++",
    "\n",
    "+++\n",
    "title",
    " = ",
    "\"",
    "\"\"\"",
    "[names]\n",
    "[[sources]]\n",
    "vi",
    "code = \"TD1\"\n",
    "position = 1\n",
    "state = \"approved\"\n",
    "\\u0007",
    "\\u",
    "\u{7}",
    "é",
    "\r\n",
    "#",
    "1e999",
    "nan",
];
const TSV: &[&str] = &["term", "\t", "\n", " | ", "|", "forms", "en", "note", "Chăm", "\r\n", " "];
const PLS: &[&str] = &[
    "<lexicon version=\"1.0\" xmlns=\"http://www.w3.org/2005/01/pronunciation-lexicon\" alphabet=\"ipa\" xml:lang=\"en\">",
    "</lexicon>",
    "<lexeme>",
    "</lexeme>",
    "<grapheme>",
    "</grapheme>",
    "<alias>a</alias>",
    "<phoneme>",
    "&amp;",
    "&x;",
    "<!DOCTYPE a [<!ENTITY x \"y\">]>",
    "<!--",
    "é",
    "\n",
];

fn word() -> impl Strategy<Value = String> {
    "[a-zà-öø-ÿạ-ỹ&<>'\"]{1,6}( [a-zà-öø-ÿạ-ỹ]{1,5})?"
}

fn entries() -> impl Strategy<Value = Vec<GlossaryEntry>> {
    let words = || prop::collection::vec(word(), 1..3);
    let renderings = prop::collection::btree_map(
        prop::sample::select(vec![Language::VI, Language::EN, Language::JA, Language::KO]),
        words(),
        0..3,
    );
    let entry = (prop::collection::vec(word(), 0..3), renderings, prop::option::of(word()));
    prop::collection::btree_map(word(), entry, 0..6).prop_map(|map: BTreeMap<_, _>| {
        let entry = |(term, (forms, renderings, note))| GlossaryEntry { term, forms, renderings, note };
        map.into_iter().map(entry).collect()
    })
}

proptest! {
    #[test]
    fn front_matter_never_panics_and_faults_lie_within_the_file(text in likely(TOML)) {
        let file = Path::new("stop.md");
        let lines = text.lines().count().max(1) + 1;
        if let Ok(text) = reading::clean(file, text.as_bytes()) {
            let read = Document::split(file, &text);
            let heads = read.as_ref().map_or_else(|refusal| vec![refusal.clone()], |document| {
                [document.head::<StopHead>().err(), document.head::<TextHead>().err()].into_iter().flatten().collect()
            });
            for refusal in heads {
                prop_assert!(refusal.line.is_none_or(|line| (1..=lines).contains(&line)), "{refusal} of {lines}");
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = reading::clean(Path::new("x"), &bytes) {
            prop_assert!(!text.chars().any(crate::text::narration::is_unseen));
        }
    }

    #[test]
    fn the_table_reader_never_panics(text in likely(TSV)) {
        let _ = glossary::parse(Path::new("glossary.tsv"), &text);
    }

    #[test]
    fn a_table_written_is_the_table_read(entries in entries()) {
        let table = glossary::format(&entries).unwrap();
        prop_assert_eq!(glossary::parse(Path::new("glossary.tsv"), &table).unwrap(), entries);
    }

    #[test]
    fn the_lexicon_reader_never_panics(text in likely(PLS)) {
        let _ = lexicon::parse(Path::new("lexicon.en.pls"), &text, Language::EN);
    }

    #[test]
    fn a_lexicon_written_is_the_lexicon_read(words in prop::collection::btree_map(word(), (word(), any::<bool>()), 0..5)) {
        let entries: Vec<LexiconEntry> = words
            .into_iter()
            .map(|(grapheme, (said, alias))| LexiconEntry {
                language: Language::EN,
                grapheme,
                pronunciation: if alias { Pronunciation::Alias(said) } else { Pronunciation::Ipa(said) },
            })
            .collect();
        let text = lexicon::format(Language::EN, &entries);
        prop_assert_eq!(lexicon::parse(Path::new("lexicon.en.pls"), &text, Language::EN).unwrap(), entries);
    }

    #[test]
    fn bodies_never_panic(text in ".{0,80}") {
        let _ = body::sentences(Path::new("stop.md"), &text, 1, Language::JA);
        let _ = body::description(Path::new("site.md"), &text, 1);
    }
}
