//! The commands that translators' files go through, as an operator calls them: glossary, memory, translation, findings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use thuyetminh::text::exchange::xliff::{self, SegmentState};

/// The program with the starter collection in a folder of its own.
struct Program {
    folder: tempfile::TempDir,
}

impl Program {
    fn new() -> Self {
        let program = Self { folder: tempfile::tempdir().unwrap() };
        let collection = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/binh-dinh");
        program.done(&["content", "import", collection.to_str().unwrap()]);
        program
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thuyetminh"));
        command.env("THUYETMINH_DATA", self.folder.path().join("data")).args(arguments).output().unwrap()
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn path(&self, name: &str) -> String {
        self.file(name).to_str().unwrap().to_owned()
    }

    fn matches(&self, sentence: &str) -> Vec<Value> {
        let found = self.done(&["memory", "search", "--from", "vi", "--to", "de", "--json", sentence]);
        found.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

const STOP: &str = "hai-ngon-thap";

#[test]
fn a_translators_file_goes_out_comes_back_and_is_remembered() {
    let program = Program::new();
    let file = program.path("to-translate.xlf");
    program.done(&["translation", "export", "--stop", STOP, "--lang", "de", &file]);
    let mut document = xliff::read(&fs::read(&file).unwrap()).unwrap();
    for segment in &mut document.files[0].segments {
        assert_eq!((&segment.target, segment.state), (&None, SegmentState::Initial));
        segment.target = Some(format!("DE {}", segment.source));
        segment.state = SegmentState::Final;
    }
    let first = document.files[0].segments[1].source.clone();
    fs::write(&file, xliff::write(&document).unwrap()).unwrap();
    let said = program.done(&["translation", "import", &file, "--by", "Petra"]);
    assert!(said.contains("hai-ngon-thap de:") && said.contains("by Petra"), "{said}");
    let found = program.matches(&first);
    assert_eq!(found[0]["score"], 100, "{found:?}");
    assert_eq!(found[0]["segment"]["target"], format!("DE {first}"));
    assert_eq!(found[0]["segment"]["author"]["name"], "Petra");

    program.done(&["translation", "export", "--stop", STOP, "--lang", "de", &file]);
    let again = xliff::read(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(again.files[0].segments[1].target.as_deref(), Some(format!("DE {first}").as_str()));

    let mut stale = document.clone();
    stale.files[0].segments[1].source.push_str(" neu");
    fs::write(&file, xliff::write(&stale).unwrap()).unwrap();
    let why = program.refused(&["translation", "import", &file, "--by", "Petra"]);
    assert!(why.contains("sentence 1") && why.contains("export it again"), "{why}");
    let why = program.refused(&["translation", "approve", "--stop", "nowhere", "--lang", "de", "--by", "Petra"]);
    assert!(why.contains("nowhere"), "{why}");
    let why = program.refused(&["findings", "waive", "999", "--by", "Petra", "--reason", "no matter"]);
    assert!(why.contains("999"), "{why}");

    let memory = program.path("memory.tmx");
    let written = program.done(&["memory", "export", &memory, "--to", "de"]);
    assert!(written.contains(&format!("{} segments", document.files[0].segments.len())), "{written}");
    let again = program.done(&["memory", "import", &memory]);
    assert!(again.starts_with("0 segments added, 0 replaced"), "{again}");
    let elsewhere = Program::new();
    elsewhere.done(&["memory", "import", &memory]);
    let found = elsewhere.matches(&first);
    assert_eq!(
        (&found[0]["score"], &found[0]["segment"]["author"]["name"]),
        (&Value::from(100), &Value::from("Petra"))
    );
}

#[test]
fn a_glossary_goes_out_and_in_again_in_both_formats() {
    let program = Program::new();
    for ending in ["tsv", "tbx"] {
        let file = program.path(&format!("names.{ending}"));
        program.done(&["glossary", "export", &file]);
        let same = program.done(&["glossary", "import", &file]);
        assert!(same.contains("0 added, 0 changed, 0 removed"), "{ending}: {same}");
    }
    let table = fs::read_to_string(program.file("names.tsv")).unwrap();
    let shorter: String = table.lines().take(3).map(|line| format!("{line}\n")).collect();
    fs::write(program.file("short.tsv"), &shorter).unwrap();
    let change = program.done(&["glossary", "import", &program.path("short.tsv")]);
    assert!(change.starts_with("2 entries unchanged, 0 added, 0 changed, "), "{change}");
    fs::write(program.file("bad.tsv"), format!("{shorter}\tno term\n")).unwrap();
    let why = program.refused(&["glossary", "import", &program.path("bad.tsv")]);
    assert!(why.contains("nothing was changed") && why.contains("bad.tsv:4"), "{why}");
    let why = program.refused(&["glossary", "export", &program.path("names.xls")]);
    assert!(why.contains("use .tsv or .tbx"), "{why}");
}
