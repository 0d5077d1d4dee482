//! What was heard beside what was meant, word by word, for a person to see where they differ.
//!
//! Invariant: every word of both sides stands in exactly one piece, in its order.

use super::LONGEST;
use super::align::{Step, align};
use super::units::{Unit, quote, units};
use crate::domain::Language;

/// A stretch in which both sides agree, or one in which they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it was heard.
    Same(String),
    /// Meant, and not heard.
    Missing(String),
    /// Heard, and not meant.
    Added(String),
    Changed {
        meant: String,
        heard: String,
    },
}

/// Both sides laid side by side: numbers in words, without punctuation, spellings that are as good taken as the same.
/// Very long ones are compared as far as [`LONGEST`].
#[must_use]
pub fn compared(spoken: &str, heard: &str, language: Language) -> Vec<Piece> {
    let (mut meant, mut heard) = (units(spoken, language), units(heard, language));
    meant.truncate(LONGEST);
    heard.truncate(LONGEST);
    let steps = align(&meant, &heard);
    steps.chunk_by(|a, b| a.same == b.same).map(|run| piece(run, (&meant, &heard), language)).collect()
}

fn piece(run: &[Step], (meant, heard): (&[Unit], &[Unit]), language: Language) -> Piece {
    let words = |side: &[Unit], place: fn(&Step) -> Option<usize>| {
        let units: Vec<Unit> = run.iter().filter_map(place).filter_map(|at| side.get(at).cloned()).collect();
        quote(&units, language)
    };
    let (meant, heard) = (words(meant, |step| step.meant), words(heard, |step| step.heard));
    match (run.first().is_some_and(|step| step.same), meant.is_empty(), heard.is_empty()) {
        (true, ..) => Piece::Same(heard),
        (false, _, true) => Piece::Missing(meant),
        (false, true, _) => Piece::Added(heard),
        (false, ..) => Piece::Changed { meant, heard },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn differences_stand_where_they_are() {
        let pieces = compared("Tháp có hai tầng bằng gạch nung.", "tháp có 3 tầng gạch nung đỏ", Language::VI);
        let expected = [
            Piece::Same("tháp có".into()),
            Piece::Changed { meant: "hai".into(), heard: "ba".into() },
            Piece::Same("tầng".into()),
            Piece::Missing("bằng".into()),
            Piece::Same("gạch nung".into()),
            Piece::Added("đỏ".into()),
        ];
        assert_eq!(pieces, expected);
        assert_eq!(compared("", "", Language::VI), []);
        let chinese = compared("双塔很高", "双塔高", Language::ZH);
        assert_eq!(chinese[1], Piece::Missing("很".into()));
    }

    proptest! {
        #[test]
        fn no_word_is_lost(spoken in "[a-d]{1,2}( [a-d]{1,2}){0,8}", heard in "[a-d]{1,2}( [a-d]{1,2}){0,8}") {
            let (mut left, mut right) = (Vec::new(), Vec::new());
            for piece in compared(&spoken, &heard, Language::EN) {
                match piece {
                    Piece::Same(words) => { left.push(words.clone()); right.push(words); }
                    Piece::Missing(words) => left.push(words),
                    Piece::Added(words) => right.push(words),
                    Piece::Changed { meant, heard } => { left.push(meant); right.push(heard); }
                }
            }
            prop_assert_eq!((left.join(" "), right.join(" ")), (spoken, heard));
        }
    }
}
