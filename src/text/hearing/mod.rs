//! Whether a spoken clip says its text, judged from what a recogniser heard in it.
//!
//! Both texts are put into the same words (`units`: numbers spelled out, spellings folded) and aligned (`align`). Each
//! stretch that differs is then looked at by its sound (`sounds`): what sounds the same was said, whatever the recogniser
//! wrote. What is left over becomes a finding: a protected name (`names`), a number (`ledger`), or words missing, added,
//! changed, repeated (`stretches`). How much may be left over depends on the recogniser's model and the language, and
//! was measured (`thresholds`).
//!
//! Invariants: a clip passes only where the pair of model and language was measured and found good enough, and nothing
//! was found; the same input always gets the same verdict. Time grows with the product of the two lengths: it is for
//! sentences and short passages, and a longer text than [`LONGEST`] is not judged.

mod align;
mod clip;
mod compared;
mod fold;
mod han_forms;
mod ledger;
mod names;
mod numerals;
mod sounds;
mod spots;
mod stretches;
mod thresholds;
mod units;

pub use compared::{Piece, compared};
pub use spots::{Spot, spots_of_numbers};
pub use thresholds::{Ability, RULES, ability, able_models};

use crate::domain::{GlossaryEntry, Hearing, Language, Listener, Milliseconds};

/// Words (letters, in Chinese and Japanese) of either text beyond which a clip is not judged: a narration is judged
/// sentence by sentence.
pub const LONGEST: usize = 4_000;

/// What the clip should say.
#[derive(Clone, Copy, Debug)]
pub struct Meant<'a> {
    pub language: Language,
    /// As it is written in the text: numbers in digits.
    pub written: &'a str,
    /// As it was given to the voice: numbers in words (`SpokenText::written`).
    pub spoken: &'a str,
    /// The museum's protected names.
    pub names: &'a [GlossaryEntry],
}

/// A word as heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Word<'a> {
    pub text: &'a str,
    pub start: Milliseconds,
    pub end: Milliseconds,
    /// How sure the recogniser is, 0 to 1.
    pub probability: f32,
}

/// What was heard in the clip.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heard<'a> {
    pub text: &'a str,
    /// In order; may be empty where the recogniser gives no times, and findings then have none.
    pub words: &'a [Word<'a>],
    /// The BCP 47 tag of the language that the recogniser takes the sound for, with its probability, where it was asked.
    pub language: Option<(&'a str, f32)>,
    /// Seconds of speech in the clip by a voice detector, where one listened.
    pub speech: Option<f32>,
    /// Whether the sound stops while somebody speaks: a recogniser writes down the end that is not there.
    pub breaks_off: bool,
    pub duration: Milliseconds,
}

/// Gives the sound of a stretch of words of the guide's language in IPA; `None` where it cannot. Stress, length and tone
/// marks are ignored, and any notation will do as long as it is one.
pub type Sounds<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Judges one clip. `sounds` makes the difference between another spelling and another word: without it only letters
/// are compared, and more clips are held.
#[must_use]
pub fn judge(meant: &Meant<'_>, heard: &Heard<'_>, listener: Listener, sounds: Option<Sounds<'_>>) -> Hearing {
    clip::Clip::new(meant, heard, &listener.model, sounds).hearing(listener)
}

#[cfg(test)]
mod tests;
