//! The port of voice activity detection: where in a sound somebody speaks.

use super::{Cancel, EngineError, EngineIdentity};
use crate::audio::Sound;
use crate::domain::{Hertz, Milliseconds};

/// A stretch of a sound in which somebody speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub start: Milliseconds,
    pub end: Milliseconds,
}

/// When speech begins and ends, from how probable it is in each moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpeechRules {
    /// Speech begins where it is at least this probable, 0 to 1.
    pub threshold: f64,
    /// Speech that has begun ends where it is less probable than this.
    pub leave: f64,
    /// Shorter speech is none.
    pub shortest: Milliseconds,
    /// Silence within speech that does not end it.
    pub silence: Milliseconds,
    /// Added before and behind; half the silence where there is less of it.
    pub padding: Milliseconds,
    /// Longer speech is cut, at its longest pause if it has one.
    pub longest: Option<Milliseconds>,
    /// A pause longer than this is a place to cut at.
    pub pause: Milliseconds,
}

impl Default for SpeechRules {
    /// Those of Silero's `get_speech_timestamps`.
    fn default() -> Self {
        Self {
            threshold: 0.5,
            leave: 0.35,
            shortest: Milliseconds(250),
            silence: Milliseconds(100),
            padding: Milliseconds(30),
            longest: None,
            pause: Milliseconds(98),
        }
    }
}

/// Takes a sound piece by piece, in an amount of memory that does not grow with it. However the sound is cut into
/// pieces, the stretches are the same.
pub trait VoiceListener: Send {
    /// Takes the next samples and gives the stretches that have become certain: in order, none overlapping another.
    ///
    /// # Errors
    /// The engine's own failure.
    fn hear(&mut self, samples: &[f32]) -> Result<Vec<Stretch>, EngineError>;

    /// No stretch that is still to come begins before this moment.
    fn settled(&self) -> Milliseconds;

    /// What is left when the sound has ended.
    ///
    /// # Errors
    /// The engine's own failure.
    fn finish(&mut self) -> Result<Vec<Stretch>, EngineError>;
}

/// Finds where somebody speaks, in any language.
pub trait VoiceDetector: Send + Sync {
    fn identity(&self) -> &EngineIdentity;

    /// Begins to listen to a sound of this rate.
    ///
    /// # Errors
    /// `BadInput` for a rate that cannot be heard.
    fn listen(&self, rate: Hertz, rules: &SpeechRules) -> Result<Box<dyn VoiceListener + '_>, EngineError>;

    /// The stretches of speech in a whole sound; none where nobody speaks.
    ///
    /// # Errors
    /// `BadInput` for a rate that cannot be heard, `Cancelled`, or the engine's own failure.
    fn speech(&self, sound: &Sound, rules: &SpeechRules, cancel: &Cancel) -> Result<Vec<Stretch>, EngineError> {
        let mut listener = self.listen(sound.rate, rules)?;
        let mut stretches = Vec::new();
        for second in sound.samples.chunks(sound.rate.0.max(1) as usize) {
            cancel.check()?;
            stretches.extend(listener.hear(second)?);
        }
        stretches.extend(listener.finish()?);
        Ok(stretches)
    }
}
