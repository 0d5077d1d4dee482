//! `content import` and `content export` as an operator calls them: exit codes, JSON, and a process killed on the way.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

pub fn collection() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content/binh-dinh")
}

fn content(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thuyetminh"));
    command.env("THUYETMINH_DATA", data).arg("content").args(arguments).arg("--json");
    command
}

fn answer(output: &Output) -> Value {
    let error = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON, but: {error}"))
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn changes(report: &Value) -> Vec<&str> {
    report["items"].as_array().unwrap().iter().map(|item| item["change"].as_str().unwrap()).collect()
}

#[test]
fn a_collection_goes_in_out_and_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let (data, out) = (folder.path().join("data"), folder.path().join("out"));
    let import = |dir: &Path| content(&data, &["import", dir.to_str().unwrap()]).output().unwrap();
    let first = import(&collection());
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    assert!(changes(&answer(&first)).iter().all(|change| *change == "created"));
    let exported = content(&data, &["export", out.to_str().unwrap()]).output().unwrap();
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    for dir in [collection(), out] {
        let again = import(&dir);
        assert!(again.status.success());
        assert!(changes(&answer(&again)).iter().all(|change| *change == "unchanged"), "{}", answer(&again));
    }
}

#[test]
fn a_bad_file_is_named_the_rest_is_in_and_the_exit_tells() {
    let folder = tempfile::tempdir().unwrap();
    let (data, dir) = (folder.path().join("data"), folder.path().join("collection"));
    copy(&collection(), &dir);
    let stop = "sites/thap-doi/hai-ngon-thap/stop.en.md";
    let text = fs::read_to_string(dir.join(stop)).unwrap();
    fs::write(dir.join(stop), text.replacen("\n\n", "\n\n\u{1}", 1)).unwrap();
    let output = content(&data, &["import", dir.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report = answer(&output);
    assert_eq!(report["refused"].as_array().unwrap().len(), 1, "{report}");
    assert_eq!(report["refused"][0]["file"], stop);
    assert_eq!(report["refused"][0]["line"], 7);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains(&format!("{stop}:7: ")), "{told}");
    assert!(changes(&report).len() > 60);
}

#[test]
fn an_import_killed_on_the_way_is_finished_by_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let dir = collection();
    let arguments = ["import", dir.to_str().unwrap()];
    for wait in [20, 60, 120, 250, 500] {
        let mut child = content(&data, &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let output = content(&data, &arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // A stop that was cut off from its pictures is changed: it gets them.
    assert!(changes(&answer(&output)).iter().all(|change| ["created", "changed", "unchanged"].contains(change)));
    let again = content(&data, &arguments).output().unwrap();
    assert!(changes(&answer(&again)).iter().all(|change| *change == "unchanged"));

    let whole = folder.path().join("whole");
    assert!(content(&whole, &arguments).output().unwrap().status.success());
    let (cut, straight) = (folder.path().join("a"), folder.path().join("b"));
    for (data, out) in [(&data, &cut), (&whole, &straight)] {
        assert!(content(data, &["export", out.to_str().unwrap()]).output().unwrap().status.success());
    }
    assert_eq!(files(&cut, &cut), files(&straight, &straight));
}

/// Every file below a folder with its bytes.
fn files(root: &Path, folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(root, &path));
        } else {
            found.push((path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn what_is_no_collection_is_refused_and_makes_no_data() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let output = content(&data, &["import", "/nowhere/at/all"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nowhere/at/all is not a collection"));
    assert!(!data.exists());
    let output = content(&data, &["export", folder.path().join("out").to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("import one first"));
}
