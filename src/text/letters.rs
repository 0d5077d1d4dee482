//! Vietnamese letters that other languages' machines do not know, laid aside and put back.
//!
//! A translation student's vocabulary has no pieces for `ư` or `ạ` and breaks names that hold them ("Hưng Thạnh" comes
//! out as "H'ng Th'nh"). It copies "Hung Thanh" as any other name. So such words go in without their marks and come
//! back with them.
//!
//! Invariant: a word is put back only where it stands whole, and never where the source holds the plain word too; a
//! word that the machine did not copy stays as the machine wrote it.

use super::vietnamese::plain_letters;

/// A sentence whose Vietnamese words were laid aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainSentence {
    /// What the machine is given.
    pub text: String,
    /// Plain form and own spelling of each word.
    words: Vec<(String, String)>,
}

/// Letters of Vietnamese beyond Latin-1.
pub(super) fn is_foreign_to_others(c: char) -> bool {
    matches!(c, 'ă' | 'Ă' | 'đ' | 'Đ' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1ea0}'..='\u{1ef9}')
}

/// The sentence cut into words and what stands between them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let letter = rest.chars().next()?.is_alphanumeric();
        let end = rest.find(|c: char| c.is_alphanumeric() != letter).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

impl PlainSentence {
    /// Lays the Vietnamese words of a sentence (in Unicode NFC) aside.
    #[must_use]
    pub fn of(sentence: &str) -> Self {
        let mut words: Vec<(String, String)> = Vec::new();
        let mut text = String::with_capacity(sentence.len());
        for piece in pieces(sentence) {
            let plain = plain_letters(piece);
            let known = words.iter().find(|(other, _)| *other == plain);
            let clash = known.is_some_and(|(_, own)| own != piece) || pieces(sentence).any(|other| other == plain);
            if piece.chars().any(is_foreign_to_others) && plain.is_ascii() && !clash {
                text.push_str(&plain);
                if known.is_none() {
                    words.push((plain, piece.to_owned()));
                }
            } else {
                text.push_str(piece);
            }
        }
        Self { text, words }
    }

    /// The machine's sentence with the words in their own spelling.
    #[must_use]
    pub fn put_back(&self, translation: &str) -> String {
        let own = |piece| self.words.iter().find(|(plain, _)| plain == piece).map_or(piece, |(_, own)| own.as_str());
        pieces(translation).map(own).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_as_they_went_in() {
        let plain = PlainSentence::of("Old books name it Hưng Thạnh, and people say Tháp Đôi.");
        assert_eq!(plain.text, "Old books name it Hung Thanh, and people say Tháp Doi.");
        let back = plain.put_back("Livros antigos dão-lhe o nome Hung Thanh, e dizem Tháp Doi.");
        assert_eq!(back, "Livros antigos dão-lhe o nome Hưng Thạnh, e dizem Tháp Đôi.");
    }

    #[test]
    fn a_word_is_put_back_whole_or_not_at_all() {
        let plain = PlainSentence::of("Đôi");
        assert_eq!(plain.put_back("Doing Dois Doi"), "Doing Dois Đôi");
        let clash = PlainSentence::of("Hưng is not Hung.");
        assert_eq!(clash.text, "Hưng is not Hung.", "the plain word stands in the sentence itself");
        let twins = PlainSentence::of("Tự and Tứ");
        assert_eq!(
            twins.put_back("Tu and Tứ"),
            "Tự and Tứ",
            "of two words with one plain form only the first is laid aside"
        );
    }

    proptest::proptest! {
        #[test]
        fn what_is_copied_comes_back(text in "[a-zA-Zưạđơ ,.'’é0-9]{0,60}") {
            let plain = PlainSentence::of(&text);
            proptest::prop_assert_eq!(plain.put_back(&plain.text), text);
        }
    }
}
