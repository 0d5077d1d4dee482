//! Long sentences: a network was trained on so many words, so a longer sentence is translated in shorter pieces.
//!
//! Invariant: the pieces one after the other are the sentence; nothing is lost.

/// How long a sentence may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// A sentence of so many words stays whole.
    pub whole: usize,
    /// Words of a piece of a longer sentence, at least 2 and at most `whole`.
    pub piece: usize,
}

impl Room {
    /// Marian's `max-length-break` of 128, less the end; and shorter pieces than that: the student leaves clauses out
    /// of long, monotonous ones. Measured on a sentence of 5,000 words whose clauses are counted: of 1,000 clauses 209
    /// went missing at 127, 3 at 48.
    pub const STUDENT: Self = Self { whole: 127, piece: 48 };
}

/// What cutting asks of a vocabulary.
pub trait Marks {
    /// Whether a new word begins with this piece.
    fn begins_word(&self, piece: u32) -> bool;
    /// Whether a clause ends with this piece.
    fn ends_clause(&self, piece: u32) -> bool;
}

/// Cuts a sentence's words into pieces: after the last clause of a piece's second half, else before its last beginning
/// of a word, else where the piece is full.
pub fn pieces<'a>(marks: &impl Marks, mut words: &'a [u32], room: Room) -> Vec<&'a [u32]> {
    let mut pieces = Vec::new();
    while !words.is_empty() {
        let cut = if words.len() <= room.whole { words.len() } else { cut(marks, words, room.piece) };
        let (piece, rest) = words.split_at(cut);
        pieces.push(piece);
        words = rest;
    }
    pieces
}

/// Where the first piece of a sentence that is too long ends; at least half full.
fn cut(marks: &impl Marks, words: &[u32], piece: usize) -> usize {
    let places = (piece / 2..=piece).rev();
    let begins = |at: &usize| marks.begins_word(words[*at]);
    let after_clause = |at: &usize| begins(at) && marks.ends_clause(words[*at - 1]);
    places.clone().find(after_clause).or_else(|| places.clone().find(begins)).unwrap_or(piece)
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
        let first = |words: &[u32]| pieces(&Even, words, Room::STUDENT)[0].len();
        let Room { whole, piece } = Room::STUDENT;
        let mut words = vec![2; 200];
        assert_eq!(first(&words), piece);
        words[40] = 5;
        assert_eq!(first(&words), 41);
        words[41] = 3;
        assert_eq!(first(&words), piece);
        assert_eq!(first(&vec![3; whole + 1]), piece);
        assert_eq!(first(&vec![2; whole]), whole);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(words in prop::collection::vec(1_u32..30, 0..700)) {
            let pieces = pieces(&Even, &words, Room::STUDENT);
            prop_assert!(pieces.iter().all(|piece| !piece.is_empty() && piece.len() <= Room::STUDENT.whole));
            prop_assert_eq!(pieces.concat(), words);
        }
    }
}
