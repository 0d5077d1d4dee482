//! What the making of guides stands on, and who is told how far it has come.

use std::sync::Arc;

use super::Engines;
use super::check::Checker;
use super::error::MakeError;
use crate::audio;
use crate::blobs::Blobs;
use crate::domain::{Clock, Milliseconds};
use crate::ports::EngineError;
use crate::store::{Policy, Store};

/// Everything the making of guides stands on.
#[derive(Clone)]
pub struct Workshop {
    pub store: Store,
    pub blobs: Blobs,
    pub engines: Arc<dyn Engines>,
    /// Who compares translations with their sources. What any of them finds keeps a guide from being published.
    pub checkers: Vec<Arc<dyn Checker>>,
    pub sound: audio::Settings,
    pub policy: Policy,
    pub clock: Arc<dyn Clock>,
}

/// What is being done for a guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Translate {
        sentences: usize,
    },
    /// So many sentences are to be spoken; `characters` is the length of the whole text.
    Speak {
        sentences: usize,
        characters: usize,
    },
    /// So many clips are to be heard back.
    Hear {
        sentences: usize,
    },
    Finish,
}

/// Somebody who is told how far it has come.
pub trait Progress: Send + Sync {
    fn stage(&self, stage: Stage);
    fn sentence_spoken(&self, length: Milliseconds);
    fn clip_heard(&self);
}

/// Runs blocking work of an engine away from the threads that answer visitors.
pub(super) async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, MakeError> {
    Ok(tokio::task::spawn_blocking(work).await??)
}
