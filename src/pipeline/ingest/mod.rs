//! A collection as a folder of plain files, in and out: Markdown with TOML front matter for sites, stops and tours, a
//! glossary as a table, lexicons in PLS 1.0, pictures.
//!
//! Reading has two halves. [`Folder::read`] looks at every file and gives what is good and, by name and line, what is
//! not; it knows no database. [`import`] brings the good part into the store.
//!
//! Invariants:
//! - a bad file is refused and the rest comes in; what a refused file described before stays as it was;
//! - importing the same folder twice changes nothing the second time, and neither does importing an export;
//! - what staff wrote after the last import is never undone by importing again: where both sides changed, the file is
//!   refused as a conflict, unless the caller says in so many words that the folder wins.

mod body;
mod export;
mod folder;
mod front_matter;
mod glossary;
mod heads;
#[cfg(any(test, fuzzing))]
pub(crate) mod hostile;
mod import;
mod lexicon;
mod pictures;
mod plans;
mod reading;
mod report;
mod stops;
mod things;
mod tours;
mod words;

pub use export::{ExportReport, export};
pub use folder::Folder;
pub use import::{ImportOptions, import};
pub use report::{Change, Item, ItemKind, Refusal, Report};

use std::path::PathBuf;

use crate::blobs::BlobError;
use crate::store::StoreError;

/// What ends an import or export as a whole. What concerns one file only is a [`Refusal`].
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    #[error("{} is not a collection: {why}", path.display())]
    NoCollection { path: PathBuf, why: String },
    #[error("this database holds the collection `{held}`: import `{given}` into a data folder of its own")]
    OtherCollection { held: String, given: String },
    #[error("{} is not empty: export into a new folder, so that nothing there is overwritten", path.display())]
    NotEmpty { path: PathBuf },
    #[error("there is no collection in this database yet: import one first")]
    NothingToExport,
    #[error("{what} cannot be written in the collection's format: {why}")]
    Unwritable { what: String, why: String },
    #[error("cannot write {}", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blobs(#[from] BlobError),
}

#[cfg(test)]
mod tests;
