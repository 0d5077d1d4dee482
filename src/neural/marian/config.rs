//! A model's own description of itself, `special:model.yml`: what is read from it, and what must stand in it for the
//! network here to be the network that was trained.
//!
//! Invariant: a setting that would change the result and is not supported is refused by name, never ignored.

use std::collections::HashMap;
use std::path::Path;

use super::error::MarianError;

/// The sizes of a student network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Width of embeddings and of every layer.
    pub width: usize,
    pub heads: usize,
    /// Inner width of the feed-forward blocks.
    pub inner: usize,
    pub encoder_layers: usize,
    pub decoder_layers: usize,
    pub words: Words,
}

/// How many words there are, and whether the two languages share them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// One vocabulary and one table for source, target and output (`tied-embeddings-all`).
    Shared(usize),
    /// A vocabulary and a table for each language; the output layer is the target's table (`tied-embeddings`). Firefox
    /// trains Chinese, Japanese and Korean so.
    Split { source: usize, target: usize },
}

impl Words {
    /// Words that the encoder may be given.
    #[must_use]
    pub fn source(self) -> usize {
        match self {
            Self::Shared(size) | Self::Split { source: size, .. } => size,
        }
    }

    /// Words that the decoder may give.
    #[must_use]
    pub fn target(self) -> usize {
        match self {
            Self::Shared(size) | Self::Split { target: size, .. } => size,
        }
    }
}

/// Settings that must have one of these values where they are there; an empty list of values stands for "absent".
const REQUIRED: [(&str, &[&str]); 26] = [
    ("type", &["transformer"]),
    ("transformer-preprocess", &["", "d"]),
    ("transformer-postprocess", &["dan", "an"]),
    ("transformer-postprocess-emb", &["d", ""]),
    ("transformer-postprocess-top", &[""]),
    ("transformer-ffn-activation", &["relu"]),
    ("transformer-ffn-depth", &["2"]),
    ("transformer-decoder-ffn-depth", &["0", "2"]),
    ("transformer-decoder-dim-ffn", &["0"]),
    ("transformer-decoder-autoreg", &["rnn"]),
    ("transformer-rnn-projection", &["false"]),
    ("transformer-no-projection", &["false"]),
    ("transformer-no-bias", &["false"]),
    ("transformer-no-affine", &["false"]),
    ("transformer-train-position-embeddings", &["false"]),
    ("transformer-tied-layers", &["[]"]),
    ("transformer-pool", &["false"]),
    ("dec-cell", &["ssru"]),
    ("dec-cell-base-depth", &["2"]),
    ("dec-cell-high-depth", &["1"]),
    ("layer-normalization", &["false"]),
    ("tied-embeddings-src", &["false"]),
    ("output-omit-bias", &["false"]),
    ("right-left", &["false"]),
    ("lemma-dim-emb", &["0"]),
    ("ulr", &["false"]),
];

/// Settings without which nothing can be said about the network.
const NEEDED: [&str; 5] =
    ["type", "transformer-postprocess", "transformer-decoder-autoreg", "dec-cell", "tied-embeddings-all"];

/// The settings of a file, in the order of its lines: `key: value`, and the values of a list.
type Settings<'a> = HashMap<&'a str, Vec<&'a str>>;

impl Config {
    /// Reads the description; `path` only names the file in errors.
    ///
    /// # Errors
    /// `Unsupported` for a network of another kind, `Garbled` where a size is missing or makes no sense.
    pub fn parse(path: &Path, yaml: &str) -> Result<Self, MarianError> {
        let settings = settings(yaml);
        for key in NEEDED {
            if !settings.contains_key(key) {
                return Err(MarianError::garbled(path, format!("its description lacks `{key}`")));
            }
        }
        for (key, known) in REQUIRED {
            let Some(found) = settings.get(key) else { continue };
            let found = found.join(", ");
            if !known.contains(&found.as_str()) {
                return Err(MarianError::Unsupported {
                    path: path.to_owned(),
                    key: key.to_owned(),
                    found,
                    known: format!("this engine knows `{}`", known.join("`, `")),
                });
            }
        }
        let size = |key: &str| -> Result<usize, MarianError> {
            let found = settings.get(key).map(|values| values.join(", ")).unwrap_or_default();
            match found.parse() {
                Ok(size) if (1..=1 << 20).contains(&size) => Ok(size),
                _ => Err(MarianError::garbled(path, format!("its description says `{key}: {found}`"))),
            }
        };
        let config = Self {
            width: size("dim-emb")?,
            heads: size("transformer-heads")?,
            inner: size("transformer-dim-ffn")?,
            encoder_layers: size("enc-depth")?,
            decoder_layers: size("dec-depth")?,
            words: words(path, &settings)?,
        };
        if !config.width.is_multiple_of(2 * config.heads) {
            let what = format!("{} heads do not divide a width of {}", config.heads, config.width);
            return Err(MarianError::garbled(path, what));
        }
        Ok(config)
    }
}

/// Which tables of words there are, by the settings that tie them.
fn words(path: &Path, settings: &Settings<'_>) -> Result<Words, MarianError> {
    let says = |key: &str| settings.get(key).map(|values| values.join(", ")).unwrap_or_default();
    let sizes: Vec<usize> =
        settings.get("dim-vocabs").map_or(&[][..], Vec::as_slice).iter().flat_map(|n| n.parse()).collect();
    let (&[source, target], true) = (sizes.as_slice(), sizes.iter().all(|size| (1..=1 << 20).contains(size))) else {
        let what = format!("its description says `dim-vocabs: {}`, two sizes are expected", says("dim-vocabs"));
        return Err(MarianError::garbled(path, what));
    };
    match (says("tied-embeddings-all").as_str(), says("tied-embeddings").as_str()) {
        ("true", _) if source == target => Ok(Words::Shared(source)),
        ("true", _) => {
            let what = format!("its description ties one table of words to `dim-vocabs: {}`", says("dim-vocabs"));
            Err(MarianError::garbled(path, what))
        }
        (_, "true") => Ok(Words::Split { source, target }),
        (all, one) => Err(MarianError::Unsupported {
            path: path.to_owned(),
            key: "tied-embeddings-all".to_owned(),
            found: format!("{all}`, `tied-embeddings: {one}"),
            known: "this engine knows students whose output layer is a table of words: one of the two must be `true`"
                .to_owned(),
        }),
    }
}

/// The lines `key: value` and the lists `- value` under a bare `key:`; Marian writes nothing deeper here.
fn settings(yaml: &str) -> Settings<'_> {
    let mut found = Settings::new();
    let mut last = "";
    for line in yaml.lines() {
        if let Some(value) = line.trim_start().strip_prefix("- ") {
            found.entry(last).or_default().push(value.trim());
        } else if let Some((key, value)) = line.split_once(':') {
            last = key.trim();
            let value = value.trim();
            let values = found.entry(last).or_default();
            if !value.is_empty() {
                values.push(value.trim_matches('"'));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUDENT: &str = "dec-cell: ssru\ndec-cell-base-depth: 2\ndec-depth: 2\ndim-emb: 256\ndim-vocabs:\n  - 32000\n  - 32000\nenc-depth: 6\ntied-embeddings-all: true\ntransformer-decoder-autoreg: rnn\ntransformer-dim-ffn: 1536\ntransformer-ffn-activation: relu\ntransformer-heads: 8\ntransformer-postprocess: dan\ntransformer-postprocess-top: \"\"\ntype: transformer\nversion: v1.9.56 94aeaa46 2021-04-28 00:28:35 +0100\n";

    fn parse(yaml: &str) -> Result<Config, MarianError> {
        Config::parse(Path::new("model.bin"), yaml)
    }

    #[test]
    fn a_students_sizes_are_read() {
        let config = parse(STUDENT).unwrap();
        assert_eq!((config.width, config.heads, config.inner), (256, 8, 1536));
        assert_eq!((config.encoder_layers, config.decoder_layers, config.words), (6, 2, Words::Shared(32000)));
    }

    #[test]
    fn two_tables_of_words_are_read_as_they_are_tied() {
        let split = STUDENT.replace("embeddings-all: true", "embeddings-all: false\ntied-embeddings: true");
        let config = parse(&split.replace("  - 32000\n  - 32000", "  - 32000\n  - 31000")).unwrap();
        assert_eq!(config.words, Words::Split { source: 32000, target: 31000 });
        // Firefox's vocabularies of two languages are of one size: the ties tell, not the sizes.
        assert_eq!(parse(&split).unwrap().words, Words::Split { source: 32000, target: 32000 });
    }

    #[test]
    fn what_is_not_supported_is_refused_by_name() {
        for (from, to, named) in [
            ("dec-cell: ssru", "dec-cell: gru", "dec-cell"),
            ("activation: relu", "activation: swish", "transformer-ffn-activation"),
            ("type: transformer", "type: s2s", "type"),
            ("embeddings-all: true", "embeddings-all: false", "tied-embeddings-all"),
            ("dim-emb: 256", "dim-emb: 0", "dim-emb"),
            ("dim-emb: 256", "dim-emb: 252", "heads"),
            ("  - 32000\n  - 32000", "  - 32000\n  - 31000", "dim-vocabs"),
            ("postprocess-top: \"\"", "postprocess-top: n", "transformer-postprocess-top"),
            ("dec-cell: ssru\n", "", "dec-cell"),
            ("  - 32000\n  - 32000", "  - 32000", "dim-vocabs"),
            ("dec-depth: 2", "dec-depth: 2\nlayer-normalization: true", "layer-normalization"),
            ("autoreg: rnn", "autoreg: self-attention", "transformer-decoder-autoreg"),
        ] {
            let error = parse(&STUDENT.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(named) && error.contains("model.bin"), "{error}");
        }
    }
}
