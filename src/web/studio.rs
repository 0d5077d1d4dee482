//! Where sentences are spoken while a person waits: one at a time for the whole house, the others in line behind it.
//!
//! Invariants: visitors never wait for it, and few wait in it: who finds it full is told so at once. Work that nobody
//! waits for any more is given up at the engine's next step, and only then does the next one begin.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Semaphore, mpsc};

use crate::audio::wav;
use crate::domain::{Actor, Language, Manner, Stop};
use crate::pipeline::studio::{Preview, Remade, preview, remake};
use crate::pipeline::{MakeError, Progress, Stage, Workshop};
use crate::ports::Cancel;
use crate::web::error::{Result, WebError};

/// Who waits at most, the one at work among them.
const MOST: usize = 8;

/// The engines of this process, for whoever works at the desk.
pub struct Studio {
    pub workshop: Workshop,
    turn: Arc<Semaphore>,
    inside: Arc<AtomicUsize>,
}

/// What whoever waits is told.
#[derive(Debug)]
pub enum Step {
    /// So many are before.
    Waits(usize),
    Speaks,
    Hears,
    Done(Result<Remade>),
}

/// A place in line; letting go of it asks whoever works for it to stop.
pub struct Place {
    cancel: Cancel,
    inside: Arc<AtomicUsize>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.cancel.cancel();
        self.inside.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Studio {
    #[must_use]
    pub fn new(workshop: Workshop) -> Self {
        Self { workshop, turn: Arc::new(Semaphore::new(1)), inside: Arc::default() }
    }

    /// The voices that may be chosen for a language, the usual one first. None where the engines cannot tell: then the
    /// usual one is all there is to choose.
    pub async fn voices(&self, language: Language) -> Vec<String> {
        let engines = self.workshop.engines.clone();
        let asked = tokio::task::spawn_blocking(move || engines.voices(language)).await;
        match asked {
            Ok(Ok(voices)) => voices,
            Ok(Err(error)) => {
                tracing::warn!(target: "thuyetminh::web", %language, %error, "the voices cannot be listed");
                Vec::new()
            }
            Err(error) => {
                tracing::error!(target: "thuyetminh::web", %error, "listing the voices ended unexpectedly");
                Vec::new()
            }
        }
    }

    fn enter(&self) -> Result<(Place, usize)> {
        let before = self.inside.fetch_add(1, Ordering::AcqRel);
        let place = Place { cancel: Cancel::new(), inside: self.inside.clone() };
        // A place that is not taken is let go of here, and counted down with it.
        if before >= MOST { Err(WebError::StudioFull) } else { Ok((place, before)) }
    }

    /// Speaks a sentence for its preview, as WAV. Letting go of the answer gives it up.
    ///
    /// # Errors
    /// `StudioFull`; those of the preview.
    pub async fn preview(
        &self,
        language: Language,
        sentence: String,
        entry: Option<crate::domain::LexiconEntry>,
        manner: Manner,
    ) -> Result<Vec<u8>> {
        let (place, _) = self.enter()?;
        let (workshop, turn, cancel) = (self.workshop.clone(), self.turn.clone(), place.cancel.clone());
        // A task of its own: where nobody waits any more, the next turn begins only when the engine has stopped.
        let work = tokio::spawn(async move {
            let _turn = turn.acquire_owned().await;
            cancel.check().map_err(MakeError::from)?;
            let asked = Preview { language, sentence: &sentence, entry: entry.as_ref(), manner: &manner };
            let sound = preview(&workshop, asked, &cancel).await?;
            Ok::<_, MakeError>(wav::write(&sound)?)
        });
        let spoken = work.await.map_err(MakeError::from)??;
        drop(place);
        Ok(spoken)
    }

    /// Makes a sentence anew, and tells each step. Letting go of the place gives it up.
    ///
    /// # Errors
    /// `StudioFull`.
    pub fn remake(
        &self,
        actor: Actor,
        stop: Stop,
        (language, ordinal): (Language, u32),
    ) -> Result<(Place, mpsc::UnboundedReceiver<Step>)> {
        let (place, before) = self.enter()?;
        let (told, steps) = mpsc::unbounded_channel();
        let (workshop, turn, cancel) = (self.workshop.clone(), self.turn.clone(), place.cancel.clone());
        tokio::spawn(async move {
            let telling = Telling(told);
            telling.tell(Step::Waits(before));
            let _turn = turn.acquire_owned().await;
            let made = match cancel.check() {
                Ok(()) => remake(&workshop, &actor, (&stop, language, ordinal), &cancel, &telling).await,
                Err(error) => Err(error.into()),
            };
            telling.tell(Step::Done(made.map_err(WebError::from)));
        });
        Ok((place, steps))
    }
}

/// Passes on how far it has come. Nobody may be listening any more.
struct Telling(mpsc::UnboundedSender<Step>);

impl Telling {
    fn tell(&self, step: Step) {
        let _nobody_listens = self.0.send(step);
    }
}

impl Progress for Telling {
    fn stage(&self, stage: Stage) {
        match stage {
            Stage::Speak { .. } => self.tell(Step::Speaks),
            Stage::Hear { .. } => self.tell(Step::Hears),
            Stage::Translate { .. } | Stage::Finish => {}
        }
    }

    fn sentence_spoken(&self, _: crate::domain::Milliseconds) {}

    fn clip_heard(&self) {}
}
