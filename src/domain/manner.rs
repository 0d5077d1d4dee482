//! How a sentence is said where it is not said as usual: in which voice, how fast, with how long a pause after it.

use serde::{Deserialize, Serialize};

use super::Milliseconds;

/// What differs from the usual; nothing in the usual manner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Manner {
    /// A voice by its name.
    pub voice: Option<String>,
    /// In percent of the voice's own pace.
    pub speed: Option<u16>,
    /// After the sentence, in place of the house's own.
    pub pause: Option<Milliseconds>,
}

impl Manner {
    /// Slower is no speech any more, and faster is not understood outdoors.
    pub const SPEEDS: std::ops::RangeInclusive<u16> = 50..=150;
    pub const LONGEST_PAUSE: Milliseconds = Milliseconds(10_000);

    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// A sentence's own manner laid over that of its guide. A pause of a guide would be one after each sentence, which the
    /// house's settings say already: it is the sentence's own or none.
    #[must_use]
    pub fn over(&self, guide: &Self) -> Self {
        Self {
            voice: self.voice.clone().or_else(|| guide.voice.clone()),
            speed: self.speed.or(guide.speed),
            pause: self.pause,
        }
    }

    /// Whether the speed and the pause are within their bounds.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.speed.is_none_or(|speed| Self::SPEEDS.contains(&speed))
            && self.pause.is_none_or(|pause| pause <= Self::LONGEST_PAUSE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_what_its_guide_does_not() {
        let guide = Manner { voice: Some("a".into()), speed: Some(90), pause: Some(Milliseconds(500)) };
        let own = Manner { speed: Some(110), ..Manner::default() };
        let laid = own.over(&guide);
        assert_eq!((laid.voice.as_deref(), laid.speed, laid.pause), (Some("a"), Some(110), None));
        assert!(Manner::default().is_usual() && !laid.is_usual() && laid.is_sound());
        assert!(!Manner { speed: Some(20), ..Manner::default() }.is_sound());
        assert!(!Manner { pause: Some(Milliseconds(10_001)), ..Manner::default() }.is_sound());
    }
}
