//! What an import did, item by item, for people and programs.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    Collection,
    Site,
    Relic,
    Stop,
    Text,
    Tour,
    Map,
    Word,
    Plans,
    Glossary,
    Lexicon,
}

/// What became of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "change")]
pub enum Change {
    Unchanged,
    Created,
    Changed {
        /// What changed, in words: `3 sentences kept, 1 added, 0 removed`.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
    /// The file is as the last import read it, and staff changed the item since: theirs stays.
    Kept,
}

/// One thing the folder describes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    pub kind: ItemKind,
    /// `thap-doi`, `hai-ngon-thap/en`.
    pub name: String,
    #[serde(flatten)]
    pub change: Change,
}

/// A file, or a line of it, that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Within the collection.
    pub file: PathBuf,
    /// From 1; `None` where it is the file as a whole.
    pub line: Option<usize>,
    pub why: String,
}

impl Refusal {
    pub(super) fn file(file: &Path, why: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, why: why.into() }
    }

    pub(super) fn line(file: &Path, line: usize, why: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: Some(line), why: why.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.why)
    }
}

/// All of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub items: Vec<Item>,
    pub refused: Vec<Refusal>,
    /// Stops the database holds and the folder does not describe; they stay.
    pub only_in_database: Vec<String>,
}

impl Report {
    pub(super) fn note(&mut self, kind: ItemKind, name: impl Into<String>, change: Change) {
        self.items.push(Item { kind, name: name.into(), change });
    }

    /// How many items became this; `Changed` counts whatever its detail.
    #[must_use]
    pub fn count(&self, change: &Change) -> usize {
        let same = |item: &&Item| std::mem::discriminant(&item.change) == std::mem::discriminant(change);
        self.items.iter().filter(same).count()
    }

    /// True where the import left the database as it was.
    #[must_use]
    pub fn changed_nothing(&self) -> bool {
        self.items.iter().all(|item| matches!(item.change, Change::Unchanged | Change::Kept))
    }
}
