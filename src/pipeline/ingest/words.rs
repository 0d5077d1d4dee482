//! `words.toml` of a collection's folder: the names of its themes, kinds and ages.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::front_matter::whole_file;
use super::import::{CONFLICT, Decision, Importer, change_of, list_hash};
use super::{Change, IngestError, ItemKind, Refusal};
use crate::domain::{Language, Names, Term, TermList, Years};

/// The file.
pub(super) const WORDS: &str = "words.toml";

/// All of it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordsFile {
    #[serde(default)]
    pub words: Vec<WordHead>,
}

/// `[[words]]`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordHead {
    pub list: TermList,
    /// As it stands in sites and stops.
    pub word: String,
    pub names: Names,
    /// Of an age: its first year and its last.
    #[serde(default)]
    pub years: Option<Years>,
}

/// Reads the file; what is wrong with one word is wrong with all of it.
pub(super) fn parse(file: &Path, text: &str, source: Language) -> Result<Vec<Term>, Refusal> {
    let read: WordsFile = whole_file(file, text)?;
    let mut terms: Vec<Term> = Vec::new();
    for (head, position) in read.words.into_iter().zip(1..) {
        let refuse = |why: &str| Err(Refusal::file(file, format!("`{}` {why}", head.word)));
        if head.names.0.get(&source).is_none_or(|name| name.trim().is_empty()) {
            return refuse(&format!("has no name in {source}, the collection's source language"));
        }
        if head.years.is_some() != (head.list == TermList::Age) {
            return refuse("has years and is no age, or is an age and has none");
        }
        if head.years.is_some_and(|years| years.from > years.to) {
            return refuse("ends before it begins");
        }
        if terms.iter().any(|term| term.list == head.list && term.word == head.word) {
            return refuse("stands twice: keep one");
        }
        terms.push(Term { list: head.list, word: head.word, names: head.names, years: head.years, position });
    }
    Ok(terms)
}

/// The file of these words.
pub(super) fn format(terms: Vec<Term>) -> Result<String, IngestError> {
    let head = |term: Term| WordHead { list: term.list, word: term.word, names: term.names, years: term.years };
    let file = WordsFile { words: terms.into_iter().map(head).collect() };
    toml::to_string(&file)
        .map_err(|error| IngestError::Unwritable { what: "the words".to_owned(), why: error.to_string() })
}

impl Importer<'_> {
    /// Brings the words in, each by itself: what staff named otherwise since the last import stays.
    pub(super) async fn words(&mut self, terms: &[Term]) -> Result<(), IngestError> {
        let held = self.store.terms().await?;
        for term in terms {
            let name = format!("{}/{}", term.list, term.word);
            let item = format!("word/{name}");
            // Where it stands in the list is no matter of its own.
            let plain = |term: &Term| list_hash(&[Term { position: 0, ..term.clone() }]);
            let stored = held.iter().find(|held| held.list == term.list && held.word == term.word);
            let (file, before) = (plain(term)?, stored.map(plain).transpose()?);
            let change = match self.decide(&item, file, before).await? {
                Decision::Conflict => {
                    self.report.refused.push(Refusal::file(Path::new(WORDS), format!("`{}` {CONFLICT}", term.word)));
                    continue;
                }
                Decision::Keep => Change::Kept,
                Decision::Same => Change::Unchanged,
                Decision::Write => change_of(self.store.upsert_term(term).await?),
            };
            if change != Change::Kept && self.store.imported(&item).await? != Some(file) {
                self.store.set_imported(&item, file).await?;
            }
            self.report.note(ItemKind::Word, name, change);
        }
        Ok(())
    }
}
