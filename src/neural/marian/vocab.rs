//! A SentencePiece vocabulary: the one that source and target share, or that of one of them.
//!
//! Pieces are found by `kitoken`, measured equal to SentencePiece on every line of eight languages and on every
//! character up to U+1FFFF, but for tabs (made spaces here, as `nmt_nfkc` does) and characters that Unicode gained since.

use std::path::Path;

use kitoken::{Definition, Kitoken, SpecialTokenKind, Token};

use super::error::MarianError;
use super::wrap::Marks;

/// Ends a sentence; Marian puts it first.
pub const END: u32 = 0;
/// Stands for what the vocabulary lacks.
pub const UNKNOWN: u32 = 1;

/// Turns text into pieces and back.
pub struct Vocabulary {
    tokenizer: Kitoken,
    pieces: Vec<Vec<u8>>,
}

impl Vocabulary {
    /// Reads a SentencePiece model of `size` pieces; `path` only names the file in errors.
    ///
    /// # Errors
    /// `Garbled` where it is none, has another number of pieces, or another end or unknown piece than Marian's.
    pub fn parse(path: &Path, bytes: &[u8], size: usize) -> Result<Self, MarianError> {
        let garbled = |what: String| MarianError::garbled(path, what);
        let definition =
            Definition::from_sentencepiece_slice(bytes).map_err(|e| garbled(format!("no SentencePiece model: {e}")))?;
        let mut pieces = vec![None; size];
        let words = definition.model.vocab().iter().map(|token| (token.id, &token.bytes));
        let specials = definition.specials.iter().map(|token| (token.id, &token.bytes));
        // Kitoken keeps what has no number in the vocabulary under an invalid one.
        for (id, piece) in words.chain(specials).filter(|(id, _)| *id != Token::INVALID) {
            let slot = pieces.get_mut(id as usize);
            let slot = slot.ok_or_else(|| garbled(format!("it has a piece {id}, the model has {size} words")))?;
            *slot = Some(piece.to_vec());
        }
        let known = pieces.iter().flatten().count();
        let Some(pieces) = pieces.into_iter().collect::<Option<Vec<_>>>() else {
            return Err(garbled(format!("it has {known} pieces, the model has {size} words")));
        };
        let unknown = definition.specials.iter().find(|token| token.kind == SpecialTokenKind::Unknown);
        if pieces.first().is_none_or(|piece| piece != b"</s>") || unknown.is_none_or(|token| token.id != UNKNOWN) {
            return Err(garbled(format!(
                "Marian's vocabularies begin with the end ({END}) and the unknown ({UNKNOWN}) piece"
            )));
        }
        let tokenizer = Kitoken::from_definition(definition).map_err(|e| garbled(e.to_string()))?;
        Ok(Self { tokenizer, pieces })
    }

    /// The pieces of a text, without an end.
    ///
    /// # Errors
    /// What `kitoken` finds.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        let text = text.replace('\t', " ");
        self.tokenizer.encode(text.trim(), false).map_err(|e| e.to_string())
    }

    /// The text of pieces.
    ///
    /// # Errors
    /// What `kitoken` finds.
    pub fn decode(&self, pieces: &[u32]) -> Result<String, String> {
        let bytes = self.tokenizer.decode(pieces, true).map_err(|e| e.to_string())?;
        Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
    }

    fn bytes(&self, piece: u32) -> &[u8] {
        self.pieces.get(piece as usize).map_or(&[], Vec::as_slice)
    }
}

impl Marks for Vocabulary {
    fn begins_word(&self, piece: u32) -> bool {
        self.bytes(piece).starts_with("▁".as_bytes()) || self.bytes(piece).starts_with(b" ")
    }

    fn ends_clause(&self, piece: u32) -> bool {
        [",", ";", ":", ".", "!", "?", "…", "。", "、"].iter().any(|mark| self.bytes(piece).ends_with(mark.as_bytes()))
    }
}
