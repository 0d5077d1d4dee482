//! How far two stretches lie apart by their sound.
//!
//! Sounds come as IPA from whoever phonemizes; stress, length, tone and what joins letters are dropped, and Kokoro's
//! single letters for diphthongs and affricates are taken apart, so that one measure serves every notation. Without a
//! phonemizer the letters themselves are folded to what they usually stand for. Two sounds of one class (both vowels,
//! `b` and `p`) lie half a step apart. Invariant: the distance is symmetric and never more than the longer side's length.

use std::cell::RefCell;
use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text::vietnamese::plain_letters;

/// Sounds of one class are easily heard for one another.
const CLASSES: [&str; 13] = [
    "pb",
    "tdʈɖ",
    "kgɡɣxcɟq",
    "fvʋβɸ",
    "szθðʂʐ",
    "ʃʒɕʑʂʐs",
    "mnŋɲɱɴ",
    "lɫɭɬʎ",
    "rɹɾʁɽʀlɻ",
    "wʋvuʊɥ",
    "jiɪʝʎ",
    "hxɦçχ",
    "tθ",
];
/// Sounds that are often swallowed, or heard where none is.
const FAINT: &str = "əɐʔhɦjwɪʊᵻɾɹʁ";
const VOWELS: &str = "aeiouyæøœɑɒɐəɘɛɜɞɤɨɪɯɔɵʊʉʌʏᵻᵿɶ";

/// Kokoro's letters, and the usual ones.
const APART: [(char, &str); 16] = [
    ('A', "eɪ"),
    ('I', "aɪ"),
    ('W', "aʊ"),
    ('O', "oʊ"),
    ('Y', "ɔɪ"),
    ('Q', "əʊ"),
    ('S', "s"),
    ('T', "t"),
    ('ʤ', "dʒ"),
    ('ʧ', "tʃ"),
    ('ʦ', "ts"),
    ('ʣ', "dz"),
    ('ʨ', "tɕ"),
    ('ʥ', "dʑ"),
    ('ᵊ', "ə"),
    ('ɚ', "əɹ"),
];

/// Hears how words sound, and remembers.
pub struct Ear<'a> {
    sounds: Option<super::Sounds<'a>>,
    known: RefCell<HashMap<String, Vec<char>>>,
}

impl<'a> Ear<'a> {
    pub fn new(sounds: Option<super::Sounds<'a>>) -> Self {
        Self { sounds, known: RefCell::default() }
    }

    /// The sounds of some words, in order.
    pub fn sound(&self, words: &str) -> Vec<char> {
        if let Some(known) = self.known.borrow().get(words) {
            return known.clone();
        }
        // A phonemizer says the name of a letter that stands alone: `à` would be six sounds in Portuguese.
        let is_word =
            words.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some() || words.chars().any(is_han_or_kana);
        let said = self.sounds.filter(|_| is_word).and_then(|sounds| sounds(words));
        let sound = said.map(|ipa| phones(&ipa)).filter(|sound| !sound.is_empty()).unwrap_or_else(|| letters(words));
        self.known.borrow_mut().insert(words.to_owned(), sound.clone());
        sound
    }
}

fn is_han_or_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

fn phones(ipa: &str) -> Vec<char> {
    let mut phones = Vec::new();
    for c in ipa.nfd() {
        match APART.iter().find(|(sign, _)| *sign == c) {
            Some((_, parts)) => phones.extend(parts.chars()),
            None if c.is_alphabetic() && !is_modifier(c) && !is_combining_mark(c) => phones.push(c),
            None => {}
        }
    }
    phones
}

/// Signs of length, palatalisation and the like, which Unicode counts as letters.
fn is_modifier(c: char) -> bool {
    matches!(c, '\u{2b0}'..='\u{2ff}')
}

/// Letters as the sounds they usually stand for.
pub fn letters(words: &str) -> Vec<char> {
    const SIGNS: [(&str, &str); 14] = [
        ("ph", "f"),
        ("gh", "g"),
        ("kh", "k"),
        ("th", "t"),
        ("nh", "n"),
        ("ch", "tʃ"),
        ("sh", "ʃ"),
        ("ng", "ŋ"),
        ("qu", "kw"),
        ("ck", "k"),
        ("q", "k"),
        ("c", "k"),
        ("x", "s"),
        ("y", "i"),
    ];
    let plain: String = plain_letters(&words.to_lowercase()).chars().filter(|c| c.is_alphanumeric()).collect();
    let folded = SIGNS.iter().fold(plain, |text, (sign, sound)| text.replace(sign, sound));
    let mut sounds: Vec<char> = folded.chars().collect();
    sounds.dedup();
    sounds
}

/// Steps from one sound to the other: 1 for another sound, less for one of its class or a faint one.
pub fn distance(one: &[char], other: &[char]) -> f32 {
    let mut costs: Vec<f32> = std::iter::once(0.0)
        .chain(other.iter().scan(0.0, |sum, c| {
            *sum += alone(*c);
            Some(*sum)
        }))
        .collect();
    for left in one {
        let mut diagonal = costs[0];
        costs[0] += alone(*left);
        for (column, right) in other.iter().enumerate() {
            let both = diagonal + pair(*left, *right);
            diagonal = costs[column + 1];
            costs[column + 1] = both.min(diagonal + alone(*left)).min(costs[column] + alone(*right));
        }
    }
    costs[other.len()]
}

/// The distance over the length of the longer side: 0 the same, 1 nothing in common.
pub fn ratio(one: &[char], other: &[char]) -> f32 {
    distance(one, other) / one.len().max(other.len()).max(1) as f32
}

fn alone(c: char) -> f32 {
    if FAINT.contains(c) { 0.5 } else { 1.0 }
}

fn pair(one: char, other: char) -> f32 {
    if one == other {
        return 0.0;
    }
    let both = |class: &str| class.contains(one) && class.contains(other);
    match both(VOWELS) || CLASSES.iter().any(|class| both(class)) {
        true => 0.5,
        false => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations_of_one_sound_are_one() {
        assert_eq!(phones("tˈaʊɚ"), phones("tWəɹ"));
        assert_eq!(phones("ʧˈɑːm"), phones("t^ʃɑm"));
        assert_eq!(ratio(&phones("ni↗hao↓"), &phones("ni2hao3")), 0.0);
    }

    #[test]
    fn letters_stand_in_for_sounds() {
        let ratio = |one: &str, other: &str| ratio(&letters(one), &letters(other));
        assert_eq!(ratio("Tây Sơn", "tay son"), 0.0);
        assert!(ratio("Tây Sơn", "Thai Sun") < 0.3, "{}", ratio("Tây Sơn", "Thai Sun"));
        assert!(ratio("Tháp Đôi", "Bánh Ít") > 0.6, "{}", ratio("Tháp Đôi", "Bánh Ít"));
    }

    #[test]
    fn an_ear_asks_once() {
        let asked = std::cell::Cell::new(0);
        let sounds = |words: &str| {
            asked.set(asked.get() + 1);
            (words == "sun").then(|| "sˈʌn".to_owned())
        };
        let ear = Ear::new(Some(&sounds));
        assert_eq!((ear.sound("sun"), ear.sound("sun")), (vec!['s', 'ʌ', 'n'], vec!['s', 'ʌ', 'n']));
        assert_eq!(ear.sound("quy"), ['k', 'w', 'i'], "what cannot be phonemized falls back to its letters");
        assert_eq!(asked.get(), 2);
    }

    proptest! {
        #[test]
        fn a_distance_is_one(one in "[abptəzh]{0,8}", other in "[abptəzh]{0,8}") {
            let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
            let (there, back) = (distance(&one, &other), distance(&other, &one));
            prop_assert!((there - back).abs() < 1e-4);
            prop_assert!(there <= one.len().max(other.len()) as f32 + 1e-4);
            prop_assert_eq!(there == 0.0, one == other);
        }
    }
}
