//! A sentence as it is to be spoken: numbers spelled out, names with a pronunciation of their own set apart.

use serde::{Deserialize, Serialize};

use crate::domain::Language;

/// A piece of an utterance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpokenPart {
    /// Words the language's own rules can say.
    Words(String),
    /// A name with its sound given in IPA, in the notation of the phonemizer's language.
    Name { written: String, ipa: String },
}

/// One utterance, ready for a phonemizer or for a program that speaks text.
///
/// Invariant: it holds everything that decides how the sentence sounds apart from the voice, so its hash belongs in
/// the key of the clip, and a lexicon entry changes the keys of exactly the sentences that hold its word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpokenText {
    pub language: Language,
    pub parts: Vec<SpokenPart>,
}

impl SpokenText {
    /// Words alone, without any name set apart.
    #[must_use]
    pub fn words(language: Language, text: impl Into<String>) -> Self {
        Self { language, parts: vec![SpokenPart::Words(text.into())] }
    }

    /// The utterance in letters, names as they are written: for voices that read text.
    #[must_use]
    pub fn written(&self) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                SpokenPart::Words(words) => words.as_str(),
                SpokenPart::Name { written, .. } => written.as_str(),
            })
            .collect()
    }
}
