//! The corrected words of a recording, or of one passage of it, as the text of a stop, with the recording cited as its
//! source.
//!
//! Invariant: a text that a person wrote is replaced only where somebody says so.

use super::RecordingError;
use crate::domain::{
    Actor, Author, Milliseconds, Passage, RecordedSentence, Recording, SourceOfFacts, Stop, TextState,
};
use crate::store::{KeptStop, NewSentence, NewStop, NewText, Revised, Store, TextChange, hash_of};

/// What is to become of a recording's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// Counted from 0; `None` for the whole recording.
    pub passage: Option<u32>,
    /// `None` for the title of the text that stands, else the name of the stop.
    pub title: Option<String>,
    /// Take the place of another text that a person wrote.
    pub replace: bool,
}

/// Makes the words of a recording the text of a stop in the recording's language. The author is who speaks.
///
/// # Errors
/// `NoPassage`, `Unread`, `NothingSaid`, `TextStands`; those of the database.
pub async fn describe(
    store: &Store,
    actor: &Actor,
    recording: &Recording,
    stop: &Stop,
    how: &Description,
) -> Result<TextChange, RecordingError> {
    let passage = match how.passage {
        None => None,
        Some(number) => {
            let missing = RecordingError::NoPassage { recording: recording.id, passage: number + 1 };
            Some(store.passages(recording.id).await?.into_iter().nth(number as usize).ok_or(missing)?)
        }
    };
    let sentences = read_by_a_person(store, recording, passage.as_ref()).await?;
    let speaker = passage.as_ref().and_then(|passage| passage.speaker.as_deref()).unwrap_or(&recording.speaker);
    let before = store.text(stop.id, recording.language).await?;
    let titles = [how.title.as_deref(), before.as_ref().map(|(text, _)| text.title.as_str())];
    let title = titles.into_iter().flatten().next().unwrap_or_else(|| stop.names.best(recording.language)).to_owned();
    let new = NewText {
        stop: stop.id,
        language: recording.language,
        title,
        author: Author::Person { name: speaker.to_owned() },
        state: TextState::Approved,
        made_from: None,
        sentences: laid_out(&sentences),
    };
    if let Some((text, there)) = &before
        && text.author.is_person()
        && !how.replace
    {
        let same = there.iter().map(|sentence| &sentence.content).eq(new.sentences.iter().map(|new| &new.content));
        if !same {
            let title = text.title.clone();
            return Err(RecordingError::TextStands { stop: stop.slug.clone(), language: recording.language, title });
        }
    }
    // Before the text: a text without its source would not be mended by saying the same again.
    cite(store, actor, stop, source_of(recording, passage.as_ref(), speaker)).await?;
    let base = before.as_ref().map(|(text, sentences)| hash_of(text, sentences));
    match store.revise_text(actor, stop, &new, base).await? {
        Revised::Kept(change) => Ok(change),
        Revised::Overtaken => Err(RecordingError::Overtaken { stop: stop.slug.clone() }),
    }
}

/// The sentences of a recording, or of a passage, that say something, each read by a person.
pub(super) async fn read_by_a_person(
    store: &Store,
    recording: &Recording,
    passage: Option<&Passage>,
) -> Result<Vec<RecordedSentence>, RecordingError> {
    let mut sentences = store.recorded_sentences(recording.id).await?;
    if let Some(passage) = passage {
        // A sentence belongs where its middle lies.
        let middle = |sentence: &RecordedSentence| Milliseconds((sentence.start.0 + sentence.end.0) / 2);
        sentences.retain(|sentence| (passage.start..passage.end).contains(&middle(sentence)));
    }
    let unread = sentences.iter().filter(|sentence| sentence.corrected.is_none()).count();
    if unread > 0 {
        return Err(RecordingError::Unread { recording: recording.id, unread });
    }
    sentences.retain(|sentence| !sentence.text().is_empty());
    if sentences.is_empty() {
        return Err(RecordingError::NothingSaid { recording: recording.id });
    }
    Ok(sentences)
}

/// Paragraphs counted from 0 without gaps, whatever fell out.
fn laid_out(sentences: &[RecordedSentence]) -> Vec<NewSentence> {
    let paragraphs = sentences
        .chunk_by(|a, b| a.paragraph == b.paragraph)
        .map(|paragraph| paragraph.iter().map(|sentence| sentence.text().to_owned()).collect());
    NewText::sentences_of(paragraphs.collect())
}

fn source_of(recording: &Recording, passage: Option<&Passage>, speaker: &str) -> SourceOfFacts {
    let clock = |Milliseconds(time): Milliseconds| {
        let seconds = time / 1000;
        format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    };
    let place = match passage {
        Some(passage) => {
            format!("recording {}, {} to {}", recording.id, clock(passage.start), clock(passage.end))
        }
        None => format!("recording {}", recording.id),
    };
    let title = passage.and_then(|passage| passage.title.clone()).unwrap_or_else(|| recording.name.clone());
    let note = match &recording.note {
        Some(note) => format!("{place}; {note}"),
        None => place,
    };
    SourceOfFacts { title, author: Some(speaker.to_owned()), publisher: None, year: None, note: Some(note) }
}

/// Adds a source to the stop as it stands now: what somebody else changed of it meanwhile is none of this matter.
async fn cite(store: &Store, actor: &Actor, stop: &Stop, source: SourceOfFacts) -> Result<(), RecordingError> {
    let Some(stop) = store.stop(&stop.slug).await? else {
        return Err(RecordingError::Overtaken { stop: stop.slug.clone() });
    };
    if stop.sources.contains(&source) {
        return Ok(());
    }
    let base = stop.clone();
    let new = NewStop {
        site: stop.site,
        relic: stop.relic,
        slug: stop.slug,
        code: stop.code,
        names: stop.names,
        kind: stop.kind,
        period: stop.period,
        place: stop.place,
        themes: stop.themes,
        sources: [stop.sources, vec![source]].concat(),
        cover: stop.cover,
        position: stop.position,
    };
    match store.keep_stop(actor, &new, Some(&base)).await? {
        KeptStop::Kept(_) => Ok(()),
        KeptStop::Overtaken => Err(RecordingError::Overtaken { stop: new.slug }),
    }
}
