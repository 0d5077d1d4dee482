//! A translation under review with all that is known of it: its sentences beside their sources, what was found, who wrote
//! and approved what, what people said, and what the rule of its site still asks to be read. For the page and for programs.

use crate::domain::{ContentHash, Language, ReviewRule, Sentence, SentenceId, Site, Stop, Text, TextState};
use crate::store::{Comment, Context, MemoryMatch, SentenceMark, StoredCheck, StoredFinding, hash_of};
use crate::web::error::{Result, WebError};
use crate::web::state::State;

/// Likeness in percent from which on the memory's sentences are offered.
const OFFER_FROM: u8 = 75;
const OFFERS: usize = 4;

/// A translation and what is known of it.
pub struct Reviewing {
    pub stop: Stop,
    pub text: Text,
    pub sentences: Vec<Sentence>,
    pub checks: Vec<StoredCheck>,
    pub findings: Vec<StoredFinding>,
    pub comments: Vec<Comment>,
    /// Who approved the whole text.
    pub approver: Option<String>,
    pub rule: ReviewRule,
    marks: Vec<SentenceMark>,
    writers: Vec<(Option<SentenceId>, String)>,
    /// The highest lot that is read, where the rule draws lots.
    highest: Option<u32>,
}

/// How a sentence stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Who wrote its words in the place of a machine's.
    pub written: Option<String>,
    pub approved: Option<String>,
    /// Whether the rule asks for it to be read, and nobody has.
    pub asked: bool,
}

/// A sentence or the title, by its place.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// From 0; `None` for the title.
    pub ordinal: Option<u32>,
    pub id: Option<SentenceId>,
    pub words: &'a str,
}

/// The place of a sentence as addresses and forms write it: a number from 0, or `title`.
///
/// # Errors
/// Where it is neither.
pub fn place(text: &str) -> Result<Option<u32>> {
    match text {
        "" | "title" => Ok(None),
        number => number
            .parse()
            .map(Some)
            .map_err(|_| WebError::Unfit("the place of a sentence is a number from 0, or `title`".to_owned())),
    }
}

impl Reviewing {
    /// The text an address names, of this site.
    ///
    /// # Errors
    /// Where there is no such stop or language; `NoAddress` where nothing is written in it.
    pub async fn of(state: &State, site: &Site, stop: &str, language: &str) -> Result<Self> {
        let unknown = || WebError::UnknownStop(stop.chars().take(80).collect());
        let language: Language =
            language.parse().map_err(|_| WebError::UnknownLanguage(language.chars().take(40).collect()))?;
        let slug = stop.parse().map_err(|_| unknown())?;
        let store = &state.store;
        let stop = store.stop(&slug).await?.filter(|found| found.site == site.id).ok_or_else(unknown)?;
        let (text, sentences) = store.text(stop.id, language).await?.ok_or(WebError::NoAddress)?;
        let (checks, findings, comments, approver) = tokio::try_join!(
            store.checks_of(text.id),
            store.findings_of(text.id),
            store.comments_of(text.id),
            store.approver(text.id)
        )?;
        let (marks, writers, own, collection) = tokio::try_join!(
            store.marks_of(text.id),
            store.earlier_writers(text.id),
            store.review_rule(site.id, language),
            store.collection()
        )?;
        let rule = own.unwrap_or_else(|| collection.map(|one| one.policy).unwrap_or_default().review_rule());
        let least = marks.iter().map(|mark| mark.lot).min();
        let highest = rule.share().zip(least).map(|(share, least)| least.max(u32::from(share.percent()) * 100 - 1));
        Ok(Self { stop, text, sentences, checks, findings, comments, approver, rule, marks, writers, highest })
    }

    /// The hash of what it says, by which a change of it is noticed.
    #[must_use]
    pub fn seen(&self) -> ContentHash {
        hash_of(&self.text, &self.sentences)
    }

    /// The title, then the sentences.
    pub fn units(&self) -> impl Iterator<Item = Unit<'_>> {
        let title = Unit { ordinal: None, id: None, words: &self.text.title };
        let sentence = |one| {
            let one: &Sentence = one;
            Unit { ordinal: Some(one.ordinal), id: Some(one.id), words: one.content.as_str() }
        };
        std::iter::once(title).chain(self.sentences.iter().map(sentence))
    }

    /// The sentence at a place, or the title.
    ///
    /// # Errors
    /// `NoAddress` where the text has no such sentence.
    pub fn unit(&self, ordinal: Option<u32>) -> Result<Unit<'_>> {
        self.units().find(|unit| unit.ordinal == ordinal).ok_or(WebError::NoAddress)
    }

    #[must_use]
    pub fn check(&self, id: Option<SentenceId>) -> Option<&StoredCheck> {
        self.checks.iter().find(|check| check.sentence == id)
    }

    #[must_use]
    pub fn standing(&self, id: Option<SentenceId>) -> Standing {
        let Some(mark) = self.marks.iter().find(|mark| mark.sentence == id) else { return Standing::default() };
        let earlier = || self.writers.iter().find(|(own, _)| *own == id).map(|(_, name)| name.clone());
        let whole = || self.approver.clone().filter(|_| self.text.state == TextState::Approved);
        let approved = mark.approved.as_ref().map(|(by, _)| by.clone()).or_else(whole);
        let open = approved.is_none() && self.text.state == TextState::Draft && !self.text.author.is_person();
        let drawn = self.highest.is_some_and(|highest| mark.lot <= highest) || mark.written.is_some();
        Standing {
            written: mark.written.as_ref().map(|(by, _)| by.clone()).or_else(earlier),
            approved,
            asked: open
                && match self.rule {
                    ReviewRule::Every => true,
                    ReviewRule::Spot { .. } => drawn,
                    ReviewRule::Machine => false,
                },
        }
    }

    /// How many sentences must still be read.
    #[must_use]
    pub fn left(&self) -> usize {
        self.units().filter(|unit| self.standing(unit.id).asked).count()
    }

    /// What the memory knows for a sentence.
    ///
    /// # Errors
    /// `NoAddress` where there is no such sentence; those of the store.
    pub async fn offers(&self, state: &State, ordinal: Option<u32>) -> Result<Vec<MemoryMatch>> {
        let unit = self.unit(ordinal)?;
        let Some(check) = self.check(unit.id) else { return Ok(Vec::new()) };
        let source_at =
            |at: u32| self.unit(Some(at)).ok().and_then(|unit| self.check(unit.id)).map(|one| one.source.clone());
        let context = ordinal.map_or_else(Context::default, |at| Context {
            previous: at.checked_sub(1).and_then(source_at),
            next: source_at(at + 1),
        });
        let pair = (check.source_language, self.text.language);
        let mut offers = state.store.matches(&check.source, pair, &context, OFFER_FROM, OFFERS).await?;
        offers.retain(|offer| offer.segment.target != unit.words);
        Ok(offers)
    }
}
