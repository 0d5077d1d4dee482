//! The glossary's names through the real English-to-Portuguese engine: in every position, and none lost in silence.

use std::path::Path;

use thuyetminh::domain::{FindingKind, GlossaryEntry, Language};
use thuyetminh::neural::marian::{Bergamot, Options};
use thuyetminh::pipeline::translate_masked;
use thuyetminh::ports::{Cancel, Translator};
use thuyetminh::text::exchange::tsv;
use thuyetminh::text::{Masked, NameFinder, Unmasked};

/// Sentences under headings that say where the names stand.
const SENTENCES: &str = include_str!("../golden/glossary-en.txt");

fn glossary() -> Vec<GlossaryEntry> {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/binh-dinh/glossary.tsv");
    tsv::read(&std::fs::read_to_string(table).unwrap()).unwrap()
}

fn sentences() -> Vec<String> {
    SENTENCES.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

fn engine() -> Bergamot {
    let folder = crate::weights().join("bergamot-en-pt");
    Bergamot::load(&folder, Language::EN, Language::PT, Options::default()).unwrap()
}

/// How many of the sentence's names the translation has.
fn kept(sentence: &str, translation: &str, glossary: &[GlossaryEntry]) -> (usize, usize) {
    let names = NameFinder::in_source(glossary, Language::EN).find(sentence);
    let mut there: Vec<usize> = NameFinder::accepted(glossary, Language::PT)
        .find_among(translation, &names.iter().map(|name| name.entry).collect::<Vec<_>>())
        .into_iter()
        .map(|name| name.entry)
        .collect();
    let found = names.iter().filter(|name| {
        let at = there.iter().position(|entry| *entry == name.entry);
        at.map(|at| there.swap_remove(at)).is_some()
    });
    (found.count(), names.len())
}

#[test]
fn every_name_comes_back_or_is_flagged() {
    let (glossary, sentences) = (glossary(), sentences());
    assert_eq!(sentences.len(), 200);
    let made = translate_masked(&engine(), &sentences, &glossary, &Cancel::new()).unwrap();
    let (mut all, mut flagged) = (0, 0);
    for (sentence, made) in sentences.iter().zip(&made) {
        let (found, names) = kept(sentence, &made.text, &glossary);
        assert!(names > 0, "no name was found in: {sentence}");
        assert_eq!(found + made.findings.len(), names, "{sentence} became {}: {:?}", made.text, made.findings);
        assert!(made.findings.iter().all(|finding| finding.kind == FindingKind::Glossary && finding.source.is_some()));
        all += names;
        flagged += made.findings.len();
    }
    println!("{all} names, {flagged} flagged");
    assert!(all >= 270 && flagged * 100 <= all, "{flagged} of {all} names are flagged");
}

#[test]
fn stand_ins_come_back_exactly_once() {
    let (glossary, sentences) = (glossary(), sentences());
    let masked = |sentence: &String| Masked::of(sentence, Language::EN, Language::PT, &glossary);
    let masked: Vec<Masked> = sentences.iter().map(masked).collect();
    let given: Vec<String> = masked.iter().map(|masked| masked.text.clone()).collect();
    let made = engine().translate(&given, &Cancel::new()).unwrap();
    let lost = masked.iter().zip(&made).filter(|(masked, made)| matches!(masked.unmask(made), Unmasked::Lost(_)));
    let lost = lost.count();
    assert!(lost * 100 <= sentences.len(), "{lost} of {} sentences lost a stand-in", sentences.len());
}

#[test]
fn a_sentence_that_the_engine_carries_is_left_to_it() {
    let sentence = ["The Garuda spreads its wings above the door.".to_owned()];
    let engine = engine();
    let made = translate_masked(&engine, &sentence, &glossary(), &Cancel::new()).unwrap();
    assert_eq!(made[0].text, engine.translate(&sentence, &Cancel::new()).unwrap()[0]);
    assert!(made[0].text.contains("Garuda") && made[0].findings.is_empty());
}
