//! Roman numerals in a sentence: centuries, rulers, parts. A word of such letters in no such place stays a word.

use super::numbers::Reader;
use super::tokens::{Token, is_marker};
use crate::domain::Language;
use crate::text::numerals::{self, Form, ordinal, roman_value};

/// Between two numerals that count the same thing.
const LINKS: [&str; 20] = [
    "và", "đến", "tới", "hay", "hoặc", "sang", "and", "to", "or", "et", "au", "ou", "y", "e", "a", "al", "o", "i",
    "the", "du",
];

/// No name of a ruler goes higher.
const HIGHEST_REIGN: u64 = 40;

impl Reader<'_> {
    /// A numeral at a word: always one token.
    pub(super) fn roman(&self, at: usize) -> Option<(usize, String)> {
        let word = self.tokens[at].word()?;
        if self.tokens.get(at + 1).is_some_and(|token| token.is_mark("'’")) {
            return None;
        }
        if let Some((n, feminine)) = self.french_ordinal(word) {
            return Some((1, ordinal(n, feminine, self.language)?));
        }
        let n = roman_value(word)?;
        if self.beside_century(at) {
            return Some((1, self.century(n)));
        }
        let single = word.len() == 1;
        if single && !"IVX".contains(word) {
            return None;
        }
        let before = self.word_before(at).unwrap_or_default();
        if self.words.counted.contains(&before) {
            return Some((
                1,
                if before == "thứ" { numerals::vietnamese_after_thu(n) } else { self.cardinal(n, Form::PLAIN) },
            ));
        }
        let named =
            before.chars().next().is_some_and(|c| c.is_uppercase() || is_marker(c)) && roman_value(before).is_none();
        let opener = at <= 2 && before.chars().count() <= 3 && !before.starts_with(is_marker);
        if named && !opener && n <= HIGHEST_REIGN && !(word == "I" && self.is_pronoun(at)) {
            return Some((1, self.reign(n)));
        }
        let alone = word.len() > 1 && word.chars().all(|c| "IVX".contains(c));
        alone.then(|| (1, self.cardinal(n, Form::PLAIN)))
    }

    /// The dash between two numerals: `XII - XIII`, from the space or the dash on.
    pub(super) fn roman_range(&self, at: usize) -> Option<(usize, String)> {
        let spaced = usize::from(self.tokens[at].is_space());
        let dash = self.tokens.get(at + spaced)?;
        let gap = usize::from(self.tokens.get(at + spaced + 1).is_some_and(Token::is_space));
        if !dash.is_mark("-–—") || gap != spaced {
            return None;
        }
        let numeral = |token: Option<&Token>| {
            token
                .and_then(Token::word)
                .is_some_and(|word| roman_value(word).is_some() || self.french_ordinal(word).is_some())
        };
        let both = numeral(at.checked_sub(1).and_then(|i| self.tokens.get(i)))
            && numeral(self.tokens.get(at + spaced + 1 + gap));
        both.then(|| (spaced + 1 + gap, format!(" {} ", self.words.to)))
    }

    /// `XIIe`, `XIIᵉ`, `Ier`, `Ire`: the number and whether it is feminine.
    fn french_ordinal(&self, word: &str) -> Option<(u64, bool)> {
        if self.language != Language::FR {
            return None;
        }
        let low = |stem: &str| roman_value(stem).filter(|_| stem.chars().all(|c| "IVX".contains(c)));
        match word {
            "Ier" => return Some((1, false)),
            "Ire" | "Ière" => return Some((1, true)),
            _ => {}
        }
        ["ème", "eme", "es", "ᵉ", "e"]
            .iter()
            .find_map(|sign| Some((low(word.strip_suffix(sign)?)?, false)))
            .filter(|(n, _)| *n > 1)
    }

    /// Whether a word for century stands beside the numeral, other numerals perhaps between.
    fn beside_century(&self, at: usize) -> bool {
        let is_century = |word: &str| {
            let small = word.to_lowercase();
            self.words.century.iter().any(|century| century.trim_end_matches('.') == small)
        };
        let passes = |token: &Token| match token {
            Token::Word(word) => roman_value(word).is_some() || LINKS.contains(&word.as_str()),
            Token::Space(_) => true,
            Token::Mark(mark) => ",-–—.".contains(*mark),
            Token::Number(_) => false,
        };
        let reaches = |tokens: &mut dyn Iterator<Item = &Token>| {
            tokens.take(9).find(|token| !passes(token)).and_then(Token::word).is_some_and(is_century)
        };
        let behind = matches!(self.language.tag(), "en" | "it" | "fr");
        reaches(&mut self.tokens[..at].iter().rev()) || (behind && reaches(&mut self.tokens[at + 1..].iter()))
    }

    fn century(&self, n: u64) -> String {
        let said = match self.language.tag() {
            "en" | "it" => ordinal(n, false, self.language),
            "es" | "pt" if n <= 10 => ordinal(n, false, self.language),
            "fr" if n == 1 => ordinal(n, false, self.language),
            _ => None,
        };
        said.unwrap_or_else(|| self.cardinal(n, Form::PLAIN))
    }

    fn reign(&self, n: u64) -> String {
        let said = match self.language.tag() {
            "vi" => Some(numerals::vietnamese_reign(n)),
            "en" => ordinal(n, false, self.language).map(|word| format!("the {word}")),
            "it" => ordinal(n, false, self.language),
            "fr" if n == 1 => ordinal(n, false, self.language),
            "es" | "pt" if n <= 10 => ordinal(n, false, self.language),
            _ => None,
        };
        said.unwrap_or_else(|| self.cardinal(n, Form::PLAIN))
    }

    /// English `I` behind a name is a numeral only where no verb of the first person can follow.
    fn is_pronoun(&self, at: usize) -> bool {
        const RULERS: [&str; 14] = [
            "of", "was", "and", "ruled", "built", "reigned", "had", "in", "from", "to", "became", "who", "died", "came",
        ];
        self.language == Language::EN && self.word_after(at + 1).is_some_and(|next| !RULERS.contains(&next))
    }
}
