//! What became of a guide: published, as it was, or held back, and what that took.

use super::heard::HeardClip;
use crate::domain::{Language, Slug};
use crate::store::StoredFinding;

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
    /// The site's rule asks for sentences to be read that nobody has read yet.
    SentencesToRead,
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
            Self::SentencesToRead => {
                "sentences drawn for a spot check were not read yet: approve or mend them at the workplace, or change the \
                 site's rule"
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
