//! The port from spoken words to phonemes.

use super::EngineError;
use crate::text::SpokenText;

/// An utterance in IPA, with punctuation kept where it shapes the melody. Which notation of IPA (espeak-ng's, or the
/// one Kokoro was trained on) is the phonemizer's to say in its documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phonemes(pub String);

/// Turns spoken text into phonemes, many utterances at a time.
pub trait Phonemizer: Send + Sync {
    /// One result for each utterance, in order. Names with a pronunciation of their own keep it as given.
    ///
    /// # Errors
    /// `Unavailable` where a program or dictionary is missing, `BadInput` for text of another script.
    fn phonemize(&self, utterances: &[SpokenText]) -> Result<Vec<Phonemes>, EngineError>;

    /// Goes into the key of every clip: the version of the program, dictionary and rules.
    fn version(&self) -> &str;
}
