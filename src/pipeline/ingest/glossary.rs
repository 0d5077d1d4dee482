//! `glossary.tsv` of a collection's folder: the table of [`crate::text::exchange::tsv`] in this folder's errors.

use std::path::Path;

use super::{IngestError, Refusal};
use crate::domain::GlossaryEntry;
use crate::text::exchange::{ExchangeError, tsv};

/// Reads the table. Every line that does not fit is told; one is enough for the table not to be taken, since a list
/// without some of its lines would take those names' protection away.
pub(super) fn parse(file: &Path, text: &str) -> Result<Vec<GlossaryEntry>, Vec<Refusal>> {
    tsv::read(text).map_err(|told| told.into_iter().map(|one| Refusal::line(file, one.line, one.what)).collect())
}

/// The table of these entries.
pub(super) fn format(entries: &[GlossaryEntry]) -> Result<String, IngestError> {
    tsv::write(entries).map_err(|error| match error {
        ExchangeError::Unfit { unit: what, why } => IngestError::Unwritable { what, why },
        other => IngestError::Unwritable { what: "the glossary".to_owned(), why: other.to_string() },
    })
}
