//! Every clip heard back before it may be published: it says its sentence, or it is made again, or a person hears it.
//!
//! Invariants: the same sound is heard once for the same text and listener; a clip that fails is spoken again as often as
//! its voice knows how, and the best attempt stays; what still fails is held for a person, who may let exactly that sound
//! pass. A clip that nobody judged passes only where the museum's policy says so.

use std::sync::Arc;

use futures_util::StreamExt as _;

use super::cast::{Part, Speaker};
use super::error::MakeError;
use super::speak;
use super::workshop::{self, Progress, Stage, Workshop};
use crate::audio::{Sound, wav};
use crate::domain::{ContentHash, GlossaryEntry, HashBuilder, Hearing, HearingSummary, Language, Listener, Verdict};
use crate::ports::{Cancel, EngineError, Synthesizer};
use crate::store::{Clip, StoredHearing};
use crate::text::SpokenText;
use crate::text::hearing::Meant;

/// Somebody who hears clips of one language and tells whether they say their text.
pub trait Ear: Send + Sync {
    /// Who it is, for the public.
    fn listener(&self) -> &Listener;

    /// Over the weights and rules: another fingerprint, and every clip is heard again.
    fn fingerprint(&self) -> ContentHash;

    /// How many clips it hears at a time.
    fn side_by_side(&self) -> usize;

    /// Hears one clip.
    ///
    /// # Errors
    /// `Cancelled`, or the engine's own failure.
    fn hear(&self, sound: &Sound, meant: &Meant<'_>, cancel: &Cancel) -> Result<Hearing, EngineError>;
}

/// A sentence's clip, heard.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct HeardClip {
    /// Counts the sentences from 0.
    pub sentence: u32,
    pub text: String,
    #[serde(skip)]
    pub key: ContentHash,
    #[serde(flatten)]
    pub hearing: Hearing,
    /// Whether a person heard this very sound and let it pass.
    pub accepted: bool,
}

impl HeardClip {
    /// Whether a person must hear it before it is published.
    #[must_use]
    pub fn waits(&self, verdict: Verdict) -> bool {
        self.hearing.verdict == verdict && !self.accepted
    }
}

/// The clips of a guide, heard, and how much work that was.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub clips: Vec<HeardClip>,
    pub heard: usize,
    pub reused: usize,
    pub spoken_again: usize,
}

/// What hearing the clips of one guide needs.
#[derive(Clone)]
pub(super) struct Bench {
    pub workshop: Workshop,
    pub ear: Arc<dyn Ear>,
    pub language: Language,
    pub glossary: Arc<[GlossaryEntry]>,
    pub cancel: Cancel,
}

/// A clip and what it should say.
#[derive(Clone)]
struct Wanted {
    key: ContentHash,
    written: String,
    spoken: SpokenText,
    by: Speaker,
    /// The entries that the sentence may hold. The clip is judged by all of them, one of which may have been said in the
    /// place of another, but is heard again only where these change: not at every new name of a museum.
    names: Vec<GlossaryEntry>,
}

/// What came of one clip.
struct Outcome {
    hearing: StoredHearing,
    accepted: bool,
    heard: usize,
    spoken_again: usize,
}

/// A bench for a language; `None` where the settings say that nobody listens.
pub(super) async fn bench(
    workshop: &Workshop,
    language: Language,
    cancel: &Cancel,
) -> Result<Option<Bench>, MakeError> {
    let engines = workshop.engines.clone();
    let Some(ear) = workshop::on_a_thread(move || engines.ear(language)).await? else { return Ok(None) };
    let glossary = workshop.store.glossary().await?.into();
    Ok(Some(Bench { workshop: workshop.clone(), ear, language, glossary, cancel: cancel.clone() }))
}

impl Bench {
    /// Hears every sentence's clip.
    ///
    /// # Errors
    /// Whatever stopped it; what was heard before is kept.
    pub async fn hear_all(&self, parts: &[Part], progress: &dyn Progress) -> Result<Heard, MakeError> {
        progress.stage(Stage::Hear { sentences: parts.len() });
        let hear = |part: &Part| self.clone().hear_one(self.wanted(part));
        let waiting: Vec<_> = parts.iter().map(hear).collect();
        let mut outcomes = futures_util::stream::iter(waiting).buffered(self.ear.side_by_side());
        let mut all = Heard::default();
        while let Some(outcome) = outcomes.next().await {
            let Outcome { hearing, accepted, heard, spoken_again } = outcome?;
            let place = all.clips.len();
            all.heard += heard;
            all.reused += usize::from(heard == 0);
            all.spoken_again += spoken_again;
            all.clips.push(HeardClip {
                sentence: u32::try_from(place).unwrap_or(u32::MAX),
                text: parts.get(place).map(|part| part.content.clone()).unwrap_or_default(),
                key: hearing.key,
                hearing: hearing.hearing,
                accepted,
            });
            progress.clip_heard();
        }
        Ok(all)
    }

    fn wanted(&self, part: &Part) -> Wanted {
        Wanted {
            key: part.key,
            written: part.content.clone(),
            spoken: part.spoken.clone(),
            by: part.by.clone(),
            names: entries_in(&self.glossary, &part.content),
        }
    }

    /// Hears the clip of one sentence as it is, once more where it was heard before by other rules only.
    ///
    /// # Errors
    /// Whatever stopped it.
    pub async fn hear_as_it_is(&self, part: &Part) -> Result<StoredHearing, MakeError> {
        let wanted = self.wanted(part);
        let clip = self.workshop.store.clip(part.key).await?.ok_or(MakeError::LostClip { key: part.key })?;
        let key = self.key_of(clip.blob, &wanted)?;
        match self.workshop.store.hearing(key).await? {
            Some(known) => Ok(known),
            None => self.listen(&clip, &wanted, key).await,
        }
    }

    async fn hear_one(self, wanted: Wanted) -> Result<Outcome, MakeError> {
        let store = &self.workshop.store;
        let clip = store.clip(wanted.key).await?.ok_or(MakeError::LostClip { key: wanted.key })?;
        let key = self.key_of(clip.blob, &wanted)?;
        let (mut best, mut heard) = match store.hearing(key).await? {
            Some(known) => (known, 0),
            None => (self.listen(&clip, &wanted, key).await?, 1),
        };
        let accepted = store.clip_is_accepted(clip.blob).await?;
        let mut spoken_again = 0;
        if best.hearing.verdict == Verdict::Hold && !accepted {
            let mut take = store.last_take(wanted.key, self.ear.fingerprint()).await?.unwrap_or_default();
            while best.hearing.verdict == Verdict::Hold
                && let Some(voice) = take.checked_add(1).and_then(|next| wanted.by.retake(next))
            {
                take += 1;
                let again = speak_again(&self.workshop, voice, (take, clip.key), &wanted.spoken, &self.cancel).await?;
                let key = self.key_of(again.blob, &wanted)?;
                let hearing = self.listen(&again, &wanted, key).await?;
                heard += 1;
                spoken_again += 1;
                if is_better(&hearing.hearing, &best.hearing) {
                    store.put_clip(&again).await?;
                    best = hearing;
                }
            }
        }
        Ok(Outcome { hearing: best, accepted, heard, spoken_again })
    }

    /// Over what decides the verdict: the sound, the text and its names, and who listens.
    fn key_of(&self, blob: ContentHash, wanted: &Wanted) -> Result<ContentHash, MakeError> {
        let names = serde_json::to_vec(&wanted.names).map_err(MakeError::Unwritable)?;
        Ok(HashBuilder::new("hearing 1")
            .with("sound", blob.to_string())
            .with("language", self.language.tag())
            .with("written", &wanted.written)
            .with("spoken", wanted.spoken.written())
            .with("names", names)
            .with("listener", self.ear.fingerprint().to_string())
            .finish())
    }

    /// Hears a clip and keeps what came of it.
    async fn listen(&self, clip: &Clip, wanted: &Wanted, key: ContentHash) -> Result<StoredHearing, MakeError> {
        let bytes = self.workshop.blobs.get(clip.blob).await?.ok_or(MakeError::LostClip { key: wanted.key })?;
        let sound = wav::read(&bytes)?;
        let (ear, language, cancel, wanted) = (self.ear.clone(), self.language, self.cancel.clone(), wanted.clone());
        let names = self.glossary.clone();
        let hearing = workshop::on_a_thread(move || {
            let spoken = wanted.spoken.written();
            let meant = Meant { language, written: &wanted.written, spoken: &spoken, names: &names };
            ear.hear(&sound, &meant, &cancel)
        })
        .await?;
        let (clip, blob, take) = (clip.key, clip.blob, clip.take);
        let stored = StoredHearing { key, clip, blob, take, listener: self.ear.fingerprint(), hearing };
        self.workshop.store.put_hearing(&stored).await?;
        Ok(stored)
    }
}

/// Speaks a sentence once more, in another voice or manner, as a clip that is not put down yet.
pub(super) async fn speak_again(
    workshop: &Workshop,
    voice: Arc<dyn Synthesizer>,
    (take, key): (u8, ContentHash),
    spoken: &SpokenText,
    cancel: &Cancel,
) -> Result<Clip, MakeError> {
    let (utterance, cancel) = ([spoken.clone()], cancel.clone());
    let (engine, mark) = (voice.identity().engine.clone(), voice.mark());
    let sound = workshop::on_a_thread(move || {
        let mut spoken = None;
        voice.synthesize(&utterance, &cancel, &mut |_, sound| {
            spoken = Some(sound);
            Ok(())
        })?;
        Ok(spoken)
    })
    .await?
    .ok_or_else(|| MakeError::short(&engine))?;
    Ok(Clip { take, ..speak::clip_of(workshop, key, mark, &sound).await? })
}

fn is_better(new: &Hearing, old: &Hearing) -> bool {
    let rank = |hearing: &Hearing| (hearing.verdict != Verdict::Pass, hearing.findings.len());
    rank(new) < rank(old) || (rank(new) == rank(old) && new.cer < old.cer)
}

/// The entries one of whose forms stands in the sentence.
fn entries_in(glossary: &[GlossaryEntry], sentence: &str) -> Vec<GlossaryEntry> {
    let folded = sentence.to_lowercase();
    let stands = |form: &String| folded.contains(&form.to_lowercase());
    let holds = |entry: &&GlossaryEntry| {
        stands(&entry.term) || entry.forms.iter().any(stands) || entry.renderings.values().flatten().any(stands)
    };
    glossary.iter().filter(holds).cloned().collect()
}

/// What the public is told of it; `None` where nobody listened.
pub(super) fn summary(clips: &[HeardClip]) -> Option<HearingSummary> {
    let listener = clips.first()?.hearing.listener.clone();
    let count = |holds: &dyn Fn(&HeardClip) -> bool| u32::try_from(clips.iter().filter(|clip| holds(clip)).count());
    let mean = |rates: &[f64]| (rates.iter().sum::<f64>() / rates.len().max(1) as f64 * 1e4).round() / 1e4;
    let words: Option<Vec<f64>> = clips.iter().map(|clip| clip.hearing.wer).collect();
    let letters: Vec<f64> = clips.iter().map(|clip| clip.hearing.cer).collect();
    Some(HearingSummary {
        listener,
        sentences: u32::try_from(clips.len()).ok()?,
        passed: count(&|clip| clip.hearing.verdict == Verdict::Pass).ok()?,
        by_people: count(&|clip| clip.hearing.verdict != Verdict::Pass && clip.accepted).ok()?,
        not_judged: count(&|clip| clip.waits(Verdict::NotJudged)).ok()?,
        wer: words.map(|words| mean(&words)),
        cer: mean(&letters),
    })
}
