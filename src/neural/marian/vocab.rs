//! A SentencePiece vocabulary: the one that source and target share, or that of one of them.
//!
//! Pieces are found by `kitoken`, measured equal to SentencePiece on every line of eight languages and on every
//! character up to U+1FFFF, but for tabs (made spaces here, as `nmt_nfkc` does) and characters that Unicode gained since.

use std::collections::HashMap;
use std::path::Path;

use kitoken::{Definition, Kitoken, SpecialTokenKind, Token};

use prost::Message;

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
    /// Pieces that stand for a byte which another piece is the letter of, and that other piece: `kitoken` knows one only.
    doubles: HashMap<u32, u32>,
    /// Pieces that stand for a byte of a longer letter.
    bytes: HashMap<u32, u8>,
}

/// What is read of a SentencePiece model besides what `kitoken` does (`sentencepiece_model.proto`).
#[derive(Clone, PartialEq, Message)]
struct Model {
    #[prost(message, repeated, tag = "1")]
    pieces: Vec<Piece>,
}

#[derive(Clone, PartialEq, Message)]
struct Piece {
    #[prost(string, optional, tag = "1")]
    text: Option<String>,
    #[prost(int32, optional, tag = "3")]
    kind: Option<i32>,
}

/// The kind of pieces `<0x00>` to `<0xFF>`, which spell a letter that was never seen.
const BYTE: i32 = 6;

impl Piece {
    fn byte(&self) -> Option<u8> {
        let text = self.text.as_deref().filter(|_| self.kind == Some(BYTE))?;
        u8::from_str_radix(text.strip_prefix("<0x")?.strip_suffix('>')?, 16).ok()
    }
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
        let model = Model::decode(bytes).unwrap_or_default();
        let doubles = add_doubles(&model, &mut pieces);
        let spelled = model.pieces.iter().zip(0..).filter_map(|(piece, id)| Some((id, piece.byte()?)));
        let spelled = spelled.filter(|(_, byte)| !byte.is_ascii()).collect();
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
        Ok(Self { tokenizer, pieces, doubles, bytes: spelled })
    }

    /// The pieces of a text, without an end.
    ///
    /// # Errors
    /// What `kitoken` finds.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        let text = text.replace('\t', " ");
        let mut pieces = self.tokenizer.encode(text.trim(), false).map_err(|e| e.to_string())?;
        self.order_bytes(&mut pieces);
        Ok(pieces)
    }

    /// `kitoken` 0.11 spells a letter it has no piece for from its last byte to its first; SentencePiece the other way.
    /// A letter's first byte tells where it ends, or that it stands in order already.
    fn order_bytes(&self, pieces: &mut [u32]) {
        let byte = |piece: &u32| self.bytes.get(piece).copied();
        let continues = |byte: u8| byte & 0xC0 == 0x80;
        let mut at = 0;
        while at < pieces.len() && !self.bytes.is_empty() {
            let tail = pieces[at..].iter().take_while(|piece| byte(piece).is_some_and(continues)).count();
            let first = pieces.get(at + tail).and_then(byte).is_some_and(|byte| !continues(byte));
            if tail > 0 && first {
                pieces[at..=at + tail].reverse();
                at += tail;
            } else if first {
                at += pieces[at + 1..].iter().take_while(|piece| byte(piece).is_some_and(continues)).count();
            }
            at += 1;
        }
    }

    /// The text of pieces.
    ///
    /// # Errors
    /// What `kitoken` finds.
    pub fn decode(&self, pieces: &[u32]) -> Result<String, String> {
        let pieces: Vec<u32> = pieces.iter().map(|piece| *self.doubles.get(piece).unwrap_or(piece)).collect();
        let bytes = self.tokenizer.decode(&pieces, true).map_err(|e| e.to_string())?;
        Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
    }

    fn bytes(&self, piece: u32) -> &[u8] {
        self.pieces.get(piece as usize).map_or(&[], Vec::as_slice)
    }
}

/// Fills the places of byte pieces that are letters of their own too, and tells which letters.
fn add_doubles(model: &Model, pieces: &mut [Option<Vec<u8>>]) -> HashMap<u32, u32> {
    let letters: HashMap<u8, u32> = pieces
        .iter()
        .enumerate()
        .filter_map(|(id, piece)| Some((*piece.as_ref().filter(|piece| piece.len() == 1)?.first()?, id as u32)))
        .collect();
    let mut doubles = HashMap::new();
    for (id, (place, piece)) in
        pieces.iter_mut().zip(&model.pieces).enumerate().filter(|(_, (place, _))| place.is_none())
    {
        let Some((byte, letter)) = piece.byte().and_then(|byte| Some((byte, *letters.get(&byte)?))) else { continue };
        *place = Some(vec![byte]);
        doubles.insert(id as u32, letter);
    }
    doubles
}

impl Marks for Vocabulary {
    fn begins_word(&self, piece: u32) -> bool {
        self.bytes(piece).starts_with("▁".as_bytes()) || self.bytes(piece).starts_with(b" ")
    }

    fn ends_clause(&self, piece: u32) -> bool {
        [",", ";", ":", ".", "!", "?", "…", "。", "、"].iter().any(|mark| self.bytes(piece).ends_with(mark.as_bytes()))
    }
}
