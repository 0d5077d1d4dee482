//! Holds the house together: imports only go down, neighbours never import each other, files stay short and begin by
//! saying what they are for. The floors are those of `src/lib.rs`.

#![expect(clippy::unwrap_used, reason = "a test says best what went wrong by failing there")]

use std::fs;
use std::path::{Path, PathBuf};

/// Folder or file of `src`, and its floor.
const FLOORS: [(&str, u8); 19] = [
    ("domain", 0),
    ("text", 1),
    ("audio", 1),
    ("labels", 1),
    ("config", 1),
    ("ports", 2),
    ("slides", 2),
    ("neural", 3),
    ("store", 3),
    ("blobs", 3),
    ("models", 3),
    ("pipeline", 4),
    ("people", 4),
    ("web", 5),
    ("worker", 5),
    ("kiosk", 5),
    ("app", 6),
    ("cli", 7),
    ("fuzzed", 8),
];

const LONGEST_FILE: usize = 400;

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    rust_files(&root.join("src"), &mut files);
    rust_files(&root.join("tests"), &mut files);
    files
        .into_iter()
        .map(|path| (path.strip_prefix(root).unwrap().display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// The module of the first level (and, in `neural`, of the second) that a file of `src` belongs to.
fn home(path: &str) -> Option<(String, Option<String>)> {
    let mut parts = path.strip_prefix("src/")?.split('/').map(|part| part.trim_end_matches(".rs").to_owned());
    let first = parts.next()?;
    let second = parts.next().filter(|part| part != "mod");
    Some((first, second))
}

/// Every `crate::a::b` a line of code names; comments and their links count too, since they bind the reader.
fn imports(line: &str) -> Vec<(String, Option<String>)> {
    let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    line.match_indices("crate::")
        .map(|(at, found)| {
            let rest = &line[at + found.len()..];
            let first = word(rest);
            let second = rest[first.len()..].strip_prefix("::").map(word).filter(|w| !w.is_empty());
            (first, second)
        })
        .collect()
}

#[test]
fn imports_only_go_down() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some((here, room)) = home(&path) else { continue };
        if here == "lib" || here == "main" {
            continue;
        }
        let Some(floor_here) = floor(&here) else {
            wrong.push(format!("{path}: `{here}` has no floor in tests/floors.rs"));
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for (there, other_room) in imports(line) {
                let Some(floor_there) = floor(&there) else { continue };
                let up = floor_there > floor_here;
                let sideways = floor_there == floor_here && there != here;
                let engine_to_engine = here == "neural"
                    && there == "neural"
                    && room.is_some()
                    && other_room.as_ref().is_some_and(|other| Some(other) != room.as_ref() && other != "layers");
                if up || sideways || engine_to_engine {
                    wrong.push(format!("{path}:{}: {here} must not import {there}: {}", number + 1, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_is_short_and_says_what_it_is_for() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            wrong.push(format!("{path}: {lines} lines, at most {LONGEST_FILE}"));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{path}: must open with `//!`: what it is, why, what always holds"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_them() {
    assert_eq!(imports("use crate::domain::Language;"), [("domain".into(), Some("Language".into()))]);
    assert_eq!(imports("let x = crate::neural::kokoro::load();").len(), 1);
    assert_eq!(home("src/neural/kokoro/mod.rs"), Some(("neural".into(), Some("kokoro".into()))));
    assert_eq!(home("src/app.rs"), Some(("app".into(), None)));
}
