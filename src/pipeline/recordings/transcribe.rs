//! What is said in a recording, sentence by sentence, as a recognizer hears it.

use std::sync::Arc;

use super::{RecordingError, decode, original, sentences};
use crate::audio::Decoder;
use crate::blobs::Blobs;
use crate::domain::{Hertz, Milliseconds, RecordedSentence, Recording};
use crate::pipeline::listen::Listening;
use crate::ports::{Cancel, Recognizer, VoiceDetector};
use crate::store::Store;

/// What recognizers listen at.
const RATE: Hertz = Hertz(16_000);

/// How far one hears before telling so.
const TELL: Milliseconds = Milliseconds(30_000);

/// Hears a recording from beginning to end, where somebody speaks, and keeps its sentences. `told` gets how much of it
/// was heard, now and then.
///
/// # Errors
/// `NothingHeard`; `Lost` where its file is gone; those of the recognizer (`Cancelled`), of decoding, of the database,
/// which refuses to write over what a person corrected. Until the end nothing is written.
pub async fn transcribe(
    store: &Store,
    blobs: &Blobs,
    decoder: &Decoder,
    (recognizer, detector): (Arc<dyn Recognizer>, Arc<dyn VoiceDetector>),
    recording: &Recording,
    cancel: &Cancel,
    told: impl Fn(Milliseconds) + Send + 'static,
) -> Result<Vec<RecordedSentence>, RecordingError> {
    let file = original(blobs, recording).await?;
    let (decoder, about, cancel, listener) = (decoder.clone(), recording.clone(), cancel.clone(), recognizer.clone());
    let hearing = tokio::task::spawn_blocking(move || {
        let mut listening = Listening::begin(&*listener, &*detector, RATE, Some(about.language))?;
        let (mut heard, mut tell_at) = (0, TELL);
        decode(&decoder, file, &about, RATE, |piece| {
            listening.take(piece, &cancel)?;
            heard += piece.len();
            let moment = RATE.duration(heard);
            if moment >= tell_at {
                told(moment);
                tell_at = moment + TELL;
            }
            Ok::<_, RecordingError>(())
        })?;
        let all = listening.finish(&cancel)?;
        told(RATE.duration(heard));
        Ok::<_, RecordingError>(all.transcript.segments)
    });
    let segments = hearing.await??;
    let sentences = sentences::cut(&segments, recording.language);
    if sentences.is_empty() {
        return Err(RecordingError::NothingHeard { recording: recording.id, language: recording.language });
    }
    store.put_transcript(recording.id, &sentences, recognizer.identity()).await?;
    Ok(sentences)
}
