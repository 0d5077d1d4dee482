//! How much alike two sentences are, as translation memories count it: edit distance over words.
//!
//! A token is a run of letters and digits, in small letters; a Han character or kana is a token by itself, since
//! Chinese and Japanese put no spaces between words. The score is the share of tokens that need no edit (Levenshtein's
//! distance against the longer sentence, in percent, rounded down). 100 is kept for sentences that are the same
//! character for character; those that differ only in case, spaces or punctuation score 99.
//!
//! Invariant: [`Needed`] never rules out a pair that [`score`] would let through, so an index may look by it.

use unicode_normalization::char::is_combining_mark;

/// What identical sentences score.
pub const EXACT: u8 = 100;

/// Characters that are words by themselves: Han (with 々 and 〇), hiragana, katakana.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The tokens of a sentence in Unicode NFC, in order.
#[must_use]
pub fn tokens(sentence: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    for c in sentence.chars() {
        let alone = stands_alone(c);
        if !alone && (c.is_alphanumeric() || is_combining_mark(c)) {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        if alone {
            found.push(c.to_string());
        }
    }
    if !word.is_empty() {
        found.push(word);
    }
    found
}

/// The score of two sentences, 0 to 100. `tokens_a` and `tokens_b` are theirs.
#[must_use]
pub fn score(a: &str, tokens_a: &[String], b: &str, tokens_b: &[String]) -> u8 {
    if a == b {
        return EXACT;
    }
    let longest = tokens_a.len().max(tokens_b.len());
    if longest == 0 {
        return 0;
    }
    let same = longest - distance(tokens_a, tokens_b);
    u8::try_from(same * 100 / longest).unwrap_or(EXACT).min(EXACT - 1)
}

/// Levenshtein's distance, one row at a time.
fn distance(a: &[String], b: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, token) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(token != other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// What a sentence must have at least in common with one of `tokens` tokens to reach a score. An edit distance is never
/// smaller than the longer sentence less the tokens both hold, counted as often as both hold them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
    pub shortest: usize,
    pub longest: usize,
    /// Of any so many tokens of the one sentence the other holds one.
    pub look_for: usize,
}

impl Needed {
    /// For `at_least` percent, 1 to 100.
    #[must_use]
    pub fn of(tokens: usize, at_least: u8) -> Self {
        let percent = usize::from(at_least.clamp(1, EXACT));
        // 99 is also what is the same but for case and punctuation, so for 100 nothing differs either.
        let shared = (tokens * percent).div_ceil(100);
        Self { shortest: shared, longest: tokens * 100 / percent, look_for: tokens - shared + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(a: &str, b: &str) -> u8 {
        score(a, &tokens(a), b, &tokens(b))
    }

    #[test]
    fn words_are_counted_and_han_characters_one_by_one() {
        assert_eq!(tokens("Tháp Đôi, thế kỷ XII."), ["tháp", "đôi", "thế", "kỷ", "xii"]);
        assert_eq!(tokens("塔高20米。"), ["塔", "高", "20", "米"]);
        assert_eq!(tokens("二十メートル"), ["二", "十", "メ", "ー", "ト", "ル"]);
        assert_eq!(tokens("두 탑은 벽돌"), ["두", "탑은", "벽돌"]);
        assert!(tokens(" …!").is_empty());
    }

    #[test]
    fn scores_are_those_of_a_translation_memory() {
        assert_eq!(of("Hai tháp xây bằng gạch.", "Hai tháp xây bằng gạch."), 100);
        assert_eq!(of("Hai tháp xây bằng gạch.", "hai tháp xây bằng gạch"), 99, "case and punctuation");
        assert_eq!(of("Hai tháp xây bằng gạch.", "Ba tháp xây bằng gạch."), 80, "one word of five");
        assert_eq!(of("Hai tháp xây bằng gạch.", "Hai tháp xây bằng gạch nung đỏ."), 71, "two more words");
        assert_eq!(of("Hai tháp", "Hải táp"), 0, "tone marks make other words");
        assert_eq!(of("这座塔高二十米", "这座塔高三十米"), 85, "one character of seven");
        assert_eq!(of("gạch nung đỏ", "đỏ nung gạch"), 33, "order counts");
        assert_eq!(of("!", "?"), 0);
    }

    proptest! {
        #[test]
        fn what_reaches_a_score_has_what_is_needed(
            a in prop::collection::vec("[a-e]", 1..12), b in prop::collection::vec("[a-e]", 1..12), at_least in 1_u8..=100,
        ) {
            let reached = score("a", &a, "b", &b);
            prop_assert_eq!(reached, score("b", &b, "a", &a));
            if reached >= at_least {
                let needed = Needed::of(a.len(), at_least);
                prop_assert!((needed.shortest..=needed.longest).contains(&b.len()), "{:?}", needed);
                let mut rest = b.clone();
                let missed = a.iter().filter(|token| {
                    let at = rest.iter().position(|other| other == *token);
                    at.map(|at| rest.swap_remove(at)).is_none()
                });
                prop_assert!(missed.count() < needed.look_for);
            }
        }
    }
}
