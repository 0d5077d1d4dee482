//! Whether one written form stands at one place of a text.

use super::endings::may_end;
use crate::domain::Language;
use crate::text::vietnamese::plain_letters;

/// How a form stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// One past its last character.
    pub end: usize,
    /// It carries no ending of its own.
    pub bare: bool,
    /// Capitals and marks are as the form has them.
    pub to_the_letter: bool,
}

/// A form cut into words and what stands between them.
#[derive(Clone, Debug)]
pub(super) struct Form {
    parts: Vec<Part>,
    /// Whether it may stand without its marks: a short word could become another one (`Côn`, Spanish `con`).
    may_lose_marks: bool,
}

#[derive(Clone, Debug)]
enum Part {
    Word {
        own: String,
        plain: String,
        capitals: String,
    },
    /// Han and kana, which stand anywhere.
    Run(Vec<char>),
    Between(char),
}

/// Letters of words that spaces part.
pub(super) fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)) && !is_run(c)
}

/// Han, kana and the marks among them.
pub(super) fn is_run(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}')
        || matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// A katakana word goes on for as long as there is katakana.
fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30fe}' | '\u{31f0}'..='\u{31ff}')
}

/// The dots between the parts of a foreign name, which writers leave out at will.
fn is_dot(c: char) -> bool {
    matches!(c, '\u{30fb}' | '\u{b7}' | '=' | '\u{30a0}')
}

impl Form {
    pub fn new(written: &str, language: Language) -> Self {
        let chars: Vec<char> = written.trim().chars().collect();
        let mut parts = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let kind: fn(char) -> bool = if is_letter(chars[at]) { is_letter } else { |c| is_run(c) || is_dot(c) };
            let end = at + chars[at..].iter().take_while(|c| kind(**c)).count();
            if end == at {
                parts.push(Part::Between(chars[at]));
                at += 1;
                continue;
            }
            let own: String = chars[at..end].iter().collect();
            parts.push(if is_letter(chars[at]) {
                Part::Word { plain: plain_letters(&own), capitals: own.to_uppercase(), own }
            } else {
                Part::Run(own.chars().collect())
            });
            at = end;
        }
        let words = parts.iter().filter(|part| matches!(part, Part::Word { .. })).count();
        let may_lose_marks = language != Language::VI && (words > 1 || chars.len() > 4);
        Self { parts, may_lose_marks }
    }

    /// What a text has to have where the form begins, as [`opening`] gives it; `None` for a form without characters.
    pub fn first(&self) -> Option<char> {
        let first = match self.parts.first()? {
            Part::Word { own, .. } => own.chars().next(),
            Part::Run(run) => run.first().copied(),
            Part::Between(c) => Some(*c),
        };
        first.map(opening)
    }

    /// Where the form ends if it begins at `at`.
    pub fn fits(&self, text: &[char], at: usize, language: Language) -> Option<Fit> {
        let mut fit = Fit { end: at, bare: true, to_the_letter: true };
        for part in &self.parts {
            match part {
                Part::Between(c) => {
                    text.get(fit.end).filter(|other| alike(*c, **other))?;
                    fit.end += 1;
                }
                Part::Run(run) => fit.end = run_end(run, text, fit.end)?,
                Part::Word { own, plain, capitals } => {
                    let word = word_at(text, fit.end)?;
                    let (bare, to_the_letter) = self.word_fits(&word, [own, plain, capitals], language)?;
                    fit.end += word.chars().count();
                    fit.bare &= bare;
                    fit.to_the_letter &= to_the_letter;
                }
            }
        }
        (fit.end > at).then_some(fit)
    }

    /// Whether a word of the text is a word of the form: without an ending, and to the letter.
    fn word_fits(&self, word: &str, form: [&String; 3], language: Language) -> Option<(bool, bool)> {
        let [own, plain, capitals] = form;
        let plain_word = || plain_letters(word);
        if word == own {
            return Some((true, true));
        }
        if is_with_capital(word, own) || (word == capitals && own.chars().count() > 1) {
            return Some((true, false));
        }
        if self.may_lose_marks {
            let bare = plain_word();
            // Where the text has marks, they are to be the form's own.
            if bare == word && (bare == *plain || is_with_capital(&bare, plain) || bare == plain.to_uppercase()) {
                return Some((true, false));
            }
        }
        let in_capitals = || !word.chars().any(char::is_lowercase);
        let ended = may_end(own, word, language)
            || (in_capitals() && may_end(&own.to_lowercase(), &word.to_lowercase(), language))
            || (self.may_lose_marks && plain_word() == word && may_end(plain, word, language));
        ended.then_some((false, false))
    }
}

/// The one character that stands for all that the beginning of a form may look like: small, without marks.
pub(super) fn opening(c: char) -> char {
    match c {
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c if is_letter(c) => plain_letters(&c.to_lowercase().collect::<String>()).chars().next().unwrap_or(c),
        '’' | 'ʼ' => '\'',
        '\u{2010}' | '\u{2011}' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// The word that begins here; `None` in the middle of one.
fn word_at(text: &[char], at: usize) -> Option<String> {
    let begins = at == 0 || !is_letter(text[at - 1]);
    let word: String = text.get(at..)?.iter().take_while(|c| is_letter(**c)).collect();
    (begins && !word.is_empty()).then_some(word)
}

fn run_end(run: &[char], text: &[char], from: usize) -> Option<usize> {
    let mut at = from;
    for c in run {
        match text.get(at) {
            Some(other) if other == c => at += 1,
            _ if is_dot(*c) => at += usize::from(text.get(at).is_some_and(|other| is_dot(*other))),
            _ => return None,
        }
    }
    let cut = |left: Option<&char>, right: Option<&char>| {
        left.is_some_and(|c| is_katakana(*c)) && right.is_some_and(|c| is_katakana(*c))
    };
    let before = from.checked_sub(1).and_then(|before| text.get(before));
    let whole = !cut(before, text.get(from)) && !cut(text.get(at.wrapping_sub(1)), text.get(at));
    (at > from && whole).then_some(at)
}

/// The form with a capital at its beginning.
fn is_with_capital(word: &str, form: &str) -> bool {
    let mut letters = form.chars();
    let first = letters.next().map(char::to_uppercase);
    first.is_some_and(|first| first.chain(letters).eq(word.chars()))
}

/// Spaces are alike, and so are apostrophes and hyphens.
fn alike(form: char, text: char) -> bool {
    let class = |c: char| match c {
        '\'' | '’' | 'ʼ' => '\'',
        '-' | '\u{2010}' | '\u{2011}' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    class(form) == class(text)
}
