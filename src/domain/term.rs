//! The collection's own words for what its sites, relics and stops are about, what they are, and when they were made.
//!
//! A theme or kind is written into sites and stops as its word, so that a collection can be read without this list; the
//! list gives the word its names. An age is a stretch of years with a name: what lies in it is told by its own years.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Names;

/// Which list a word is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TermList {
    Theme,
    Kind,
    Age,
}

/// A word that is no list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no list of words: use theme, kind or age")]
pub struct TermListError(pub String);

impl TermList {
    pub const ALL: [Self; 3] = [Self::Theme, Self::Kind, Self::Age];

    /// As it is stored and written in addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Theme => "theme",
            Self::Kind => "kind",
            Self::Age => "age",
        }
    }
}

impl fmt::Display for TermList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for TermList {
    type Err = TermListError;
    fn from_str(text: &str) -> Result<Self, TermListError> {
        Self::ALL
            .into_iter()
            .find(|list| list.word() == text)
            .ok_or_else(|| TermListError(text.chars().take(40).collect()))
    }
}

/// Years of the common era, negative before it, both within.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Years {
    pub from: i32,
    pub to: i32,
}

impl Years {
    #[must_use]
    pub fn touch(self, from: i32, to: i32) -> bool {
        self.from <= to && from <= self.to
    }
}

/// A word of a list with its names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    pub list: TermList,
    /// As it stands in sites and stops: `champa`.
    pub word: String,
    pub names: Names,
    /// Of an age, and of nothing else.
    pub years: Option<Years>,
    pub position: i64,
}
