//! The words and fields of saying something differently: an entry of the lexicon, a manner, a sentence made anew.

use crate::domain::Manner;
use crate::web::saying::Flaw;
use crate::web::views::strings::words;
use crate::web::workplace::Given;

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

/// A word as its fields show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordFields {
    pub word: String,
    pub said: String,
    pub is_ipa: bool,
}

impl WordFields {
    /// As somebody typed it.
    #[must_use]
    pub fn typed(form: &Vec<(String, String)>) -> Self {
        let [word, said] = ["word", "said"].map(|name| form.field(name).to_owned());
        Self { word, said, is_ipa: form.field("kind") == "ipa" }
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

impl MannerFields {
    /// As somebody typed it, or as it stands where they typed something else.
    #[must_use]
    pub fn typed(form: Option<&Vec<(String, String)>>, stands: &Manner) -> Self {
        let is_manner = |form: &&Vec<(String, String)>| form.iter().any(|(name, _)| name == "speed");
        let Some(form) = form.filter(is_manner) else { return stands.into() };
        let [voice, speed, pause] = ["voice", "speed", "pause"].map(|name| form.field(name).to_owned());
        Self { voice, speed, pause, is_usual: false }
    }
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
