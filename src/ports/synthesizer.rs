//! The port of speech synthesis.

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
