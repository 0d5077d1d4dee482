//! Settings of the making of guides.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::ConfigError;
use crate::domain::Language;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MakeSettings {
    /// Threads the engines may use.
    pub threads: usize,
    /// The voice that speaks a language, by its tag. What a file names is laid over the defaults.
    #[serde(deserialize_with = "over_the_defaults")]
    pub voices: BTreeMap<String, String>,
    /// The model that hears clips back before they are published; empty where nobody does.
    pub listener: String,
    /// Words a minute of the voice of last resort.
    pub last_resort_words_a_minute: u32,
}

impl Default for MakeSettings {
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            voices: default_voices(),
            listener: "whisper-base".to_owned(),
            last_resort_words_a_minute: 130,
        }
    }
}

fn default_voices() -> BTreeMap<String, String> {
    [
        ("en", "af_heart"),
        ("es", "ef_dora"),
        ("fr", "ff_siwis"),
        ("it", "if_sara"),
        ("ja", "jf_alpha"),
        ("pt", "pf_dora"),
        ("zh", "zf_xiaoxiao"),
    ]
    .map(|(language, voice)| (language.to_owned(), voice.to_owned()))
    .into()
}

fn over_the_defaults<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let mut voices = default_voices();
    voices.extend(BTreeMap::<String, String>::deserialize(deserializer)?);
    Ok(voices)
}

impl MakeSettings {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if !(1..=256).contains(&self.threads) {
            return Err(ConfigError::Invalid { key: "make.threads", why: "use 1 to 256".to_owned() });
        }
        if !(80..=400).contains(&self.last_resort_words_a_minute) {
            let why = "use 80 to 400".to_owned();
            return Err(ConfigError::Invalid { key: "make.last_resort_words_a_minute", why });
        }
        for language in self.voices.keys() {
            language
                .parse::<Language>()
                .map_err(|error| ConfigError::Invalid { key: "make.voices", why: error.to_string() })?;
        }
        Ok(())
    }
}
