//! The words of the workplace, one plain file a language in `words/`, a table for each page.
//!
//! Invariant: both files have every key and no other, so no page lacks a word or falls back to the other language.

use serde::Deserialize;

use super::{
    account, audit, collection, deeds_of_sound, devices, entry, find, found, frame, guide, hearing, home, invitation,
    labels, lexicon, numbers, people, person, pictures, places, plans, publishing, recorder, recording, recordings,
    review, review_rules, reviews, saying, says, screens, sign_in, stop, terms, timetables, tours, trouble, work,
};
use crate::domain::Language;
use crate::web::views::strings::StringsError;

/// All words of the workplace in one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub frame: frame::Strings,
    pub says: says::Strings,
    pub sign_in: sign_in::Strings,
    pub invitation: invitation::Strings,
    pub home: home::Strings,
    pub account: account::Strings,
    pub collection: collection::Strings,
    pub stop: stop::Strings,
    pub devices: devices::Strings,
    pub hearing: hearing::Strings,
    pub saying: saying::Strings,
    pub lexicon: lexicon::Strings,
    pub recordings: recordings::Strings,
    pub recorder: recorder::Strings,
    pub recording: recording::Strings,
    pub deeds_of_sound: deeds_of_sound::Strings,
    pub screens: screens::Strings,
    pub timetables: timetables::Strings,
    pub people: people::Strings,
    pub person: person::Strings,
    pub audit: audit::Strings,
    pub guide: guide::Strings,
    pub review: review::Strings,
    pub review_rules: review_rules::Strings,
    pub reviews: reviews::Strings,
    pub trouble: trouble::Strings,
    pub places: places::Strings,
    pub labels: labels::Strings,
    pub publishing: publishing::Strings,
    pub numbers: numbers::Strings,
    pub entry: entry::Strings,
    pub find: find::Strings,
    pub tour: tours::Strings,
    pub terms: terms::Strings,
    pub picture: pictures::Strings,
    pub plan: plans::Strings,
    pub found: found::Strings,
    pub work: work::Strings,
}

/// The words in both languages.
#[derive(Debug)]
pub struct Desk {
    vietnamese: Words,
    english: Words,
}

impl Desk {
    /// # Errors
    /// Where a file lacks a key, has one too many, or is not TOML.
    pub fn load() -> Result<Self, StringsError> {
        Ok(Self {
            vietnamese: read(Language::VI, include_str!("words/vi.toml"))?,
            english: read(Language::EN, include_str!("words/en.toml"))?,
        })
    }

    /// English for whom it is their language, Vietnamese for everybody else.
    #[must_use]
    pub fn of(&self, language: Language) -> &Words {
        if language == Language::EN { &self.english } else { &self.vietnamese }
    }
}

fn read(language: Language, text: &str) -> Result<Words, StringsError> {
    let wrong = |error: toml::de::Error| StringsError { folder: "staff/words", language, why: error.to_string() };
    toml::from_str(text).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use unicode_normalization::is_nfc;

    use super::*;

    fn entries(words: &Words) -> Vec<(String, String)> {
        let tables = [
            ("frame", words.frame.entries()),
            ("says", words.says.entries()),
            ("sign_in", words.sign_in.entries()),
            ("invitation", words.invitation.entries()),
            ("home", words.home.entries()),
            ("account", words.account.entries()),
            ("collection", words.collection.entries()),
            ("stop", words.stop.entries()),
            ("devices", words.devices.entries()),
            ("deeds_of_sound", words.deeds_of_sound.entries()),
            ("hearing", words.hearing.entries()),
            ("saying", words.saying.entries()),
            ("lexicon", words.lexicon.entries()),
            ("screens", words.screens.entries()),
            ("timetables", words.timetables.entries()),
            ("recordings", words.recordings.entries()),
            ("recorder", words.recorder.entries()),
            ("recording", words.recording.entries()),
            ("people", words.people.entries()),
            ("person", words.person.entries()),
            ("audit", words.audit.entries()),
            ("guide", words.guide.entries()),
            ("review", words.review.entries()),
            ("review_rules", words.review_rules.entries()),
            ("reviews", words.reviews.entries()),
            ("trouble", words.trouble.entries()),
            ("places", words.places.entries()),
            ("labels", words.labels.entries()),
            ("publishing", words.publishing.entries()),
            ("numbers", words.numbers.entries()),
            ("entry", words.entry.entries()),
            ("find", words.find.entries()),
            ("tour", words.tour.entries()),
            ("terms", words.terms.entries()),
            ("picture", words.picture.entries()),
            ("plan", words.plan.entries()),
            ("found", words.found.entries()),
            ("work", words.work.entries()),
        ];
        let flat = tables.into_iter().flat_map(|(table, entries)| {
            entries.into_iter().map(move |(key, words)| (format!("{table}.{key}"), words.to_owned()))
        });
        flat.collect()
    }

    fn braces(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect()
    }

    #[test]
    fn both_languages_say_everything_in_their_own_words() {
        let desk = Desk::load().unwrap();
        let (vietnamese, english) = (entries(desk.of(Language::VI)), entries(desk.of(Language::EN)));
        for ((key, own), (_, other)) in vietnamese.iter().zip(&english) {
            assert!(!own.trim().is_empty() && !other.trim().is_empty(), "{key} is empty");
            assert!(is_nfc(own) && is_nfc(other), "{key} is not in NFC");
            assert_eq!(braces(own), braces(other), "{key}");
            assert_ne!(own, other, "{key} is the same in both languages");
        }
    }
}
