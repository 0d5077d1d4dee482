//! Voices: a style for each number of phonemes.

use std::fs;
use std::path::Path;

use super::config::{STYLE, VOICE_ROWS};
use super::error::KokoroError;
use crate::domain::ContentHash;

/// One voice, read from `voices/<name>.bin`: `[510, 256]` in little-endian 32-bit floats.
#[derive(Clone)]
pub struct Voice {
    pub name: String,
    /// Over the file.
    pub hash: ContentHash,
    styles: Vec<f32>,
}

impl Voice {
    /// # Errors
    /// `NoVoice` lists the voices that are there; `Broken` for a file of another size.
    pub fn load(folder: &Path, name: &str) -> Result<Self, KokoroError> {
        let known = names(folder)?;
        if !known.iter().any(|voice| voice == name) {
            let known = known.join(", ");
            return Err(KokoroError::NoVoice { name: name.to_owned(), folder: folder.to_owned(), known });
        }
        let path = folder.join(format!("{name}.bin"));
        let broken = |what: String| KokoroError::Broken { path: path.clone(), what };
        let bytes = fs::read(&path).map_err(|error| broken(error.to_string()))?;
        let expected = VOICE_ROWS * STYLE * size_of::<f32>();
        if bytes.len() != expected {
            return Err(broken(format!("{} bytes, a voice has {expected}", bytes.len())));
        }
        let styles = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        Ok(Self { name: name.to_owned(), hash: ContentHash::of(&bytes), styles })
    }

    /// The style for an utterance of so many phonemes.
    #[must_use]
    pub fn style(&self, phonemes: usize) -> &[f32] {
        &self.styles[phonemes.min(VOICE_ROWS - 1) * STYLE..][..STYLE]
    }
}

/// The voices in a folder, sorted.
pub fn names(folder: &Path) -> Result<Vec<String>, KokoroError> {
    let broken = |error: std::io::Error| KokoroError::Broken { path: folder.to_owned(), what: error.to_string() };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(broken)? {
        let name = entry.map_err(broken)?.file_name();
        if let Some(voice) = name.to_str().and_then(|name| name.strip_suffix(".bin")) {
            found.push(voice.to_owned());
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_is_the_number_of_phonemes() {
        let folder = tempfile::tempdir().unwrap();
        let values: Vec<u8> = (0..VOICE_ROWS * STYLE).flat_map(|at| ((at / STYLE) as f32).to_le_bytes()).collect();
        fs::write(folder.path().join("af_test.bin"), &values).unwrap();
        let voice = Voice::load(folder.path(), "af_test").unwrap();
        assert_eq!(voice.style(7), [7.0; STYLE]);
        assert_eq!(voice.style(510)[0], 509.0);
        fs::write(folder.path().join("af_cut.bin"), &values[..100]).unwrap();
        let error = Voice::load(folder.path(), "af_cut").err().unwrap().to_string();
        assert!(error.contains("af_cut.bin: 100 bytes"), "{error}");
        let error = Voice::load(folder.path(), "../af_test").err().unwrap().to_string();
        assert!(error.contains("no voice `../af_test`") && error.contains("af_cut, af_test"), "{error}");
    }
}
