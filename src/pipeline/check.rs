//! Every sentence of a translation compared with its source, and what was found kept with it.
//!
//! A translation is compared with the text its route started from, which people stand behind, not with the language in
//! between: a year lost on the way into English is missed in French however well the French follows the English.
//!
//! Invariants: a sentence is compared again whenever its words, its source's or the rules have changed, and only then;
//! a translation is published or approved only after all of its sentences have been compared.

use std::collections::HashMap;
use std::sync::Arc;

use super::error::MakeError;
use super::workshop::Workshop;
use crate::domain::{
    ContentHash, Finding, FindingKind, GlossaryEntry, HashBuilder, Language, Sentence, SentenceId, Text,
};
use crate::store::{NewCheck, Store, StoredCheck};

/// A sentence and what is said for it in another language.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    pub source: &'a str,
    pub source_language: Language,
    pub target: &'a str,
    pub target_language: Language,
}

/// Somebody who compares translations with their sources.
pub trait Checker: Send + Sync {
    /// Names the rules, with a number that is raised when they change: what was compared by other rules is compared again.
    fn rules(&self) -> &str;

    /// What is wrong with a translation. The same pair and the same glossary always give the same findings.
    fn findings(&self, pair: &Compared<'_>, glossary: &[GlossaryEntry]) -> Vec<Finding>;
}

/// A sentence of a translation, or its title, with what it is to be compared with.
#[derive(Clone, Debug)]
pub(super) struct ToCompare {
    /// `None` for the title.
    pub sentence: Option<SentenceId>,
    pub source_language: Language,
    pub source: String,
    pub target: String,
    /// What was noticed while it was made.
    pub noted: Vec<Finding>,
}

/// The sentences of `text` beside those of the text they were made from, which are as many.
pub(super) fn beside(
    source: &(Text, Vec<Sentence>),
    text: &Text,
    sentences: &[Sentence],
    titled: bool,
) -> Vec<ToCompare> {
    let (head, source_sentences) = source;
    let pair = |sentence: Option<SentenceId>, source: &str, target: &str| ToCompare {
        sentence,
        source_language: head.language,
        source: source.to_owned(),
        target: target.to_owned(),
        noted: Vec::new(),
    };
    let title = titled.then(|| pair(None, &head.title, &text.title));
    let bodies = sentences.iter().zip(source_sentences);
    bodies.map(|(target, source)| pair(Some(target.id), &source.content, &target.content)).chain(title).collect()
}

/// What comparing stands on.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub store: &'a Store,
    pub checkers: &'a [Arc<dyn Checker>],
}

impl<'a> From<&'a Workshop> for Desk<'a> {
    fn from(workshop: &'a Workshop) -> Self {
        Self { store: &workshop.store, checkers: &workshop.checkers }
    }
}

/// Compares what has not been compared by these rules, and keeps what was found. Gives what was compared anew.
pub(super) async fn compare(
    desk: Desk<'_>,
    text: &Text,
    pairs: Vec<ToCompare>,
    glossary: &[GlossaryEntry],
) -> Result<Vec<ToCompare>, MakeError> {
    let stored: HashMap<Option<SentenceId>, StoredCheck> =
        desk.store.checks_of(text.id).await?.into_iter().map(|check| (check.sentence, check)).collect();
    let house_rules = house_rules(desk, glossary)?;
    let (mut checks, mut anew) = (Vec::new(), Vec::new());
    for pair in pairs {
        let rules = rules_for(house_rules, &pair.noted)?;
        let stands = stored.get(&pair.sentence).is_some_and(|check| {
            check.rules == rules
                && check.source_language == pair.source_language
                && check.source == pair.source
                && check.target == pair.target
        });
        if !stands {
            checks.push(check_of(desk, text.language, &pair, rules, glossary));
            anew.push(pair);
        }
    }
    if !checks.is_empty() {
        desk.store.put_checks(text.id, &checks).await?;
    }
    Ok(anew)
}

/// Compares the sentences of a text again with what they were compared with before, where the rules have changed since.
/// A text that was never compared has nothing to be compared with.
pub(super) async fn compare_again(desk: Desk<'_>, text: &Text) -> Result<(), MakeError> {
    let stored = desk.store.checks_of(text.id).await?;
    if stored.is_empty() {
        return Ok(());
    }
    let glossary = desk.store.glossary().await?;
    let pairs = stored
        .into_iter()
        .map(|check| ToCompare {
            sentence: check.sentence,
            source_language: check.source_language,
            source: check.source,
            target: check.target,
            noted: check.noted,
        })
        .collect();
    compare(desk, text, pairs, &glossary).await.map(drop)
}

/// One pair, compared by the rules of the house.
pub(super) fn one(
    desk: Desk<'_>,
    target_language: Language,
    pair: &ToCompare,
    glossary: &[GlossaryEntry],
) -> Result<NewCheck, MakeError> {
    let rules = rules_for(house_rules(desk, glossary)?, &pair.noted)?;
    Ok(check_of(desk, target_language, pair, rules, glossary))
}

fn check_of(
    desk: Desk<'_>,
    target_language: Language,
    pair: &ToCompare,
    rules: ContentHash,
    glossary: &[GlossaryEntry],
) -> NewCheck {
    let compared =
        Compared { source: &pair.source, source_language: pair.source_language, target: &pair.target, target_language };
    let mut findings = pair.noted.clone();
    let found = desk.checkers.iter().flat_map(|checker| checker.findings(&compared, glossary));
    findings.extend(found.filter_map(|found| told_once(&pair.noted, found)));
    NewCheck {
        sentence: pair.sentence,
        source_language: pair.source_language,
        source: pair.source.clone(),
        target: pair.target.clone(),
        rules,
        noted: pair.noted.clone(),
        findings,
    }
}

/// Over the checkers and the whole glossary: comparing is cheap, and a checker may find a name in ways this does not know.
fn house_rules(desk: Desk<'_>, glossary: &[GlossaryEntry]) -> Result<ContentHash, MakeError> {
    let glossary = serde_json::to_vec(glossary).map_err(MakeError::Unwritable)?;
    let start = HashBuilder::new("rules 1").with("glossary", glossary);
    Ok(desk.checkers.iter().fold(start, |hash, checker| hash.with("checker", checker.rules())).finish())
}

fn rules_for(house_rules: ContentHash, noted: &[Finding]) -> Result<ContentHash, MakeError> {
    let noted = serde_json::to_vec(noted).map_err(MakeError::Unwritable)?;
    Ok(HashBuilder::new("rules of a sentence 1").with("house", house_rules.to_string()).with("noted", noted).finish())
}

/// A name that the machine is known to have lost is told once: what the check of names says of the same place is left
/// out.
fn told_once(noted: &[Finding], found: Finding) -> Option<Finding> {
    let told = found.kind == FindingKind::Name
        && noted.iter().any(|noted| noted.kind == FindingKind::Glossary && noted.source == found.source);
    (!told).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Span;

    #[test]
    fn a_lost_name_is_told_once() {
        let span = Some(Span { text: "Tháp Đôi".into(), start: 0, end: 8 });
        let finding =
            |kind| Finding { kind, source: span.clone(), target: None, accepted: Vec::new(), message: String::new() };
        let noted = [finding(FindingKind::Glossary)];
        assert_eq!(told_once(&noted, finding(FindingKind::Name)), None);
        assert_eq!(told_once(&noted, finding(FindingKind::Year)), Some(finding(FindingKind::Year)));
        assert_eq!(told_once(&[], finding(FindingKind::Name)), Some(finding(FindingKind::Name)));
    }
}
