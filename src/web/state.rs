//! What every handler is given: the store and the files to read from, the words of the pages, the clock.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::blobs::Blobs;
use crate::domain::{Clock, Language, Network};
use crate::people::{People, PeopleError};
use crate::pipeline::Board;
use crate::pipeline::Workshop;
use crate::store::Store;
use crate::web::assets::Assets;
use crate::web::buses::Buses;
use crate::web::clips::Films;
use crate::web::error::WebError;
use crate::web::fulltext::Fulltext;
use crate::web::grounds::Grounds;
use crate::web::kiosks::Kiosks;
use crate::web::listening::Listening;
use crate::web::pictures::Pictures;
use crate::web::playlists::Shelf;
use crate::web::reading::{Library, Reading};
use crate::web::studio::Studio;
use crate::web::views::staff::words::Desk;
use crate::web::views::strings::{Phrasebook, StringsError};

/// How a house wants its pages served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address visitors know, without a slash at its end: `https://guide.example.vn`. Where it is not set, the
    /// `Host` a visitor asked for is taken.
    pub public_url: Option<String>,
    /// The language of visitors whose wishes cannot be met.
    pub default_language: Language,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// How long answers under way are waited for once the server is told to stop.
    pub last_words: Duration,
    /// The file of the keys that sign what devices play; it is made when the first device asks.
    pub kiosk_keys: PathBuf,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            default_language: Language::VI,
            last_words: Duration::from_secs(20),
            kiosk_keys: PathBuf::from("data/kiosk.key"),
            trusted_proxies: Vec::new(),
        }
    }
}

/// Why the web cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error(transparent)]
    Strings(#[from] StringsError),
    #[error(transparent)]
    People(#[from] PeopleError),
}

/// Cheap to clone.
#[derive(Clone)]
pub struct State {
    pub store: Store,
    pub blobs: Blobs,
    pub clock: Arc<dyn Clock>,
    pub settings: Arc<Settings>,
    pub people: People,
    /// What a worker of this process is making.
    pub board: Arc<Board>,
    /// Cancelled when the server is told to stop: answers that never end by themselves end then.
    pub(crate) ending: CancellationToken,
    pub(crate) phrasebook: Arc<Phrasebook>,
    pub(crate) desk: Arc<Desk>,
    pub(crate) pictures: Arc<Pictures>,
    pub(crate) assets: Arc<Assets>,
    pub(crate) grounds: Arc<Grounds>,
    pub(crate) fulltext: Arc<Fulltext>,
    pub(crate) kiosks: Arc<Kiosks>,
    pub(crate) listening: Arc<Listening>,
    pub(crate) screens: Arc<Shelf>,
    pub(crate) buses: Arc<Buses>,
    pub(crate) films: Arc<Films>,
    pub(crate) reading: Arc<Reading>,
    /// `None` where this process has no engines.
    pub(crate) studio: Option<Arc<Studio>>,
}

impl State {
    /// # Errors
    /// Where a file of the pages' words is not what the pages need, or the system gives no random numbers.
    pub fn new(store: Store, blobs: Blobs, clock: Arc<dyn Clock>, settings: Settings) -> Result<Self, StateError> {
        Ok(Self {
            people: People::new(store.clone(), clock.clone())?,
            desk: Arc::new(Desk::load()?),
            board: Arc::default(),
            ending: CancellationToken::new(),
            store,
            blobs,
            clock,
            settings: Arc::new(settings),
            phrasebook: Arc::new(Phrasebook::load()?),
            pictures: Arc::new(Pictures::default()),
            assets: Arc::new(Assets::load()),
            grounds: Arc::default(),
            fulltext: Arc::default(),
            kiosks: Arc::default(),
            listening: Arc::default(),
            screens: Arc::default(),
            buses: Arc::default(),
            films: Arc::default(),
            reading: Arc::default(),
            studio: None,
        })
    }

    /// With engines that speak while somebody waits.
    #[must_use]
    pub fn with_workshop(self, workshop: Workshop) -> Self {
        Self { studio: Some(Arc::new(Studio::new(workshop))), ..self }
    }

    /// # Errors
    /// `NoStudio` where this process has no engines.
    pub(crate) fn studio(&self) -> Result<&Studio, WebError> {
        self.studio.as_deref().ok_or(WebError::NoStudio)
    }

    /// The collection as it is now.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub(crate) async fn library(&self) -> Result<Arc<Library>, WebError> {
        self.reading.library(&self.store).await
    }
}
