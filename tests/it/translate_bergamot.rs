//! The Bergamot engine on its real weights: golden translations, batches, padding, long sentences, damaged files.

use std::fs;
use std::path::{Path, PathBuf};

use thuyetminh::domain::Language;
use thuyetminh::models::Weights;
use thuyetminh::neural::layers::int8::Kernel;
use thuyetminh::neural::marian::{self, Bergamot, MarianError, Options};
use thuyetminh::ports::{Cancel, EngineError, Translator};

/// English and Portuguese lines in pairs, as the Bergamot translator itself (0.4.9, WebAssembly) gives them.
const GOLDEN: &str = include_str!("../golden/translate-en-pt.txt");

fn weights(model: &str) -> PathBuf {
    let root = std::env::var_os("THUYETMINH_WEIGHTS").map_or_else(|| PathBuf::from("models/weights"), PathBuf::from);
    let folder = root.join(model);
    assert!(folder.is_dir(), "{} is missing: run `thuyetminh models pull default`", folder.display());
    folder
}

fn load(options: Options) -> Bergamot {
    Bergamot::load(&weights("bergamot-en-pt"), Language::EN, Language::PT, options).unwrap()
}

fn golden() -> (Vec<String>, Vec<String>) {
    GOLDEN
        .split_terminator("\n\n")
        .map(|pair| pair.trim_end().split_once('\n').unwrap())
        .map(|(source, target)| (source.to_owned(), target.to_owned()))
        .unzip()
}

fn translate(engine: &Bergamot, sentences: &[String]) -> Vec<String> {
    engine.translate(sentences, &Cancel::new()).unwrap()
}

#[test]
fn twenty_sentences_are_the_references() {
    let (sources, expected) = golden();
    assert_eq!(sources.len(), 20);
    assert_eq!(translate(&load(Options::default()), &sources), expected);
}

#[test]
fn neighbours_batches_threads_and_kernels_change_nothing() {
    let (mut sources, _) = golden();
    sources.push(sources[..4].join(" "));
    sources.insert(3, String::new());
    sources.insert(7, "Stop.".into());
    let together = translate(&load(Options::default()), &sources);
    let alone = load(Options { batch: 1, ..Options::default() });
    for (source, expected) in sources.iter().zip(&together) {
        assert_eq!(&translate(&alone, std::slice::from_ref(source))[0], expected, "{source}");
    }
    let others = [
        Options { batch: 3, threads: 2, ..Options::default() },
        Options { kernel: Kernel::Portable, ..Options::default() },
    ];
    for options in others {
        assert_eq!(translate(&load(options), &sources), together, "{options:?}");
    }
}

#[test]
fn what_says_nothing_stays_empty_and_what_is_unknown_is_left_out() {
    let sources: Vec<String> = ["", "   ", "\t", "\u{3000}", "😀 The tower 🏯 is old."].map(String::from).into();
    let made = translate(&load(Options::default()), &sources);
    assert_eq!(made[..4], [""; 4]);
    assert!(made[4].contains("torre") && !made[4].contains('⁇'), "{}", made[4]);
}

#[test]
fn scripts_that_the_student_never_saw_neither_stop_it_nor_leave_marks() {
    let sources = [
        "The tower 塔 was built in 1177, Башня, หอคอย, برج.".to_owned(),
        "e\u{301}\u{302}\u{303} \u{202e}abc\u{202c} \u{200b}\u{feff}x".to_owned(),
        "😀👩‍👩‍👧‍👦🏯".to_owned(),
        "a".repeat(20_000),
        "\u{0}\u{1}\u{7f}".to_owned(),
    ];
    let made = translate(&load(Options::default()), &sources);
    assert_eq!(made.len(), sources.len());
    assert!(made[0].contains("1177") && made.iter().all(|one| !one.contains(['⁇', '\n'])), "{made:?}");
}

#[test]
fn the_identity_is_known_from_the_receipt() {
    let folder = weights("bergamot-en-pt");
    let weights = Weights::open(folder.parent().unwrap()).unwrap();
    let receipt = weights.receipt(weights.catalogue().get("bergamot-en-pt").unwrap()).unwrap();
    let files = receipt.files.iter().map(|file| (file.path.as_str(), file.sha256));
    assert_eq!(marian::fingerprint(files), load(Options::default()).identity().fingerprint);
}

#[test]
fn a_sentence_of_thousands_of_words_keeps_its_clauses() {
    let clauses = 1_000;
    let sentence = (0..clauses).map(|n| format!("tower {n} is very old")).collect::<Vec<_>>().join(", ");
    let made = translate(&load(Options::default()), &[sentence]).remove(0);
    let missing = (0..clauses).filter(|n| !made.contains(&n.to_string())).count();
    // The student itself leaves out a few of so monotonous clauses; a piece that went missing would be ten.
    assert!(missing < 10, "{missing} of {clauses} numbers are missing");
}

#[test]
fn a_wish_to_stop_is_heard() {
    let cancel = Cancel::new();
    cancel.cancel();
    let result = load(Options::default()).translate(&["Hello.".into()], &cancel);
    assert!(matches!(result, Err(EngineError::Cancelled)));
}

#[test]
fn the_identity_follows_the_files() {
    let copy = copy_of_weights();
    let load = || Bergamot::load(copy.path(), Language::EN, Language::PT, Options::default()).unwrap();
    let before = load().identity().clone();
    assert_eq!(before, load().identity().clone());
    let model = copy.path().join("model.bin");
    let mut bytes = fs::read(&model).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    fs::write(&model, bytes).unwrap();
    assert_ne!(before.fingerprint, load().identity().fingerprint);
}

fn copy_of_weights() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in ["model.bin", "vocab.spm", "lex.bin"] {
        fs::copy(weights("bergamot-en-pt").join(name), copy.path().join(name)).unwrap();
    }
    copy
}

fn error_after(damage: impl FnOnce(&Path)) -> MarianError {
    let copy = copy_of_weights();
    damage(copy.path());
    Bergamot::load(copy.path(), Language::EN, Language::PT, Options::default()).err().unwrap()
}

fn halve(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

#[test]
fn damaged_files_are_named() {
    let told = |error: MarianError, file: &str, what: &str| {
        let error = error.to_string();
        assert!(error.contains(file) && error.contains(what), "{error}");
    };
    told(error_after(|at| halve(&at.join("model.bin"))), "model.bin", "ends too early");
    told(error_after(|at| halve(&at.join("lex.bin"))), "lex.bin", "ends too early");
    told(error_after(|at| halve(&at.join("vocab.spm"))), "vocab.spm", "");
    told(
        error_after(|at| fs::write(at.join("model.bin"), b"PK\x03\x04, not a model").unwrap()),
        "model.bin",
        "version",
    );
    told(error_after(|at| fs::write(at.join("lex.bin"), [7; 99]).unwrap()), "lex.bin", "begins with");
    told(error_after(|at| fs::write(at.join("vocab.spm"), b"hello").unwrap()), "vocab.spm", "");
    told(error_after(|at| fs::write(at.join("vocab.spm"), b"").unwrap()), "vocab.spm", "pieces");
    told(error_after(|at| fs::remove_file(at.join("lex.bin")).unwrap()), "lex.bin", "models pull");
}
