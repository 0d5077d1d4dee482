//! The words and fields of saying something differently: an entry of the lexicon, a manner, a sentence made anew.

use crate::domain::Manner;
use crate::web::saying::Flaw;
use crate::web::views::strings::words;

words! {
    /// The words of it.
    Strings: heading, lead, word, word_hint, kind, alias, ipa, said, said_hint, preview, keep_word, no_right, voice,
    usual_voice, speed, speed_hint, pause, pause_hint, keep_manner, guide, guide_lead, remake, remake_hint, by_person,
    waits, speaks, hears, failed, stop, done_word, done_manner, done_remade, done_remaking, known_already, bad_manner,
    flaw_word, flaw_said, flaw_kind
}

/// What is wrong with an entry, for whoever typed it.
#[must_use]
pub fn flaw(own: &Strings, flaw: Flaw) -> &str {
    match flaw {
        Flaw::Word => &own.flaw_word,
        Flaw::Said => &own.flaw_said,
        Flaw::Kind => &own.flaw_kind,
    }
}

/// A manner as its fields show it; the usual is left empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MannerFields {
    pub voice: String,
    pub speed: String,
    pub pause: String,
    pub is_usual: bool,
}

impl From<&Manner> for MannerFields {
    fn from(manner: &Manner) -> Self {
        Self {
            voice: manner.voice.clone().unwrap_or_default(),
            speed: manner.speed.map(|speed| speed.to_string()).unwrap_or_default(),
            pause: manner.pause.map(|pause| pause.0.to_string()).unwrap_or_default(),
            is_usual: manner.is_usual(),
        }
    }
}
