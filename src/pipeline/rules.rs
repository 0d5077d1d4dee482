//! The checks every translation goes through: its facts against those of its source, and its form.

use super::check::{Checker, Compared};
use crate::domain::{Finding, GlossaryEntry};
use crate::text::{checks, facts};

/// Numbers, years, dates, measures, money, coordinates and protected names, compared as values.
#[derive(Clone, Copy, Debug)]
pub struct Facts;

impl Checker for Facts {
    fn rules(&self) -> &str {
        "facts 1"
    }

    fn findings(&self, pair: &Compared<'_>, glossary: &[GlossaryEntry]) -> Vec<Finding> {
        facts::compare(pair.source, pair.source_language, pair.target, pair.target_language, glossary)
    }
}

/// What can be seen without understanding: length, repetition, scripts, what was left as it was.
#[derive(Clone, Copy, Debug)]
pub struct Form;

impl Checker for Form {
    fn rules(&self) -> &str {
        "form 1"
    }

    fn findings(&self, pair: &Compared<'_>, _: &[GlossaryEntry]) -> Vec<Finding> {
        checks::check(pair.source, pair.source_language, pair.target, pair.target_language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FindingKind, Language};

    #[test]
    fn a_changed_year_and_an_empty_translation_are_found() {
        let pair = |target| Compared {
            source: "The tower was built in 1471.",
            source_language: Language::EN,
            target,
            target_language: Language::PT,
        };
        let kinds = |checker: &dyn Checker, target| -> Vec<FindingKind> {
            checker.findings(&pair(target), &[]).into_iter().map(|finding| finding.kind).collect()
        };
        assert_eq!(kinds(&Facts, "A torre foi construída em 1417."), [FindingKind::Year]);
        assert_eq!(kinds(&Facts, "A torre foi construída em 1471."), []);
        assert_eq!(kinds(&Form, ""), [FindingKind::Empty]);
        assert_eq!(kinds(&Form, "A torre foi construída em 1471."), []);
    }
}
