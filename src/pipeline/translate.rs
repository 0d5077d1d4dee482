//! A stop's text in a language: a person's where there is one, else a machine's, sentence by sentence, memory first.
//!
//! Invariants: a person's text is never touched; a translation starts from a person's text wherever the pairs allow it;
//! a sentence whose source and engine have not changed is never translated again.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::make::{self, MakeError, Progress, Stage, Workshop};
use crate::domain::{Author, ContentHash, HashBuilder, Language, Sentence, Stop, Text, TextState};
use crate::ports::{Cancel, Translator};
use crate::store::{NewSentence, NewText, TextChange, Translation, text_hash};
use crate::text::PlainSentence;

/// A text with what it took to get it.
#[derive(Debug)]
pub(super) struct TextAtHand {
    pub text: Text,
    pub sentences: Vec<Sentence>,
    pub translated: usize,
    pub reused: usize,
}

/// Finds or makes the text of `stop` in `language`. `None` where nobody wrote it and no route leads to it.
pub(super) async fn text_in(
    workshop: &Workshop,
    stop: &Stop,
    language: Language,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Option<TextAtHand>, MakeError> {
    let stored = workshop.store.text(stop.id, language).await?;
    if let Some((text, sentences)) = stored
        && text.author.is_person()
    {
        return Ok(Some(TextAtHand { text, sentences, translated: 0, reused: 0 }));
    }
    let Some(route) = route_to(workshop, stop, language).await? else { return Ok(None) };
    let mut counted = (0, 0);
    for (at, pair) in route.iter().enumerate() {
        let through: Vec<Language> = route[..=at].iter().map(|pair| pair.source()).chain([pair.target()]).collect();
        let (translated, reused) = translate_text(workshop, stop, pair, &through, cancel, progress).await?;
        counted = (counted.0 + translated, counted.1 + reused);
    }
    let made = workshop.store.text(stop.id, language).await?;
    Ok(made.map(|(text, sentences)| TextAtHand { text, sentences, translated: counted.0, reused: counted.1 }))
}

/// The shortest chain of pairs from a person's text to `language`; of two that are as short, the one that starts from
/// the text that stands first: a pair's order says how much it is preferred.
async fn route_to(workshop: &Workshop, stop: &Stop, language: Language) -> Result<Option<Route>, MakeError> {
    let mut by_person = Vec::new();
    for candidate in workshop.store.languages_of(stop.id).await? {
        let stored = workshop.store.text(stop.id, candidate).await?;
        if stored.is_some_and(|(text, _)| text.author.is_person()) {
            by_person.push(candidate);
        }
    }
    let engines = workshop.engines.clone();
    let pairs = make::on_a_thread(move || engines.translators()).await?;
    Ok(shortest_route(&pairs, &by_person, language))
}

/// One translator after the other, each from the language the one before it translates to.
type Route = Vec<Arc<dyn Translator>>;

/// Breadth first, backwards from the target.
fn shortest_route(pairs: &[Arc<dyn Translator>], starts: &[Language], target: Language) -> Option<Route> {
    let mut next_hop: HashMap<Language, Arc<dyn Translator>> = HashMap::new();
    let mut frontier = vec![target];
    while !frontier.is_empty() {
        let mut further = Vec::new();
        for reached in frontier {
            for pair in pairs.iter().filter(|pair| pair.target() == reached && pair.source() != target) {
                if let Entry::Vacant(place) = next_hop.entry(pair.source()) {
                    place.insert(pair.clone());
                    further.push(pair.source());
                }
            }
        }
        if let Some(start) = starts.iter().find(|start| further.contains(start)) {
            let mut route = Vec::new();
            let mut at = *start;
            while at != target {
                let pair = next_hop.get(&at)?.clone();
                at = pair.target();
                route.push(pair);
            }
            return Some(route);
        }
        frontier = further;
    }
    None
}

/// Brings the machine's text of the pair's target language up to date with the text of its source language.
async fn translate_text(
    workshop: &Workshop,
    stop: &Stop,
    pair: &Arc<dyn Translator>,
    through: &[Language],
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<(usize, usize), MakeError> {
    let Some((source, sentences)) = workshop.store.text(stop.id, pair.source()).await? else {
        return Err(MakeError::Vanished { stop: stop.slug.clone(), language: pair.source() });
    };
    // The museum's own name for the stop goes before a translated heading.
    let own_title = stop.names.0.get(&pair.target()).cloned();
    let mut wanted: Vec<String> = sentences.iter().map(|sentence| sentence.content.clone()).collect();
    if own_title.is_none() {
        wanted.push(source.title.clone());
    }
    let (mut translations, translated, reused) = translate_all(workshop, pair, &wanted, cancel, progress).await?;
    let title = match own_title {
        Some(title) => title,
        None => translations.pop().unwrap_or_default(),
    };
    let contents = sentences.iter().map(|sentence| (sentence.paragraph, sentence.content.as_str()));
    let new = NewText {
        stop: stop.id,
        language: pair.target(),
        title,
        author: Author::Machine { engine: engine_name(&**pair), route: through.to_vec() },
        state: TextState::Draft,
        made_from: Some(text_hash(pair.source(), &source.title, contents)),
        sentences: sentences
            .iter()
            .zip(translations)
            .map(|(sentence, content)| NewSentence { paragraph: sentence.paragraph, content })
            .collect(),
    };
    match workshop.store.put_text(&new).await? {
        // A person wrote this language while the machine was at it: their text is the one that counts.
        TextChange::KeptPersons => {
            tracing::info!(stop = %stop.slug, language = %pair.target(), "a person's text came first")
        }
        change => tracing::debug!(stop = %stop.slug, language = %pair.target(), ?change, "translated"),
    }
    Ok((translated, reused))
}

fn engine_name(pair: &dyn Translator) -> String {
    format!("{} {}", pair.identity().engine, pair.identity().model)
}

/// One translation for each sentence, from memory where it has been made before. Returns how many were made and how
/// many were there.
async fn translate_all(
    workshop: &Workshop,
    pair: &Arc<dyn Translator>,
    sentences: &[String],
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<(Vec<String>, usize, usize), MakeError> {
    let mut known: HashMap<ContentHash, String> = HashMap::new();
    let mut missing: Vec<(ContentHash, String)> = Vec::new();
    let keys: Vec<ContentHash> = sentences.iter().map(|sentence| memory_key(&**pair, sentence)).collect();
    for (key, sentence) in keys.iter().zip(sentences) {
        if known.contains_key(key) || missing.iter().any(|(waiting, _)| waiting == key) {
            continue;
        }
        match workshop.store.translation(*key).await? {
            Some(translation) => drop(known.insert(*key, translation.target)),
            None => missing.push((*key, sentence.clone())),
        }
    }
    let translated = missing.len();
    if !missing.is_empty() {
        progress.stage(Stage::Translate { sentences: translated });
        let made = run_translator(pair, missing, cancel).await?;
        workshop.store.put_translations(&made).await?;
        known.extend(made.into_iter().map(|translation| (translation.key, translation.target)));
    }
    let targets = keys
        .iter()
        .map(|key| known.get(key).cloned().ok_or_else(|| MakeError::short(&pair.identity().engine)))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((targets, translated, sentences.len() - translated))
}

fn memory_key(pair: &dyn Translator, sentence: &str) -> ContentHash {
    HashBuilder::new("translation 2")
        .with("from", pair.source().tag())
        .with("to", pair.target().tag())
        .with("engine", pair.identity().fingerprint.to_string())
        .with("sentence", sentence)
        .finish()
}

async fn run_translator(
    pair: &Arc<dyn Translator>,
    missing: Vec<(ContentHash, String)>,
    cancel: &Cancel,
) -> Result<Vec<Translation>, MakeError> {
    let (translator, cancel) = (pair.clone(), cancel.clone());
    let (keys, sentences): (Vec<_>, Vec<_>) = missing.into_iter().unzip();
    let (sentences, targets) = make::on_a_thread(move || {
        let plain: Vec<PlainSentence> = sentences.iter().map(|sentence| PlainSentence::of(sentence)).collect();
        let given: Vec<String> = plain.iter().map(|plain| plain.text.clone()).collect();
        let made = translator.translate(&given, &cancel)?;
        let targets: Vec<String> = plain.iter().zip(made).map(|(plain, made)| plain.put_back(&made)).collect();
        Ok((sentences, targets))
    })
    .await?;
    if targets.len() != sentences.len() {
        return Err(MakeError::short(&pair.identity().engine));
    }
    Ok(keys
        .into_iter()
        .zip(sentences.into_iter().zip(targets))
        .map(|(key, (source_text, target_text))| Translation {
            key,
            from: pair.source(),
            to: pair.target(),
            source: source_text,
            target: target_text,
            engine: pair.identity().clone(),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{EngineError, EngineIdentity};

    struct Pair(Language, Language, EngineIdentity);

    impl Translator for Pair {
        fn identity(&self) -> &EngineIdentity {
            &self.2
        }
        fn source(&self) -> Language {
            self.0
        }
        fn target(&self) -> Language {
            self.1
        }
        fn translate(&self, sentences: &[String], _: &Cancel) -> Result<Vec<String>, EngineError> {
            Ok(sentences.to_vec())
        }
    }

    fn pair(source: Language, target: Language) -> Arc<dyn Translator> {
        let fingerprint = ContentHash::of(source.tag().as_bytes());
        Arc::new(Pair(source, target, EngineIdentity { engine: "t".into(), model: "t".into(), fingerprint }))
    }

    fn tags(route: Option<Route>) -> Option<String> {
        route.map(|route| route.iter().map(|p| format!("{}>{}", p.source(), p.target())).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn the_shortest_route_from_a_persons_text_is_taken() {
        use Language as L;
        let pairs =
            [pair(L::EN, L::PT), pair(L::VI, L::EN), pair(L::EN, L::FR), pair(L::VI, L::FR), pair(L::PT, L::EN)];
        let route = |starts: &[L], target| tags(shortest_route(&pairs, starts, target));
        assert_eq!(route(&[L::VI, L::EN], L::PT).as_deref(), Some("en>pt"));
        assert_eq!(route(&[L::VI], L::PT).as_deref(), Some("vi>en en>pt"));
        assert_eq!(route(&[L::VI], L::FR).as_deref(), Some("vi>fr"), "direct before through a pivot");
        assert_eq!(route(&[L::VI], L::JA), None);
        assert_eq!(route(&[], L::PT), None);
    }
}
