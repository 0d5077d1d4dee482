//! The collection as the pages and lists need it: sites, stops, and which guides are published.
//!
//! It is read once and kept in memory until something in it changes: a page of a large house would else read thousands
//! of rows to show ten. Invariant: an answer is never older than the last change before its request, whichever process
//! made that change.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::domain::{Language, Names, Site, SiteId, Slug, Stop, StopId, Tour};
use crate::store::{Collection, EditionSummary, Store};
use crate::web::error::{Result, WebError};

/// What was there at one moment.
#[derive(Debug)]
pub struct Library {
    pub collection: Option<Collection>,
    /// In their order.
    pub sites: Vec<Site>,
    /// Site by site, in their order.
    pub stops: Vec<Stop>,
    /// Stop by stop, in the order of the stops, each stop's in the order of the language picker.
    editions: Vec<EditionSummary>,
    /// Languages in which at least one guide is published, in the order of the picker.
    languages: Vec<Language>,
    /// Where the editions of a stop are.
    editions_of: HashMap<Slug, Range<usize>>,
    site_at: HashMap<SiteId, usize>,
    stop_at: HashMap<Slug, usize>,
    stop_by_id: HashMap<StopId, usize>,
    /// Those that visitors see, in their order.
    pub tours: Vec<Tour>,
}

impl Library {
    async fn read(store: &Store) -> Result<Self> {
        let (collection, sites, stops, editions, mut tours) = tokio::try_join!(
            store.collection(),
            store.sites(),
            store.stops(),
            store.current_editions(),
            store.tours()
        )?;
        tours.retain(|tour| tour.open);
        let mut editions_of = HashMap::new();
        let mut end = 0;
        for of_one_stop in editions.chunk_by(|a, b| a.stop == b.stop) {
            let start = end;
            end += of_one_stop.len();
            editions_of.extend(of_one_stop.first().map(|edition| (edition.stop.clone(), start..end)));
        }
        let languages = Language::all().filter(|language| editions.iter().any(|e| e.language == *language)).collect();
        let site_at = sites.iter().zip(0..).map(|(site, at)| (site.id, at)).collect();
        let stop_at = stops.iter().zip(0..).map(|(stop, at)| (stop.slug.clone(), at)).collect();
        let stop_by_id = stops.iter().zip(0..).map(|(stop, at)| (stop.id, at)).collect();
        Ok(Self { collection, sites, stops, editions, languages, editions_of, site_at, stop_at, stop_by_id, tours })
    }

    /// Languages in which at least one guide is published, in the order of the picker.
    #[must_use]
    pub fn languages(&self) -> Vec<Language> {
        self.languages.clone()
    }

    /// How many guides are published.
    #[must_use]
    pub fn published(&self) -> usize {
        self.editions.len()
    }

    /// The published guides of a stop, in the order of the picker.
    #[must_use]
    pub fn editions_of(&self, stop: &Slug) -> &[EditionSummary] {
        self.editions_of.get(stop).and_then(|range| self.editions.get(range.clone())).unwrap_or_default()
    }

    /// Languages in which this stop's guide is published, in the order of the picker.
    #[must_use]
    pub fn languages_of(&self, stop: &Slug) -> Vec<Language> {
        self.editions_of(stop).iter().map(|edition| edition.language).collect()
    }

    #[must_use]
    pub fn edition(&self, stop: &Slug, language: Language) -> Option<&EditionSummary> {
        self.editions_of(stop).iter().find(|edition| edition.language == language)
    }

    #[must_use]
    pub fn site(&self, slug: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.slug.as_str() == slug)
    }

    #[must_use]
    pub fn stop(&self, slug: &str) -> Option<&Stop> {
        self.stop_at.get(&slug.parse().ok()?).and_then(|at| self.stops.get(*at))
    }

    #[must_use]
    pub fn stop_by_id(&self, id: StopId) -> Option<&Stop> {
        self.stop_by_id.get(&id).and_then(|at| self.stops.get(*at))
    }

    #[must_use]
    pub fn tour(&self, slug: &str) -> Option<&Tour> {
        self.tours.iter().find(|tour| tour.slug.as_str() == slug)
    }

    /// The tours that go through a stop of this site, in their order.
    pub fn tours_of<'a>(&'a self, site: &'a Site) -> impl Iterator<Item = &'a Tour> {
        let here = |tour: &&Tour| {
            let mut stops = tour.stops.iter().filter_map(|one| self.stop_by_id(one.stop));
            stops.any(|stop| stop.site == site.id)
        };
        self.tours.iter().filter(here)
    }

    /// # Errors
    /// `Contradiction` where the stop's site is not there.
    pub fn site_of(&self, stop: &Stop) -> Result<&Site> {
        self.site_at.get(&stop.site).and_then(|at| self.sites.get(*at)).ok_or_else(|| {
            WebError::Contradiction(format!("stop `{}` lies in site {}, which is not there", stop.slug, stop.site))
        })
    }

    /// In their order.
    pub fn stops_of<'a>(&'a self, site: &'a Site) -> impl Iterator<Item = &'a Stop> {
        self.stops.iter().filter(|stop| stop.site == site.id)
    }

    /// The stops before and after this one in its site.
    #[must_use]
    pub fn beside(&self, stop: &Stop) -> (Option<&Stop>, Option<&Stop>) {
        let here: Vec<&Stop> = self.stops.iter().filter(|other| other.site == stop.site).collect();
        let Some(at) = here.iter().position(|other| other.id == stop.id) else { return (None, None) };
        (at.checked_sub(1).and_then(|before| here.get(before)).copied(), here.get(at + 1).copied())
    }

    /// The collection's name, which stands at the head of every page.
    #[must_use]
    pub fn house(&self) -> Option<&Names> {
        self.collection.as_ref().map(|collection| &collection.names).filter(|names| !names.0.is_empty())
    }
}

/// The library that was read last, with the number of the change it stands after.
#[derive(Debug, Default)]
pub struct Reading {
    kept: tokio::sync::Mutex<Option<(i64, Arc<Library>)>>,
}

impl Reading {
    /// The library as it is now.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn library(&self, store: &Store) -> Result<Arc<Library>> {
        // Held while it is read: whoever comes meanwhile waits for that one reading instead of doing the same.
        let mut kept = self.kept.lock().await;
        // Asked before it is read: a change in between makes the next request read again, never keep an old state.
        let changes = store.public_changes().await?;
        if let Some((at, library)) = kept.as_ref()
            && *at == changes
        {
            return Ok(library.clone());
        }
        let library = Arc::new(Library::read(store).await?);
        *kept = Some((changes, library.clone()));
        Ok(library)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Names;
    use crate::web::testing::House;

    #[tokio::test]
    async fn it_is_read_once_and_again_after_a_change() {
        let house = House::with_guides().await;
        let (store, reading) = (&house.store, Reading::default());
        let library = async || reading.library(store).await.unwrap();
        let first = library().await;
        assert!(Arc::ptr_eq(&first, &library().await), "nothing changed");
        let names = Names([(Language::EN, "Another".to_owned())].into());
        let site = crate::store::NewSite { names: names.clone(), ..house.site() };
        store.upsert_site(&site).await.unwrap();
        let second = library().await;
        assert_eq!(second.sites[0].names, names);
        let stop = &second.stops[0];
        assert!(!second.editions_of(&stop.slug).is_empty());
        let tour = Tour { minutes: Some(7), ..second.tours[0].clone() };
        store.upsert_tour(&tour).await.unwrap();
        assert_eq!(library().await.tours[0].minutes, Some(7));
        store.withdraw(&stop.slug, Language::VI).await.unwrap();
        let third = library().await;
        assert!(third.edition(&stop.slug, Language::VI).is_none());
        assert_eq!(third.languages_of(&stop.slug).len() + 1, second.languages_of(&stop.slug).len());
    }
}
