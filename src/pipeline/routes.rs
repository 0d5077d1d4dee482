//! The way a translation takes: straight from a text people stand behind where a pair leads from it, else through as few
//! languages in between as can be.
//!
//! Invariant: a route starts where people stand: at a text a person wrote, or at a machine's that a person approved and
//! whose own source has not changed since.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::error::MakeError;
use super::workshop::{self, Workshop};
use crate::domain::{Author, Language, Sentence, Stop, Text, TextState};
use crate::ports::Translator;
use crate::store::StoredCheck;

/// The shortest chain of pairs from a text people stand behind to `language`; of two that are as short, the one that
/// starts from the text that stands first: a pair's order says how much it is preferred.
pub(super) async fn route_to(workshop: &Workshop, stop: &Stop, language: Language) -> Result<Option<Route>, MakeError> {
    let mut starts = Vec::new();
    for candidate in workshop.store.languages_of(stop.id).await? {
        let Some((text, sentences)) = workshop.store.text(stop.id, candidate).await? else { continue };
        if text.author.is_person() || stands_approved(workshop, stop, &text, &sentences).await? {
            starts.push(candidate);
        }
    }
    let engines = workshop.engines.clone();
    let pairs = workshop::on_a_thread(move || engines.translators()).await?;
    Ok(shortest_route(&pairs, &starts, language))
}

/// Whether a machine's text is one that a person approved, and the text its route started from still says what it said
/// then: sentence by sentence what the translation was compared with.
pub(super) async fn stands_approved(
    workshop: &Workshop,
    stop: &Stop,
    text: &Text,
    sentences: &[Sentence],
) -> Result<bool, MakeError> {
    let Author::Machine { route, .. } = &text.author else { return Ok(false) };
    let Some(origin) = route.first().filter(|_| text.state == TextState::Approved) else { return Ok(false) };
    let Some((source, source_sentences)) = workshop.store.text(stop.id, *origin).await? else { return Ok(false) };
    let checks = workshop.store.checks_of(text.id).await?;
    let by_sentence: HashMap<_, &StoredCheck> =
        checks.iter().filter(|check| check.source_language == *origin).map(|check| (check.sentence, check)).collect();
    let same_title = by_sentence.get(&None).is_none_or(|check| check.source == source.title);
    let same_words = |(sentence, source): (&Sentence, &Sentence)| {
        by_sentence.get(&Some(sentence.id)).is_some_and(|check| check.source == source.content)
    };
    let as_many = sentences.len() == source_sentences.len();
    Ok(as_many && same_title && sentences.iter().zip(&source_sentences).all(same_words))
}

/// One translator after the other, each from the language the one before it translates to.
pub(super) type Route = Vec<Arc<dyn Translator>>;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ContentHash;
    use crate::ports::{Cancel, EngineError, EngineIdentity};

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
