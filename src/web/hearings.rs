//! The sentences of a guide with their sounds, what was heard in them, and what people decided: for the page and for
//! programs alike.
//!
//! Invariant: a hearing is shown only beside the very sound that was heard.

use crate::domain::{ContentHash, Language, Manner, Milliseconds, Sentence, Site, Stop, Text, Verdict, VoiceMark};
use crate::pipeline::Reading;
use crate::store::{Decision, GuideClip, GuideHearing, Manners, Published, SpokenSentence};
use crate::text::hearing::{Piece, compared};
use crate::web::error::{Result, WebError};
use crate::web::state::State;

/// The sound of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    pub blob: ContentHash,
    pub duration: Milliseconds,
    pub mark: VoiceMark,
}

/// One sentence of a guide.
pub struct Line {
    pub sentence: Sentence,
    /// As it was given to the voice, in letters.
    pub spoken: String,
    /// `None` where nothing says it yet.
    pub sound: Option<Sound>,
    /// `None` where nobody listened to this sound.
    pub heard: Option<GuideHearing>,
    /// What was meant and what was heard, side by side; empty where nobody listened.
    pub pieces: Vec<Piece>,
    pub decision: Option<Decision>,
    /// What was set for this sentence.
    pub manner: Manner,
    /// The person who says it.
    pub person: Option<SpokenSentence>,
}

/// How a sentence stands towards the public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing says it yet.
    Silent,
    /// Nobody listened to it.
    Unheard,
    Passed,
    NotJudged,
    Held,
    /// A person let it pass.
    Accepted,
    /// A person holds it.
    HeldByHand,
}

impl Standing {
    /// As programs read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Unheard => "unheard",
            Self::Passed => "passed",
            Self::NotJudged => "not-judged",
            Self::Held => "held",
            Self::Accepted => "accepted",
            Self::HeldByHand => "held-by-hand",
        }
    }
}

impl Line {
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (&self.sound, &self.decision, &self.heard) {
            (None, ..) => Standing::Silent,
            (_, Some(decision), _) if decision.passes => Standing::Accepted,
            (_, Some(_), _) => Standing::HeldByHand,
            (.., None) => Standing::Unheard,
            (.., Some(heard)) => match heard.hearing.verdict {
                Verdict::Pass => Standing::Passed,
                Verdict::Hold => Standing::Held,
                Verdict::NotJudged => Standing::NotJudged,
            },
        }
    }
}

/// A guide, sentence by sentence.
pub struct HearingRoom {
    pub stop: Stop,
    pub text: Text,
    pub lines: Vec<Line>,
    /// What was set for the guide as a whole.
    pub manner: Manner,
}

/// A guide that an address names, before anything is known of its sounds.
pub struct NamedGuide {
    pub stop: Stop,
    pub text: Text,
    pub sentences: Vec<Sentence>,
}

impl NamedGuide {
    /// # Errors
    /// `UnknownStop` also for a stop of another site, `UnknownLanguage`, `NoAddress` where the stop says nothing in the
    /// language; those of the store.
    pub async fn find(state: &State, site: &Site, (slug, lang): (&str, &str)) -> Result<Self> {
        let unknown = || WebError::UnknownStop(slug.chars().take(80).collect());
        let language: Language =
            lang.parse().map_err(|_| WebError::UnknownLanguage(lang.chars().take(40).collect()))?;
        let stop = state.store.stop(&slug.parse().map_err(|_| unknown())?).await?;
        let stop = stop.filter(|stop| stop.site == site.id).ok_or_else(unknown)?;
        let (text, sentences) = state.store.text(stop.id, language).await?.ok_or(WebError::NoAddress)?;
        Ok(Self { stop, text, sentences })
    }

    /// The file that says the sentence at a place, counted from 0.
    ///
    /// # Errors
    /// `NoAddress` where the text is shorter, `NoFile` where nothing says the sentence yet; those of the store.
    pub async fn blob(&self, state: &State, ordinal: u32) -> Result<ContentHash> {
        let sentence = self.sentences.get(ordinal as usize).ok_or(WebError::NoAddress)?;
        let (sound, _) = Sounds::of(state, &self.stop, self.text.language).await?.say(sentence).await?;
        Ok(sound.ok_or(WebError::NoFile)?.blob)
    }
}

impl HearingRoom {
    /// The guide that an address names.
    ///
    /// # Errors
    /// Those of `NamedGuide::find`.
    pub async fn read(state: &State, site: &Site, address: (&str, &str)) -> Result<Self> {
        let NamedGuide { stop, text, sentences } = NamedGuide::find(state, site, address).await?;
        let manners = state.store.manners(stop.id, text.language).await?;
        let lines = lines(state, &stop, (text.language, &manners), sentences).await?;
        Ok(Self { stop, text, lines, manner: manners.guide })
    }

    /// The sentence at a place, counted from 0.
    ///
    /// # Errors
    /// `NoAddress` where the text is shorter.
    pub fn line(&self, ordinal: u32) -> Result<&Line> {
        self.lines.get(ordinal as usize).ok_or(WebError::NoAddress)
    }

    /// A sound that is decided on is the one that was heard: another one may have been made meanwhile.
    ///
    /// # Errors
    /// `NoAddress` without such a sentence, `Overtaken` where another sound says it now.
    pub fn sound(&self, ordinal: u32, seen: &str) -> Result<&Sound> {
        let sound = self.line(ordinal)?.sound.as_ref().ok_or(WebError::Overtaken)?;
        if sound.blob.to_string() == seen { Ok(sound) } else { Err(WebError::Overtaken) }
    }
}

async fn lines(
    state: &State,
    stop: &Stop,
    (language, manners): (Language, &Manners),
    sentences: Vec<Sentence>,
) -> Result<Vec<Line>> {
    let store = &state.store;
    let sounds = Sounds::of(state, stop, language).await?;
    let reading = Reading::of(store, language).await?;
    let mut people = store.spoken_sentences(stop.id, language).await?;
    let mut lines = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let (sound, heard) = sounds.say(&sentence).await?;
        let spoken = reading.read(&sentence.content).written();
        let pieces = heard.as_ref().map(|heard| compared(&spoken, &heard.hearing.heard, language));
        let decision = match &sound {
            Some(sound) => store.decision(sound.blob).await?,
            None => None,
        };
        let (manner, person) = (manners.own(&sentence.content), people.remove(&sentence.content));
        let pieces = pieces.unwrap_or_default();
        lines.push(Line { sentence, spoken, sound, heard, pieces, decision, manner, person });
    }
    Ok(lines)
}

/// What says the sentences of a guide, and what was heard in it.
struct Sounds<'a> {
    state: &'a State,
    clips: Vec<GuideClip>,
    hearings: Vec<GuideHearing>,
    public: Option<Published>,
}

impl<'a> Sounds<'a> {
    async fn of(state: &'a State, stop: &Stop, language: Language) -> Result<Self> {
        let store = &state.store;
        let (clips, hearings, public) = tokio::try_join!(
            store.guide_clips(stop.id, language),
            store.guide_hearings(Some(&stop.slug), Some(language)),
            store.current_edition(&stop.slug, language)
        )?;
        Ok(Self { state, clips, hearings, public })
    }

    /// The sound of a sentence, and what was heard in that very sound.
    async fn say(&self, sentence: &Sentence) -> Result<(Option<Sound>, Option<GuideHearing>)> {
        let mut sound = clip_of(&self.clips, sentence).map(Sound::from);
        if sound.is_none()
            && let Some(public) = &self.public
            && let Some(said) = public.edition.sentences.iter().find(|said| said.text == sentence.content)
            && let Some(clip) = self.state.store.clip(said.clip).await?
        {
            sound = Some(Sound { blob: clip.blob, duration: clip.duration(), mark: clip.mark });
        }
        let of_this = |hearing: &&GuideHearing| {
            let same_sound = sound.as_ref().is_none_or(|sound| sound.blob == hearing.blob);
            hearing.sentence == sentence.content && same_sound
        };
        let heard = self.hearings.iter().find(of_this).cloned();
        // A guide that was made before its clips were written down: what was heard is what there is.
        if let (None, Some(heard)) = (&sound, &heard) {
            sound = heard_sound(self.state, heard).await?;
        }
        Ok((sound, heard))
    }
}

/// The clip at the sentence's own place, else one that says the same words.
fn clip_of<'a>(clips: &'a [GuideClip], sentence: &Sentence) -> Option<&'a GuideClip> {
    let says = |clip: &&GuideClip| clip.sentence == sentence.content;
    clips.iter().find(|clip| clip.ordinal == sentence.ordinal && says(clip)).or_else(|| clips.iter().find(says))
}

async fn heard_sound(state: &State, heard: &GuideHearing) -> Result<Option<Sound>> {
    let last = heard.hearing.words.last().map(|word| word.end);
    let there = state.blobs.size(heard.blob).await?.is_some();
    let mark = VoiceMark {
        engine: String::new(),
        model: String::new(),
        voice: String::new(),
        synthetic: true,
        last_resort: false,
    };
    Ok(there.then(|| Sound { blob: heard.blob, duration: last.unwrap_or_default(), mark }))
}

impl From<&GuideClip> for Sound {
    fn from(clip: &GuideClip) -> Self {
        Self { blob: clip.blob, duration: clip.duration, mark: clip.mark.clone() }
    }
}
