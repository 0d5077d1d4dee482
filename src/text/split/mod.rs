//! Splitting a text into paragraphs and sentences: the sentence is the unit everything later is made and kept by.
//!
//! Where in doubt two sentences stay together: a sentence too long is spoken well, half a sentence is not. Invariant:
//! nothing is lost or added; the sentences joined give the text back up to white space (a property test holds this).

mod marks;
mod rules;

use crate::domain::{Language, Script};
use marks::{is_ideographic, is_opener, is_terminator};
use rules::{Dot, Rules};

/// The paragraphs of a text: parts between blank lines, line breaks inside them smoothed out (into a space, or into
/// nothing between two ideographs). Empty paragraphs are left out.
#[must_use]
pub fn split_paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().chain([""]) {
        if line.trim().is_empty() {
            let paragraph = join_lines(&lines);
            if !paragraph.is_empty() {
                paragraphs.push(paragraph);
            }
            lines.clear();
        } else {
            lines.push(line.trim());
        }
    }
    paragraphs
}

fn join_lines(lines: &[&str]) -> String {
    let mut joined = String::new();
    for line in lines {
        let touching =
            joined.chars().last().is_some_and(is_ideographic) && line.chars().next().is_some_and(is_ideographic);
        if !joined.is_empty() && !touching {
            joined.push(' ');
        }
        joined.push_str(line);
    }
    joined
}

/// The sentences of a text in order, without white space at their ends. A blank line always ends a sentence.
///
/// Abbreviations, initials, numbers with points, numbered lists, ellipses and brackets do not end one; closing quotes
/// and brackets stay with the sentence they close. The rules per language stand in `split/rules.rs`, the examples they
/// must meet in `golden/split/`.
#[must_use]
pub fn split_sentences(text: &str, language: Language) -> Vec<String> {
    let rules = Rules::of(language);
    split_paragraphs(text).iter().flat_map(|paragraph| Splitter::new(paragraph, language, rules).sentences()).collect()
}

struct Splitter {
    chars: Vec<char>,
    /// For each character, whether it stands inside brackets that a sentence should not be cut in.
    inside: Vec<bool>,
    language: Language,
    rules: &'static Rules,
}

/// Where a terminator stands: `..` of the run itself, and the end of the closing marks behind it.
struct Stop {
    from: usize,
    to: usize,
    closed: usize,
}

impl Splitter {
    fn new(paragraph: &str, language: Language, rules: &'static Rules) -> Self {
        let chars: Vec<char> = paragraph.chars().collect();
        let inside = marks::inside_brackets(&chars, language.script());
        Self { chars, inside, language, rules }
    }

    fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let mut start = 0;
        let mut at = 0;
        while at < self.chars.len() {
            if !is_terminator(self.chars[at]) {
                at += 1;
                continue;
            }
            let stop = self.stop_at(at);
            if self.ends_sentence(start, &stop) {
                self.push(&mut sentences, start, stop.closed);
                start = stop.closed;
            }
            at = stop.closed;
        }
        self.push(&mut sentences, start, self.chars.len());
        sentences
    }

    fn push(&self, sentences: &mut Vec<String>, from: usize, to: usize) {
        let sentence: String = self.chars[from..to].iter().collect();
        let sentence = sentence.trim();
        if !sentence.is_empty() {
            sentences.push(sentence.to_owned());
        }
    }

    fn stop_at(&self, from: usize) -> Stop {
        let to = from + self.chars[from..].iter().take_while(|c| is_terminator(**c)).count();
        let mut closed = to;
        loop {
            let gap = self.chars[closed..].iter().take_while(|c| c.is_whitespace()).count();
            match self.chars.get(closed) {
                Some(mark) if marks::is_closer(*mark, self.language) => closed += 1,
                // French sets a space before its closing quote.
                Some(_) if gap == 1 && self.language == Language::FR && self.chars.get(closed + 1) == Some(&'»') => {
                    closed += 2;
                }
                Some('[') => match marks::footnote(&self.chars[closed..]) {
                    Some(length) => closed += length,
                    None => break,
                },
                _ => break,
            }
        }
        Stop { from, to, closed }
    }

    fn ends_sentence(&self, start: usize, stop: &Stop) -> bool {
        if stop.closed == self.chars.len() {
            return true;
        }
        if self.inside[stop.closed - 1] {
            return false;
        }
        match self.language.script() {
            Script::Ideographic => self.ends_ideographic(stop),
            Script::Alphabetic => self.ends_alphabetic(start, stop),
        }
    }

    fn ends_ideographic(&self, stop: &Stop) -> bool {
        let run = &self.chars[stop.from..stop.to];
        let next = self.chars[stop.closed];
        let quoted = stop.closed > stop.to;
        if run.iter().all(|c| *c == '.') {
            return run.len() == 1
                && next.is_whitespace()
                && stop.from > 0
                && is_ideographic(self.chars[stop.from - 1]);
        }
        if run.iter().all(|c| matches!(c, '.' | '…' | '‥')) {
            return quoted && next.is_whitespace();
        }
        if !quoted {
            return true;
        }
        if self.language == Language::JA {
            // 「行こう。」と言った: the quotation goes on in the particle behind it.
            return !('ぁ'..='ゟ').contains(&next);
        }
        // “走吧！”他说: after a cry or a question the speaker is often named; a full stop closes for good.
        run.contains(&'。') || next.is_whitespace() || is_opener(next)
    }

    fn ends_alphabetic(&self, start: usize, stop: &Stop) -> bool {
        let gap = self.chars[stop.closed..].iter().take_while(|c| c.is_whitespace()).count();
        let run = &self.chars[stop.from..stop.to];
        if gap == 0 {
            return run.iter().any(|c| matches!(c, '。' | '！' | '？'));
        }
        let rest = &self.chars[stop.closed + gap..];
        let Some(next) = rest.iter().copied().find(|c| c.is_alphanumeric()) else { return true };
        let ellipsis = run.len() > 1 && run.iter().all(|c| *c == '.') || run.contains(&'…');
        if next.is_lowercase() || (ellipsis && next.is_numeric()) {
            return false;
        }
        if run != ['.'] || stop.closed > stop.to {
            return true;
        }
        self.full_stop_ends(start, stop.from, next, rest)
    }

    /// Whether a single point at `at` ends the sentence begun at `start`, a capital or digit `next` following.
    fn full_stop_ends(&self, start: usize, at: usize, next: char, rest: &[char]) -> bool {
        let before: String = self.chars[start..at].iter().collect();
        let mut words = before.split_whitespace().rev();
        let word = words.next().unwrap_or_default().trim_start_matches(|c: char| is_opener(c) || c == '"');
        let earlier = words.next();
        let number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
        let roman = !word.is_empty() && word.chars().all(|c| "IVXLCDM".contains(c));
        if earlier.is_none() && (number || roman) {
            return false;
        }
        if self.language == Language::DE && number && word.len() <= 2 {
            let following: String =
                rest.iter().skip_while(|c| !c.is_alphanumeric()).take_while(|c| c.is_alphabetic()).collect();
            return !rules::GERMAN_AFTER_ORDINAL.contains(&following.as_str());
        }
        match self.rules.dot(word, earlier) {
            Dot::Abbreviates => false,
            Dot::AbbreviatesBeforeNumber => !next.is_numeric(),
            Dot::MayEnd => true,
        }
    }
}

#[cfg(test)]
mod tests;
