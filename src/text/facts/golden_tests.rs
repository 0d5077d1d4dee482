//! The golden pairs of `tests/golden/facts/`: right translations that must raise no finding, and planted errors that
//! must raise one of the kinds the file names. Prints recall by kind and false alarms by language.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::domain::{FindingKind, GlossaryEntry, Language};
use crate::text::checks::check;

use super::compare;

/// Right translations that may raise a finding.
const FALSE_ALARMS: f64 = 0.02;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The starter collection's names; the importer's own reader lives above this floor.
fn glossary() -> Vec<GlossaryEntry> {
    let text = std::fs::read_to_string(root().join("content/binh-dinh/glossary.tsv")).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let list =
        |cell: &str| cell.split('|').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    let entry = |line: &str| {
        let mut entry = GlossaryEntry { term: String::new(), forms: vec![], renderings: BTreeMap::new(), note: None };
        for (name, cell) in header.iter().zip(line.split('\t')).filter(|(_, cell)| !cell.is_empty()) {
            match *name {
                "term" => entry.term = cell.to_owned(),
                "forms" => entry.forms = list(cell),
                "note" => {}
                tag => drop(entry.renderings.insert(tag.parse().unwrap(), list(cell))),
            }
        }
        entry
    };
    lines.filter(|line| !line.is_empty()).map(entry).collect()
}

#[derive(Default)]
struct Count {
    right: usize,
    of: usize,
}

impl Count {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.of += 1;
    }
}

/// What came of the lines of a folder.
#[derive(Default)]
struct Outcome {
    /// Planted errors found, by kind.
    recall: BTreeMap<String, Count>,
    /// Right translations without a finding, by pair of languages.
    quiet: BTreeMap<String, Count>,
    /// The lines that came out wrong.
    wrong: Vec<String>,
    /// Planted errors that had to be found and were not.
    missed: usize,
}

fn run(folder: &Path) -> Outcome {
    let names = glossary();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let Outcome { mut recall, mut quiet, mut wrong, mut missed } = Outcome::default();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.starts_with('#') && !line.is_empty()) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [expected, from, to, source, target, ..] = cells[..] else { panic!("{}:{number}", file.display()) };
            let (from, to): (Language, Language) = (from.parse().unwrap(), to.parse().unwrap());
            let mut findings = check(source, from, target, to);
            findings.extend(compare(source, from, target, to, &names));
            let kinds: Vec<FindingKind> = findings.iter().map(|finding| finding.kind).collect();
            let right = if expected == "ok" {
                quiet.entry(format!("{from} {to}")).or_insert_with(Count::default).add(findings.is_empty());
                findings.is_empty()
            } else {
                let wanted: Vec<FindingKind> = expected
                    .split(',')
                    .map(|kind| serde_json::from_value(serde_json::Value::String(kind.to_owned())).unwrap())
                    .collect();
                let found = kinds.iter().any(|kind| wanted.contains(kind));
                recall.entry(expected.to_owned()).or_insert_with(Count::default).add(found);
                found
            };
            if !right {
                missed += usize::from(expected != "ok");
            }
            if !right {
                let told: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
                let name = file.file_name().unwrap().to_string_lossy().into_owned();
                wrong.push(format!(
                    "{name}:{number}: expected {expected}, found {kinds:?} {told:?}\n    {source}\n    {target}"
                ));
            }
        }
    }
    Outcome { recall, quiet, wrong, missed }
}

fn table(title: &str, counts: &BTreeMap<String, Count>) -> Count {
    println!("{title}");
    let mut all = Count::default();
    for (name, count) in counts {
        println!("  {name:<24} {:>4} of {:>4}", count.right, count.of);
        all = Count { right: all.right + count.right, of: all.of + count.of };
    }
    println!("  {:<24} {:>4} of {:>4}", "all", all.right, all.of);
    all
}

#[test]
fn the_golden_pairs() {
    let folder = std::env::var_os("FACTS").map_or_else(|| root().join("tests/golden/facts"), Into::into);
    let Outcome { recall, quiet, wrong, missed } = run(&folder);
    let found = table("planted errors found", &recall);
    let calm = table("right translations without a finding", &quiet);
    println!("{}", wrong.join("\n"));
    assert!(found.of + calm.of >= 300 && calm.of >= found.of, "the set has shrunk: {} and {}", found.of, calm.of);
    let alarms = (calm.of - calm.right) as f64 / calm.of as f64;
    assert!(missed == 0 && alarms <= FALSE_ALARMS, "{missed} missed, {alarms:.3} false");
}
