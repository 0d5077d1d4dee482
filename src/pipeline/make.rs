//! One guide brought up to date: a stop in a language, from text to published edition.

use std::sync::Arc;

use super::check::Desk;
use super::publish::{self, Ingredients, Published};
use super::reading::Reading;
use super::recordings::{self, RecordingError};
use super::{Checker, Engines, HeardClip, heard, speak, translate};
use crate::audio::{self, AudioError};
use crate::blobs::{BlobError, Blobs};
use crate::domain::{Author, Clock, ContentHash, Language, Milliseconds, Sentence, Slug, Stop, Verdict};
use crate::ports::{Cancel, EngineError, Synthesizer};
use crate::store::{Policy, Store, StoreError, StoredFinding};
use crate::text::SpokenText;

/// Everything the making of guides stands on.
#[derive(Clone)]
pub struct Workshop {
    pub store: Store,
    pub blobs: Blobs,
    pub engines: Arc<dyn Engines>,
    /// Who compares translations with their sources. What any of them finds keeps a guide from being published.
    pub checkers: Vec<Arc<dyn Checker>>,
    pub sound: audio::Settings,
    pub policy: Policy,
    pub clock: Arc<dyn Clock>,
}

impl Workshop {
    /// Where translations are compared with their sources.
    pub(super) fn desk(&self) -> Desk<'_> {
        Desk { store: &self.store, checkers: &self.checkers }
    }
}

/// What is being done for a guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Translate {
        sentences: usize,
    },
    /// So many sentences are to be spoken; `characters` is the length of the whole text.
    Speak {
        sentences: usize,
        characters: usize,
    },
    /// So many clips are to be heard back.
    Hear {
        sentences: usize,
    },
    Finish,
}

/// Somebody who is told how far it has come.
pub trait Progress: Send + Sync {
    fn stage(&self, stage: Stage);
    fn sentence_spoken(&self, length: Milliseconds);
    fn clip_heard(&self);
}

/// Why a guide is not there, or not up to date, though nothing failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeldBack {
    /// Nobody wrote it and no translation leads to it.
    NoText,
    /// Nothing on this machine speaks the language.
    NoVoice,
    /// A person's draft waits for approval.
    NotApproved,
    /// A check found something in the translation that nobody mended or waived; the report says what and where.
    OpenFindings,
    /// A machine's translation, and the policy does not allow unread ones.
    MachineTranslation,
    /// A clip was heard not to say its sentence, and no other attempt did better; the report says which and where.
    ClipsHeld,
    /// The recogniser is too weak for the language, and the policy does not allow speech that nobody heard.
    SpeechUnheard,
    /// Only the voice of last resort speaks it, and the policy does not allow that.
    LastResortVoice,
    /// Its edition is made, and a person publishes it: the guide was taken back, or its site is published by hand.
    WaitsForPerson,
}

impl HeldBack {
    /// The reason and the way out, for a person.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoText => "nobody wrote it and no translation engine leads to it: add a text, or pull a model",
            Self::NoVoice => "no voice speaks the language: pull a model, or install espeak-ng",
            Self::NotApproved => "the text is a draft: set `state = \"approved\"` once a person has read it",
            Self::OpenFindings => {
                "checks found something in the translation: mend the sentences, or `thuyetminh findings waive` what may stay"
            }
            Self::MachineTranslation => {
                "a machine's translation nobody has read: approve it, or set `publish_machine_translation` in the policy"
            }
            Self::ClipsHeld => {
                "a clip does not say its sentence: change the words or the lexicon, or hear it and `thuyetminh clips accept` it"
            }
            Self::SpeechUnheard => {
                "nobody can tell whether the clips say their sentences: pull a model that `thuyetminh doctor` names, hear \
                 them and `thuyetminh clips accept`, or set `publish_unheard_speech` in the policy"
            }
            Self::LastResortVoice => {
                "only the voice of last resort speaks it: set `publish_last_resort_voice` in the policy to allow it"
            }
            Self::WaitsForPerson => "its edition is made and waits for a person: publish it at the workplace",
        }
    }
}

/// What became of a guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    Published { edition: u32 },
    UpToDate { edition: u32 },
    HeldBack { reason: HeldBack },
}

impl From<Published> for Outcome {
    fn from(published: Published) -> Self {
        match published {
            Published::UpToDate(edition) => Self::UpToDate { edition },
            Published::New(edition) => Self::Published { edition },
            Published::Waits => Self::HeldBack { reason: HeldBack::WaitsForPerson },
        }
    }
}

/// What bringing a guide up to date took.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct GuideReport {
    pub stop: Slug,
    pub language: Language,
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The languages a translation went through, the first one written or approved by people: `["vi", "en", "pt"]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub route: Vec<Language>,
    /// What checks found and nobody mended or waived.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<StoredFinding>,
    pub translated: usize,
    pub translations_reused: usize,
    /// Of the reused ones, those a person wrote or approved.
    pub translations_by_people: usize,
    pub synthesized: usize,
    pub clips_reused: usize,
    /// Clips that were heard back.
    pub heard: usize,
    /// Clips whose hearing was known.
    pub hearings_reused: usize,
    /// Sentences that were spoken again, attempt by attempt.
    pub spoken_again: usize,
    /// Clips that a person must hear.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<HeardClip>,
}

/// Why a guide could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blobs(#[from] BlobError),
    #[error("the sound cannot be finished: {0}")]
    Audio(#[from] AudioError),
    #[error("the recording that narrates cannot be used: {0}")]
    Recording(#[from] RecordingError),
    #[error("the text of {stop} in `{language}` went away while it was being translated: make the guide again")]
    Vanished { stop: Slug, language: Language },
    #[error("clip {key} went away while the guide was being finished: make the guide again")]
    LostClip { key: ContentHash },
    #[error("{engine} gave fewer results than it was asked for: this is a fault of the program")]
    Short { engine: String },
    #[error("an edition cannot be written down: {0}")]
    Unwritable(serde_json::Error),
    #[error("a thread of the engines ended unexpectedly: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

impl MakeError {
    pub(super) fn short(engine: &str) -> Self {
        Self::Short { engine: engine.to_owned() }
    }

    /// Whether trying again, with nothing else changed, may help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Engine(error) => !matches!(error, EngineError::BadInput { .. }),
            Self::Store(_) | Self::Blobs(_) | Self::Thread(_) | Self::Vanished { .. } | Self::LostClip { .. } => true,
            Self::Recording(RecordingError::Store(_) | RecordingError::Blobs(_) | RecordingError::Thread(_)) => true,
            Self::Recording(_) | Self::Audio(_) | Self::Short { .. } | Self::Unwritable(_) => false,
        }
    }
}

/// Runs blocking work of an engine away from the threads that answer visitors.
pub(super) async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, MakeError> {
    Ok(tokio::task::spawn_blocking(work).await??)
}

/// Brings one guide up to date.
///
/// # Errors
/// Whatever stopped it; everything finished before that is kept, and the edition that was public stays public.
pub async fn make_guide(
    workshop: &Workshop,
    stop: &Stop,
    language: Language,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<GuideReport, MakeError> {
    let mut report = GuideReport {
        stop: stop.slug.clone(),
        language,
        outcome: Outcome::HeldBack { reason: HeldBack::NoText },
        route: Vec::new(),
        findings: Vec::new(),
        translated: 0,
        translations_reused: 0,
        translations_by_people: 0,
        synthesized: 0,
        clips_reused: 0,
        heard: 0,
        hearings_reused: 0,
        spoken_again: 0,
        held: Vec::new(),
    };
    // A person's voice wins over every synthetic one for as long as it is chosen.
    if let Some(published) = recordings::bring_up_to_date(workshop, stop, language, progress).await? {
        report.outcome = published.into();
        return Ok(report);
    }
    let Some(at_hand) = translate::text_in(workshop, stop, language, cancel, progress).await? else {
        return Ok(report);
    };
    (report.translated, report.translations_reused) = (at_hand.counts.translated, at_hand.counts.reused);
    report.translations_by_people = at_hand.counts.by_people;
    if let Author::Machine { route, .. } = &at_hand.text.author {
        report.route.clone_from(route);
    }
    report.findings = workshop.store.findings_of(at_hand.text.id).await?;
    report.findings.retain(|finding| finding.waiver.is_none());
    let engines = workshop.engines.clone();
    let Some(voice) = on_a_thread(move || engines.synthesizer(language)).await? else {
        report.outcome = Outcome::HeldBack { reason: HeldBack::NoVoice };
        return Ok(report);
    };
    if let Some(reason) = publish::held_back(&workshop.policy, &at_hand.text, &report.findings, &voice.mark()) {
        report.outcome = Outcome::HeldBack { reason };
        return Ok(report);
    }
    let reading = Reading::of(&workshop.store, language).await?;
    let spoken: Vec<_> = at_hand.sentences.iter().map(|sentence| reading.read(&sentence.content)).collect();
    let clips = speak::clips_of(workshop, &voice, &at_hand.sentences, &spoken, cancel, progress).await?;
    (report.synthesized, report.clips_reused) = (clips.synthesized, clips.reused);
    let heard =
        hear(workshop, stop, language, &voice, (&at_hand.sentences, &spoken, &clips.keys), cancel, progress).await?;
    (report.heard, report.hearings_reused) = (heard.heard, heard.reused);
    report.spoken_again = heard.spoken_again;
    let summary = heard::summary(&heard.clips);
    report.held = heard.clips;
    report.held.retain(|clip| clip.waits(Verdict::Hold) || clip.waits(Verdict::NotJudged));
    if let Some(reason) = publish::unheard(&workshop.policy, &report.held, summary.is_some()) {
        report.outcome = Outcome::HeldBack { reason };
        return Ok(report);
    }
    let site = workshop.store.site_by_id(stop.site).await?;
    let from = Ingredients {
        stop,
        site_name: site.as_ref().map_or("", |site| site.names.best(language)),
        text: &at_hand.text,
        sentences: &at_hand.sentences,
        clips: &clips.keys,
        voice: voice.mark(),
        hearing: summary,
    };
    report.outcome = publish::publish(workshop, &from, progress).await?.into();
    Ok(report)
}

/// Has every clip of a guide heard and puts down what came of it; nothing where the settings say that nobody listens.
async fn hear(
    workshop: &Workshop,
    stop: &Stop,
    language: Language,
    voice: &Arc<dyn Synthesizer>,
    (sentences, spoken, keys): (&[Sentence], &[SpokenText], &[ContentHash]),
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<heard::Heard, MakeError> {
    let engines = workshop.engines.clone();
    let Some(ear) = on_a_thread(move || engines.ear(language)).await? else {
        workshop.store.put_guide_hearings(stop.id, language, &[]).await?;
        return Ok(heard::Heard::default());
    };
    let glossary = workshop.store.glossary().await?;
    let (workshop, voice, cancel) = (workshop.clone(), voice.clone(), cancel.clone());
    let bench = heard::Bench { workshop, ear, voice, language, glossary: glossary.into(), cancel };
    let heard = bench.hear_all(sentences, spoken, keys, progress).await?;
    let rows: Vec<_> = heard.clips.iter().map(|clip| (clip.sentence, clip.text.clone(), clip.key)).collect();
    bench.workshop.store.put_guide_hearings(stop.id, language, &rows).await?;
    Ok(heard)
}
