//! Words with times from Whisper's tokens, which are pieces of bytes.
//!
//! A token may end inside a character (often in Japanese, Chinese and Vietnamese), so bytes are gathered until they are
//! whole characters. Invariant: joined, the words are the text; no bytes are lost.

use crate::domain::{Milliseconds, Script};
use crate::ports::HeardWord;

/// A token of text, as Whisper gave it.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    pub bytes: &'a [u8],
    pub start: Milliseconds,
    pub end: Milliseconds,
    /// 0 to 1.
    pub probability: f32,
}

/// Some whole tokens whose bytes are whole characters.
struct Piece {
    text: String,
    start: Milliseconds,
    end: Milliseconds,
    probabilities: Vec<f32>,
}

/// The text of a segment (with the space it begins with) and its words. A word is what stands between spaces; in a
/// script without spaces, what one token or the tokens of one character say. A word is as probable as its tokens on
/// average.
pub fn assemble(tokens: &[Token<'_>], script: Script) -> (String, Vec<HeardWord>) {
    let mut words: Vec<Piece> = Vec::new();
    for piece in pieces(tokens) {
        let has_letters = piece.text.chars().any(char::is_alphanumeric);
        let begins = match script {
            Script::Alphabetic => piece.text.starts_with(char::is_whitespace),
            Script::Ideographic => has_letters,
        };
        match words.last_mut().filter(|_| !begins) {
            Some(word) => word.take(piece),
            None => words.push(piece),
        }
    }
    let text = words.iter().map(|word| word.text.as_str()).collect();
    (text, words.into_iter().filter_map(Piece::word).collect())
}

fn pieces(tokens: &[Token<'_>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut open: Option<(Vec<u8>, Piece)> = None;
    for token in tokens {
        let (bytes, piece) = open.get_or_insert_with(|| {
            let piece = Piece { text: String::new(), start: token.start, end: token.end, probabilities: Vec::new() };
            (Vec::new(), piece)
        });
        bytes.extend_from_slice(token.bytes);
        piece.end = token.end.max(piece.start);
        piece.probabilities.push(token.probability);
        if !ends_inside_a_character(bytes) {
            pieces.extend(open.take().map(close));
        }
    }
    pieces.extend(open.map(close));
    pieces
}

/// Bytes that can never become characters are shown as U+FFFD.
fn close((bytes, piece): (Vec<u8>, Piece)) -> Piece {
    Piece { text: String::from_utf8_lossy(&bytes).into_owned(), ..piece }
}

fn ends_inside_a_character(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().last().is_some_and(|chunk| {
        let rest = chunk.invalid();
        !rest.is_empty() && std::str::from_utf8(rest).is_err_and(|error| error.error_len().is_none())
    })
}

impl Piece {
    fn take(&mut self, other: Self) {
        self.text.push_str(&other.text);
        self.end = other.end.max(self.end);
        self.probabilities.extend(other.probabilities);
    }

    fn word(self) -> Option<HeardWord> {
        let text = self.text.trim().to_owned();
        let count = self.probabilities.len().max(1) as f32;
        let probability = self.probabilities.iter().sum::<f32>() / count;
        (!text.is_empty()).then_some(HeardWord { text, start: self.start, end: self.end, probability })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens<'a>(parts: &[&'a [u8]]) -> Vec<Token<'a>> {
        let token = |(at, bytes): (usize, &&'a [u8])| Token {
            bytes,
            start: Milliseconds(at as u64 * 100),
            end: Milliseconds(at as u64 * 100 + 100),
            probability: if at % 2 == 0 { 1.0 } else { 0.5 },
        };
        parts.iter().enumerate().map(token).collect()
    }

    fn heard(parts: &[&[u8]], script: Script) -> (String, Vec<(String, u64, u64)>) {
        let (text, words) = assemble(&tokens(parts), script);
        (text, words.into_iter().map(|word| (word.text, word.start.0, word.end.0)).collect())
    }

    #[test]
    fn words_stand_between_spaces_and_take_their_punctuation() {
        let (text, words) =
            heard(&[b" Th", "á".as_bytes(), b"p", b",", b" \xc4", b"\x90\xc3", b"\xb4i"], Script::Alphabetic);
        assert_eq!(text, " Tháp, Đôi");
        assert_eq!(words, [("Tháp,".into(), 0, 400), ("Đôi".into(), 400, 700)]);
        let (_, words) = assemble(&tokens(&[b" a", b"b"]), Script::Alphabetic);
        assert_eq!(words[0].probability, 0.75);
    }

    #[test]
    fn a_character_of_many_tokens_is_one_word_without_spaces() {
        let (text, words) = heard(&[b"\xe5\xa1", b"\x94", "です".as_bytes(), "。".as_bytes()], Script::Ideographic);
        assert_eq!(text, "塔です。");
        assert_eq!(words, [("塔".into(), 0, 200), ("です。".into(), 200, 400)]);
    }

    #[test]
    fn bytes_that_are_no_characters_are_shown_as_such() {
        let (text, words) = heard(&[b" a\xff", b" b", b" \xe5\xa1"], Script::Alphabetic);
        assert_eq!(text, " a\u{fffd} b \u{fffd}");
        assert_eq!(words.len(), 3);
    }

    proptest! {
        #[test]
        fn however_a_text_is_cut_it_comes_back_whole(text in "[ a-zàếđ日本語。,]{0,40}", cuts in prop::collection::vec(1_usize..4, 0..60)) {
            let bytes = text.as_bytes();
            let mut parts: Vec<&[u8]> = Vec::new();
            let mut rest = bytes;
            for cut in cuts {
                let (part, after) = rest.split_at(cut.min(rest.len()));
                parts.push(part);
                rest = after;
            }
            parts.push(rest);
            for script in [Script::Alphabetic, Script::Ideographic] {
                let (whole, words) = assemble(&tokens(&parts), script);
                prop_assert_eq!(&whole, &text);
                let squeeze = |text: &str| text.split_whitespace().collect::<String>();
                let joined: String = words.iter().map(|word| squeeze(&word.text)).collect();
                prop_assert_eq!(joined, squeeze(&text));
                prop_assert!(words.windows(2).all(|pair| pair[0].start <= pair[1].start));
            }
        }
    }
}
