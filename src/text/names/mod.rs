//! Names of the glossary in a text of any language: where they stand, and in which form.
//!
//! A name is found as a whole word (Chinese and Japanese, which put no spaces, anywhere), of several names that begin
//! at one place the longest. It may carry the endings that its language puts on names, stand in capitals or begin with
//! one, and lack its Vietnamese marks where that cannot make another word of it.
//!
//! Invariants: two found names never overlap; a name is never found in the middle of a longer word; a place of the text
//! is looked at only for the forms that begin with its character.

mod endings;
mod fit;

use std::collections::HashMap;

use crate::domain::{GlossaryEntry, Language, Span};

use fit::{Fit, Form};

/// A place where a text holds a name of the glossary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundName {
    /// Which entry of the glossary.
    pub entry: usize,
    /// Which of the forms that [`NameFinder`] looks for, 0 the preferred one.
    pub form: usize,
    /// Where it stands, as written there.
    pub span: Span,
    /// Whether it stands without an ending of its own (`Garudas` is `Garuda` with one).
    pub bare: bool,
}

/// What a glossary looks for in texts of one language.
#[derive(Clone, Debug)]
pub struct NameFinder {
    language: Language,
    forms: Vec<Candidate>,
    /// Which forms begin with a character, in the order of the glossary.
    by_first: HashMap<char, Vec<usize>>,
}

#[derive(Clone, Debug)]
struct Candidate {
    entry: usize,
    form: usize,
    text: String,
    written: Form,
}

/// The renderings of an entry that are right in a translation to `language`, the preferred one first; the term itself
/// where the language has none.
#[must_use]
pub fn accepted_forms(entry: &GlossaryEntry, language: Language) -> Vec<&str> {
    let own = entry.renderings.get(&language).into_iter().flatten().map(String::as_str);
    let vietnamese = || std::iter::once(entry.term.as_str()).chain(entry.forms.iter().map(String::as_str));
    let mut forms: Vec<&str> = own.collect();
    if language == Language::VI {
        forms.extend(vietnamese());
    } else if forms.is_empty() {
        forms.push(&entry.term);
    }
    let mut seen = Vec::with_capacity(forms.len());
    forms.retain(|form| {
        !form.trim().is_empty() && !seen.contains(form) && {
            seen.push(*form);
            true
        }
    });
    forms
}

/// Where `text` holds an accepted rendering of the entry, inflected or not; the first place if there are several.
#[must_use]
pub fn accepted(text: &str, language: Language, entry: &GlossaryEntry) -> Option<Span> {
    NameFinder::accepted(std::slice::from_ref(entry), language).find(text).into_iter().next().map(|found| found.span)
}

impl NameFinder {
    /// What a translation to `language` may say.
    #[must_use]
    pub fn accepted(glossary: &[GlossaryEntry], language: Language) -> Self {
        Self::new(glossary, language, accepted_forms)
    }

    /// What a text to be translated from `language` may say: the accepted forms, and the Vietnamese ones as guests.
    #[must_use]
    pub fn in_source(glossary: &[GlossaryEntry], language: Language) -> Self {
        Self::new(glossary, language, |entry, language| {
            let mut forms = accepted_forms(entry, language);
            for guest in accepted_forms(entry, Language::VI) {
                if !forms.contains(&guest) {
                    forms.push(guest);
                }
            }
            forms
        })
    }

    fn new(
        glossary: &[GlossaryEntry],
        language: Language,
        forms_of: impl Fn(&GlossaryEntry, Language) -> Vec<&str>,
    ) -> Self {
        let mut forms = Vec::new();
        for (entry, given) in glossary.iter().enumerate() {
            for (form, written) in forms_of(given, language).into_iter().enumerate() {
                let text = written.to_owned();
                forms.push(Candidate { entry, form, text, written: Form::new(written, language) });
            }
        }
        let mut by_first: HashMap<char, Vec<usize>> = HashMap::new();
        for (place, candidate) in forms.iter().enumerate() {
            if let Some(first) = candidate.written.first() {
                by_first.entry(first).or_default().push(place);
            }
        }
        Self { language, forms, by_first }
    }

    /// The entries that the form of a found name belongs to: its own, and those that are written alike.
    #[must_use]
    pub fn entries_of(&self, found: &FoundName) -> Vec<usize> {
        let own = self.forms.iter().find(|form| (form.entry, form.form) == (found.entry, found.form));
        let alike = |own: &Candidate| -> Vec<usize> {
            let all = self.forms.iter().filter(|form| form.text == own.text).map(|form| form.entry);
            all.collect()
        };
        own.map(alike).unwrap_or_default()
    }

    /// Every name in order, none overlapping.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<FoundName> {
        self.find_where(&text.chars().collect::<Vec<_>>(), |_| true)
    }

    /// The names of these entries in order, none overlapping; what is like them in other entries does not count.
    #[must_use]
    pub fn find_among(&self, text: &str, entries: &[usize]) -> Vec<FoundName> {
        self.find_where(&text.chars().collect::<Vec<_>>(), |entry| entries.contains(&entry))
    }

    /// The names of these entries, of all where none are given, in a text of characters.
    pub(in crate::text) fn find_in(&self, chars: &[char], entries: Option<&[usize]>) -> Vec<FoundName> {
        self.find_where(chars, |entry| entries.is_none_or(|entries| entries.contains(&entry)))
    }

    fn find_where(&self, chars: &[char], wanted: impl Fn(usize) -> bool) -> Vec<FoundName> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            match self.longest_at(&wanted, chars, at) {
                Some((candidate, fit)) => {
                    let text = chars[at..fit.end].iter().collect();
                    let span = Span { text, start: at, end: fit.end };
                    found.push(FoundName { entry: candidate.entry, form: candidate.form, span, bare: fit.bare });
                    at = fit.end;
                }
                None => at += 1,
            }
        }
        found
    }

    /// Of what fits here the longest; of two as long the one that fits to the letter, then the one that stands first.
    fn longest_at(&self, wanted: &impl Fn(usize) -> bool, text: &[char], at: usize) -> Option<(&Candidate, Fit)> {
        let opening = self.by_first.get(&fit::opening(text[at])).map_or(&[][..], Vec::as_slice);
        let fitting = opening.iter().map(|place| &self.forms[*place]).filter_map(|candidate| {
            let fit = wanted(candidate.entry).then(|| candidate.written.fits(text, at, self.language))??;
            Some((candidate, fit))
        });
        fitting.min_by_key(|(_, fit)| (std::cmp::Reverse(fit.end), !fit.bare, !fit.to_the_letter))
    }
}

#[cfg(test)]
mod tests;
