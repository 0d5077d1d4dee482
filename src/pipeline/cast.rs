//! Who says each sentence of a guide, and how: a voice in the manner that was asked for, or a person who recorded it.

use std::collections::HashMap;
use std::sync::Arc;

use super::error::MakeError;
use super::reading::Reading;
use super::speak::clip_key;
use super::workshop::{Workshop, on_a_thread};
use crate::domain::{ContentHash, Language, Manner, Milliseconds, Sentence, Stop, VoiceMark};
use crate::ports::Synthesizer;
use crate::text::SpokenText;

/// The model that the mark of a guide names whose sentences people said one by one.
const BY_SENTENCES: &str = "sentences";

/// Who says a sentence.
#[derive(Clone)]
pub(super) enum Speaker {
    Voice(Arc<dyn Synthesizer>),
    /// A person, in a clip that is there already, made from the file of this hash.
    Person(VoiceMark, ContentHash),
}

impl Speaker {
    /// The voice in another manner; a person is not asked again.
    pub fn retake(&self, take: u8) -> Option<Arc<dyn Synthesizer>> {
        match self {
            Self::Voice(voice) => voice.retake(take),
            Self::Person(..) => None,
        }
    }
}

/// One sentence with all that its sound is made from.
#[derive(Clone)]
pub(super) struct Part {
    pub content: String,
    pub spoken: SpokenText,
    /// Of its clip.
    pub key: ContentHash,
    pub by: Speaker,
    /// After it, where it is not the usual one.
    pub pause: Option<Milliseconds>,
}

impl Part {
    /// What the edition says of this sentence alone: who says it where the guide's own voice does not.
    pub fn own_voice(&self, guide: &VoiceMark) -> Option<VoiceMark> {
        match &self.by {
            Speaker::Person(mark, _) => Some(mark.clone()),
            Speaker::Voice(voice) => Some(voice.mark()).filter(|mark| mark != guide),
        }
    }
}

/// The sentences of a guide in order, and the voice of the guide as a whole.
pub(super) struct Cast {
    pub parts: Vec<Part>,
    /// Synthetic as soon as one sentence is: the files hold synthetic speech then.
    pub voice: VoiceMark,
}

impl Cast {
    /// Whether people and voices, or several voices, follow each other: they are brought to one loudness then.
    pub fn is_mixed(&self) -> bool {
        self.parts.iter().any(|part| part.own_voice(&self.voice).is_some())
    }

    /// The people who say a part of a guide that is synthetic otherwise.
    pub fn people(&self) -> Vec<String> {
        if self.voice.synthetic { names(&self.parts) } else { Vec::new() }
    }
}

fn names(parts: &[Part]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in parts {
        if let Speaker::Person(mark, _) = &part.by
            && !names.contains(&mark.voice)
        {
            names.push(mark.voice.clone());
        }
    }
    names
}

/// Casts a guide; `None` where a sentence has nobody to say it.
pub(super) async fn cast(
    workshop: &Workshop,
    stop: &Stop,
    language: Language,
    sentences: &[Sentence],
) -> Result<Option<Cast>, MakeError> {
    let reading = Reading::of(&workshop.store, language).await?;
    let manners = workshop.store.manners(stop.id, language).await?;
    let people = workshop.store.spoken_sentences(stop.id, language).await?;
    let mut voices: HashMap<Manner, Arc<dyn Synthesizer>> = HashMap::new();
    let mut parts = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let (content, manner) = (sentence.content.clone(), manners.of(&sentence.content));
        let (spoken, pause) = (reading.read(&content), manner.pause);
        if let Some(person) = people.get(&content)
            && let Some(clip) = workshop.store.clip(person.clip).await?
            && workshop.blobs.size(clip.blob).await?.is_some()
        {
            parts.push(Part { content, spoken, key: clip.key, by: Speaker::Person(clip.mark, person.original), pause });
            continue;
        }
        let Some(voice) = voice(workshop, language, &manner, &mut voices).await? else { return Ok(None) };
        let key = clip_key(&*voice, &spoken)?;
        parts.push(Part { content, spoken, key, by: Speaker::Voice(voice), pause });
    }
    let by_machine = parts.iter().any(|part| matches!(part.by, Speaker::Voice(_)));
    let voice = match by_machine {
        true => voice(workshop, language, &manners.guide, &mut voices).await?.map(|voice| voice.mark()),
        false => Some(VoiceMark {
            engine: "person".to_owned(),
            model: BY_SENTENCES.to_owned(),
            voice: names(&parts).join(", "),
            synthetic: false,
            last_resort: false,
        }),
    };
    Ok(voice.map(|voice| Cast { parts, voice }))
}

/// The voice in a manner, asked of the engines once.
async fn voice(
    workshop: &Workshop,
    language: Language,
    manner: &Manner,
    known: &mut HashMap<Manner, Arc<dyn Synthesizer>>,
) -> Result<Option<Arc<dyn Synthesizer>>, MakeError> {
    let manner = Manner { pause: None, ..manner.clone() };
    if let Some(voice) = known.get(&manner) {
        return Ok(Some(voice.clone()));
    }
    let (engines, asked) = (workshop.engines.clone(), manner.clone());
    let found = on_a_thread(move || engines.synthesizer_in(language, &asked)).await?;
    if let Some(voice) = &found {
        known.insert(manner, voice.clone());
    }
    Ok(found)
}
