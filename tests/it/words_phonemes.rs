//! Every sentence of the collection, in every language it is written in, comes out as phonemes the voice knows.

use std::fs;
use std::path::{Path, PathBuf};

use thuyetminh::domain::Language;
use thuyetminh::models::Weights;
use thuyetminh::neural::espeak::{Dialect, EspeakPhonemizer};
use thuyetminh::neural::mecab::MecabPhonemizer;
use thuyetminh::neural::pinyin::PinyinPhonemizer;
use thuyetminh::ports::Phonemizer;
use thuyetminh::text::{KOKORO_ALPHABET, Lexicon, NameReader, SpokenText, split_sentences, spoken};

/// The vocabulary beside the weights, as far as its keys go.
fn vocabulary() -> Vec<char> {
    let root = std::env::var("THUYETMINH_WEIGHTS").unwrap_or_else(|_| "models/weights".to_owned());
    let folder = Weights::open(root).unwrap().locate("kokoro").unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.join("vocab.json")).unwrap()).unwrap();
    let table = json.get("vocab").unwrap_or(&json).as_object().unwrap();
    table.keys().flat_map(|key| key.chars().collect::<Vec<_>>()).collect()
}

fn texts(folder: &Path, name: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, name, found);
        } else if path.file_name().is_some_and(|file| file == name) {
            found.push(path);
        }
    }
}

/// The sentences of the collection's texts in `language`, ready to be spoken.
fn collection(language: Language) -> Vec<SpokenText> {
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/binh-dinh/sites");
    texts(&root, &format!("stop.{language}.md"), &mut files);
    files.sort();
    let (lexicon, names) = (Lexicon::new(&[], language), NameReader::new(language, &[]));
    let body =
        |path: &PathBuf| fs::read_to_string(path).unwrap().splitn(3, "+++").nth(2).unwrap_or_default().to_owned();
    files
        .iter()
        .flat_map(|path| split_sentences(&body(path), language))
        .map(|sentence| spoken(&sentence, language, &lexicon, &names))
        .collect()
}

#[test]
fn the_alphabet_is_the_vocabulary() {
    let mut ours: Vec<char> = KOKORO_ALPHABET.chars().collect();
    let mut theirs = vocabulary();
    ours.sort_unstable();
    theirs.sort_unstable();
    assert_eq!(ours, theirs);
}

#[test]
fn every_sentence_of_the_collection_can_be_spoken() {
    let phonemizers: [(Language, Box<dyn Phonemizer>); 5] = [
        (Language::EN, Box::new(EspeakPhonemizer::new(Dialect::EnUs).unwrap())),
        (Language::FR, Box::new(EspeakPhonemizer::new(Dialect::Fr).unwrap())),
        (Language::PT, Box::new(EspeakPhonemizer::new(Dialect::PtBr).unwrap())),
        (Language::JA, Box::new(MecabPhonemizer::new().unwrap())),
        (Language::ZH, Box::new(PinyinPhonemizer::new())),
    ];
    let mut heard = 0;
    for (language, phonemizer) in phonemizers {
        let sentences = collection(language);
        let phonemes = phonemizer.phonemize(&sentences).unwrap();
        assert_eq!(phonemes.len(), sentences.len());
        for (sentence, said) in sentences.iter().zip(phonemes) {
            let written = sentence.written();
            assert!(!written.chars().any(|c| c.is_ascii_digit()), "{language}: {written}");
            assert!(said.0.chars().all(|c| KOKORO_ALPHABET.contains(c)), "{language}: {}", said.0);
            assert!(
                said.0.chars().filter(|c| c.is_alphabetic()).count() * 3
                    >= written.chars().filter(|c| c.is_alphabetic()).count(),
                "{language}: {written} -> {}",
                said.0
            );
            heard += 1;
        }
    }
    assert!(heard > 100, "only {heard} sentences in the collection");
}
