//! Engines for a house that works while a browser looks on: they answer in a moment, need no weights, and do the same every
//! time. They stand behind the ports of the real ones.
//!
//! The translator knows the collection by heart and gets one year wrong. The voice is the espeak-ng program's and gets two
//! English words wrong. Whoever listens knows nothing of what was meant: it finds the samples among those the voice ever made,
//! whole or in part, and says which words they were; a voice it never met it hears in words of its own.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use thuyetminh::app::phonemizer_of;
use thuyetminh::audio::Sound;
use thuyetminh::domain::{ContentHash, HashBuilder, Language, Manner, Milliseconds, VoiceMark};
use thuyetminh::neural::espeak::EspeakVoice;
use thuyetminh::pipeline::{Ear, Engines, EnginesEar, Listeners};
use thuyetminh::ports::{
    Cancel, EngineError, EngineIdentity, HeardSegment, HeardWord, Recognizer, SpeechSink, Synthesizer, Transcript,
    Translator,
};
use thuyetminh::text::{SpokenText, split_sentences};

use crate::house_detector::Loudness;
use crate::web_house::read_text;

/// A year in the collection's English, and what the translator writes in its place.
pub const WRONG_YEAR: [&str; 2] = ["1886", "1868"];
/// Words as they are written, and as the English voice says them for as long as no lexicon tells it better: one in the
/// guide that the house lacks, one in a guide that it has.
pub const WRONG_WORDS: [[&str; 2]; 2] = [["rafter", "elephant"], ["mandarin", "telephone"]];
/// What is heard of a voice that nobody here knows.
pub const STRANGER: &str =
    "Bà tôi kể rằng ngọn tháp này đã đứng đây từ lâu lắm rồi. Mỗi mùa xuân cả làng lên đồi thắp hương.";

/// The usual voice first.
const VOICES: [&str; 2] = ["an", "binh"];
const WORDS_A_MINUTE: u32 = 200;
/// The second voice is the first one, so much deeper and slower.
const DEEPER: f32 = 0.88;
/// A word of a stranger takes so long.
const STRANGERS_WORD: u64 = 300;

fn identity(engine: &str, model: &str, fingerprint: ContentHash) -> EngineIdentity {
    EngineIdentity { engine: engine.to_owned(), model: model.to_owned(), fingerprint }
}

/// Everything a voice of the house ever made, and the words it said.
#[derive(Default)]
struct Said(Mutex<Vec<(Vec<i16>, String)>>);

/// As a WAV file keeps them.
fn samples(sound: &Sound) -> Vec<i16> {
    sound.samples.iter().map(|sample| (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16).collect()
}

/// Where one row of samples lies in another.
fn place_of(part: &[i16], whole: &[i16]) -> Option<usize> {
    let last = whole.len().checked_sub(part.len())?;
    (0..=last).find(|at| whole[*at..].starts_with(part))
}

pub struct HouseEngines {
    said: Arc<Said>,
    translator: Arc<dyn Translator>,
}

impl HouseEngines {
    /// Who knows the guides of a collection's folder.
    pub fn of(collection: &Path) -> Self {
        Self { said: Arc::default(), translator: Arc::new(ByHeart::of(collection)) }
    }

    fn hearer(&self) -> Arc<Listener> {
        // The model says by whose limits the clips are judged.
        let identity = identity("house", "whisper-base", ContentHash::of(b"the house's own ear"));
        Arc::new(Listener { said: self.said.clone(), identity })
    }
}

impl Engines for HouseEngines {
    fn synthesizer(&self, language: Language) -> Result<Option<Arc<dyn Synthesizer>>, EngineError> {
        self.synthesizer_in(language, &Manner::default())
    }

    fn voices(&self, _: Language) -> Result<Vec<String>, EngineError> {
        Ok(VOICES.map(str::to_owned).to_vec())
    }

    fn synthesizer_in(&self, language: Language, manner: &Manner) -> Result<Option<Arc<dyn Synthesizer>>, EngineError> {
        let asked = manner.voice.as_deref().unwrap_or(VOICES[0]);
        let Some(name) = VOICES.into_iter().find(|voice| *voice == asked) else {
            let what = format!("no voice `{asked}` speaks `{language}` here");
            return Err(EngineError::BadInput { engine: "house".to_owned(), what });
        };
        let pace = WORDS_A_MINUTE * u32::from(manner.speed.unwrap_or(100)) / 100;
        let espeak: Arc<dyn Synthesizer> = Arc::new(EspeakVoice::new(language, pace)?);
        let made_of = HashBuilder::new("voice of the house").with("name", name);
        let fingerprint = made_of.with("speech", espeak.identity().fingerprint.to_string()).finish();
        let identity = identity("house", "espeak-ng", fingerprint);
        Ok(Some(Arc::new(Voice { language, name, espeak, said: self.said.clone(), identity })))
    }

    fn listeners(&self) -> Result<Option<Listeners>, EngineError> {
        Ok(Some((self.hearer(), Arc::new(Loudness::default()))))
    }

    fn ear(&self, language: Language) -> Result<Option<Arc<dyn Ear>>, EngineError> {
        let detector = Arc::new(Loudness::default());
        let ear = EnginesEar::new(language, self.hearer(), detector, phonemizer_of(language)?, 2);
        Ok(Some(Arc::new(ear)))
    }

    fn translators(&self) -> Result<Vec<Arc<dyn Translator>>, EngineError> {
        Ok(vec![self.translator.clone()])
    }
}

/// Vietnamese to English: the collection's own sentences, each beside its translation.
struct ByHeart {
    pairs: HashMap<String, String>,
    identity: EngineIdentity,
}

impl ByHeart {
    fn of(collection: &Path) -> Self {
        let mut pairs = HashMap::new();
        for entry in walkdir(&collection.join("sites")) {
            if !entry.join("stop.en.md").is_file() {
                continue;
            }
            let [vi, en] = [("stop.md", Language::VI), ("stop.en.md", Language::EN)].map(|(file, language)| {
                let (title, paragraphs) = read_text(&entry.join(file));
                let sentences = split_sentences(&paragraphs.join("\n\n"), language);
                [vec![title], sentences].concat()
            });
            // Where a translation has other sentences than its source, nobody can tell which belong together.
            if vi.len() == en.len() {
                pairs.extend(vi.into_iter().zip(en));
            }
        }
        assert!(pairs.len() > 100, "the collection's guides are not there");
        Self { pairs, identity: identity("house", "by-heart", ContentHash::of(b"by heart")) }
    }

    /// A sentence nobody taught it becomes one about its numbers.
    fn one(&self, sentence: &str) -> String {
        let known = self.pairs.get(sentence).map(|known| known.replace(WRONG_YEAR[0], WRONG_YEAR[1]));
        let numbers: Vec<&str> =
            sentence.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect();
        known.unwrap_or_else(|| match numbers.is_empty() {
            true => "This is another sentence about the towers on the hill.".to_owned(),
            false => format!("This is another sentence about the towers, and about {}.", numbers.join(" and ")),
        })
    }
}

/// The folders two below one.
fn walkdir(folder: &Path) -> Vec<std::path::PathBuf> {
    let inside = |folder: &Path| -> Vec<std::path::PathBuf> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
    };
    inside(folder).iter().flat_map(|site| inside(site)).collect()
}

impl Translator for ByHeart {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }
    fn source(&self) -> Language {
        Language::VI
    }
    fn target(&self) -> Language {
        Language::EN
    }
    fn translate(&self, sentences: &[String], cancel: &Cancel) -> Result<Vec<String>, EngineError> {
        cancel.check()?;
        let translated = |sentence: &String| if sentence.is_empty() { String::new() } else { self.one(sentence) };
        Ok(sentences.iter().map(translated).collect())
    }
}

struct Voice {
    language: Language,
    name: &'static str,
    espeak: Arc<dyn Synthesizer>,
    said: Arc<Said>,
    identity: EngineIdentity,
}

/// Played slower, and so lower.
fn deeper(sound: &Sound) -> Sound {
    let length = (sound.samples.len() as f32 / DEEPER) as usize;
    let at = |place: usize| sound.samples.get(place).copied().unwrap_or_default();
    let sample = |place: usize| {
        let exact = place as f32 * DEEPER;
        let share = exact.fract();
        at(exact as usize) * (1.0 - share) + at(exact as usize + 1) * share
    };
    Sound::new(sound.rate, (0..length).map(sample).collect())
}

impl Synthesizer for Voice {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }
    fn language(&self) -> Language {
        self.language
    }
    fn mark(&self) -> VoiceMark {
        VoiceMark { engine: "house".into(), voice: self.name.into(), last_resort: false, ..self.espeak.mark() }
    }
    fn retake(&self, take: u8) -> Option<Arc<dyn Synthesizer>> {
        let (said, identity) = (self.said.clone(), self.identity.clone());
        let espeak = self.espeak.retake(take)?;
        Some(Arc::new(Self { language: self.language, name: self.name, espeak, said, identity }))
    }
    fn synthesize(
        &self,
        utterances: &[SpokenText],
        cancel: &Cancel,
        sink: &mut SpeechSink<'_>,
    ) -> Result<(), EngineError> {
        for (place, utterance) in utterances.iter().enumerate() {
            let mut words = utterance.written();
            if self.language == Language::EN {
                words = WRONG_WORDS.iter().fold(words, |words, [right, wrong]| words.replace(right, wrong));
            }
            let mut spoken = None;
            self.espeak.synthesize(&[SpokenText::words(self.language, words.clone())], cancel, &mut |_, sound| {
                spoken = Some(if self.name == VOICES[0] { sound } else { deeper(&sound) });
                Ok(())
            })?;
            let sound = spoken.ok_or_else(|| EngineError::failed("house", "nothing was said"))?;
            self.said.0.lock().unwrap().push((samples(&sound), words));
            sink(place, sound)?;
        }
        Ok(())
    }
}

struct Listener {
    said: Arc<Said>,
    identity: EngineIdentity,
}

/// The words of a text over a time, each as long as its letters.
fn timed(text: &str, length: Milliseconds) -> Vec<HeardWord> {
    let letters = text.chars().count().max(1) as u64;
    let mut before = 0;
    let word = |text: &str| {
        let start = before;
        before += text.chars().count() as u64 + 1;
        let at = |letter: u64| Milliseconds(length.0 * letter.min(letters) / letters);
        HeardWord { text: text.to_owned(), start: at(start), end: at(before - 1), probability: 0.95 }
    };
    text.split(' ').map(word).collect()
}

impl Listener {
    /// What a voice of the house said in a sound, which may be a part of what it said.
    fn recognized(&self, sound: &Sound) -> Option<Vec<HeardWord>> {
        let heard = samples(sound);
        let said = self.said.0.lock().unwrap();
        let (at, whole, text) =
            said.iter().find_map(|(whole, text)| Some((place_of(&heard, whole)?, whole.len(), text)))?;
        let (from, to) = (sound.rate.duration(at), sound.rate.duration(at + heard.len()));
        let inside = |word: &HeardWord| {
            let middle = u64::midpoint(word.start.0, word.end.0);
            (from.0..to.0).contains(&middle)
        };
        let words = timed(text, sound.rate.duration(whole)).into_iter().filter(inside);
        let shifted = |at: Milliseconds| Milliseconds(at.0.saturating_sub(from.0));
        Some(words.map(|word| HeardWord { start: shifted(word.start), end: shifted(word.end), ..word }).collect())
    }

    fn stranger(sound: &Sound) -> Vec<HeardWord> {
        let count = (sound.duration().0 / STRANGERS_WORD) as usize;
        let words: Vec<&str> = STRANGER.split(' ').take(count.max(1)).collect();
        timed(&words.join(" "), sound.duration())
    }
}

impl Recognizer for Listener {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }

    fn recognize(&self, sound: &Sound, _: Language, cancel: &Cancel) -> Result<Transcript, EngineError> {
        cancel.check()?;
        let words = self.recognized(sound).unwrap_or_else(|| Self::stranger(sound));
        let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        let (start, end) = (Milliseconds(0), sound.duration());
        Ok(Transcript { text: text.clone(), segments: vec![HeardSegment { text, start, end, words }] })
    }

    fn recognize_quickly(&self, sound: &Sound, language: Language, cancel: &Cancel) -> Result<Transcript, EngineError> {
        self.recognize(sound, language, cancel)
    }
}
