//! Vietnamese as it sounds: the syllable, and names in texts of other languages.

pub(super) mod ipa;
mod names;
pub(super) mod syllable;

pub use names::NameReader;
pub(crate) use names::plain_letters;
