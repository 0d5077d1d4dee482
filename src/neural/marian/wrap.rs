//! Long sentences: the network was trained on at most 128 words, so a longer sentence is translated in shorter pieces.
//!
//! Invariant: the pieces one after the other are the sentence; nothing is lost.

use super::vocab::END;

/// A sentence of so many words stays whole (Marian's `max-length-break` of 128, less the end).
const LONGEST: usize = 127;

/// Words of a piece of a longer sentence: the student leaves clauses out of long, monotonous pieces. Measured on a
/// sentence of 5,000 words whose clauses are counted: of 1,000 clauses 209 went missing at 127, 3 at 48.
const PIECE: usize = 48;

/// What cutting asks of a vocabulary.
pub trait Marks {
    /// Whether a new word begins with this piece.
    fn begins_word(&self, piece: u32) -> bool;
    /// Whether a clause ends with this piece.
    fn ends_clause(&self, piece: u32) -> bool;
}

/// Cuts a sentence's words into pieces, each closed by the end word: after the last clause of a piece's second half,
/// else before its last beginning of a word, else where the piece is full.
pub fn pieces(marks: &impl Marks, mut words: &[u32]) -> Vec<Vec<u32>> {
    let mut pieces = Vec::new();
    while !words.is_empty() {
        let cut = if words.len() <= LONGEST { words.len() } else { cut(marks, words) };
        let (piece, rest) = words.split_at(cut);
        pieces.push([piece, &[END]].concat());
        words = rest;
    }
    pieces
}

/// Where the first piece of a sentence longer than [`LONGEST`] ends; at least half full.
fn cut(marks: &impl Marks, words: &[u32]) -> usize {
    let places = (PIECE / 2..=PIECE).rev();
    let begins = |at: &usize| marks.begins_word(words[*at]);
    let after_clause = |at: &usize| begins(at) && marks.ends_clause(words[*at - 1]);
    places.clone().find(after_clause).or_else(|| places.clone().find(begins)).unwrap_or(PIECE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words begin with even numbers, clauses end with multiples of 5.
    struct Even;

    impl Marks for Even {
        fn begins_word(&self, piece: u32) -> bool {
            piece.is_multiple_of(2)
        }
        fn ends_clause(&self, piece: u32) -> bool {
            piece.is_multiple_of(5)
        }
    }

    #[test]
    fn cuts_fall_after_clauses_or_before_words() {
        let mut words = vec![2; 200];
        assert_eq!(pieces(&Even, &words)[0].len(), PIECE + 1);
        words[40] = 5;
        assert_eq!(pieces(&Even, &words)[0].len(), 41 + 1);
        words[41] = 3;
        assert_eq!(pieces(&Even, &words)[0].len(), PIECE + 1);
        assert_eq!(pieces(&Even, &[3; LONGEST + 1])[0].len(), PIECE + 1);
        assert_eq!(pieces(&Even, &[2; LONGEST]).len(), 1);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(words in prop::collection::vec(1_u32..30, 0..700)) {
            let pieces = pieces(&Even, &words);
            prop_assert!(pieces.iter().all(|piece| piece.len() <= LONGEST + 1 && piece.last() == Some(&END)));
            let joined: Vec<u32> = pieces.iter().flat_map(|piece| piece[..piece.len() - 1].to_vec()).collect();
            prop_assert_eq!(joined, words);
        }
    }
}
