//! A word of the collection's lists as staff give it, and what of it is at fault.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entry::{NAME, WORD, entries_of, names_of, tidy, too_long};
use super::form::{Cell, list_of, number};
use super::{Fault, Flaw};
use crate::domain::{Language, Term, TermList, Years};
use crate::web::workplace::Given as _;

/// A word with its names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TermEntry {
    /// As it stands in sites and stops: `champa`. In a change it is that of the address.
    pub word: String,
    /// Names by language. The one in the collection's source language is needed.
    pub names: BTreeMap<String, String>,
    /// Ages only: the first year and the last, negative before the common era.
    pub from: Option<i32>,
    pub to: Option<i32>,
    /// Order in lists, smallest first.
    pub position: i64,
}

impl From<&Term> for TermEntry {
    fn from(term: &Term) -> Self {
        Self {
            word: term.word.clone(),
            names: entries_of(&term.names),
            from: term.years.map(|years| years.from),
            to: term.years.map(|years| years.to),
            position: term.position,
        }
    }
}

impl TermEntry {
    /// Everything that keeps it from being kept in this list.
    #[must_use]
    pub fn faults(&self, list: TermList, source: Language) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, flaw| faults.push(Fault::new(field, flaw));
        let word = tidy(&self.word);
        if word.is_empty() {
            fault("word", Flaw::Missing);
        }
        if word.contains([',', '/', '?', '#', '\n']) {
            fault("word", Flaw::Word);
        }
        if !names_of(&self.names).0.contains_key(&source) {
            fault(&format!("name.{source}"), Flaw::Missing);
        }
        for tag in self.names.keys().filter(|tag| tag.parse::<Language>().is_err()) {
            fault(&format!("name.{}", tag.chars().take(40).collect::<String>()), Flaw::Language);
        }
        if list == TermList::Age {
            match (self.from, self.to) {
                (Some(from), Some(to)) if from > to => fault("years.to", Flaw::Backward),
                (from, to) => {
                    for (field, year) in [("years.from", from), ("years.to", to)] {
                        if year.is_none() {
                            fault(field, Flaw::Missing);
                        }
                    }
                }
            }
        }
        let names = self.names.iter().map(|(tag, name)| (format!("name.{tag}"), name.as_str(), NAME));
        let texts = std::iter::once(("word".to_owned(), self.word.as_str(), WORD)).chain(names);
        faults.extend(texts.filter_map(too_long));
        faults
    }

    #[must_use]
    pub fn term(&self, list: TermList) -> Term {
        let years = self.from.zip(self.to).filter(|_| list == TermList::Age);
        Term {
            list,
            word: tidy(&self.word),
            names: names_of(&self.names),
            years: years.map(|(from, to)| Years { from, to }),
            position: self.position,
        }
    }
}

/// The fields of a word; names in `languages`, and in those it has.
#[must_use]
pub fn term_cells(entry: &TermEntry, list: TermList, languages: &[Language]) -> Vec<Cell> {
    let mut cells = vec![Cell { name: "word".to_owned(), value: entry.word.clone() }];
    let mut cell = |name: String, value: String| cells.push(Cell { name, value });
    if list == TermList::Age {
        cell("years.from".to_owned(), entry.from.map(|year| year.to_string()).unwrap_or_default());
        cell("years.to".to_owned(), entry.to.map(|year| year.to_string()).unwrap_or_default());
    }
    cell("position".to_owned(), entry.position.to_string());
    let asked = |language: &Language| languages.contains(language) || entry.names.contains_key(language.tag());
    for language in Language::all().filter(asked) {
        cell(format!("name.{language}"), entry.names.get(language.tag()).cloned().unwrap_or_default());
    }
    cells
}

#[must_use]
pub fn read_term(form: &Vec<(String, String)>) -> (TermEntry, Vec<Fault>) {
    let mut faults = Vec::new();
    let entry = TermEntry {
        word: form.field("word").trim().to_owned(),
        names: list_of(form, "name."),
        from: number(form, "years.from", &mut faults),
        to: number(form, "years.to", &mut faults),
        position: number(form, "position", &mut faults).unwrap_or_default(),
    };
    (entry, faults)
}
