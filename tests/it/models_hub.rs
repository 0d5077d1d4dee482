//! Pulling from the models' hub, from Firefox's records, from a mirror, and out of a folder filled by hand.

use std::fs;

use thuyetminh::models::Pulled;

use crate::models_stage::{MODEL, SETTINGS, Stage, VOICE, Wishes, read};

#[test]
fn files_of_the_hub_are_fetched_by_its_client_and_what_is_not_pinned_counts_from_then_on() {
    let stage = Stage::new();
    assert_eq!(stage.pull("hubbed").unwrap(), Pulled::Made);
    assert_eq!((stage.calls(), stage.shelf()), (2, Vec::new()), "one call a file, and nothing stays on the shelf");
    let folder = stage.weights.locate("hubbed").unwrap();
    assert_eq!(read(&folder, "sub/settings.json"), SETTINGS);
    assert_eq!(stage.pull("hubbed").unwrap(), Pulled::AlreadyThere);

    fs::write(folder.join("sub/settings.json"), b"[]").unwrap();
    let manifest = stage.weights.catalogue().get("hubbed").unwrap();
    let broken = stage.weights.check(&[manifest], true).unwrap();
    assert!(broken.len() == 1 && broken[0].what.contains("has sha256"), "{broken:?}");
    assert_eq!(stage.pull("hubbed").unwrap(), Pulled::Made);
    assert_eq!(read(&folder, "sub/settings.json"), SETTINGS);

    fs::write(stage.at("registry/hub/model.gguf"), b"weights of an enemy!").unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let error = stage.fails("hubbed");
    assert!(error.contains("model.gguf of someone/model at r1 has the wrong hash"), "{error}");
}

#[test]
fn without_the_hubs_client_the_error_says_where_to_put_the_file() {
    let stage = Stage::new();
    fs::remove_file(stage.at("bin/hf")).unwrap();
    let error = stage.fails("hubbed");
    assert!(error.contains("tried hf; install hf") && error.contains("weights/hubbed/model.gguf"), "{error}");
    fs::remove_file(stage.at("bin/fxtranslate")).unwrap();
    let error = stage.fails("student");
    assert!(error.contains("install fxtranslate") && error.contains("weights/student/model.bin"), "{error}");

    let folder = stage.weights.root().join("hubbed");
    fs::create_dir_all(folder.join("sub")).unwrap();
    fs::write(folder.join("model.gguf"), MODEL).unwrap();
    fs::write(folder.join("sub/settings.json"), SETTINGS).unwrap();
    assert_eq!(stage.pull("hubbed").unwrap(), Pulled::AlreadyThere, "put in by hand");
    stage.weights.locate("hubbed").unwrap();
}

#[test]
fn a_student_of_firefox_is_fetched_with_one_call_of_its_client() {
    let stage = Stage::new();
    assert_eq!(stage.pull("student").unwrap(), Pulled::Made);
    assert_eq!((stage.calls(), stage.shelf()), (1, Vec::new()));
    let folder = stage.weights.locate("student").unwrap();
    assert_eq!((read(&folder, "model.bin"), read(&folder, "vocab.spm")), (MODEL.to_vec(), VOICE.to_vec()));
}

#[test]
fn a_mirror_is_asked_instead_under_the_names_of_a_folder_of_weights() {
    let stage = Stage::new();
    let mirror = stage.at("mirror");
    fs::create_dir_all(mirror.join("student")).unwrap();
    fs::write(mirror.join("student/model.bin"), MODEL).unwrap();
    fs::write(mirror.join("student/vocab.spm"), VOICE).unwrap();
    stage.client("curl", "for a; do l=$a; case $p in --output) o=$a;; esac; p=$a; done; /bin/cp ${l#file://} $o");
    let address = format!("file://{}/", mirror.display());
    let mirrored = Wishes { mirror: Some(address), ..Wishes::default() };
    assert_eq!(stage.pull_with("student", &mirrored).unwrap(), Pulled::Made);
    assert_eq!(stage.calls(), 2);
    let error = stage.pull_with("hubbed", &mirrored).unwrap_err().to_string();
    assert!(error.contains("curl could not fetch") && error.contains("weights/hubbed/model.gguf"), "{error}");
    assert_eq!(stage.pull_with("copied", &mirrored).unwrap(), Pulled::Made, "registries are asked as ever");
}

#[test]
fn a_folder_given_by_hand_goes_before_every_client() {
    let stage = Stage::new();
    let given = stage.at("given");
    fs::create_dir_all(&given).unwrap();
    fs::write(given.join("model.vien.bin"), MODEL).unwrap();
    fs::write(given.join("vocab.spm"), VOICE).unwrap();
    let from = Wishes { from: Some(given.clone()), ..Wishes::default() };
    assert_eq!(stage.pull_with("student", &from).unwrap(), Pulled::Made);
    assert_eq!(stage.calls(), 0);
    assert!(given.join("model.vien.bin").is_file(), "it is copied, not taken");

    fs::remove_dir_all(stage.weights.root().join("student")).unwrap();
    fs::write(given.join("model.vien.bin"), b"weights of an enemy!").unwrap();
    let error = stage.pull_with("student", &from).unwrap_err().to_string();
    assert!(error.contains("given/model.vien.bin has the wrong hash"), "{error}");
}

#[test]
fn terms_that_are_not_everybodys_are_refused_until_they_are_accepted() {
    let stage = Stage::new();
    let error = stage.fails("guarded");
    assert!(error.contains("CC-BY-NC-4.0") && error.contains("--accept-licence nc"), "{error}");
    assert_eq!(stage.calls(), 0);
    let accepting = Wishes { accepted: vec!["nc".to_owned()], ..Wishes::default() };
    assert_eq!(stage.pull_with("guarded", &accepting).unwrap(), Pulled::Made);
}
