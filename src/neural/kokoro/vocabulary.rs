//! Phonemes to tokens: one Unicode character, one token.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::config::TOKENS;
use super::error::KokoroError;

/// misaki's alphabet of phonemes, as `vocab.json` gives it.
#[derive(Debug, Deserialize)]
pub struct Vocabulary {
    vocab: HashMap<char, u32>,
}

impl Vocabulary {
    /// # Errors
    /// `Broken` where the file is missing, is no vocabulary, or names a token the network has no row for.
    pub fn load(path: &Path) -> Result<Self, KokoroError> {
        let broken = |what: String| KokoroError::Broken { path: path.to_owned(), what };
        let text = fs::read_to_string(path).map_err(|error| broken(error.to_string()))?;
        let found: Self = serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
        match found.vocab.iter().find(|(_, token)| **token as usize >= TOKENS) {
            Some((phoneme, token)) => Err(broken(format!("`{phoneme}` is token {token} of {TOKENS}"))),
            None => Ok(found),
        }
    }

    /// # Errors
    /// `UnknownPhonemes` names every character that is no phoneme of the alphabet: nothing is left out silently.
    pub fn tokens(&self, phonemes: &str) -> Result<Vec<u32>, KokoroError> {
        let found: Vec<Option<u32>> = phonemes.chars().map(|c| self.vocab.get(&c).copied()).collect();
        let mut unknown: Vec<char> =
            phonemes.chars().zip(&found).filter(|(_, token)| token.is_none()).map(|(c, _)| c).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if unknown.is_empty() {
            return Ok(found.into_iter().flatten().collect());
        }
        let names: Vec<String> = unknown.iter().map(|c| format!("`{c}` (U+{:04X})", u32::from(*c))).collect();
        Err(KokoroError::UnknownPhonemes { found: names.join(", "), phonemes: phonemes.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_phoneme_is_named() {
        let vocabulary: Vocabulary = serde_json::from_str(r#"{"vocab": {"a": 43, "ˈ": 156}}"#).unwrap();
        assert_eq!(vocabulary.tokens("ˈaa").unwrap(), [156, 43, 43]);
        let error = vocabulary.tokens("aǂbaǂ").unwrap_err().to_string();
        assert!(error.contains("`b` (U+0062), `ǂ` (U+01C2)") && error.contains("`aǂbaǂ`"), "{error}");
    }

    #[test]
    fn a_broken_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vocab.json");
        assert!(Vocabulary::load(&path).unwrap_err().to_string().contains("vocab.json"));
        fs::write(&path, r#"{"vocab": {"a": 178}}"#).unwrap();
        assert!(Vocabulary::load(&path).unwrap_err().to_string().contains("token 178"));
    }
}
