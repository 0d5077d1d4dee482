//! One clip from both texts to its hearing: first what was understood at all, then names, numbers and words.

use std::ops::Range;

use super::align::{Settled, Step, align, stretches};
use super::sounds::{self, Ear};
use super::thresholds::{Ability, Limits, limits};
use super::units::{Unit, cut, quote, units};
use super::{Heard, LONGEST, Meant, Sounds, ledger, names, numerals};
use crate::domain::{Hearing, HearingFinding, HearingKind, Listener, Milliseconds, Script, Verdict};
use crate::text::error_rate::{self, Comparison};

/// Speech shorter than this, in seconds, is none.
const LEAST_SPEECH: f32 = 0.15;
/// How sure the recogniser must be that it hears another language.
const SURE_OF_LANGUAGE: f32 = 0.8;

/// Something found, in units of both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub kind: HearingKind,
    pub meant: Range<usize>,
    pub heard: Range<usize>,
    pub message: String,
}

/// Both texts in units, side by side.
pub struct Clip<'a> {
    pub text: &'a Meant<'a>,
    pub sound: &'a Heard<'a>,
    pub limits: Limits,
    pub ear: Ear<'a>,
    pub meant: Vec<Unit>,
    pub heard: Vec<Unit>,
    pub steps: Vec<Step>,
    /// What was heard, as the text would write it.
    pub transcript: String,
    /// Word and character error rate.
    rates: (Option<f64>, f64),
}

impl<'a> Clip<'a> {
    pub fn new(text: &'a Meant<'a>, sound: &'a Heard<'a>, model: &str, sounds: Option<Sounds<'a>>) -> Self {
        let transcript = numerals::in_one_script(sound.text, text.language);
        let (mut meant, mut heard) = (units(text.spoken, text.language), units(&transcript, text.language));
        meant.truncate(LONGEST);
        heard.truncate(LONGEST);
        let is_spaced = text.language.script() == Script::Alphabetic;
        let rates = rates(&meant, &heard, is_spaced);
        let ear = Ear::new(sounds);
        let mut steps = align(&meant, &heard);
        if is_spaced && fold_homophones(&steps, &meant, &mut heard, &ear) {
            steps = align(&meant, &heard);
        }
        Self { text, sound, limits: limits(model, text.language), ear, meant, heard, steps, transcript, rates }
    }

    pub fn meant_words(&self, range: Range<usize>) -> String {
        quote(&self.meant[range], self.text.language)
    }

    pub fn heard_words(&self, range: Range<usize>) -> String {
        quote(&self.heard[range], self.text.language)
    }

    pub fn is_spaced(&self) -> bool {
        self.text.language.script() == Script::Alphabetic
    }

    /// What the recogniser makes of it.
    pub fn hearing(&self, listener: Listener) -> Hearing {
        let (wer, cer) = self.rates;
        let too_long = self.meant.len() >= LONGEST || self.heard.len() >= LONGEST;
        let gross = self.gross();
        let (notes, longest_divergent_run) = match &gross {
            Some(_) => (Vec::new(), self.meant.len().max(self.heard.len())),
            None if too_long => (Vec::new(), 0),
            None => self.notes(),
        };
        let broken = (gross.is_none() && self.sound.breaks_off).then(|| self.broken_off());
        let found = !notes.is_empty();
        let verdict = match (self.limits.ability, &gross) {
            // A clip without any sound needs no ear, nor does one that is cut.
            (_, Some(note)) if note.kind == HearingKind::Silence => Verdict::Hold,
            (_, None) if broken.is_some() => Verdict::Hold,
            (Ability::None, _) => Verdict::NotJudged,
            (_, Some(_)) => Verdict::Hold,
            (Ability::Gross, None) => Verdict::NotJudged,
            (Ability::Words, None) if too_long => Verdict::NotJudged,
            (Ability::Words, None) if found => Verdict::Hold,
            (Ability::Words, None) => Verdict::Pass,
        };
        let findings = gross.into_iter().chain(notes).chain(broken).map(|note| self.finding(note)).collect();
        Hearing {
            verdict,
            wer,
            cer,
            longest_divergent_run,
            heard: self.sound.text.trim().to_owned(),
            words: Vec::new(),
            findings,
            listener,
        }
    }

    fn broken_off(&self) -> Note {
        let (meant, heard) = (self.meant.len(), self.heard.len());
        let message = "the sound stops in the middle of speech".to_owned();
        Note { kind: HearingKind::BrokenOff, meant: meant..meant, heard: heard..heard, message }
    }

    /// What makes any closer look useless.
    fn gross(&self) -> Option<Note> {
        let whole = |kind, message: String| {
            Some(Note { kind, meant: 0..self.meant.len(), heard: 0..self.heard.len(), message })
        };
        if self.sound.speech.is_some_and(|seconds| seconds < LEAST_SPEECH) {
            return whole(HearingKind::Silence, "there is no speech in the clip".to_owned());
        }
        if self.heard.is_empty() {
            return (!self.meant.is_empty())
                .then(|| whole(HearingKind::Silence, "nothing was heard in the clip".to_owned()))
                .flatten();
        }
        let language = self.text.language;
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        if let Some((tag, sure)) = self.sound.language
            && primary(tag) != language.tag()
            && sure >= SURE_OF_LANGUAGE
        {
            return whole(HearingKind::Language, format!("the clip is in `{tag}`, not in `{language}`"));
        }
        let apart = self.apart();
        let most = self.limits.unintelligible + self.limits.of_few_words / self.meant.len().max(1) as f32;
        (apart > most)
            .then(|| {
                let percent = (apart * 100.0).round();
                whole(HearingKind::Unintelligible, format!("{percent} % of its sounds are not those of the text"))
            })
            .flatten()
    }

    /// The share of the whole text's sounds that differ.
    fn apart(&self) -> f32 {
        let sound = |words: String| self.ear.sound(&words);
        let (meant, heard) =
            (sound(self.meant_words(0..self.meant.len())), sound(self.heard_words(0..self.heard.len())));
        sounds::distance(&meant, &heard) / meant.len().max(1) as f32
    }

    /// The findings, and the longest stretch in which nothing fits.
    fn notes(&self) -> (Vec<Note>, usize) {
        let mut settled = Settled::none(self.meant.len(), self.heard.len());
        let mut notes = names::hear(self, &mut settled);
        let mut facts = ledger::hear(self, &settled);
        let mut longest = 0;
        for stretch in stretches(&self.steps, &settled) {
            let judged = self.judge_stretch(&stretch, &settled);
            if judged.unlike {
                longest = longest.max(stretch.meant.len()).max(stretch.heard.len());
            }
            let Some(note) = judged.note else { continue };
            let meets = |one: &Range<usize>, other: &Range<usize>| one.start < other.end && other.start < one.end;
            let of_note = |fact: &Note| meets(&fact.meant, &note.meant) || meets(&fact.heard, &note.heard);
            // A sentence that is missing or said twice takes its numbers with it; else the number says more.
            if matches!(note.kind, HearingKind::Dropped | HearingKind::Repeated) {
                facts.retain(|fact| !of_note(fact));
                notes.push(note);
            } else if !facts.iter().any(of_note) {
                notes.push(note);
            }
        }
        for note in &notes {
            longest = longest.max(note.meant.len()).max(note.heard.len());
        }
        notes.extend(facts);
        notes.sort_by_key(|note| (note.meant.start, note.heard.start));
        (notes, longest)
    }

    fn finding(&self, note: Note) -> HearingFinding {
        HearingFinding {
            kind: note.kind,
            at: self.times(&note.heard),
            expected: self.meant_words(note.meant),
            heard: self.heard_words(note.heard),
            message: note.message,
        }
    }

    /// When a stretch was heard; for an empty one, the gap it would have stood in.
    pub fn times(&self, heard: &Range<usize>) -> Option<[Milliseconds; 2]> {
        let mut raw = Vec::new();
        let mut spans = Vec::new();
        for word in self.sound.words {
            for unit in cut(word.text, self.text.language) {
                raw.push(unit);
                spans.push([word.start, word.end]);
            }
        }
        raw.truncate(LONGEST);
        // Numbers were spelled out since, so the words are found again by laying them beside the units.
        let mut places: Vec<Option<[Milliseconds; 2]>> = vec![None; self.heard.len()];
        for step in align(&raw, &self.heard) {
            if let (Some(word), Some(unit)) = (step.meant, step.heard) {
                places[unit] = Some(spans[word]);
            }
        }
        let inside = || places[heard.clone()].iter().flatten();
        if let (Some(first), Some(last)) = (inside().next(), inside().next_back()) {
            return Some([first[0], last[1].max(first[0])]);
        }
        let before = places[..heard.start].iter().flatten().next_back().map_or(Milliseconds(0), |span| span[1]);
        let after = places[heard.end..].iter().flatten().next().map_or(self.sound.duration, |span| span[0]);
        (!spans.is_empty()).then(|| [before, after.max(before)])
    }
}

/// Word error rate (where words stand between spaces) and character error rate, of the texts as normalised.
fn rates(meant: &[Unit], heard: &[Unit], is_spaced: bool) -> (Option<f64>, f64) {
    let joined = |units: &[Unit]| units.iter().map(|unit| unit.key.as_str()).collect::<Vec<_>>().join(" ");
    let (meant, heard) = (joined(meant), joined(heard));
    let rate = |unit| Comparison::by(unit).compare(&meant, &heard).rate();
    (is_spaced.then(|| rate(error_rate::Unit::Word)), rate(error_rate::Unit::Character))
}

/// Gives words that were heard in another spelling of the same sound (`cet ombres`, `cette ombre`) the key of the word
/// that was meant: what differs falls apart into short stretches then, in which a word that is missing shows. Whether
/// there were any.
fn fold_homophones(steps: &[Step], meant: &[Unit], heard: &mut [Unit], ear: &Ear<'_>) -> bool {
    let differing = || steps.iter().filter(|step| !step.same);
    let wanted: Vec<(&str, Vec<char>)> = differing()
        .filter_map(|step| step.meant)
        .map(|at| (meant[at].key.as_str(), ear.sound(&meant[at].written)))
        .collect();
    let mut folded = false;
    for at in differing().filter_map(|step| step.heard) {
        let sound = ear.sound(&heard[at].written);
        if let Some((key, _)) = wanted.iter().find(|(key, other)| *other == sound && *key != heard[at].key) {
            heard[at].key = (*key).to_owned();
            folded = true;
        }
    }
    folded
}
