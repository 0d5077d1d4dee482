//! What cannot be used is refused with its file and the way out.

use super::*;

fn error_after(model: &str, family: Family, damage: impl FnOnce(&Path)) -> String {
    let copy = copy_of(model);
    damage(copy.path());
    let loaded = Seq2Seq::load(copy.path(), family, Language::VI, Language::PT, Options::default());
    loaded.err().map(|error| error.to_string()).unwrap()
}

fn told(error: &str, parts: &[&str]) {
    assert!(parts.iter().all(|part| error.contains(part)), "{error}");
}

fn edit(path: &Path, key: &str, value: serde_json::Value) {
    let mut config: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    config[key] = value;
    std::fs::write(path, config.to_string()).unwrap();
}

#[test]
fn a_model_of_another_kind() {
    told(&error_after("marian", Family::M2m100, |_| ()), &["config.json", "`marian`", "`m2m_100`", "manifest"]);
    told(&error_after("madlad", Family::Marian, |_| ()), &["config.json", "`t5`", "pull"]);
}

#[test]
fn missing_and_cut_files() {
    let cut = |at: &Path| {
        let path = at.join("model.safetensors");
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    };
    told(&error_after("marian", Family::Marian, cut), &["model.safetensors", "pull"]);
    for (model, family, name) in [
        ("marian", Family::Marian, "model.safetensors"),
        ("marian", Family::Marian, "config.json"),
        ("marian", Family::Marian, "vocab.json"),
        ("marian", Family::Marian, "source.spm"),
        ("m2m100", Family::M2m100, "sentencepiece.bpe.model"),
        ("madlad", Family::Madlad, "spiece.model"),
    ] {
        let error = error_after(model, family, |at| std::fs::remove_file(at.join(name)).unwrap());
        told(&error, &[name, "models pull"]);
        let error =
            error_after(model, family, |at| std::fs::write(at.join(name), b"PK\x03\x04 no such thing").unwrap());
        told(&error, &[name]);
    }
}

#[test]
fn a_vocabulary_that_does_not_fit() {
    let other = |at: &Path| {
        std::fs::copy(root().join("tests/golden/translation/m2m100-vocab.json"), at.join("vocab.json")).unwrap();
    };
    told(&error_after("marian", Family::Marian, other), &["vocab.json", "</s>"]);
    let strange = |at: &Path| {
        let words: serde_json::Map<_, _> = (0..200)
            .map(|n| (format!("w{n}"), (n + 2).into()))
            .chain([("</s>".into(), 0.into()), ("<unk>".into(), 1.into())])
            .collect();
        std::fs::write(at.join("vocab.json"), serde_json::Value::Object(words).to_string()).unwrap();
    };
    told(&error_after("marian", Family::Marian, strange), &["source.spm", "knows 0 of"]);
    let many = |at: &Path| edit(&at.join("vocab.json"), "▁new", 5000.into());
    told(&error_after("marian", Family::Marian, many), &["vocab.json", "`▁new`", "5000"]);
}

#[test]
fn settings_that_contradict_the_weights_or_are_not_known() {
    for (key, value, parts) in [
        ("d_model", 32.into(), ["model.safetensors", "shape"]),
        ("vocab_size", 9.into(), ["model.safetensors", "[9, 64]"]),
        ("encoder_layers", 3.into(), ["model.safetensors", "no tensor `model.encoder.layers.2"]),
        ("encoder_attention_heads", 7.into(), ["config.json", "7 heads"]),
        ("activation_function", "tanh".into(), ["config.json", "relu, swish"]),
        ("normalize_embedding", true.into(), ["config.json", "normalize_embedding"]),
        ("decoder_layers", serde_json::Value::Null, ["config.json", "decoder_layers"]),
    ] {
        let error = error_after("marian", Family::Marian, |at| edit(&at.join("config.json"), key, value));
        told(&error, &parts);
    }
    let numbers = |at: &Path| {
        let path = at.join("model.safetensors");
        let mut bytes = std::fs::read(&path).unwrap();
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
        std::fs::write(path, bytes).unwrap();
    };
    told(&error_after("marian", Family::Marian, numbers), &["final_logits_bias", "finite"]);
}

#[test]
fn a_language_the_model_lacks() {
    let load = |model: &str, family, target| {
        Seq2Seq::load(&models().join(model), family, Language::VI, target, Options::default())
            .err()
            .unwrap()
            .to_string()
    };
    told(&load("madlad", Family::Madlad, Language::JA), &["spiece.model", "`ja`"]);
    let marked = copy_of("marian");
    edit(&marked.path().join("vocab.json"), ">>fra<<", 3.into());
    let open = |target| Seq2Seq::load(marked.path(), Family::Marian, Language::VI, target, Options::default());
    told(&open(Language::PT).err().unwrap().to_string(), &["vocab.json", "`pt`"]);
    assert_eq!(open(Language::FR).unwrap().codec.frame(&[7]), [3, 7, 0]);
}

#[test]
fn the_identity_follows_files_languages_and_search() {
    let copy = copy_of("marian");
    let load = |target, options| {
        Seq2Seq::load(copy.path(), Family::Marian, Language::VI, target, options).unwrap().identity().clone()
    };
    let first = load(Language::PT, Options::default());
    assert_eq!(first, load(Language::PT, Options { threads: 3, batch: 2, ..Options::default() }));
    assert_ne!(first, load(Language::EN, Options::default()));
    assert_ne!(first, load(Language::PT, Options { beams: Some(1), ..Options::default() }));
    assert_ne!(first, load(Language::PT, float()));
    edit(&copy.path().join("config.json"), "note", "changed".into());
    assert_ne!(first, load(Language::PT, Options::default()));
}
