//! One clip heard back: the recogniser's transcript, judged against the text that was meant.

use crate::audio::{Sound, breaks_off};
use crate::domain::{Hearing, Language, Listener, TimedWord};
use crate::ports::{Cancel, EngineError, Phonemizer, Recognizer};
use crate::text::hearing::{Heard, Meant, RULES, Word, judge};
use crate::text::{Lexicon, NameReader, spoken};

/// Listens to a clip and judges it. Without a phonemizer of the language, letters stand in for sounds, and more clips
/// are held. `speech` is the seconds of speech by a voice detector, where one listened.
///
/// # Errors
/// The recogniser's own failure, an empty sound among them.
pub fn hear(
    sound: &Sound,
    meant: &Meant<'_>,
    speech: Option<f32>,
    recognizer: &dyn Recognizer,
    phonemizer: Option<&dyn Phonemizer>,
    cancel: &Cancel,
) -> Result<Hearing, EngineError> {
    let transcript = recognizer.recognize(sound, meant.language, cancel)?;
    let words: Vec<Word<'_>> = transcript
        .segments
        .iter()
        .flat_map(|segment| &segment.words)
        .map(|word| Word { text: &word.text, start: word.start, end: word.end, probability: word.probability })
        .collect();
    let heard = Heard {
        text: &transcript.text,
        words: &words,
        language: None,
        speech,
        breaks_off: breaks_off(sound),
        duration: sound.duration(),
    };
    let identity = recognizer.identity();
    let listener = Listener { engine: identity.engine.clone(), model: identity.model.clone(), rules: RULES.to_owned() };
    let mut hearing = match phonemizer {
        Some(phonemizer) => {
            let ear = Pronunciation::new(phonemizer, meant.language);
            judge(meant, &heard, listener, Some(&|words: &str| ear.of(words)))
        }
        None => judge(meant, &heard, listener, None),
    };
    let timed = |word: &Word<'_>| TimedWord { text: word.text.trim().to_owned(), start: word.start, end: word.end };
    hearing.words = words.iter().map(timed).filter(|word| !word.text.is_empty()).collect();
    Ok(hearing)
}

/// How words are said, names that show that they are Vietnamese by their own rules.
struct Pronunciation<'a> {
    phonemizer: &'a dyn Phonemizer,
    language: Language,
    lexicon: Lexicon,
    names: NameReader,
}

impl<'a> Pronunciation<'a> {
    fn new(phonemizer: &'a dyn Phonemizer, language: Language) -> Self {
        let (lexicon, names) = (Lexicon::new(&[], language), NameReader::new(language, &[]));
        Self { phonemizer, language, lexicon, names }
    }

    /// `None` where the phonemizer cannot say them (another script, say): their letters are compared then.
    fn of(&self, words: &str) -> Option<String> {
        let utterance = spoken(words, self.language, &self.lexicon, &self.names);
        Some(self.phonemizer.phonemize(&[utterance]).ok()?.pop()?.0)
    }
}
