//! What lies beneath the maps of this house: read once from its file, and again when a collection brings another.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::{ContentHash, Ground};
use crate::web::error::{Result, WebError};
use crate::web::state::State;

/// The setting that names the file by its hash.
pub const SETTING: &str = "ground";

/// The ground as it was read last.
#[derive(Debug, Default)]
pub struct Grounds {
    held: Mutex<Option<(ContentHash, Arc<Ground>)>>,
}

impl Grounds {
    /// The ground of the house; `None` where its collection brought none.
    ///
    /// # Errors
    /// Where its file is lost or cannot be read.
    pub async fn get(state: &State) -> Result<Option<Arc<Ground>>> {
        let Some(named) = state.store.setting(SETTING).await? else { return Ok(None) };
        let wrong = |why: String| WebError::Contradiction(format!("the setting `{SETTING}` is `{named}`: {why}"));
        let hash: ContentHash = named.parse().map_err(|_| wrong("no hash".to_owned()))?;
        let own = &state.grounds.held;
        if let Some((held, ground)) = own.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && *held == hash
        {
            return Ok(Some(ground.clone()));
        }
        let bytes = state.blobs.get(hash).await?.ok_or_else(|| wrong("its file is not there".to_owned()))?;
        let text = std::str::from_utf8(&bytes).map_err(|error| wrong(error.to_string()))?;
        let ground = Arc::new(Ground::from_geojson(text).map_err(|error| wrong(error.to_string()))?);
        *own.lock().unwrap_or_else(PoisonError::into_inner) = Some((hash, ground.clone()));
        Ok(Some(ground))
    }
}
