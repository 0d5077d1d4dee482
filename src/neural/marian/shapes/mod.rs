//! Every shape of student that Firefox releases, with made-up weights, against a reference in plain double precision
//! (`scripts/reference-student.py` made `golden.jsonl`); and SentencePiece vocabularies with named pieces and bytes
//! against SentencePiece itself (`scripts/reference-vocabulary.py` made `vocabulary.jsonl`).

mod made;

use std::path::Path;

use serde::Deserialize;

use super::*;
use made::Golden;

const GOLDEN: &str = include_str!("golden.jsonl");
const VOCABULARY: &str = include_str!("vocabulary.jsonl");
const SOURCE: &[u8] = include_bytes!("srcvocab.spm");
const TARGET: &[u8] = include_bytes!("trgvocab.spm");
const SOURCES: usize = 560;
const TARGETS: usize = 600;

/// The shapes, each with its sentences.
fn shapes() -> Vec<Vec<Golden>> {
    let mut shapes: Vec<Vec<Golden>> = Vec::new();
    for line in GOLDEN.lines() {
        let golden: Golden = serde_json::from_str(line).unwrap();
        match shapes.last_mut().filter(|shape| shape[0].model == golden.model) {
            Some(shape) => shape.push(golden),
            None => shapes.push(vec![golden]),
        }
    }
    shapes
}

/// What the decoder gives for each sentence, all of them under way together.
fn translate(network: &Network, shortlist: Option<&Shortlist>, sentences: &[Golden]) -> Vec<Vec<u32>> {
    let mut decoding = Decoding::new(network, shortlist);
    let new: Vec<(usize, &[u32])> = sentences.iter().map(|one| one.words.as_slice()).enumerate().collect();
    decoding.begin(&new);
    let mut made = vec![Vec::new(); sentences.len()];
    while !decoding.is_empty() {
        for (sentence, words) in decoding.step() {
            made[sentence] = words;
        }
    }
    made
}

#[test]
fn every_shape_gives_the_references_words() {
    let shapes = shapes();
    assert_eq!(shapes.len(), 6);
    for sentences in shapes {
        let shape = &sentences[0];
        let file = ModelFile::parse(Path::new(&shape.model), made::model(shape)).unwrap();
        for kernel in [Kernel::Portable, Kernel::best()] {
            let network = Network::new(&file, kernel, shape.first.is_some()).unwrap();
            let words = network.config.words;
            let shortlist =
                made::shortlist(shape).map(|bytes| Shortlist::parse(Path::new("lex"), &bytes, words).unwrap());
            for one in &sentences {
                let rows = network.encode(&[&one.words], &mut encoder::Scratch::default());
                let pairs = rows[rows.len() - shape.width..].iter().zip(&one.encoded);
                let apart = pairs.map(|(found, wanted)| (found - wanted).abs()).sum::<f32>() / one.encoded.len() as f32;
                // Here and there an 8-bit activation is rounded the other way: no more.
                assert!(apart < 0.05, "{}: {apart} apart", one.model);
            }
            let made = translate(&network, shortlist.as_ref(), &sentences);
            for (made, one) in made.iter().zip(&sentences) {
                assert_eq!(made, &one.made, "{} with {kernel:?} of {:?}", one.model, one.words);
            }
        }
    }
}

#[derive(Deserialize)]
struct Line {
    vocabulary: String,
    line: String,
    ids: Vec<u32>,
    text: String,
}

#[test]
fn named_pieces_and_bytes_are_sentencepieces() {
    let read = |name: &str, bytes, size| Vocabulary::parse(Path::new(name), bytes, size).unwrap();
    let (source, target) = (read("srcvocab", SOURCE, SOURCES), read("trgvocab", TARGET, TARGETS));
    for line in VOCABULARY.lines() {
        let golden: Line = serde_json::from_str(line).unwrap();
        let vocabulary = if golden.vocabulary == "srcvocab" { &source } else { &target };
        assert_eq!(vocabulary.encode(&golden.line).unwrap(), golden.ids, "{}", golden.line);
        assert_eq!(vocabulary.decode(&golden.ids), golden.text.trim(), "{}", golden.line);
    }
}

/// A student between the two vocabularies, in a folder.
fn folder(first: Option<usize>) -> tempfile::TempDir {
    let mut shape = shapes().into_iter().flatten().find(|shape| shape.model == "small-split").unwrap();
    (shape.source, shape.target, shape.first) = (SOURCES, TARGETS, first);
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("model.bin", &made::model(&shape));
    write("srcvocab.spm", SOURCE);
    write("trgvocab.spm", TARGET);
    if let Some(bytes) = made::shortlist(&shape) {
        write("lex.bin", &bytes);
    }
    folder
}

fn load(folder: &Path) -> Result<Bergamot, MarianError> {
    Bergamot::load(folder, Language::VI, Language::JA, Options::default())
}

#[test]
fn a_student_of_two_vocabularies_translates_and_tells_its_files_apart() {
    let (with, without) = (folder(Some(30)), folder(None));
    let sentences = ["Tháp Dương Long", "", "Chùa Thập Tháp ở đâu?"].map(String::from);
    let short = load(with.path()).unwrap();
    let whole =
        |options| Bergamot::load_without_shortlist(without.path(), Language::VI, Language::JA, options).unwrap();
    let one = whole(Options { batch: 1, ..Options::default() });
    for engine in [&short, &one] {
        let made = engine.translate(&sentences, &Cancel::new()).unwrap();
        assert!(!made[0].is_empty() && made[1].is_empty() && made[0] != made[2], "{made:?}");
    }
    // More sentences than are scored together, on two threads: nothing changes.
    let many: Vec<String> = (0..40).map(|n| format!("Tháp {n} {}", "cao ".repeat(n % 7))).collect();
    let together = whole(Options { batch: 64, threads: 2, ..Options::default() }).translate(&many, &Cancel::new());
    for (sentence, together) in many.iter().zip(together.unwrap()) {
        let alone = one.translate(std::slice::from_ref(sentence), &Cancel::new()).unwrap();
        assert_eq!(alone[0], together, "{sentence}");
    }
    assert_ne!(short.identity().fingerprint, one.identity().fingerprint);
}

#[test]
fn what_does_not_fit_is_named() {
    let told = |error: Option<MarianError>, parts: &[&str]| {
        let error = error.unwrap().to_string();
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    };
    told(load(folder(None).path()).err(), &["lex.bin", "models pull"]);

    let at = folder(Some(30));
    std::fs::write(at.path().join("trgvocab.spm"), SOURCE).unwrap();
    told(load(at.path()).err(), &["trgvocab.spm", "560 pieces", "600 words"]);
    std::fs::remove_file(at.path().join("srcvocab.spm")).unwrap();
    told(load(at.path()).err(), &["srcvocab.spm", "models pull"]);

    let at = folder(Some(30));
    let lex = std::fs::read(at.path().join("lex.bin")).unwrap();
    let swapped = made::shortlist(&Golden { source: TARGETS, target: SOURCES, ..shapes()[1][0].clone() }).unwrap();
    std::fs::write(at.path().join("lex.bin"), swapped).unwrap();
    told(load(at.path()).err(), &["lex.bin", "for 600 words"]);
    std::fs::write(at.path().join("lex.bin"), lex).unwrap();

    let model = at.path().join("model.bin");
    let whole = std::fs::read(&model).unwrap();
    let rename = |from: &str, to: &str| {
        let at = whole.windows(from.len()).position(|part| part == from.as_bytes()).unwrap();
        [&whole[..at], to.as_bytes(), &whole[at + from.len()..]].concat()
    };
    for (from, to, named) in [
        ("encoder_l1_self_Wk_QuantMultA", "encoder_l1_self_Wk_QuantMultX", "alphas"),
        ("encoder_l1_self_bv\0", "encoder_l1_self_bw\0", "encoder_l1_self_bv"),
        ("dec-cell: ssru", "dec-cell: gruu", "dec-cell"),
        ("dim-emb: 48", "dim-emb: 64", "shape"),
    ] {
        std::fs::write(&model, rename(from, to)).unwrap();
        told(load(at.path()).err(), &["model.bin", named]);
    }
}
