//! What staff say of a picture, and what of it is at fault.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entry::{NAME, entries_of, names_of, tidy, too_long};
use super::form::{Cell, list_of};
use super::{Fault, Flaw};
use crate::domain::{Caption, Language};
use crate::web::workplace::Given as _;

/// The most characters of a description: what a reader by ear bears.
const LONGEST_ALT: usize = 500;

/// What is said of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CaptionEntry {
    /// What is to be seen on it, by language; the collection's source language is needed.
    pub alt: BTreeMap<String, String>,
    /// Who made it.
    pub credit: String,
    /// Under what terms it is shown.
    pub licence: String,
}

impl From<&Caption> for CaptionEntry {
    fn from(caption: &Caption) -> Self {
        Self { alt: entries_of(&caption.alt), credit: caption.credit.clone(), licence: caption.licence.clone() }
    }
}

impl CaptionEntry {
    /// Everything that keeps it from being kept.
    #[must_use]
    pub fn faults(&self, source: Language) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !names_of(&self.alt).0.contains_key(&source) {
            faults.push(Fault::new(format!("alt.{source}"), Flaw::Missing));
        }
        for tag in self.alt.keys().filter(|tag| tag.parse::<Language>().is_err()) {
            faults.push(Fault::new(format!("alt.{}", tag.chars().take(40).collect::<String>()), Flaw::Language));
        }
        let alts = self.alt.iter().map(|(tag, text)| (format!("alt.{tag}"), text.as_str(), LONGEST_ALT));
        let others = [("credit", self.credit.as_str(), NAME), ("licence", self.licence.as_str(), NAME)];
        let others = others.into_iter().map(|(field, text, most)| (field.to_owned(), text, most));
        faults.extend(alts.chain(others).filter_map(too_long));
        faults
    }

    #[must_use]
    pub fn caption(&self) -> Caption {
        Caption { alt: names_of(&self.alt), credit: tidy(&self.credit), licence: tidy(&self.licence) }
    }
}

/// The fields of what is said of a picture; descriptions in `languages`, and in those it has.
#[must_use]
pub fn caption_cells(entry: &CaptionEntry, languages: &[Language]) -> Vec<Cell> {
    let asked = |language: &Language| languages.contains(language) || entry.alt.contains_key(language.tag());
    let alt = |language: Language| Cell {
        name: format!("alt.{language}"),
        value: entry.alt.get(language.tag()).cloned().unwrap_or_default(),
    };
    let mut cells: Vec<Cell> = Language::all().filter(asked).map(alt).collect();
    cells.push(Cell { name: "credit".to_owned(), value: entry.credit.clone() });
    cells.push(Cell { name: "licence".to_owned(), value: entry.licence.clone() });
    cells
}

#[must_use]
pub fn read_caption(form: &Vec<(String, String)>) -> CaptionEntry {
    CaptionEntry {
        alt: list_of(form, "alt."),
        credit: form.field("credit").to_owned(),
        licence: form.field("licence").to_owned(),
    }
}
