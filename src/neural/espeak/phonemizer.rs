//! Spoken text to phonemes by espeak-ng, in Kokoro's notation.
//!
//! espeak-ng drops punctuation, so utterances are cut at it and put together again around what it says. All pieces of
//! all utterances go through one child, a line each; where the lines that come back do not match, each piece gets a
//! child of its own, so that no sound ever lands in another sentence.

use super::dialect::{Dialect, TIE};
use super::{ENGINE, program, release};
use crate::domain::Language;
use crate::neural::layers::program::Program;
use crate::ports::{Cancel, EngineError, Phonemes, Phonemizer};
use crate::text::{SpokenPart, SpokenText, in_alphabet, melody_mark};

/// Raised when the cutting or the notation changes: it is part of every clip's key.
const RULES: &str = "rules 1";

/// Phonemes by espeak-ng in one dialect.
pub struct EspeakPhonemizer {
    dialect: Dialect,
    program: Program,
    version: String,
}

/// A piece of an utterance.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Words for espeak-ng: one line, no punctuation.
    Words(String),
    /// A sound already decided.
    Sound(String),
    Mark(char),
    Space,
}

impl EspeakPhonemizer {
    /// # Errors
    /// `Unavailable` where the program is missing.
    pub fn new(dialect: Dialect) -> Result<Self, EngineError> {
        let program = program();
        let version = format!("espeak-ng {} {} {RULES}", release(&program)?, dialect.voice());
        Ok(Self { dialect, program, version })
    }

    /// What espeak-ng says to each line, in its own notation.
    fn lines(&self, pieces: &[&str]) -> Result<Vec<String>, EngineError> {
        if pieces.is_empty() {
            return Ok(Vec::new());
        }
        let said = self.ask(&(pieces.join("\n") + "\n"))?;
        let lines: Vec<String> = said.lines().map(str::to_owned).collect();
        if lines.len() == pieces.len() {
            return Ok(lines);
        }
        pieces.iter().map(|piece| Ok(self.ask(&format!("{piece}\n"))?.lines().collect::<Vec<_>>().join(" "))).collect()
    }

    fn ask(&self, text: &str) -> Result<String, EngineError> {
        let tie = format!("--tie={TIE}");
        let arguments = ["-q", "--ipa", tie.as_str(), "-b", "1", "-v", self.dialect.voice()];
        let said = self.program.run(&arguments, text.as_bytes(), &Cancel::new())?;
        String::from_utf8(said).map_err(|error| EngineError::failed(ENGINE, error))
    }
}

impl Phonemizer for EspeakPhonemizer {
    /// Kokoro's notation. One result for each utterance.
    fn phonemize(&self, utterances: &[SpokenText]) -> Result<Vec<Phonemes>, EngineError> {
        if let Some(other) = utterances.iter().find(|utterance| utterance.language != self.dialect.language()) {
            let what = format!(
                "rules for {} cannot read {} text: `{}`",
                self.dialect.voice(),
                other.language,
                other.written()
            );
            return Err(EngineError::BadInput { engine: ENGINE.to_owned(), what });
        }
        let cut: Vec<Vec<Piece>> = utterances.iter().map(pieces).collect();
        let words = |piece: &Piece| if let Piece::Words(words) = piece { Some(words.clone()) } else { None };
        let asked: Vec<String> = cut.iter().flatten().filter_map(words).collect();
        let mut answers = self.lines(&asked.iter().map(String::as_str).collect::<Vec<_>>())?.into_iter();
        Ok(cut.iter().map(|pieces| Phonemes(join(pieces, self.dialect, &mut answers))).collect())
    }

    fn version(&self) -> &str {
        &self.version
    }
}

fn pieces(utterance: &SpokenText) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut after_name = false;
    for part in &utterance.parts {
        match part {
            SpokenPart::Name { ipa, .. } => pieces.push(Piece::Sound(ipa.clone())),
            SpokenPart::Words(words) => cut(words, after_name && utterance.language == Language::EN, &mut pieces),
        }
        after_name = matches!(part, SpokenPart::Name { .. });
    }
    pieces
}

/// Cuts words at punctuation. `possessed`: an English name stands before, whose `'s` goes with it.
fn cut(text: &str, possessed: bool, pieces: &mut Vec<Piece>) {
    let possessive = ["'s", "’s"].iter().find_map(|sign| text.strip_prefix(sign)).filter(|_| possessed);
    let text = match possessive {
        Some(rest) if !rest.starts_with(char::is_alphabetic) => {
            pieces.push(Piece::Sound("z".to_owned()));
            rest
        }
        _ => text,
    };
    let chars: Vec<char> = text.chars().collect();
    let mut words = String::new();
    for (at, c) in chars.iter().copied().enumerate() {
        let letter = |place: Option<&char>| place.is_some_and(|c| c.is_alphabetic());
        let between = letter(at.checked_sub(1).and_then(|i| chars.get(i))) && letter(chars.get(at + 1));
        match c {
            '\'' | '’' if between || letter(at.checked_sub(1).and_then(|i| chars.get(i))) => words.push('\''),
            '-' if between => words.push('-'),
            _ if c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c) => words.push(c),
            _ => match melody_mark(c) {
                Some(mark) => {
                    flush(&mut words, pieces);
                    pieces.push(Piece::Mark(mark));
                }
                // Spaces and marks that have no sound: `/`, `¿`, `*`.
                None => words.push(' '),
            },
        }
    }
    flush(&mut words, pieces);
}

fn flush(words: &mut String, pieces: &mut Vec<Piece>) {
    let text = std::mem::take(words);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.starts_with(' ') {
        pieces.push(Piece::Space);
    }
    if line.chars().any(char::is_alphanumeric) {
        pieces.push(Piece::Words(line));
        if text.ends_with(' ') {
            pieces.push(Piece::Space);
        }
    }
}

/// Small words that carry no stress beside a name, though espeak-ng stresses whatever stands alone.
const UNSTRESSED: [&str; 47] = [
    "in", "of", "the", "and", "to", "at", "by", "from", "for", "with", "a", "an", "on", "as", "or", "is", "was", "de",
    "à", "le", "la", "du", "et", "en", "les", "des", "el", "y", "los", "las", "del", "al", "con", "di", "da", "il",
    "e", "em", "o", "do", "no", "na", "os", "que", "that", "near", "its",
];

fn join(pieces: &[Piece], dialect: Dialect, answers: &mut impl Iterator<Item = String>) -> String {
    let mut said = String::new();
    let beside_sound = |at: usize| {
        let sound = |piece: Option<&Piece>| matches!(piece, Some(Piece::Sound(_)));
        pieces[at + 1..].first() == Some(&Piece::Space) && sound(pieces.get(at + 2))
            || at > 1 && pieces[at - 1] == Piece::Space && sound(pieces.get(at - 2))
    };
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Words(words) => {
                let sound = dialect.in_kokoros_notation(&answers.next().unwrap_or_default());
                let small = beside_sound(at) && UNSTRESSED.contains(&words.to_lowercase().as_str());
                said.push_str(&if small { sound.replace(['ˈ', 'ˌ'], "") } else { sound });
            }
            Piece::Sound(ipa) => said.push_str(&in_alphabet(ipa)),
            Piece::Mark(mark) => said.push(*mark),
            Piece::Space if !said.is_empty() && !said.ends_with(' ') => said.push(' '),
            Piece::Space => {}
        }
    }
    said.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::KOKORO_ALPHABET;

    fn phonemize(dialect: Dialect, texts: &[&str]) -> Vec<String> {
        let utterances: Vec<SpokenText> =
            texts.iter().map(|text| SpokenText::words(dialect.language(), *text)).collect();
        let phonemizer = EspeakPhonemizer::new(dialect).unwrap();
        phonemizer.phonemize(&utterances).unwrap().into_iter().map(|phonemes| phonemes.0).collect()
    }

    #[test]
    fn punctuation_stays_in_its_place() {
        let said = phonemize(Dialect::EnUs, &["Hello, world! (It is old.)", "", "“Yes” — no…"]);
        assert_eq!(said[0], "həlˈO, wˈɜɹld! (ɪT ɪz ˈOld.)");
        assert_eq!(said[1], "");
        assert_eq!(said[2], "“jˈɛs” — nˈO…");
    }

    #[test]
    fn names_keep_their_sound() {
        let part = |words: &str| SpokenPart::Words(words.to_owned());
        let name = SpokenPart::Name { written: "Quy Nhơn".to_owned(), ipa: "kwˌi njˈʌn".to_owned() };
        let utterance = SpokenText { language: Language::EN, parts: vec![part("In "), name, part("'s harbour.")] };
        let phonemizer = EspeakPhonemizer::new(Dialect::EnUs).unwrap();
        assert_eq!(phonemizer.phonemize(&[utterance]).unwrap()[0].0, "ɪn kwˌi njˈʌnz hˈɑɹbəɹ.");
    }

    #[test]
    fn many_utterances_stay_apart() {
        let texts: Vec<String> = (0..300).map(|n| format!("Tower {}, wall.", "very ".repeat(n % 7))).collect();
        let together = phonemize(Dialect::EnGb, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(together.len(), texts.len());
        for (place, said) in together.iter().enumerate() {
            assert_eq!(said.matches("vˈɛɹi").count(), place % 7, "{said}");
        }
    }

    #[test]
    fn every_symbol_is_one_kokoro_knows() {
        let texts: [(Dialect, &str); 6] = [
            (Dialect::EnUs, include_str!("../../text/golden/split/en.txt")),
            (Dialect::EnGb, include_str!("../../text/golden/split/en.txt")),
            (Dialect::Fr, include_str!("../../text/golden/split/fr.txt")),
            (Dialect::Es, include_str!("../../text/golden/split/es.txt")),
            (Dialect::It, include_str!("../../text/golden/split/it.txt")),
            (Dialect::PtBr, include_str!("../../text/golden/split/pt.txt")),
        ];
        for (dialect, text) in texts {
            let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
            for (line, said) in lines.iter().zip(phonemize(dialect, &lines)) {
                assert!(said.chars().all(|c| KOKORO_ALPHABET.contains(c)), "{said}");
                assert!(
                    said.chars().count() >= line.chars().filter(|c| c.is_alphabetic()).count() / 2,
                    "{line} -> {said}"
                );
            }
        }
    }

    #[test]
    fn another_languages_text_is_refused() {
        let phonemizer = EspeakPhonemizer::new(Dialect::Fr).unwrap();
        let utterance = SpokenText::words(Language::EN, "Hello");
        assert!(matches!(phonemizer.phonemize(&[utterance]), Err(EngineError::BadInput { .. })));
        assert!(phonemizer.version().contains("espeak-ng 1."), "{}", phonemizer.version());
    }
}
