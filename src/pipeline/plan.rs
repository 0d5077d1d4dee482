//! Which guides there should be, in the order they are worth making.

use super::error::MakeError;
use crate::domain::{Language, Slug, Stop};
use crate::store::Store;

/// Which of the guides are meant; an empty field means all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pub site: Option<Slug>,
    pub relic: Option<Slug>,
    pub stop: Option<Slug>,
    pub languages: Vec<Language>,
    /// Only the first stop of the plan.
    pub first_only: bool,
}

/// One guide to bring up to date.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedGuide {
    pub stop: Stop,
    pub language: Language,
    /// How many sentences it will have, as far as can be told before it is translated: for telling the time left.
    pub sentences: usize,
}

/// The guides of the collection: stop by stop, so that a visitor finds a stop complete rather than many stops in one
/// language only.
///
/// # Errors
/// Those of the database.
pub async fn plan(store: &Store, selection: &Selection) -> Result<Vec<PlannedGuide>, MakeError> {
    let Some(collection) = store.collection().await? else { return Ok(Vec::new()) };
    let languages = if selection.languages.is_empty() { &collection.guide_languages } else { &selection.languages };
    let mut guides = Vec::new();
    for stop in stops_of(store, selection).await? {
        let source = sentences_in(store, &stop, collection.source_language).await?;
        for &language in languages {
            let sentences = sentences_in(store, &stop, language).await?.or(source).unwrap_or_default();
            guides.push(PlannedGuide { stop: stop.clone(), language, sentences });
        }
    }
    Ok(guides)
}

async fn sentences_in(store: &Store, stop: &Stop, language: Language) -> Result<Option<usize>, MakeError> {
    Ok(store.text(stop.id, language).await?.map(|(_, sentences)| sentences.len()))
}

async fn stops_of(store: &Store, selection: &Selection) -> Result<Vec<Stop>, MakeError> {
    let mut stops = Vec::new();
    for site in store.sites().await? {
        if selection.site.as_ref().is_some_and(|wanted| *wanted != site.slug) {
            continue;
        }
        let relics = store.relics_of(site.id).await?;
        for stop in store.stops_of(site.id).await? {
            let relic = relics.iter().find(|relic| Some(relic.id) == stop.relic).map(|relic| &relic.slug);
            let meant = selection.stop.as_ref().is_none_or(|wanted| *wanted == stop.slug)
                && selection.relic.as_ref().is_none_or(|wanted| Some(wanted) == relic);
            if meant {
                stops.push(stop);
            }
        }
    }
    if selection.first_only {
        stops.truncate(1);
    }
    Ok(stops)
}
