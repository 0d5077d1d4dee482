//! What a worker does with recordings: hears them and cuts them into passages, telling how far it has come.

use super::{RecordingError, Silences, cut_passages, transcribe};
use crate::audio::Decoder;
use crate::domain::{Milliseconds, Recording, RecordingId};
use crate::pipeline::error::MakeError;
use crate::pipeline::workshop::{Workshop, on_a_thread};
use crate::ports::{Cancel, EngineError};
use crate::store::StoreError;

/// Hears a recording from beginning to end and keeps its sentences; cuts it into passages where nobody did yet.
///
/// # Errors
/// `Engine(Unavailable)` where nobody listens here; those of transcribing.
pub async fn hear_recording(workshop: &Workshop, id: RecordingId, cancel: &Cancel) -> Result<(), MakeError> {
    let recording = found(workshop, id).await?;
    let engines = workshop.engines.clone();
    let nobody = || EngineError::Unavailable {
        engine: "listener".to_owned(),
        what: "the settings say that nobody listens".to_owned(),
        remedy: "name a model in `make.listener`, or write the lines by hand".to_owned(),
    };
    let listeners = on_a_thread(move || engines.listeners()?.ok_or_else(nobody)).await?;
    let (store, runtime) = (workshop.store.clone(), tokio::runtime::Handle::current());
    let told = move |heard: Milliseconds| {
        // On the thread of the recogniser, which may wait.
        if let Err(error) = runtime.block_on(store.note_heard_to(id, heard)) {
            tracing::warn!(recording = %id, %error, "how far a recording was heard could not be noted");
        }
    };
    let decoder = Decoder::default();
    transcribe(&workshop.store, &workshop.blobs, &decoder, listeners, &recording, cancel, told).await?;
    if workshop.store.passages(id).await?.is_empty() {
        cut_passages(&workshop.store, &workshop.blobs, &decoder, &recording, Silences::default()).await?;
    }
    Ok(())
}

/// Cuts a recording into passages at silences of a length, in place of the ones before.
///
/// # Errors
/// Those of cutting.
pub async fn cut_recording(workshop: &Workshop, id: RecordingId, silence: Milliseconds) -> Result<(), MakeError> {
    let recording = found(workshop, id).await?;
    let silences = Silences { at_least: silence, ..Silences::default() };
    cut_passages(&workshop.store, &workshop.blobs, &Decoder::default(), &recording, silences).await?;
    Ok(())
}

async fn found(workshop: &Workshop, id: RecordingId) -> Result<Recording, MakeError> {
    let gone = || RecordingError::Store(StoreError::Gone { what: "recording", name: id.to_string() });
    Ok(workshop.store.recording(id).await?.ok_or_else(gone)?)
}
