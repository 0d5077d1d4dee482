//! What is said in a recording, sentence by sentence, as a recognizer hears it.

use std::sync::Arc;

use super::windows::Windows;
use super::{RecordingError, decode, original, sentences};
use crate::audio::{Decoder, Sound};
use crate::blobs::Blobs;
use crate::domain::{Hertz, Language, Milliseconds, RecordedSentence, Recording};
use crate::ports::{Cancel, HeardSegment, Recognizer};
use crate::store::Store;

/// What recognizers listen at.
const RATE: Hertz = Hertz(16_000);

/// What stays below this is not worth hearing: recognizers make words up in silence (-60 dBFS).
const QUIET: f32 = 1e-3;

/// Hears a recording from beginning to end, in windows, and keeps its sentences. `told` gets how much of it was heard.
///
/// # Errors
/// `NothingHeard`; `Lost` where its file is gone; those of the recognizer (`Cancelled`), of decoding, of the database,
/// which refuses to write over what a person corrected. Until the end nothing is written.
pub async fn transcribe(
    store: &Store,
    blobs: &Blobs,
    decoder: &Decoder,
    recognizer: Arc<dyn Recognizer>,
    recording: &Recording,
    cancel: &Cancel,
    told: impl Fn(Milliseconds) + Send + 'static,
) -> Result<Vec<RecordedSentence>, RecordingError> {
    let file = original(blobs, recording).await?;
    let (decoder, about, cancel, listener) = (decoder.clone(), recording.clone(), cancel.clone(), recognizer.clone());
    let hearing = tokio::task::spawn_blocking(move || {
        let mut heard =
            Heard { recognizer: &*listener, language: about.language, cancel: &cancel, segments: Vec::new() };
        let mut windows = Windows::new(RATE);
        decode(&decoder, file, &about, RATE, |piece| {
            cancel.check()?;
            windows.push(piece);
            if let Some((start, window)) = windows.full() {
                heard.hear(start, &window)?;
                told(start + window.duration());
            }
            Ok::<_, RecordingError>(())
        })?;
        if let Some((start, window)) = windows.rest() {
            heard.hear(start, &window)?;
            told(start + window.duration());
        }
        Ok::<_, RecordingError>(heard.segments)
    });
    let segments = hearing.await??;
    let sentences = sentences::cut(&segments, recording.language);
    if sentences.is_empty() {
        return Err(RecordingError::NothingHeard { recording: recording.id, language: recording.language });
    }
    store.put_transcript(recording.id, &sentences, recognizer.identity()).await?;
    Ok(sentences)
}

struct Heard<'a> {
    recognizer: &'a dyn Recognizer,
    language: Language,
    cancel: &'a Cancel,
    segments: Vec<HeardSegment>,
}

impl Heard<'_> {
    fn hear(&mut self, offset: Milliseconds, window: &Sound) -> Result<(), RecordingError> {
        if window.samples.iter().all(|sample| sample.abs() < QUIET) {
            return Ok(());
        }
        let transcript = self.recognizer.recognize(window, self.language, self.cancel)?;
        let end = offset + window.duration();
        // Past the end of the window there is nothing it could have heard.
        let moved = |moment: Milliseconds| (moment + offset).min(end);
        for mut segment in transcript.segments {
            (segment.start, segment.end) = (moved(segment.start), moved(segment.end));
            for word in &mut segment.words {
                (word.start, word.end) = (moved(word.start), moved(word.end));
            }
            self.segments.push(segment);
        }
        Ok(())
    }
}
