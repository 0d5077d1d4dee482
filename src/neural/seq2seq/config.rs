//! `config.json` and `generation_config.json` of a model's folder, as `transformers` writes them.
//!
//! Invariant: a setting that would change the result and is not supported is refused by name, never ignored.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::error::{Seq2SeqError, read};
use super::rows::Activation;
use super::search::{Early, Settings};

/// Which kind of model a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// OPUS-MT and other Marian models: `source.spm`, `target.spm`, `vocab.json`.
    Marian,
    /// M2M100: `sentencepiece.bpe.model`, `vocab.json`; the language of the target is its first word.
    M2m100,
    /// SMaLL-100: the same files; the language of the target stands before the source.
    Small100,
    /// NLLB-200: `sentencepiece.bpe.model`, and its language words in `tokenizer.json`.
    Nllb,
    /// MADLAD-400: `spiece.model`; the language of the target, `<2xx>`, stands before the source.
    Madlad,
}

impl Family {
    /// The engine's name in manifests and identities.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Marian => "opus-mt",
            Self::M2m100 => "m2m100",
            Self::Small100 => "small100",
            Self::Nllb => "nllb",
            Self::Madlad => "madlad",
        }
    }

    /// The family of an engine's name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Marian, Self::M2m100, Self::Small100, Self::Nllb, Self::Madlad].into_iter().find(|f| f.name() == name)
    }

    /// What `model_type` in config.json says.
    fn model_type(self) -> &'static str {
        match self {
            Self::Marian => "marian",
            Self::M2m100 | Self::Small100 | Self::Nllb => "m2m_100",
            Self::Madlad => "t5",
        }
    }
}

/// An object of settings and the file it stands in.
pub struct Config {
    path: PathBuf,
    values: Map<String, Value>,
}

impl Config {
    /// Reads a folder's `config.json` and lays `generation_config.json` over it, where there is one.
    ///
    /// # Errors
    /// `Read`, `Garbled`, and `WrongKind` where `model_type` is not the family's.
    pub fn open(folder: &Path, family: Family) -> Result<Self, Seq2SeqError> {
        let path = folder.join("config.json");
        let mut values = object(&path)?;
        let over = folder.join("generation_config.json");
        if over.is_file() {
            values.extend(object(&over)?);
        }
        let config = Self { path, values };
        match config.get("model_type").and_then(Value::as_str) {
            Some(found) if found == family.model_type() => Ok(config),
            found => Err(Seq2SeqError::WrongKind {
                path: config.path.clone(),
                what: format!(
                    "`model_type` is {}, {} has `{}`",
                    found.map_or("missing".into(), |found| format!("`{found}`")),
                    family.name(),
                    family.model_type()
                ),
            }),
        }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key).filter(|value| !value.is_null())
    }

    fn unsupported(&self, key: &str, known: &str) -> Seq2SeqError {
        let found = self.values.get(key).map_or_else(|| "missing".into(), Value::to_string);
        Seq2SeqError::Unsupported { path: self.path.clone(), key: key.into(), found, known: known.into() }
    }

    /// A size from 1 to a million.
    ///
    /// # Errors
    /// `Unsupported` where it is missing or no such number.
    pub fn size(&self, key: &str) -> Result<usize, Seq2SeqError> {
        let size = self.get(key).and_then(Value::as_u64).filter(|size| (1..=1_000_000).contains(size));
        size.map(|size| size as usize).ok_or_else(|| self.unsupported(key, "a size from 1 to a million is expected"))
    }

    /// A size, or another where the file says nothing.
    ///
    /// # Errors
    /// `Unsupported` where it is there and no size.
    pub fn size_or(&self, key: &str, otherwise: usize) -> Result<usize, Seq2SeqError> {
        if self.get(key).is_some() { self.size(key) } else { Ok(otherwise) }
    }

    /// A truth, false where the file says nothing.
    #[must_use]
    pub fn is(&self, key: &str) -> bool {
        self.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A truth, true where the file says nothing.
    #[must_use]
    pub fn is_not_denied(&self, key: &str) -> bool {
        self.get(key).and_then(Value::as_bool).unwrap_or(true)
    }

    /// A number, or another where the file says nothing.
    #[must_use]
    pub fn number_or(&self, key: &str, otherwise: f64) -> f64 {
        self.get(key).and_then(Value::as_f64).unwrap_or(otherwise)
    }

    /// # Errors
    /// `Unsupported` where the setting is true.
    pub fn refuse(&self, key: &str) -> Result<(), Seq2SeqError> {
        if self.is(key) { Err(self.unsupported(key, "no model with it is known here")) } else { Ok(()) }
    }

    /// A word's number, below `words`.
    ///
    /// # Errors
    /// `Unsupported` where it is there and no such number.
    pub fn word(&self, key: &str, words: usize) -> Result<Option<u32>, Seq2SeqError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let one = value.as_array().map_or(Some(value), |list| if list.len() == 1 { list.first() } else { None });
        let word = one.and_then(Value::as_u64).filter(|word| *word < words as u64);
        word.map(|word| Some(word as u32))
            .ok_or_else(|| self.unsupported(key, "one word of the vocabulary is expected"))
    }

    /// # Errors
    /// `Unsupported` where the word is missing or none of the vocabulary.
    pub fn required_word(&self, key: &str, words: usize) -> Result<u32, Seq2SeqError> {
        self.word(key, words)?.ok_or_else(|| self.unsupported(key, "one word of the vocabulary is expected"))
    }

    /// # Errors
    /// `Unsupported` where it is none of those known.
    pub fn activation(&self, key: &str) -> Result<Activation, Seq2SeqError> {
        match self.get(key).and_then(Value::as_str) {
            Some("relu") => Ok(Activation::Relu),
            Some("swish" | "silu") => Ok(Activation::Silu),
            Some("gelu") => Ok(Activation::Gelu),
            Some("gelu_new" | "gelu_pytorch_tanh" | "gated-gelu") => Ok(Activation::GeluTanh),
            _ => Err(self.unsupported(key, "known are relu, swish, gelu and gelu_new")),
        }
    }

    /// How translations are searched for, `words` being the size of the vocabulary.
    ///
    /// # Errors
    /// `Unsupported` where a setting is none.
    pub fn search(&self, words: usize) -> Result<Settings, Seq2SeqError> {
        let early = match self.get("early_stopping") {
            None | Some(Value::Bool(false)) => Early::No,
            Some(Value::Bool(true)) => Early::Yes,
            Some(Value::String(text)) if text == "never" => Early::Never,
            Some(_) => return Err(self.unsupported("early_stopping", "known are true, false and \"never\"")),
        };
        let mut banned = Vec::new();
        if let Some(lists) = self.get("bad_words_ids") {
            let single = |list: &Value| match list.as_array()?.as_slice() {
                [word] => word.as_u64().filter(|word| *word < words as u64).map(|word| word as u32),
                _ => None,
            };
            let all = lists.as_array().and_then(|lists| lists.iter().map(single).collect::<Option<Vec<_>>>());
            banned = all.ok_or_else(|| self.unsupported("bad_words_ids", "lists of one word each are expected"))?;
        }
        let whole = |key: &str, most: u64| match self.get(key) {
            None => Ok(0),
            Some(value) => {
                let number = value.as_u64().filter(|number| *number <= most);
                number
                    .map(|number| number as usize)
                    .ok_or_else(|| self.unsupported(key, "a small whole number is expected"))
            }
        };
        Ok(Settings {
            beams: whole("num_beams", 64)?.max(1),
            length_penalty: self.number_or("length_penalty", 1.0) as f32,
            early,
            no_repeat: whole("no_repeat_ngram_size", 64)?,
            banned,
            start: self.required_word("decoder_start_token_id", words)?,
            end: self.required_word("eos_token_id", words)?,
            forced_first: None,
            forced_last: self.word("forced_eos_token_id", words)?,
        })
    }
}

fn object(path: &Path) -> Result<Map<String, Value>, Seq2SeqError> {
    match serde_json::from_slice(&read(path)?) {
        Ok(Value::Object(values)) => Ok(values),
        Ok(_) => Err(Seq2SeqError::garbled(path, "it is no JSON object")),
        Err(e) => Err(Seq2SeqError::garbled(path, e)),
    }
}
