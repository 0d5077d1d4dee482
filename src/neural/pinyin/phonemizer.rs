//! Spoken Chinese to Kokoro's phonemes.

use jieba_rs::Jieba;
use pinyin::ToPinyin;

use super::ipa::{Syllable, phonemes};
use super::sandhi::{self, Sounded};
use super::{ENGINE, readings};
use crate::domain::Language;
use crate::ports::{EngineError, Phonemes, Phonemizer};
use crate::text::{SpokenPart, SpokenText, in_alphabet, melody_mark};

/// Raised when readings, rules or the crates' dictionaries change: it is part of every clip's key.
const VERSION: &str = "pinyin rules 1, jieba 0.11, pinyin 0.11";

/// Phonemes of Mandarin Chinese in simplified characters.
pub struct PinyinPhonemizer {
    jieba: Jieba,
}

impl Default for PinyinPhonemizer {
    fn default() -> Self {
        Self::new()
    }
}

impl PinyinPhonemizer {
    /// Loads the dictionary of words, about a second.
    #[must_use]
    pub fn new() -> Self {
        Self { jieba: Jieba::new() }
    }

    fn say(&self, utterance: &SpokenText) -> Result<String, EngineError> {
        let mut said = String::new();
        for part in &utterance.parts {
            match part {
                SpokenPart::Name { ipa, .. } => push_word(&mut said, &in_alphabet(ipa)),
                SpokenPart::Words(words) => self.words(words, &mut said)?,
            }
        }
        Ok(said.trim().to_owned())
    }

    /// Stretches of Han characters are segmented and read; marks stay; Latin letters are said by their names.
    fn words(&self, text: &str, said: &mut String) -> Result<(), EngineError> {
        let mut han = String::new();
        for c in text.chars() {
            if is_han(c) {
                han.push(c);
                continue;
            }
            self.phrase(&std::mem::take(&mut han), said)?;
            if let Some(mark) = melody_mark(c) {
                push_mark(said, mark);
            } else if let Some(name) = letter_name(c) {
                push_word(said, name);
            }
        }
        self.phrase(&han, said)
    }

    fn phrase(&self, han: &str, said: &mut String) -> Result<(), EngineError> {
        if han.is_empty() {
            return Ok(());
        }
        let tokens = self.jieba.cut(han, true);
        let mut words = tokens.iter().map(|token| sounded(token.word)).collect::<Result<Vec<_>, _>>()?;
        sandhi::apply(&mut words);
        for word in &words {
            let sound: String = word.iter().filter_map(|s| phonemes(&s.syllable)).collect();
            push_word(said, &in_alphabet(&sound));
        }
        Ok(())
    }
}

impl Phonemizer for PinyinPhonemizer {
    /// Kokoro's notation for Chinese. One result for each utterance.
    fn phonemize(&self, utterances: &[SpokenText]) -> Result<Vec<Phonemes>, EngineError> {
        if let Some(other) = utterances.iter().find(|utterance| utterance.language != Language::ZH) {
            let what = format!("{} text is not Chinese: `{}`", other.language, other.written());
            return Err(EngineError::BadInput { engine: ENGINE.to_owned(), what });
        }
        utterances.iter().map(|utterance| self.say(utterance).map(Phonemes)).collect()
    }

    fn version(&self) -> &str {
        VERSION
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// The characters of a word with their readings.
fn sounded(word: &str) -> Result<Vec<Sounded>, EngineError> {
    let chars: Vec<char> = word.chars().collect();
    let mut said = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let alone = if chars.len() == 1 { readings::alone(chars[0]).map(|reading| (1, reading)) } else { None };
        if let Some((length, reading)) = alone.or_else(|| readings::listed(&chars[at..])) {
            for (character, syllable) in chars[at..at + length].iter().zip(reading.split(' ')) {
                said.push(Sounded { character: *character, syllable: numbered(syllable) });
            }
            at += length;
            continue;
        }
        let character = chars[at];
        let reading = character.to_pinyin().map(|pinyin| pinyin.with_tone_num_end()).ok_or_else(|| EngineError::BadInput {
            engine: ENGINE.to_owned(),
            what: format!("no reading is known for `{character}` in `{word}`: write it otherwise, or put the word in the lexicon"),
        })?;
        said.push(Sounded { character, syllable: numbered(reading) });
        at += 1;
    }
    Ok(said)
}

/// `zhong1`; no number is the neutral tone.
fn numbered(reading: &str) -> Syllable {
    let letters = reading.trim_end_matches(|c: char| c.is_ascii_digit());
    let tone = reading[letters.len()..].parse().unwrap_or(5);
    Syllable { letters: letters.to_owned(), tone }
}

fn push_word(said: &mut String, sound: &str) {
    if !said.is_empty() && !said.ends_with([' ', '(', '“']) {
        said.push(' ');
    }
    said.push_str(sound);
}

fn push_mark(said: &mut String, mark: char) {
    let opens = matches!(mark, '“' | '(');
    if opens && !said.is_empty() && !said.ends_with(' ') {
        said.push(' ');
    }
    said.push(mark);
}

/// The name of a Latin letter as Chinese says it.
fn letter_name(c: char) -> Option<&'static str> {
    const NAMES: [&str; 26] = [
        "ei→",
        "pi↘",
        "si→",
        "ti↘",
        "i↘",
        "ei→fu",
        "ʨi↘",
        "ei→ʨʰi",
        "ai→",
        "ʨei↘",
        "kʰei↘",
        "ai→lə",
        "ai→mu",
        "ə→n",
        "ou→",
        "pʰi→",
        "kʰjou↘",
        "a→",
        "ai→s",
        "tʰi↘",
        "jou→",
        "wei→",
        "ta↗pu ljou",
        "ai→kʰə s",
        "wai→",
        "ʦei↘",
    ];
    NAMES.get((c.to_ascii_uppercase() as usize).wrapping_sub('A' as usize)).copied().filter(|_| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{KOKORO_ALPHABET, Lexicon, NameReader, spoken};

    fn phonemize(texts: &[&str]) -> Vec<String> {
        let names = NameReader::new(Language::ZH, &[]);
        let utterances: Vec<SpokenText> =
            texts.iter().map(|text| spoken(text, Language::ZH, &Lexicon::default(), &names)).collect();
        PinyinPhonemizer::new().phonemize(&utterances).unwrap().into_iter().map(|phonemes| phonemes.0).collect()
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
            include_str!("../../text/golden/split/zh.txt").lines().filter(|line| !line.is_empty()).collect();
        for (line, said) in lines.iter().zip(phonemize(&lines)) {
            assert!(said.chars().all(|c| KOKORO_ALPHABET.contains(c)), "{said}");
            assert!(said.chars().count() >= line.chars().count() / 2, "{line} -> {said}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let phonemizer = PinyinPhonemizer::new();
        let error = phonemizer.phonemize(&[SpokenText::words(Language::ZH, "塔\u{2ffff}。")]).unwrap_err().to_string();
        assert!(error.contains('\u{2ffff}') && error.contains("lexicon"), "{error}");
        assert!(phonemizer.phonemize(&[SpokenText::words(Language::JA, "塔")]).is_err());
    }
}
