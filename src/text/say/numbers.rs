//! Numbers in a sentence of letters: each is read as its place asks (year, ordinal, range, measure, money).

use super::gender::is_feminine;
use super::tokens::{Token, is_letter, is_marker};
use super::word_table::{Unit, Words};
use crate::domain::Language;
use crate::text::numerals::{self, Form, english_year};

/// Articles and links of the Romance languages: no noun that a number before them could agree with.
const NO_NOUNS: [&str; 37] = [
    "de", "y", "e", "o", "u", "a", "en", "al", "del", "et", "ou", "em", "da", "do", "di", "la", "las", "el", "los",
    "os", "as", "il", "lo", "gli", "le", "les", "un", "una", "uma", "um", "une", "su", "se", "que", "na", "no", "à",
];

/// Words of the Romance languages before a year.
const BEFORE_YEARS: [&str; 16] = [
    "en", "em", "de", "del", "desde", "até", "hasta", "nel", "dal", "al", "año", "ano", "anno", "el", "depuis", "vers",
];

/// Reads the tokens of one sentence.
pub(super) struct Reader<'a> {
    pub tokens: Vec<Token>,
    pub language: Language,
    pub words: &'a Words,
}

/// A number's parts.
struct Amount {
    whole: u64,
    decimals: Option<String>,
    /// Digits alone, without separators: it may be a year.
    plain: bool,
}

impl Reader<'_> {
    /// The whole sentence in words.
    pub(super) fn read(&self) -> String {
        let mut out = String::new();
        let mut at = 0;
        let mut glued = false;
        while at < self.tokens.len() {
            let (used, said, changed) = match self.at(at) {
                Some((used, said)) => (used, said, true),
                None => (1, self.tokens[at].text(), false),
            };
            let touching = out.chars().last().is_some_and(joins) && said.chars().next().is_some_and(joins);
            if touching && (changed || glued) {
                out.push(' ');
            }
            out.push_str(&said);
            glued = changed;
            at += used;
        }
        out
    }

    fn at(&self, at: usize) -> Option<(usize, String)> {
        match &self.tokens[at] {
            Token::Number(_) => self.number(at),
            Token::Word(_) => self.money(at).or_else(|| self.roman(at)),
            Token::Mark(_) => self.mark(at),
            Token::Space(_) => self.roman_range(at),
        }
    }

    fn mark(&self, at: usize) -> Option<(usize, String)> {
        let mark = &self.tokens[at];
        let number = self.tokens.get(at + 1).and_then(Token::number);
        if let (true, Some(number)) = (mark.is_mark("$€£₫"), number) {
            let unit = self.words.units.iter().find(|unit| unit.signs.contains(&mark.text().as_str()))?;
            return Some((2, self.measured(number, unit)?));
        }
        let free = at == 0 || self.tokens[at - 1].is_space() || self.tokens[at - 1].is_mark("([“\"");
        if free && number.is_some() && (mark.is_mark("−") || (mark.is_mark("-") && at > 0)) {
            let (used, said) = self.number(at + 1)?;
            return Some((used + 1, format!("{} {said}", self.words.minus)));
        }
        self.roman_range(at)
    }

    /// `US$ 10`, `R$ 5`: letters and sign before the number.
    fn money(&self, at: usize) -> Option<(usize, String)> {
        let sign = self.tokens.get(at + 1).filter(|token| token.is_mark("$"))?;
        let spaced = usize::from(self.tokens.get(at + 2).is_some_and(Token::is_space));
        let number = self.tokens.get(at + 2 + spaced)?.number()?;
        let sign = format!("{}{}", self.tokens[at].text(), sign.text());
        let unit = self.words.units.iter().find(|unit| unit.signs.contains(&sign.as_str()))?;
        Some((3 + spaced, self.measured(number, unit)?))
    }

    fn number(&self, at: usize) -> Option<(usize, String)> {
        self.date(at)
            .or_else(|| self.clock(at))
            .or_else(|| self.range(at))
            .or_else(|| self.ordinal_sign(at))
            .or_else(|| self.italian_century(at))
            .or_else(|| self.measure(at))
            .or_else(|| self.fraction(at))
            .or_else(|| self.day_of_month(at))
            .or_else(|| Some((1, self.plain(at, at + 1)?)))
    }

    /// `1770-1775`, `12 – 15 m`.
    fn range(&self, at: usize) -> Option<(usize, String)> {
        let spaced = self.tokens.get(at + 1).is_some_and(Token::is_space);
        let dash = at + 1 + usize::from(spaced);
        if !self.tokens.get(dash)?.is_mark("-–—") {
            return None;
        }
        let second = dash + 1 + usize::from(spaced);
        self.tokens.get(second)?.number()?;
        let chained = self.tokens.get(second + 1).is_some_and(|token| token.is_mark("-–—/"));
        if chained || (at > 1 && self.tokens[at - 1].is_mark("-/")) {
            return None;
        }
        let first = self.plain(at, second + 1)?;
        let (used, last) = self.number(second)?;
        Some((second - at + used, format!("{first} {} {last}", self.words.to)))
    }

    /// `12th`, `1770s`, `1er`, `2e`, `1.º`.
    fn ordinal_sign(&self, at: usize) -> Option<(usize, String)> {
        let digits = self.tokens[at].number()?;
        let n: u64 = digits.parse().ok()?;
        let dot = usize::from(self.tokens.get(at + 1).is_some_and(|token| token.is_mark(".")));
        let sign = self.tokens.get(at + 1 + dot)?;
        let word = sign.word().unwrap_or_default();
        let (used, feminine) = match self.language.tag() {
            "en" if dot == 0 && word == "s" => return Some((2, decade(n))),
            "en" if dot == 0 && matches!(word, "st" | "nd" | "rd" | "th") => (2, false),
            "fr" if dot == 0 && matches!(word, "er" | "e" | "ᵉ" | "ème" | "eme" | "nd" | "es") => (2, false),
            "fr" if dot == 0 && matches!(word, "re" | "nde") => (2, true),
            "es" if word == "er" => {
                let short = if n == 1 { "primer" } else { "tercer" };
                return Some((2 + dot, short.to_owned()));
            }
            "es" | "pt" | "it" if word == "º" => (2 + dot, false),
            "es" | "pt" | "it" if word == "ª" => (2 + dot, true),
            "it" if dot == 0 && sign.is_mark("°") && self.tokens.get(at + 2).is_none_or(|t| t.word().is_none()) => {
                (2, false)
            }
            _ => return None,
        };
        Some((used, numerals::ordinal(n, feminine, self.language)?))
    }

    /// `12 secolo`: before the singular the number can only be an ordinal.
    fn italian_century(&self, at: usize) -> Option<(usize, String)> {
        let n: u64 = self.tokens[at].number()?.parse().ok().filter(|n| *n > 1)?;
        let follows = self.tokens.get(at + 1)?.is_space().then(|| self.tokens.get(at + 2)?.word()).flatten();
        let is_century = self.language == Language::IT && follows.is_some_and(|word| word == "secolo");
        is_century.then(|| Some((1, numerals::ordinal(n, false, self.language)?))).flatten()
    }

    /// A number with its unit: `3,5 m`, `40%`, `12 °C`.
    fn measure(&self, at: usize) -> Option<(usize, String)> {
        let number = self.tokens[at].number()?;
        let spaced = self.tokens.get(at + 1).is_some_and(Token::is_space);
        let from = at + 1 + usize::from(spaced);
        let (unit, used) = self.unit_at(from)?;
        Some((from - at + used, self.measured(number, unit)?))
    }

    /// The unit that begins at a token, and how many tokens it takes.
    fn unit_at(&self, from: usize) -> Option<(&Unit, usize)> {
        for unit in self.words.units {
            for sign in unit.signs {
                let mut text = String::new();
                for (count, token) in self.tokens.iter().skip(from).take(4).enumerate() {
                    text.push_str(&token.text());
                    let next = self.tokens.get(from + count + 1);
                    let goes_on = next.is_some_and(|t| matches!(t, Token::Word(_) | Token::Number(_)));
                    if text == *sign && !(goes_on && sign.ends_with(is_letter)) {
                        return Some((unit, count + 1));
                    }
                }
            }
        }
        None
    }

    fn measured(&self, number: &str, unit: &Unit) -> Option<String> {
        let amount = self.amount(number)?;
        let one = amount.whole == 1 && amount.decimals.is_none();
        let form = Form { feminine: unit.feminine, before_noun: true };
        Some(format!("{} {}", self.say(&amount, form), if one { unit.one } else { unit.many }))
    }

    fn fraction(&self, at: usize) -> Option<(usize, String)> {
        let top: u64 = self.tokens[at].number()?.parse().ok()?;
        if !self.tokens.get(at + 1)?.is_mark("/") {
            return None;
        }
        let bottom: u64 = self.tokens.get(at + 2)?.number()?.parse().ok()?;
        let number = |n: u64| self.cardinal(n, Form::PLAIN);
        Some((3, format!("{} {} {}", number(top), self.words.over, number(bottom))))
    }

    /// A bare number; what it agrees with begins at token `after`.
    fn plain(&self, at: usize, after: usize) -> Option<String> {
        let text = self.tokens[at].number()?;
        let amount = self.amount(text)?;
        let before = self.word_before(at).unwrap_or_default().to_lowercase();
        if text.len() > 2 && text.starts_with('0') && amount.plain {
            let digits = text.bytes().map(|digit| self.cardinal(u64::from(digit - b'0'), Form::PLAIN));
            return Some(digits.collect::<Vec<_>>().join(" "));
        }
        if self.language == Language::VI
            && (before == "thứ" || (before == "tháng" && amount.whole == 4))
            && amount.decimals.is_none()
        {
            return Some(numerals::vietnamese_after_thu(amount.whole));
        }
        if self.language == Language::EN && amount.plain && text.len() == 4 && (1_000..2_100).contains(&amount.whole) {
            return Some(english_year(amount.whole));
        }
        let year = amount.plain && text.len() == 4 && BEFORE_YEARS.contains(&before.as_str());
        Some(self.say(&amount, if year { Form::PLAIN } else { self.form(after) }))
    }

    /// What the words from token `after` on ask of a number before them.
    fn form(&self, after: usize) -> Form {
        let mut nouns = Vec::new();
        let mut place = after;
        while nouns.len() < 2 {
            match (self.tokens.get(place), self.tokens.get(place + 1)) {
                (Some(Token::Space(_)), Some(Token::Word(word))) if !NO_NOUNS.contains(&word.as_str()) => {
                    nouns.push(word.clone())
                }
                _ => break,
            }
            place += 2;
        }
        let before_noun = nouns.first().is_some_and(|word| !word.starts_with(is_marker));
        let small = |word: &String| word.chars().next().is_some_and(char::is_lowercase);
        Form { feminine: before_noun && nouns.iter().all(small) && is_feminine(&nouns, self.language), before_noun }
    }

    pub(super) fn cardinal(&self, n: u64, form: Form) -> String {
        numerals::cardinal(n, form, self.language).unwrap_or_else(|| n.to_string())
    }

    fn say(&self, amount: &Amount, form: Form) -> String {
        let whole = self.cardinal(amount.whole, if amount.decimals.is_some() { Form::PLAIN } else { form });
        let Some(decimals) = &amount.decimals else { return whole };
        let digit = |c: char| self.cardinal(u64::from(c.to_digit(10).unwrap_or_default()), Form::PLAIN);
        let short = decimals.len() == 2 && !decimals.starts_with('0') && self.language != Language::EN;
        let tail = match decimals.parse::<u64>() {
            Ok(value) if short => self.cardinal(value, Form::PLAIN),
            _ => decimals.chars().map(digit).collect::<Vec<_>>().join(" "),
        };
        format!("{whole} {} {tail}", self.words.point)
    }

    /// Reads separators as the language writes them: `1.250` is a thousand and more but in English.
    fn amount(&self, text: &str) -> Option<Amount> {
        let thousands = if self.language == Language::EN { ',' } else { '.' };
        let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let parts: Vec<&str> = tight.split(['.', ',']).collect();
        let marks: Vec<char> = tight.chars().filter(|c| matches!(c, '.' | ',')).collect();
        let grouped =
            |parts: &[&str]| parts[1..].iter().all(|part| part.len() == 3) && parts[0].len() <= 3 && parts[0] != "0";
        let all_thousands =
            marks.iter().all(|mark| *mark == thousands) || marks.len() > 1 && marks.iter().all(|m| *m == marks[0]);
        if marks.is_empty() || (all_thousands && grouped(&parts)) {
            return Some(Amount {
                whole: parts.concat().parse().ok()?,
                decimals: None,
                plain: marks.is_empty() && tight == text,
            });
        }
        let (last, head) = parts.split_last()?;
        Some(Amount { whole: head.concat().parse().ok()?, decimals: Some((*last).to_owned()), plain: false })
            .filter(|_| head.len() == 1 || grouped(head))
            .or_else(|| Some(Amount { whole: parts.concat().parse().ok()?, decimals: None, plain: false }))
    }

    /// The word before a token, one space between them.
    pub(super) fn word_before(&self, at: usize) -> Option<&str> {
        let space = at.checked_sub(1)?;
        if self.tokens[space].is_space() { self.tokens[space.checked_sub(1)?].word() } else { None }
    }

    /// The word at a token or behind the space that stands there.
    pub(super) fn word_after(&self, at: usize) -> Option<&str> {
        let token = self.tokens.get(at)?;
        if token.is_space() { self.tokens.get(at + 1)?.word() } else { token.word() }
    }
}

fn joins(c: char) -> bool {
    is_letter(c) || c.is_ascii_digit()
}

/// `1770s`: the years' last word in the plural.
fn decade(n: u64) -> String {
    let year =
        if n >= 1_000 { english_year(n) } else { numerals::cardinal(n, Form::PLAIN, Language::EN).unwrap_or_default() };
    match year.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{year}s"),
    }
}
