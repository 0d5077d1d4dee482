//! Spoken Japanese to Kokoro's phonemes: mecab for the words, kana for the sounds.

use std::time::Duration;

use super::dictionary::Dictionary;
use super::words::{Word, katakana, merged, sentences};
use super::{ENGINE, kana, numbers};
use crate::domain::Language;
use crate::neural::layers::program::Program;
use crate::ports::{Cancel, EngineError, Phonemes, Phonemizer};
use crate::text::{SpokenPart, SpokenText, in_alphabet, melody_mark};

/// Raised when the rules change: it is part of every clip's key.
const RULES: &str = "rules 1";

/// Phonemes of Japanese by mecab and the NAIST dictionary.
pub struct MecabPhonemizer {
    program: Program,
    dictionary: Dictionary,
    version: String,
}

impl MecabPhonemizer {
    /// # Errors
    /// `Unavailable` where the program or the dictionary is missing.
    pub fn new() -> Result<Self, EngineError> {
        let program = Program {
            engine: ENGINE,
            path: "mecab".to_owned(),
            remedy: "install mecab and open-jtalk-mecab-naist-jdic (scripts/install does)",
            patience: Duration::from_secs(120),
        };
        let release = program.run(&["--version"], b"", &Cancel::new())?;
        let dictionary = Dictionary::find(&program)?;
        let release = String::from_utf8_lossy(&release).trim().to_owned();
        let version = format!("{release}, NAIST dictionary of {} bytes, {RULES}", dictionary.size());
        Ok(Self { program, dictionary, version })
    }

    /// The words of each line, in order.
    fn words(&self, lines: &[String]) -> Result<Vec<Vec<Word>>, EngineError> {
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let folder = self.dictionary.path();
        let arguments = ["-r".as_ref(), "/dev/null".as_ref(), "-d".as_ref(), folder.as_os_str()];
        let input = lines.join("\n") + "\n";
        let output = self.program.run(&arguments, input.as_bytes(), &Cancel::new())?;
        let output = String::from_utf8(output).map_err(|error| EngineError::failed(ENGINE, error))?;
        let found = sentences(&output);
        if found.len() != lines.len() {
            let what = format!("{} lines went in and {} sentences came out", lines.len(), found.len());
            return Err(EngineError::failed(ENGINE, what));
        }
        Ok(found)
    }
}

impl Phonemizer for MecabPhonemizer {
    /// Kokoro's notation for Japanese. One result for each utterance.
    fn phonemize(&self, utterances: &[SpokenText]) -> Result<Vec<Phonemes>, EngineError> {
        if let Some(other) = utterances.iter().find(|utterance| utterance.language != Language::JA) {
            let what = format!("{} text is not Japanese: `{}`", other.language, other.written());
            return Err(EngineError::BadInput { engine: ENGINE.to_owned(), what });
        }
        let words = |part: &SpokenPart| match part {
            // mecab skips white space; a line break would end the sentence.
            SpokenPart::Words(words) => Some(words.replace(['\n', '\r', '\t'], " ")),
            SpokenPart::Name { .. } => None,
        };
        let lines: Vec<String> =
            utterances.iter().flat_map(|utterance| utterance.parts.iter().filter_map(words)).collect();
        let mut answers = self.words(&lines)?.into_iter();
        let say = |utterance: &SpokenText| {
            let mut said = Sentence::default();
            for part in &utterance.parts {
                match part {
                    SpokenPart::Words(_) => said.words(answers.next().unwrap_or_default()),
                    SpokenPart::Name { ipa, .. } => said.word(&in_alphabet(ipa)),
                }
            }
            Phonemes(said.text.trim().to_owned())
        };
        Ok(utterances.iter().map(say).collect())
    }

    fn version(&self) -> &str {
        &self.version
    }
}

/// Phonemes as they are put together: words with a space between them, marks close to the word they belong to.
#[derive(Default)]
struct Sentence {
    text: String,
}

impl Sentence {
    fn words(&mut self, mut words: Vec<Word>) {
        numbers::speak(&mut words);
        for word in merged(words) {
            let latin = word.kana.is_empty() && word.surface.chars().any(|c| c.is_ascii_alphabetic());
            if word.class == "記号" || (word.kana.is_empty() && !latin) {
                self.marks(&word.surface);
                continue;
            }
            let kana = if latin { kana::spelled(&word.surface) } else { katakana(&word.kana) };
            self.word(&in_alphabet(&kana::phonemes(&kana)));
        }
    }

    fn word(&mut self, sound: &str) {
        if sound.is_empty() {
            return;
        }
        // A held consonant belongs to the word before and to the word behind it; a long vowel and the moraic nasal
        // (ませ + ん) to the word before.
        let after_sound = self.text.ends_with(char::is_alphabetic);
        let held = self.text.ends_with('ʔ') || (sound.starts_with(['ʔ', 'ː', 'ɴ']) && after_sound);
        let open = self.text.is_empty() || self.text.ends_with(['“', '(', ' ']);
        if !held && !open {
            self.text.push(' ');
        }
        self.text.push_str(sound);
    }

    fn marks(&mut self, surface: &str) {
        for mark in surface.chars().filter_map(melody_mark) {
            if matches!(mark, '“' | '(') && !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
            self.text.push(mark);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{KOKORO_ALPHABET, Lexicon, NameReader, spoken};

    fn phonemize(texts: &[&str]) -> Vec<String> {
        let names = NameReader::new(Language::JA, &[]);
        let utterances: Vec<SpokenText> =
            texts.iter().map(|text| spoken(text, Language::JA, &Lexicon::default(), &names)).collect();
        let phonemizer = MecabPhonemizer::new().unwrap();
        phonemizer.phonemize(&utterances).unwrap().into_iter().map(|phonemes| phonemes.0).collect()
    }

    #[test]
    fn every_golden_sentence_sounds_as_written_there() {
        let golden: Vec<(&str, &str)> = include_str!("golden.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| line.split_once('\t').unwrap())
            .collect();
        let said = phonemize(&golden.iter().map(|(text, _)| *text).collect::<Vec<_>>());
        let wrong: Vec<String> = golden
            .iter()
            .zip(&said)
            .filter(|((_, expected), found)| expected != found)
            .map(|((text, expected), found)| format!("{text}\n  expected {expected}\n  found    {found}"))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_symbol_is_one_kokoro_knows() {
        let lines: Vec<&str> =
            include_str!("../../text/golden/split/ja.txt").lines().filter(|line| !line.is_empty()).collect();
        for (line, said) in lines.iter().zip(phonemize(&lines)) {
            assert!(said.chars().all(|c| KOKORO_ALPHABET.contains(c)), "{said}");
            assert!(said.chars().count() >= line.chars().count() / 2, "{line} -> {said}");
        }
    }

    #[test]
    fn another_languages_text_is_refused_and_silence_is_silent() {
        let phonemizer = MecabPhonemizer::new().unwrap();
        assert!(phonemizer.phonemize(&[SpokenText::words(Language::ZH, "塔")]).is_err());
        assert_eq!(phonemize(&["", "。"]), ["", "."]);
    }
}
