//! The network and its searches against `transformers` on models of random weights (`scripts/reference-translation.py`).

mod aren;
mod parity;
mod pieces;
mod refusals;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde::Deserialize;

use super::*;

/// The folder of the models, made once a run by the script, which needs Python alone.
fn models() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let script = root().join("scripts/reference-translation.py");
            let made = Command::new("python3").arg(&script).arg("models").arg(folder.path()).status().unwrap();
            assert!(made.success(), "{} failed", script.display());
            folder
        })
        .path()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn golden(name: &str) -> String {
    std::fs::read_to_string(root().join("tests/golden/translation").join(name)).unwrap()
}

/// A folder of links to a model's files, to be changed.
fn copy_of(model: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(models().join(model)).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

/// What the reference made of 50 texts.
#[derive(Deserialize)]
struct Reference {
    texts: Vec<String>,
    sources: Vec<Vec<u32>>,
    greedy: Vec<Vec<u32>>,
    beam: Vec<Vec<u32>>,
    beam_early: Vec<Vec<u32>>,
    beam_rules: Vec<Vec<u32>>,
    greedy_rules: Vec<Vec<u32>>,
    decoded: Vec<String>,
    /// Which source, then the scores of a next word; four rows a source.
    logits: Vec<Vec<f64>>,
}

const FAMILIES: [(&str, Family); 5] = [
    ("marian", Family::Marian),
    ("m2m100", Family::M2m100),
    ("small100", Family::Small100),
    ("nllb", Family::Nllb),
    ("madlad", Family::Madlad),
];

fn reference(model: &str) -> Reference {
    serde_json::from_str(&golden(&format!("{model}.json"))).unwrap()
}

fn load(model: &str, family: Family, options: Options) -> Seq2Seq {
    Seq2Seq::load(&models().join(model), family, Language::VI, Language::PT, options).unwrap()
}

fn float() -> Options {
    Options { precision: Precision::Float, ..Options::default() }
}
