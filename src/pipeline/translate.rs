//! A stop's text in a language: a person's where there is one, else a machine's, sentence by sentence, memory first.
//!
//! Invariants: a person's text is never touched, and neither is a machine's that a person approved, as long as its
//! source has not changed; a translation starts from a text people stand behind; every sentence of a translation has
//! been compared with that text before it goes any further.

use std::sync::Arc;

use super::check::{self, ToCompare};
use super::error::MakeError;
use super::recall::{self, InContext, Made, Wanted};
use super::routes::{route_to, stands_approved};
use super::workshop::{Progress, Workshop};
use crate::domain::{Author, GlossaryEntry, Language, Sentence, Stop, Text, TextState};
use crate::ports::{Cancel, Translator};
use crate::store::{Context, NewSegment, NewSentence, NewText, Origin, TextChange, text_hash};

/// A text with its sentences in order.
type WholeText = (Text, Vec<Sentence>);

/// A text with what it took to get it, in sentences.
#[derive(Debug)]
pub(super) struct TextAtHand {
    pub text: Text,
    pub sentences: Vec<Sentence>,
    pub counts: Counts,
}

/// Where the sentences of a translation came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Made now.
    pub translated: usize,
    /// Made before, or said by people.
    pub reused: usize,
    /// Of the reused ones, those a person wrote or approved.
    pub by_people: usize,
}

/// Finds or makes the text of `stop` in `language`. `None` where nobody wrote it and no route leads to it.
pub(super) async fn text_in(
    workshop: &Workshop,
    stop: &Stop,
    language: Language,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Option<TextAtHand>, MakeError> {
    let mut counts = Counts::default();
    if let Some((text, sentences)) = workshop.store.text(stop.id, language).await?
        && (text.author.is_person() || stands_approved(workshop, stop, &text, &sentences).await?)
    {
        check::compare_again(workshop.into(), &text).await?;
        return Ok(Some(TextAtHand { text, sentences, counts }));
    }
    let Some(route) = route_to(workshop, stop, language).await? else { return Ok(None) };
    let glossary = workshop.store.glossary().await?;
    let Some(start) = route.first().map(|pair| pair.source()) else { return Ok(None) };
    let origin = whole_text(workshop, stop, start).await?;
    let mut through = vec![start];
    for pair in &route {
        through.push(pair.target());
        let hop = Hop { workshop, stop, pair, through: &through, origin: &origin, glossary: &glossary };
        let made = hop.translate(cancel, progress).await?;
        counts.translated += made.translated;
        counts.reused += made.reused;
        counts.by_people += made.by_people;
    }
    workshop.store.approve_what_was_read(stop, language).await?;
    let made = workshop.store.text(stop.id, language).await?;
    Ok(made.map(|(text, sentences)| TextAtHand { text, sentences, counts }))
}

async fn whole_text(workshop: &Workshop, stop: &Stop, language: Language) -> Result<WholeText, MakeError> {
    let vanished = || MakeError::Vanished { stop: stop.slug.clone(), language };
    workshop.store.text(stop.id, language).await?.ok_or_else(vanished)
}

/// One pair of a route.
struct Hop<'a> {
    workshop: &'a Workshop,
    stop: &'a Stop,
    pair: &'a Arc<dyn Translator>,
    /// The languages up to the pair's target, the start of the route first.
    through: &'a [Language],
    /// The text the route starts from.
    origin: &'a WholeText,
    glossary: &'a [GlossaryEntry],
}

impl Hop<'_> {
    /// Brings the machine's text of the pair's target language up to date with the text of its source language.
    async fn translate(&self, cancel: &Cancel, progress: &dyn Progress) -> Result<Counts, MakeError> {
        let source = whole_text(self.workshop, self.stop, self.pair.source()).await?;
        // The museum's own name for the stop goes before a translated heading.
        let own_title = self.stop.names.0.get(&self.pair.target()).cloned();
        let wanted = self.wanted(&source, own_title.is_none());
        let recalled =
            recall::translate_all(self.workshop, self.pair, &wanted, self.glossary, cancel, progress).await?;
        let counts = Counts {
            translated: recalled.translated,
            reused: wanted.len() - recalled.translated,
            by_people: recalled.made.iter().filter(|made| made.by_people).count(),
        };
        let change = self.workshop.store.put_text(&self.text_of(&source, own_title, &recalled.made)).await?;
        match change {
            // A person wrote this language while the machine was at it: their text is the one that counts.
            TextChange::KeptPersons => {
                tracing::info!(stop = %self.stop.slug, language = %self.pair.target(), "a person's text came first")
            }
            change => {
                tracing::debug!(stop = %self.stop.slug, language = %self.pair.target(), ?change, "translated");
                self.settle(&source, &wanted, &recalled.made).await?;
            }
        }
        Ok(counts)
    }

    /// The sentences of the source text, and its title at the end where it is wanted.
    fn wanted(&self, source: &WholeText, titled: bool) -> Vec<Wanted> {
        let given = in_context(source, titled);
        if self.origin.0.language == source.0.language || self.origin.1.len() != source.1.len() {
            return given.into_iter().map(|given| Wanted { given, origin: None }).collect();
        }
        let origins = in_context(self.origin, titled).into_iter().map(Some);
        given.into_iter().zip(origins).map(|(given, origin)| Wanted { given, origin }).collect()
    }

    fn text_of(&self, source: &WholeText, own_title: Option<String>, made: &[Made]) -> NewText {
        let (head, sentences) = source;
        let title = own_title.or_else(|| made.last().map(|made| made.target.clone()));
        let contents = sentences.iter().map(|sentence| (sentence.paragraph, sentence.content.as_str()));
        NewText {
            stop: self.stop.id,
            language: self.pair.target(),
            title: title.unwrap_or_default(),
            author: self.author(),
            state: TextState::Draft,
            made_from: Some(text_hash(self.pair.source(), &head.title, contents)),
            sentences: sentences
                .iter()
                .zip(made)
                .map(|(sentence, made)| NewSentence { paragraph: sentence.paragraph, content: made.target.clone() })
                .collect(),
        }
    }

    fn author(&self) -> Author {
        let identity = self.pair.identity();
        Author::Machine { engine: format!("{} {}", identity.engine, identity.model), route: self.through.to_vec() }
    }

    /// Compares what was made with the origin, and gives the machine's new sentences to the memory.
    async fn settle(&self, source: &WholeText, wanted: &[Wanted], made: &[Made]) -> Result<(), MakeError> {
        let (text, sentences) = whole_text(self.workshop, self.stop, self.pair.target()).await?;
        let titled = wanted.len() > source.1.len();
        let mut pairs = check::beside(self.origin, &text, &sentences, titled);
        for (pair, made) in pairs.iter_mut().zip(made) {
            pair.noted.clone_from(&made.findings);
        }
        let anew = check::compare(self.workshop.into(), &text, pairs, self.glossary).await?;
        let segments = self.segments(&sentences, wanted, made, &anew);
        if !segments.is_empty() {
            self.workshop.store.remember(&segments).await?;
        }
        Ok(())
    }

    fn segments(
        &self,
        sentences: &[Sentence],
        wanted: &[Wanted],
        made: &[Made],
        anew: &[ToCompare],
    ) -> Vec<NewSegment> {
        let places = sentences.iter().map(Some).chain([None]);
        let of_machine = places.zip(wanted.iter().zip(made)).filter(|(sentence, (_, made))| {
            let id = sentence.map(|sentence| sentence.id);
            !made.by_people && anew.iter().any(|pair| pair.sentence == id)
        });
        of_machine
            .map(|(sentence, (wanted, made))| NewSegment {
                from: self.pair.source(),
                to: self.pair.target(),
                source: wanted.given.sentence.clone(),
                target: made.target.clone(),
                context: wanted.given.context.clone(),
                author: self.author(),
                state: TextState::Draft,
                approved_by: None,
                origin: Origin::Stop {
                    stop: self.stop.slug.clone(),
                    ordinal: sentence.map(|sentence| sentence.ordinal),
                },
                made_at: None,
                changed_at: None,
            })
            .collect()
    }
}

/// The sentences of a text, each with those around it; the title, which stands alone, last.
fn in_context((text, sentences): &WholeText, titled: bool) -> Vec<InContext> {
    let contents: Vec<&str> = sentences.iter().map(|sentence| sentence.content.as_str()).collect();
    let language = text.language;
    let sentence = |(at, content): (usize, &&str)| InContext {
        language,
        sentence: (*content).to_owned(),
        context: Context::at(&contents, at),
    };
    let title = InContext { language, sentence: text.title.clone(), context: Context::default() };
    contents.iter().enumerate().map(sentence).chain(titled.then_some(title)).collect()
}
