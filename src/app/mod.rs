//! Composition root, floor 6: settings become parts, parts become state. Nothing else reads settings, and nothing else
//! knows which engine speaks which language.

mod engines;
mod translators;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use crate::audio;
use crate::blobs::Blobs;
use crate::config::{FILE, Settings};
use crate::domain::{Clock, JobKind, Language, Slug, SystemClock};
use crate::models::Weights;
use crate::people::People;
use crate::pipeline::{self, Checker, Facts, Form, Selection, Workshop};
use crate::store::Store;
use crate::web;

pub use engines::{ModelEngines, phonemizer_of};

/// The settings, and the parts made from them on demand.
pub struct App {
    pub settings: Settings,
    pub clock: Arc<dyn Clock>,
}

impl App {
    /// Reads `thuyetminh.toml` (or the file that `THUYETMINH_CONFIG` names, which must then be there) and the
    /// environment.
    ///
    /// # Errors
    /// Settings that cannot be used, named.
    pub fn load() -> anyhow::Result<Self> {
        let named = std::env::var_os("THUYETMINH_CONFIG").map(PathBuf::from);
        let file = named.as_deref().unwrap_or(Path::new(FILE));
        let environment = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        let settings = Settings::load(file, named.is_some(), environment).context("the settings cannot be used")?;
        Ok(Self { settings, clock: Arc::new(SystemClock) })
    }

    /// # Errors
    /// Where the database cannot be opened.
    pub async fn store(&self) -> anyhow::Result<Store> {
        Ok(Store::open(&self.settings.database(), self.clock.clone()).await?)
    }

    /// Who gets in and who may do what.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn people(&self, store: &Store) -> anyhow::Result<People> {
        Ok(People::new(store.clone(), self.clock.clone())?)
    }

    /// # Errors
    /// Where the folder of blobs cannot be made.
    pub fn blobs(&self) -> anyhow::Result<Blobs> {
        Ok(Blobs::open(&self.settings.blobs())?)
    }

    /// # Errors
    /// Where an embedded manifest contradicts itself.
    pub fn weights(&self) -> anyhow::Result<Weights> {
        Ok(Weights::open(&self.settings.weights)?)
    }

    /// The engines, with a number of threads other than that of the settings where one is given.
    ///
    /// # Errors
    /// Where an embedded manifest contradicts itself.
    pub fn engines(&self, threads: Option<usize>) -> anyhow::Result<ModelEngines> {
        let mut settings = self.settings.make.clone();
        settings.threads = threads.unwrap_or(settings.threads).max(1);
        Ok(ModelEngines::new(self.weights()?, settings, self.settings.models.clone()))
    }

    /// Everything the making of guides stands on.
    ///
    /// # Errors
    /// Where the database, the blobs or the engines cannot be had.
    pub async fn workshop(&self) -> anyhow::Result<Workshop> {
        let store = self.store().await?;
        let policy = store.collection().await?.map(|collection| collection.policy).unwrap_or_default();
        Ok(Workshop {
            store,
            blobs: self.blobs()?,
            engines: Arc::new(self.engines(None)?),
            checkers: checkers(),
            sound: audio::Settings::default(),
            policy,
            clock: self.clock.clone(),
        })
    }
}

/// Who compares translations with their sources.
#[must_use]
pub fn checkers() -> Vec<Arc<dyn Checker>> {
    vec![Arc::new(Facts), Arc::new(Form)]
}

impl App {
    /// What the web answers from.
    ///
    /// # Errors
    /// Where the pages' words or the database cannot be read.
    pub async fn web_state(&self, store: &Store, blobs: &Blobs) -> anyhow::Result<web::State> {
        let collection = store.collection().await?;
        let settings = web::Settings {
            public_url: self.settings.serve.public_url.clone(),
            default_language: collection.map_or(Language::VI, |collection| collection.source_language),
            trusted_proxies: self.settings.serve.proxies()?,
            last_words: Duration::from_secs(self.settings.serve.shutdown_seconds),
            kiosk_keys: self.settings.kiosk_keys(),
        };
        Ok(web::State::new(store.clone(), blobs.clone(), self.clock.clone(), settings)?)
    }
}

/// Asks for one guide to be brought up to date before others; a running `serve` or the next one does it.
///
/// # Errors
/// Those of the database.
pub async fn enqueue_guide(store: &Store, stop: &Slug, language: Language) -> anyhow::Result<()> {
    store.enqueue(&JobKind::MakeGuide { stop: stop.clone(), language }, 0).await?;
    Ok(())
}

/// Asks for every guide of the collection to be brought up to date; guides that are so already cost a look.
///
/// # Errors
/// Those of the database.
pub async fn enqueue_all(store: &Store) -> anyhow::Result<Vec<pipeline::PlannedGuide>> {
    let plan = pipeline::plan(store, &Selection::default()).await?;
    for (place, guide) in plan.iter().enumerate() {
        let job = JobKind::MakeGuide { stop: guide.stop.slug.clone(), language: guide.language };
        store.enqueue(&job, i64::try_from(place).unwrap_or(i64::MAX)).await?;
    }
    Ok(plan)
}
