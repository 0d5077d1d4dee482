//! Utterances longer than the network takes at once, cut where a speaker would breathe.
//!
//! Invariant: the pieces, joined, are the utterance; none is empty or longer than asked for.

/// Cuts after sentence ends where it can, else after other punctuation, else after a space, else anywhere.
#[must_use]
pub fn split(phonemes: &str, most: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = phonemes;
    while let Some((limit, _)) = rest.char_indices().nth(most) {
        let at = cut(&rest[..limit]);
        pieces.push(&rest[..at]);
        rest = &rest[at..];
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// Where to cut a text that is as long as a piece may be: a later cut of a better kind wins, unless it leaves a piece
/// of less than a quarter.
fn cut(text: &str) -> usize {
    let after = |kind: &str| {
        text.rfind(|c| kind.contains(c)).map(|at| at + text[at..].chars().next().map_or(1, char::len_utf8))
    };
    [".!?…", ";:,—", " "].into_iter().filter_map(after).find(|at| at * 4 >= text.len()).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sentence_ends_come_first() {
        assert_eq!(split("aaaa. bb, cc dd", 12), ["aaaa.", " bb, cc dd"]);
        assert_eq!(split("aaaa bb, cc dd", 12), ["aaaa bb,", " cc dd"]);
        assert_eq!(split("aaaa bb cc dd", 8), ["aaaa bb ", "cc dd"]);
        assert_eq!(split("aˈaaəaaa", 3), ["aˈa", "aəa", "aa"]);
        assert_eq!(split("abc", 3), ["abc"]);
        assert_eq!(split("", 3), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "[aəˈ ,.—]{0,200}", most in 1..40_usize) {
            let pieces = split(&text, most);
            prop_assert_eq!(pieces.concat(), text.as_str());
            prop_assert!(pieces.iter().all(|piece| (1..=most).contains(&piece.chars().count())));
        }
    }
}
