//! The collection as the pages and lists need it: sites, stops, and which guides are published.

use crate::domain::{Language, Names, Site, Slug, Stop};
use crate::store::{Collection, EditionSummary, Store};
use crate::web::error::{Result, WebError};

/// What is there at the moment of one request.
#[derive(Clone, Debug)]
pub struct Library {
    pub collection: Option<Collection>,
    /// In their order.
    pub sites: Vec<Site>,
    /// Site by site, in their order.
    pub stops: Vec<Stop>,
    pub editions: Vec<EditionSummary>,
}

impl Library {
    /// # Errors
    /// Where the store does not answer.
    pub async fn read(store: &Store) -> Result<Self> {
        let (collection, sites, stops, editions) =
            tokio::try_join!(store.collection(), store.sites(), store.stops(), store.current_editions())?;
        Ok(Self { collection, sites, stops, editions })
    }

    /// Languages in which at least one guide is published, in the order of the picker.
    #[must_use]
    pub fn languages(&self) -> Vec<Language> {
        Language::all().filter(|language| self.editions.iter().any(|e| e.language == *language)).collect()
    }

    /// Languages in which this stop's guide is published, in the order of the picker.
    #[must_use]
    pub fn languages_of(&self, stop: &Slug) -> Vec<Language> {
        self.editions.iter().filter(|edition| edition.stop == *stop).map(|edition| edition.language).collect()
    }

    #[must_use]
    pub fn edition(&self, stop: &Slug, language: Language) -> Option<&EditionSummary> {
        self.editions.iter().find(|edition| edition.stop == *stop && edition.language == language)
    }

    #[must_use]
    pub fn site(&self, slug: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.slug.as_str() == slug)
    }

    #[must_use]
    pub fn stop(&self, slug: &str) -> Option<&Stop> {
        self.stops.iter().find(|stop| stop.slug.as_str() == slug)
    }

    /// # Errors
    /// `Contradiction` where the stop's site is not there.
    pub fn site_of(&self, stop: &Stop) -> Result<&Site> {
        self.sites.iter().find(|site| site.id == stop.site).ok_or_else(|| {
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
