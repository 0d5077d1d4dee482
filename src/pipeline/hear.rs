//! One clip heard back: the recogniser's transcript, judged against the text that was meant.

use crate::audio::{Sound, breaks_off};
use crate::domain::{Hearing, HearingFinding, HearingKind, Language, Listener, Milliseconds, TimedWord, Verdict};
use crate::ports::{Cancel, EngineError, Phonemizer, Recognizer, Transcript};
use crate::text::hearing::{Heard, Meant, RULES, Sounds, Spot, Word, judge, spots_of_numbers};
use crate::text::{Lexicon, NameReader, facts, spoken};

/// Listens to a clip and judges it. Without a phonemizer of the language, letters stand in for sounds, and more clips
/// are held. `speech` is the seconds of speech by a voice detector, where one listened.
///
/// A recogniser slips, and seldom twice in the same place. So a clip is heard quickly at first, and carefully only where
/// that would hold it; and the numbers of a clip that passes are heard once more, each with a few words around it.
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
    let identity = recognizer.identity();
    let listener = Listener { engine: identity.engine.clone(), model: identity.model.clone(), rules: RULES.to_owned() };
    let pronunciation = phonemizer.map(|phonemizer| Pronunciation::new(phonemizer, meant.language));
    let of = |words: &str| pronunciation.as_ref().and_then(|pronunciation| pronunciation.of(words));
    let sounds = pronunciation.is_some().then_some(&of as Sounds<'_>);
    let listening = Listening { recognizer, listener, sounds, speech, breaks_off: breaks_off(sound), cancel };
    let quick = recognizer.recognize_quickly(sound, meant.language, cancel)?;
    let first = listening.judge(sound, meant, &quick);
    match first.verdict {
        Verdict::Pass => listening.hear_numbers_again(sound, meant, &quick, first),
        Verdict::Hold if may_be_a_slip(&first) => listening.hear_carefully(sound, meant, first),
        Verdict::Hold | Verdict::NotJudged => Ok(first),
    }
}

/// Whether everything found in a clip may be the recogniser's own slip. A number that was heard as another is none: a
/// second hearing would more likely write the one it expects. Nor is silence, or speech that breaks off.
fn may_be_a_slip(hearing: &Hearing) -> bool {
    let never = [HearingKind::Fact, HearingKind::Silence, HearingKind::BrokenOff];
    hearing.findings.iter().all(|finding| !never.contains(&finding.kind))
}

/// Who hears one clip.
struct Listening<'a> {
    recognizer: &'a dyn Recognizer,
    listener: Listener,
    sounds: Option<Sounds<'a>>,
    speech: Option<f32>,
    breaks_off: bool,
    cancel: &'a Cancel,
}

impl Listening<'_> {
    fn judge(&self, sound: &Sound, meant: &Meant<'_>, transcript: &Transcript) -> Hearing {
        let words = words_of(transcript);
        let mut hearing = judge(meant, &self.heard(sound, transcript, &words), self.listener.clone(), self.sounds);
        let timed = |word: &Word<'_>| TimedWord { text: word.text.trim().to_owned(), start: word.start, end: word.end };
        hearing.words = words.iter().map(timed).filter(|word| !word.text.is_empty()).collect();
        hearing
    }

    fn heard<'t>(&self, sound: &Sound, transcript: &'t Transcript, words: &'t [Word<'t>]) -> Heard<'t> {
        Heard {
            text: &transcript.text,
            words,
            language: None,
            speech: self.speech,
            breaks_off: self.breaks_off,
            duration: sound.duration(),
        }
    }

    /// The careful hearing where that finds nothing, else the first.
    fn hear_carefully(&self, sound: &Sound, meant: &Meant<'_>, first: Hearing) -> Result<Hearing, EngineError> {
        let transcript = self.recognizer.recognize(sound, meant.language, self.cancel)?;
        let second = self.judge(sound, meant, &transcript);
        match second.verdict {
            Verdict::Pass => self.hear_numbers_again(sound, meant, &transcript, second),
            Verdict::Hold | Verdict::NotJudged => Ok(first),
        }
    }

    /// A hearing that passed, with a finding for each number that was heard as another when it was heard by itself.
    fn hear_numbers_again(
        &self,
        sound: &Sound,
        meant: &Meant<'_>,
        transcript: &Transcript,
        first: Hearing,
    ) -> Result<Hearing, EngineError> {
        let words = words_of(transcript);
        let heard = self.heard(sound, transcript, &words);
        let mut hearing = first;
        for spot in spots_of_numbers(meant, &heard, &self.listener.model, self.sounds) {
            hearing.findings.extend(self.hear_spot(sound, meant, &spot)?);
        }
        if !hearing.findings.is_empty() {
            hearing.verdict = Verdict::Hold;
        }
        Ok(hearing)
    }

    fn hear_spot(&self, sound: &Sound, meant: &Meant<'_>, spot: &Spot) -> Result<Vec<HearingFinding>, EngineError> {
        let (from, to) = (sound.rate.samples(spot.from), sound.rate.samples(spot.to).min(sound.samples.len()));
        let Some(samples) = sound.samples.get(from..to).filter(|samples| !samples.is_empty()) else {
            return Ok(Vec::new());
        };
        let alone = Sound::new(sound.rate, samples.to_vec());
        let transcript = self.recognizer.recognize_quickly(&alone, meant.language, self.cancel)?;
        let words = words_of(&transcript);
        let heard = Heard { speech: None, breaks_off: false, ..self.heard(&alone, &transcript, &words) };
        let meant = Meant { written: &spot.written, spoken: &spot.spoken, ..*meant };
        let findings = judge(&meant, &heard, self.listener.clone(), self.sounds).findings;
        let shift = |at: Milliseconds| Milliseconds(at.0 + spot.from.0);
        // Where the stretch is cut, a number may be heard that nobody said (`più di 1` of `più di un secolo`): only those
        // that the text has count.
        let meant = |finding: &HearingFinding| {
            let facts = facts::read(&finding.expected, meant.language);
            finding.kind == HearingKind::Fact && facts.iter().any(|fact| fact.weight != facts::Weight::Optional)
        };
        Ok(findings
            .into_iter()
            .filter(meant)
            .map(|finding| HearingFinding { at: finding.at.map(|at| at.map(shift)), ..finding })
            .collect())
    }
}

fn words_of(transcript: &Transcript) -> Vec<Word<'_>> {
    let words = transcript.segments.iter().flat_map(|segment| &segment.words);
    words
        .map(|word| Word { text: &word.text, start: word.start, end: word.end, probability: word.probability })
        .collect()
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

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;

    use super::*;
    use crate::domain::{ContentHash, Hertz};
    use crate::ports::{EngineIdentity, HeardSegment, HeardWord};

    /// Hears these texts one after another when it hears quickly, and one carefully; a word takes half a second.
    struct Slipping {
        quick: Mutex<VecDeque<&'static str>>,
        careful: Mutex<Option<&'static str>>,
        lengths: Mutex<Vec<Milliseconds>>,
        identity: EngineIdentity,
    }

    impl Slipping {
        fn new(quick: &[&'static str], careful: Option<&'static str>) -> Self {
            let (engine, model) = ("whisper".to_owned(), "whisper-base".to_owned());
            let identity = EngineIdentity { engine, model, fingerprint: ContentHash::of(b"slipping") };
            let quick = Mutex::new(quick.iter().copied().collect());
            Self { quick, careful: Mutex::new(careful), lengths: Mutex::default(), identity }
        }
    }

    fn transcript(text: &str) -> Transcript {
        let word = |(text, at): (&str, u64)| HeardWord {
            text: text.to_owned(),
            start: Milliseconds(at * 500),
            end: Milliseconds(at * 500 + 500),
            probability: 0.9,
        };
        let words: Vec<HeardWord> = text.split(' ').zip(0..).map(word).collect();
        let end = words.last().map_or(Milliseconds(0), |word| word.end);
        let segment = HeardSegment { text: text.to_owned(), start: Milliseconds(0), end, words };
        Transcript { text: text.to_owned(), segments: vec![segment] }
    }

    impl Recognizer for Slipping {
        fn identity(&self) -> &EngineIdentity {
            &self.identity
        }
        fn recognize(&self, _: &Sound, _: Language, _: &Cancel) -> Result<Transcript, EngineError> {
            let text = self.careful.lock().unwrap().take();
            Ok(transcript(text.expect("heard carefully no oftener than the test says")))
        }
        fn recognize_quickly(&self, sound: &Sound, _: Language, _: &Cancel) -> Result<Transcript, EngineError> {
            self.lengths.lock().unwrap().push(sound.duration());
            let text = self.quick.lock().unwrap().pop_front();
            Ok(transcript(text.expect("heard no oftener than the test says")))
        }
    }

    fn heard(written: &str, spoken: &str, recognizer: &Slipping) -> Hearing {
        let seconds = recognizer.quick.lock().unwrap()[0].split(' ').count() / 2 + 1;
        let sound = Sound::new(Hertz(1000), vec![0.0; seconds * 1000]);
        let meant = Meant { language: Language::EN, written, spoken, names: &[] };
        let hearing = hear(&sound, &meant, None, recognizer, None, &Cancel::new()).unwrap();
        assert!(recognizer.quick.lock().unwrap().is_empty(), "it was not heard again");
        assert!(recognizer.careful.lock().unwrap().is_none(), "it was not heard carefully");
        hearing
    }

    const WRITTEN: &str =
        "The tower that stands in front of you on this hill was rebuilt in 1990 by masons of the town.";
    const SPOKEN: &str =
        "The tower that stands in front of you on this hill was rebuilt in nineteen ninety by masons of the town.";

    #[test]
    fn a_number_that_was_expected_is_heard_once_more_by_itself() {
        let recognizer = Slipping::new(&[WRITTEN, "was rebuilt in 1970 by masons of"], None);
        let hearing = heard(WRITTEN, SPOKEN, &recognizer);
        assert_eq!(hearing.verdict, Verdict::Hold);
        assert_eq!(hearing.findings.len(), 1, "{:?}", hearing.findings);
        let finding = &hearing.findings[0];
        assert_eq!(finding.kind, HearingKind::Fact);
        assert!(finding.message.contains("1970"), "{}", finding.message);
        let [from, to] = finding.at.unwrap();
        assert!(from.0 >= 5_500 && to.0 <= 9_500, "it stands where the number was said: {from:?} {to:?}");
        let lengths = recognizer.lengths.lock().unwrap();
        assert!(lengths[1].0 < 4_500, "only the number and its neighbours are heard: {lengths:?}");
    }

    #[test]
    fn a_number_that_both_hearings_agree_on_passes_and_a_text_without_numbers_is_heard_once() {
        let recognizer = Slipping::new(&[WRITTEN, "was rebuilt in nineteen ninety by masons of"], None);
        assert_eq!(heard(WRITTEN, SPOKEN, &recognizer).verdict, Verdict::Pass);
        let text = "The tower stands in front of you on a hill.";
        assert_eq!(heard(text, text, &Slipping::new(&[text], None)).verdict, Verdict::Pass);
    }

    #[test]
    fn a_slip_of_the_first_hearing_is_forgiven_and_a_fault_is_not() {
        let text = "The masons laid the bricks so closely that no mortar shows.";
        let twice = "The masons laid the bricks so closely that no mortar shows. \
                     The masons laid the bricks so closely that no mortar shows.";
        assert_eq!(heard(text, text, &Slipping::new(&[twice], Some(text))).verdict, Verdict::Pass);
        let hearing = heard(text, text, &Slipping::new(&[twice], Some(twice)));
        assert_eq!((hearing.verdict, hearing.findings[0].kind), (Verdict::Hold, HearingKind::Unintelligible));
        // What passes only when it is heard carefully has its numbers heard by themselves too.
        let doubled = "The tower that stands in front of you on this hill was rebuilt in 1990 by masons of the town. \
                       The tower that stands in front of you on this hill was rebuilt in 1990 by masons of the town.";
        let recognizer = Slipping::new(&[doubled, "was rebuilt in 1970 by masons of"], Some(WRITTEN));
        assert_eq!(heard(WRITTEN, SPOKEN, &recognizer).verdict, Verdict::Hold);
        // A number that was heard as another is not asked about again: the recogniser would write what it expects.
        let other = "The tower that stands in front of you on this hill was rebuilt in 1970 by masons of the town.";
        assert_eq!(heard(WRITTEN, SPOKEN, &Slipping::new(&[other], None)).verdict, Verdict::Hold);
    }
}
