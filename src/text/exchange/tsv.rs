//! A glossary as a table: protected names and their renderings, tab separated, one a line under a header line.
//!
//! Columns: `term`, `forms`, one for each language by its tag, `note`; in any order, and only `term` must be there.
//! Alternatives in a cell are separated by ` | `, the first one preferred.

use std::collections::BTreeMap;

use super::{ExchangeError, Told};
use crate::domain::{GlossaryEntry, Language};

#[derive(Clone, Copy, PartialEq)]
enum Column {
    Term,
    Forms,
    In(Language),
    Note,
}

/// Reads the table. Every line that does not fit is told; one is enough for the table not to be taken, since a list
/// without some of its lines would take those names' protection away.
///
/// # Errors
/// Every line that does not fit.
pub fn read(text: &str) -> Result<Vec<GlossaryEntry>, Vec<Told>> {
    let mut lines = text.lines().zip(1..);
    let header = lines.next().map_or("", |(line, _)| line);
    let columns = columns_of(header).map_err(|why| vec![Told { line: 1, what: why }])?;
    let mut entries: Vec<GlossaryEntry> = Vec::new();
    let mut first_lines = BTreeMap::new();
    let mut refused = Vec::new();
    for (line, number) in lines {
        if line.trim().is_empty() {
            continue;
        }
        match entry_of(line, &columns) {
            Ok(entry) => {
                if let Some(first) = first_lines.insert(entry.term.clone(), number) {
                    let why = format!("`{}` stands on line {first} already: keep one", entry.term);
                    refused.push(Told { line: number, what: why });
                }
                entries.push(entry);
            }
            Err(what) => refused.push(Told { line: number, what }),
        }
    }
    if refused.is_empty() { Ok(entries) } else { Err(refused) }
}

fn columns_of(header: &str) -> Result<Vec<Column>, String> {
    let mut columns = Vec::new();
    for name in header.split('\t').map(str::trim) {
        let column = match name {
            "term" => Column::Term,
            "forms" => Column::Forms,
            "note" => Column::Note,
            tag => {
                let unknown = |_| format!("`{tag}` is no column: use term, forms, note and tags of languages");
                Column::In(tag.parse().map_err(unknown)?)
            }
        };
        if columns.contains(&column) {
            return Err(format!("column `{name}` stands there twice"));
        }
        columns.push(column);
    }
    if columns.contains(&Column::Term) { Ok(columns) } else { Err("has no column `term`".to_owned()) }
}

fn entry_of(line: &str, columns: &[Column]) -> Result<GlossaryEntry, String> {
    // `write` would refuse it, and the glossary could never leave the house again.
    if line.contains('\r') {
        return Err("holds a carriage return in its middle: end each line with a line feed".to_owned());
    }
    let cells: Vec<&str> = line.split('\t').collect();
    if cells.len() > columns.len() {
        return Err(format!("has {} cells under {} columns", cells.len(), columns.len()));
    }
    let mut entry = GlossaryEntry { term: String::new(), forms: Vec::new(), renderings: BTreeMap::new(), note: None };
    for (cell, column) in cells.into_iter().map(str::trim).zip(columns).filter(|(cell, _)| !cell.is_empty()) {
        match column {
            Column::Term => entry.term = cell.to_owned(),
            Column::Note => entry.note = Some(cell.to_owned()),
            Column::Forms => entry.forms = alternatives(cell)?,
            Column::In(language) => {
                entry.renderings.insert(*language, alternatives(cell)?);
            }
        }
    }
    if entry.term.is_empty() { Err("has no term".to_owned()) } else { Ok(entry) }
}

fn alternatives(cell: &str) -> Result<Vec<String>, String> {
    let parts: Vec<String> = cell.split('|').map(|part| part.trim().to_owned()).collect();
    if parts.iter().any(String::is_empty) {
        return Err(format!("`{cell}` holds an empty alternative beside a `|`"));
    }
    Ok(parts)
}

/// The table of these entries, with a column for each language that has a rendering.
///
/// # Errors
/// `Unfit` for an entry that the table would not give back: with a tab, a line break or a `|` in it, or space around it.
pub fn write(entries: &[GlossaryEntry]) -> Result<String, ExchangeError> {
    let languages: Vec<Language> = Language::all()
        .filter(|language| entries.iter().any(|entry| entry.renderings.contains_key(language)))
        .collect();
    let mut table = String::from("term\tforms");
    for language in &languages {
        table.push('\t');
        table.push_str(language.tag());
    }
    table.push_str("\tnote\n");
    for entry in entries {
        let mut cells = vec![entry.term.clone(), join(&entry.term, &entry.forms)?];
        for language in &languages {
            cells.push(join(&entry.term, entry.renderings.get(language).map_or(&[][..], Vec::as_slice))?);
        }
        cells.push(entry.note.clone().unwrap_or_default());
        if cells.iter().any(|cell| cell.contains(['\t', '\n', '\r'])) {
            return Err(unfit(&entry.term, "a cell holds a tab or a line break"));
        }
        table.push_str(&cells.join("\t"));
        table.push('\n');
    }
    Ok(table)
}

fn join(term: &str, parts: &[String]) -> Result<String, ExchangeError> {
    if parts.iter().any(|part| part.contains('|')) {
        return Err(unfit(term, "an alternative holds a `|`"));
    }
    Ok(parts.join(" | "))
}

fn unfit(term: &str, why: &str) -> ExchangeError {
    ExchangeError::Unfit { unit: format!("the glossary's `{term}`"), why: why.to_owned() }
}
