//! SentencePiece models: text into pieces and back.
//!
//! Pieces are found by `kitoken`, measured equal to SentencePiece on every line of eight languages and on every
//! character up to U+1FFFF, but for tabs (made spaces here, as `nmt_nfkc` does), the joiner U+200D (a space there, kept
//! by `nmt_nfkc`) and characters that Unicode gained since. Where a unigram model spells a character in bytes `kitoken`
//! 0.11 gives them backwards; here they are turned round.

use kitoken::{Definition, Kitoken};
use prost::Message;

use super::wrap::Marks;

/// `ModelProto` of `sentencepiece_model.proto`, as far as its pieces go.
#[derive(Clone, PartialEq, Message)]
struct ModelProto {
    #[prost(message, repeated, tag = "1")]
    pieces: Vec<PieceProto>,
}

#[derive(Clone, PartialEq, Message)]
struct PieceProto {
    #[prost(string, optional, tag = "1")]
    piece: Option<String>,
    #[prost(int32, optional, tag = "3")]
    kind: Option<i32>,
}

/// What a piece is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A run of letters.
    Normal,
    /// Stands for what the model lacks.
    Unknown,
    /// Begins, ends or fills; no text.
    Control,
    /// Found before all others; a language's mark.
    UserDefined,
    Unused,
    /// One byte of a character that the model lacks.
    Byte,
}

/// A piece: its kind, and what it is written as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub kind: PieceKind,
    pub text: String,
}

/// A loaded model.
pub struct SentencePieces {
    tokenizer: Kitoken,
    pieces: Vec<Piece>,
}

impl SentencePieces {
    /// Reads a `.spm` or `.model` file's bytes.
    ///
    /// # Errors
    /// Says why it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let proto = ModelProto::decode(bytes).map_err(|e| format!("no SentencePiece model: {e}"))?;
        if proto.pieces.is_empty() {
            return Err("it holds no pieces".into());
        }
        let definition =
            Definition::from_sentencepiece_slice(bytes).map_err(|e| format!("no SentencePiece model: {e}"))?;
        let tokenizer = Kitoken::from_definition(definition).map_err(|e| e.to_string())?;
        let piece = |proto: PieceProto| {
            let kind = match proto.kind.unwrap_or(1) {
                1 => PieceKind::Normal,
                2 => PieceKind::Unknown,
                3 => PieceKind::Control,
                4 => PieceKind::UserDefined,
                5 => PieceKind::Unused,
                6 => PieceKind::Byte,
                other => return Err(format!("a piece of kind {other}")),
            };
            Ok(Piece { kind, text: proto.piece.unwrap_or_default() })
        };
        let pieces = proto.pieces.into_iter().map(piece).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { tokenizer, pieces })
    }

    /// Every piece, by number.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The number of the piece that stands for what the model lacks.
    #[must_use]
    pub fn unknown(&self) -> Option<u32> {
        self.pieces.iter().position(|piece| piece.kind == PieceKind::Unknown).map(|at| at as u32)
    }

    /// The pieces of a text, without beginning or end.
    ///
    /// # Errors
    /// What `kitoken` finds.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        let text = text.replace('\t', " ");
        let mut ids = self.tokenizer.encode(text.trim(), false).map_err(|e| e.to_string())?;
        self.order_bytes(&mut ids);
        Ok(ids)
    }

    fn byte(&self, id: u32) -> Option<u8> {
        self.pieces.get(id as usize).filter(|piece| piece.kind == PieceKind::Byte).and_then(|piece| byte(&piece.text))
    }

    /// Turns round the bytes of each character of a run that is no UTF-8 as it stands.
    fn order_bytes(&self, ids: &mut [u32]) {
        for run in ids.chunk_by_mut(|a, b| self.byte(*a).is_some() == self.byte(*b).is_some()) {
            let bytes: Vec<u8> = run.iter().map_while(|id| self.byte(*id)).collect();
            if std::str::from_utf8(&bytes).is_ok() {
                continue;
            }
            let mut first = 0;
            for at in 0..bytes.len() {
                // A byte that continues no character began it, and so stands last in a run that is backwards.
                if bytes[at] & 0xC0 != 0x80 {
                    run[first..=at].reverse();
                    first = at + 1;
                }
            }
        }
    }
}

/// The text of pieces: bytes put together, `▁` as spaces, what is no text left out, a user's marks among it.
#[must_use]
pub fn join<'a>(pieces: impl Iterator<Item = &'a Piece>) -> String {
    join_as(pieces, &[PieceKind::Normal])
}

/// The same with a user's marks as text, as SentencePiece itself puts pieces together.
#[must_use]
pub fn join_with_marks<'a>(pieces: impl Iterator<Item = &'a Piece>) -> String {
    join_as(pieces, &[PieceKind::Normal, PieceKind::UserDefined])
}

fn join_as<'a>(pieces: impl Iterator<Item = &'a Piece>, text: &[PieceKind]) -> String {
    let mut bytes = Vec::new();
    for piece in pieces {
        if text.contains(&piece.kind) {
            bytes.extend_from_slice(piece.text.replace('▁', " ").as_bytes());
        } else if piece.kind == PieceKind::Byte {
            bytes.extend(byte(&piece.text));
        }
    }
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

/// The byte that `<0xE1>` stands for.
fn byte(text: &str) -> Option<u8> {
    u8::from_str_radix(text.strip_prefix("<0x")?.strip_suffix('>')?, 16).ok()
}

/// Where sentences of these pieces may be cut.
pub trait Pieces {
    /// A piece as it is written, empty for none.
    fn text(&self, piece: u32) -> &str;
}

impl<P: Pieces> Marks for P {
    fn begins_word(&self, piece: u32) -> bool {
        self.text(piece).starts_with(['▁', ' '])
    }

    fn ends_clause(&self, piece: u32) -> bool {
        self.text(piece).ends_with([',', ';', ':', '.', '!', '?', '…', '，', '。', '；', '！', '？', '、'])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn piece(kind: PieceKind, text: &str) -> Piece {
        Piece { kind, text: text.into() }
    }

    #[test]
    fn bytes_are_put_together_and_marks_left_out() {
        let pieces = [
            piece(PieceKind::UserDefined, "<2vi>"),
            piece(PieceKind::Normal, "▁Tháp"),
            piece(PieceKind::Normal, "▁"),
            piece(PieceKind::Byte, "<0xF0>"),
            piece(PieceKind::Byte, "<0x9F>"),
            piece(PieceKind::Byte, "<0x8F>"),
            piece(PieceKind::Byte, "<0xAF>"),
            piece(PieceKind::Unknown, "<unk>"),
            piece(PieceKind::Control, "</s>"),
        ];
        assert_eq!(join(pieces.iter()), "Tháp 🏯");
        assert_eq!(join_with_marks(pieces.iter()), "<2vi> Tháp 🏯");
        assert_eq!(byte("<0x0A>"), Some(10));
        assert_eq!(byte("<0xZZ>"), None);
    }

    proptest! {
        #[test]
        fn what_is_no_model_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            // Random bytes may by chance be a model of odd pieces; they must never be a panic.
            if let Ok(model) = SentencePieces::parse(&bytes) {
                prop_assert!(!model.pieces().is_empty());
            }
        }
    }
}
