//! A SentencePiece vocabulary: the one that source and target share, or that of one of them.

use std::path::Path;

use super::error::MarianError;
use crate::neural::layers::pieces::{Pieces, SentencePieces, join_with_marks};

/// Ends a sentence; Marian puts it first.
pub const END: u32 = 0;
/// Stands for what the vocabulary lacks.
pub const UNKNOWN: u32 = 1;

/// Turns text into pieces and back.
pub struct Vocabulary(SentencePieces);

impl Vocabulary {
    /// Reads a SentencePiece model of `size` pieces; `path` only names the file in errors.
    ///
    /// # Errors
    /// `Garbled` where it is none, has another number of pieces, or another end or unknown piece than Marian's.
    pub fn parse(path: &Path, bytes: &[u8], size: usize) -> Result<Self, MarianError> {
        let garbled = |what: String| MarianError::garbled(path, what);
        let model = SentencePieces::parse(bytes).map_err(garbled)?;
        let known = model.pieces().len();
        if known != size {
            return Err(garbled(format!("it has {known} pieces, the model has {size} words")));
        }
        if model.pieces()[END as usize].text != "</s>" || model.unknown() != Some(UNKNOWN) {
            return Err(garbled(format!(
                "Marian's vocabularies begin with the end ({END}) and the unknown ({UNKNOWN}) piece"
            )));
        }
        Ok(Self(model))
    }

    /// The pieces of a text, without an end.
    ///
    /// # Errors
    /// What `kitoken` finds.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        self.0.encode(text)
    }

    /// The text of pieces.
    #[must_use]
    pub fn decode(&self, pieces: &[u32]) -> String {
        join_with_marks(pieces.iter().filter_map(|piece| self.0.pieces().get(*piece as usize)))
    }
}

impl Pieces for Vocabulary {
    fn text(&self, piece: u32) -> &str {
        self.0.pieces().get(piece as usize).map_or("", |piece| &piece.text)
    }
}
