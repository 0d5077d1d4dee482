//! The words of the pages, one plain file a language in `strings/`, which a translator can edit.
//!
//! Invariant: every language of the domain has a file, and every file has every key and no other, so a page never
//! lacks a word.

use std::collections::BTreeMap;

use crate::domain::Language;

/// A file of words that the pages cannot be made with.
#[derive(Debug, thiserror::Error)]
#[error("the words of the pages in `{language}` ({folder}/{language}.toml) cannot be read: {why}")]
pub struct StringsError {
    pub(super) folder: &'static str,
    pub(super) language: Language,
    pub(super) why: String,
}

/// The keys of a table that were not taken yet, and those that were not there.
#[derive(Debug, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Table {
    left: BTreeMap<String, String>,
    #[serde(skip)]
    missing: Vec<&'static str>,
}

impl Table {
    #[inline(never)]
    pub(super) fn take(&mut self, key: &'static str) -> String {
        self.left.remove(key).unwrap_or_else(|| {
            self.missing.push(key);
            String::new()
        })
    }

    /// What is wrong with a table of which every key was taken.
    pub(super) fn check(self) -> Result<(), String> {
        match (self.missing.first(), self.left.keys().next()) {
            (Some(key), _) => Err(format!("missing field `{key}`")),
            (None, Some(key)) => Err(format!("unknown field `{key}`")),
            (None, None) => Ok(()),
        }
    }
}

/// A type with a text for each key. Those in braces are filled in by `fill`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $($key:ident),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name { $(pub $key: String),+ }

        // Derived, this would be a function whose size grows with the square of the keys, and takes the compiler minutes.
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
                let mut table = crate::web::views::strings::Table::deserialize(from)?;
                let words = Self { $($key: table.take(stringify!($key))),+ };
                table.check().map_err(serde::de::Error::custom)?;
                Ok(words)
            }
        }

        impl $name {
            /// Every key with its words.
            #[cfg(test)]
            #[must_use]
            pub fn entries(&self) -> Vec<(&'static str, &str)> {
                vec![$((stringify!($key), self.$key.as_str())),+]
            }
        }
    };
}

pub(super) use words;

words! {
    /// The words of one language.
    Strings: skip, language, home, home_lead, code_label, code_go, sites, stops, minutes, listen, play, pause, back, forward,
    speed, seek, position, transcript, transcript_hint, follow, stalled, retry, machine_translation,
    machine_translation_approved, synthetic_voice, last_resort_voice, heard_back, not_heard_back, about, about_site, address, map, period,
    before_common_era, sources, previous, next, place_of, not_made, available_in, no_languages, nothing_yet, photo,
    open_data, not_found, not_found_text, unknown_code, unknown_code_text, retired_code,
    retired_code_text, unknown_language, unknown_language_text,
    failed, failed_text, refused, tours, on_tour, tour_stops, walk, way, begin, where_it_is, pictures, themes, nearer,
    farther, next_stop,
}

/// The words in every language.
#[derive(Debug)]
pub struct Phrasebook {
    vietnamese: Strings,
    others: BTreeMap<Language, Strings>,
}

impl Phrasebook {
    /// # Errors
    /// Where a file lacks a key, has one too many, or is not TOML.
    pub fn load() -> Result<Self, StringsError> {
        let others = Language::all().map(|language| Ok((language, read(language)?))).collect::<Result<_, _>>()?;
        Ok(Self { vietnamese: read(Language::VI)?, others })
    }

    #[must_use]
    pub fn of(&self, language: Language) -> &Strings {
        self.others.get(&language).unwrap_or(&self.vietnamese)
    }
}

fn read(language: Language) -> Result<Strings, StringsError> {
    let wrong = |why: String| StringsError { folder: "strings", language, why };
    let text = match language.tag() {
        "vi" => include_str!("strings/vi.toml"),
        "en" => include_str!("strings/en.toml"),
        "fr" => include_str!("strings/fr.toml"),
        "ja" => include_str!("strings/ja.toml"),
        "zh" => include_str!("strings/zh.toml"),
        "pt" => include_str!("strings/pt.toml"),
        "es" => include_str!("strings/es.toml"),
        "it" => include_str!("strings/it.toml"),
        "de" => include_str!("strings/de.toml"),
        "ru" => include_str!("strings/ru.toml"),
        "ko" => include_str!("strings/ko.toml"),
        _ => return Err(wrong("there is no such file".to_owned())),
    };
    toml::from_str(text).map_err(|error| wrong(error.to_string()))
}

/// Fills words in braces: `fill("{n} min", &[("n", "3")])`.
#[must_use]
pub fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        filled.push_str(before);
        let value = values.iter().find_map(|(name, value)| {
            let after = from.strip_prefix('{')?.strip_prefix(name)?.strip_prefix('}')?;
            Some((*value, after))
        });
        let (put, after) = value.unwrap_or(("{", &from[1..]));
        filled.push_str(put);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use unicode_normalization::is_nfc;

    use super::*;

    fn braces(text: &str) -> BTreeSet<String> {
        let parts = text.split('{').skip(1);
        parts.map(|part| part.split('}').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn every_key_is_in_every_language_with_the_same_braces() {
        let book = Phrasebook::load().unwrap();
        let english = book.of(Language::EN).entries();
        for language in Language::all() {
            for ((key, words), (_, model)) in book.of(language).entries().iter().zip(&english) {
                assert!(!words.trim().is_empty(), "{language}: `{key}` is empty");
                assert!(is_nfc(words), "{language}: `{key}` is not in NFC");
                assert_eq!(braces(words), braces(model), "{language}: `{key}`");
            }
        }
    }

    #[test]
    fn a_table_that_lacks_a_key_or_has_one_too_many_is_refused() {
        words! {
            /// Two words.
            Two: yes, no
        }
        let said = |text: &str| {
            let two = toml::from_str::<Two>(text).map_err(|error| error.to_string())?;
            Ok::<String, String>(two.entries().into_iter().map(|(_, words)| words).collect())
        };
        assert_eq!(said("yes = 'a'\nno = 'b'"), Ok("ab".to_owned()));
        assert!(said("yes = 'a'").unwrap_err().contains("missing field `no`"));
        assert!(said("yes = 'a'\nno = 'b'\nmaybe = 'c'").unwrap_err().contains("unknown field `maybe`"));
    }

    #[test]
    fn languages_do_not_borrow_each_others_sentences() {
        let book = Phrasebook::load().unwrap();
        let stalled: BTreeSet<&str> = Language::all().map(|l| book.of(l).stalled.as_str()).collect();
        assert_eq!(stalled.len(), Language::all().count());
    }

    #[test]
    fn what_is_filled_in_is_never_filled_again() {
        assert_eq!(fill("{a} of {b}", &[("a", "{b}"), ("b", "2")]), "{b} of 2");
        assert_eq!(fill("{x} {", &[("a", "1")]), "{x} {");
        assert_eq!(fill("{a}分", &[("a", "3")]), "3分");
    }
}
