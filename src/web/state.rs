//! What every handler is given: the store and the files to read from, the words of the pages, the clock.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::blobs::Blobs;
use crate::domain::{Clock, Language};
use crate::store::Store;
use crate::web::assets::Assets;
use crate::web::kiosks::Kiosks;
use crate::web::pictures::Pictures;
use crate::web::views::strings::{Phrasebook, StringsError};

/// How a house wants its pages served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address visitors know, without a slash at its end: `https://guide.example.vn`. Where it is not set, the
    /// `Host` a visitor asked for is taken.
    pub public_url: Option<String>,
    /// The language of visitors whose wishes cannot be met.
    pub default_language: Language,
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
        }
    }
}

/// Cheap to clone.
#[derive(Clone)]
pub struct State {
    pub store: Store,
    pub blobs: Blobs,
    pub clock: Arc<dyn Clock>,
    pub settings: Arc<Settings>,
    pub(crate) phrasebook: Arc<Phrasebook>,
    pub(crate) pictures: Arc<Pictures>,
    pub(crate) assets: Arc<Assets>,
    pub(crate) kiosks: Arc<Kiosks>,
}

impl State {
    /// # Errors
    /// Where a file of the pages' words is not what the pages need.
    pub fn new(store: Store, blobs: Blobs, clock: Arc<dyn Clock>, settings: Settings) -> Result<Self, StringsError> {
        Ok(Self {
            store,
            blobs,
            clock,
            settings: Arc::new(settings),
            phrasebook: Arc::new(Phrasebook::load()?),
            pictures: Arc::new(Pictures::default()),
            assets: Arc::new(Assets::load()),
            kiosks: Arc::default(),
        })
    }
}
