//! The port of speech synthesis.

use std::sync::Arc;

use super::{Cancel, EngineError, EngineIdentity};
use crate::audio::Sound;
use crate::domain::{Language, VoiceMark};
use crate::text::SpokenText;

/// Takes the utterances as they are finished, by their index: what is finished is kept even if the next one fails.
/// An error from the sink stops the synthesis.
pub type SpeechSink<'a> = dyn FnMut(usize, Sound) -> Result<(), EngineError> + Send + 'a;

/// Speaks utterances in one voice of one language.
pub trait Synthesizer: Send + Sync {
    fn identity(&self) -> &EngineIdentity;

    fn language(&self) -> Language;

    /// What the edition and the files say about this voice.
    fn mark(&self) -> VoiceMark;

    /// The same voice in another manner (slower, in shorter pieces), for a sentence that was not understood; `take`
    /// counts from 1. `None` where it knows no more manners.
    fn retake(&self, take: u8) -> Option<Arc<dyn Synthesizer>> {
        let _ = take;
        None
    }

    /// Speaks every utterance. The same utterance always gives the same samples.
    ///
    /// # Errors
    /// `BadInput` names the utterance that cannot be spoken; `Unavailable`; `Cancelled`; the engine's own failure; or
    /// what the sink returned.
    fn synthesize(
        &self,
        utterances: &[SpokenText],
        cancel: &Cancel,
        sink: &mut SpeechSink<'_>,
    ) -> Result<(), EngineError>;
}
