//! A stop's text for a translator, and what comes back: the work sheet that XLIFF files carry.
//!
//! A sheet holds every sentence of the source with what is said for it so far, what the memory offers, and what checks
//! found. What comes back is a person's translation: compared with its source as any other, approved where the
//! translator says it is final and nothing that was found is open, and given to the memory either way.
//!
//! Invariants: a sheet is taken back as a whole or not at all, and only while the source still says what the sheet says;
//! nothing of it is approved over an open finding.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use super::Checker;
use super::check::{self, Desk};
use super::error::MakeError;
use crate::domain::{Author, Language, Sentence, SentenceId, Slug, Stop, Text, TextState};
use crate::store::{Context, MemoryMatch, NewSegment, NewSentence, NewText, Origin, Store, StoredFinding, text_hash};

/// Likeness in percent from which on the memory's sentences are offered.
const OFFER_FROM: u8 = 75;
const OFFERS: usize = 5;

/// A text on its way to a translator or back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub stop: Slug,
    pub from: Language,
    pub to: Language,
    /// Who translated; `None` where the file does not say.
    pub translator: Option<String>,
    /// The title first, then the sentences in order.
    pub units: Vec<SheetUnit>,
}

/// A sentence of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetUnit {
    /// The sentence of the source; `None` for the title.
    pub sentence: Option<SentenceId>,
    /// Of the source, from 0.
    pub paragraph: u32,
    pub source: String,
    /// What is said for it; `None` where nothing is yet.
    pub target: Option<String>,
    /// Whether somebody stands behind the translation.
    pub is_final: bool,
    /// What the memory offers, the best first. Not read back.
    pub offers: Vec<MemoryMatch>,
    /// What checks found and nobody waived. Not read back.
    pub notes: Vec<String>,
}

/// What taking a sheet back came to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SheetReport {
    pub stop: Slug,
    pub language: Language,
    pub translator: String,
    pub sentences: usize,
    pub approved: bool,
    /// What keeps it from being approved, or would.
    pub findings: Vec<StoredFinding>,
    /// Segments that are new in the memory.
    pub remembered: usize,
}

/// Why a sheet was not made or not taken back.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    #[error("there is no stop `{0}`: `thuyetminh content import DIR` brings a collection in")]
    NoStop(Slug),
    #[error("`{stop}` has no text in {language} to translate from: write one first, or name another language")]
    NoSource { stop: Slug, language: Language },
    #[error("{0} is the language to translate from: name another one to translate to")]
    OneLanguage(Language),
    #[error("nobody is named as the translator: name one with `--by`")]
    Nameless,
    #[error("{place} of `{stop}` is missing from the file: export it again and translate that")]
    Missing { stop: Slug, place: String },
    #[error("{place} of `{stop}` has no translation in the file")]
    Untranslated { stop: Slug, place: String },
    #[error("{place} of `{stop}` stands twice in the file: keep one")]
    Twice { stop: Slug, place: String },
    #[error("the file translates `{given}`, which is no sentence of `{stop}` any more: export it again")]
    Gone { stop: Slug, given: String },
    #[error("the file translates {place} of `{stop}` from `{given}`, and it now reads `{now}`: export it again")]
    Changed { stop: Slug, place: String, given: String, now: String },
    #[error(transparent)]
    Make(#[from] MakeError),
}

impl From<crate::store::StoreError> for SheetError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Make(error.into())
    }
}

fn place_of(ordinal: Option<u32>) -> String {
    ordinal.map_or_else(|| "the title".to_owned(), |ordinal| format!("sentence {}", ordinal + 1))
}

/// The sheet of a stop for a language. `from` is the language to translate from; without it, that of the collection.
///
/// # Errors
/// `NoStop`, `NoSource`, `OneLanguage`, and those of the database.
pub async fn export_sheet(
    store: &Store,
    stop: &Slug,
    from: Option<Language>,
    to: Language,
) -> Result<Sheet, SheetError> {
    let place = store.stop(stop).await?.ok_or_else(|| SheetError::NoStop(stop.clone()))?;
    let from = match from {
        Some(from) => from,
        None => store.collection().await?.map_or(Language::VI, |collection| collection.source_language),
    };
    if from == to {
        return Err(SheetError::OneLanguage(to));
    }
    let (source, sentences) = source_of(store, &place, from).await?;
    let said = Said::of(store, &place, from, to).await?;
    let contents: Vec<&str> = sentences.iter().map(|sentence| sentence.content.as_str()).collect();
    let title = (None, 0, source.title.as_str(), Context::default());
    let bodies = sentences.iter().enumerate().map(|(at, sentence)| {
        (Some(sentence.id), sentence.paragraph, sentence.content.as_str(), Context::at(&contents, at))
    });
    let mut units = Vec::with_capacity(contents.len() + 1);
    for (sentence, paragraph, content, context) in std::iter::once(title).chain(bodies) {
        let offers = store.matches(content, (from, to), &context, OFFER_FROM, OFFERS).await?;
        let by_people = store.said_by_people(content, from, to, &context).await?;
        let known = said.targets.get(&(sentence.is_none(), content.to_owned())).cloned();
        let is_final = said.is_approved && known.is_some();
        let target = known.or_else(|| by_people.map(|one| one.segment.target));
        units.push(SheetUnit {
            sentence,
            paragraph,
            source: content.to_owned(),
            notes: said.open_notes(content, target.as_deref()),
            is_final,
            target,
            offers,
        });
    }
    Ok(Sheet { stop: stop.clone(), from, to, translator: None, units })
}

async fn source_of(store: &Store, stop: &Stop, from: Language) -> Result<(Text, Vec<Sentence>), SheetError> {
    let missing = || SheetError::NoSource { stop: stop.slug.clone(), language: from };
    store.text(stop.id, from).await?.ok_or_else(missing)
}

/// What stands for the sentences of a source so far.
#[derive(Default)]
struct Said {
    /// By whether it is the title, and the source as it was when they were compared.
    targets: HashMap<(bool, String), String>,
    is_approved: bool,
    found: Vec<StoredFinding>,
}

impl Said {
    async fn of(store: &Store, stop: &Stop, from: Language, to: Language) -> Result<Self, SheetError> {
        let Some((text, _)) = store.text(stop.id, to).await? else { return Ok(Self::default()) };
        let checks = store.checks_of(text.id).await?.into_iter().filter(|check| check.source_language == from);
        Ok(Self {
            targets: checks.map(|check| ((check.sentence.is_none(), check.source), check.target)).collect(),
            is_approved: text.state == TextState::Approved,
            found: store.findings_of(text.id).await?,
        })
    }

    fn open_notes(&self, source: &str, target: Option<&str>) -> Vec<String> {
        let here = |one: &&StoredFinding| one.waiver.is_none() && one.source == source && Some(&*one.target) == target;
        self.found.iter().filter(here).map(|one| one.finding.message.clone()).collect()
    }
}

/// Takes a sheet back as the stop's text in its language. `by` names the translator where the sheet does not; `file` is
/// what the memory will call it.
///
/// # Errors
/// Whatever does not fit, named: nothing is written then. An open finding is no error, but keeps the text a draft.
pub async fn import_sheet(
    store: &Store,
    checkers: &[Arc<dyn Checker>],
    sheet: &Sheet,
    by: Option<&str>,
    file: &str,
) -> Result<SheetReport, SheetError> {
    let stop = store.stop(&sheet.stop).await?.ok_or_else(|| SheetError::NoStop(sheet.stop.clone()))?;
    let named = by.or(sheet.translator.as_deref()).map(str::trim).filter(|name| !name.is_empty());
    let translator = named.ok_or(SheetError::Nameless)?.to_owned();
    if sheet.from == sheet.to {
        return Err(SheetError::OneLanguage(sheet.to));
    }
    let source = source_of(store, &stop, sheet.from).await?;
    let taken = Taken::of(sheet, &source, &translator)?;
    let change = store.put_text(&taken.text(&stop, &source)).await?;
    tracing::info!(stop = %sheet.stop, language = %sheet.to, ?change, "a translator's text came in");
    let vanished = || MakeError::Vanished { stop: sheet.stop.clone(), language: sheet.to };
    let (text, sentences) = store.text(stop.id, sheet.to).await?.ok_or_else(vanished)?;
    let glossary = store.glossary().await?;
    let pairs = check::beside(&source, &text, &sentences, true);
    check::compare(Desk { store, checkers }, &text, pairs, &glossary).await?;
    let mut findings = store.findings_of(text.id).await?;
    findings.retain(|finding| finding.waiver.is_none());
    let open: HashSet<Option<u32>> = findings.iter().map(|finding| finding.ordinal).collect();
    let remembered = store.remember(&taken.segments(&source, &open, file)).await?;
    let approved = sheet.units.iter().all(|unit| unit.is_final) && findings.is_empty();
    if approved {
        store.approve(stop.id, sheet.to, &translator).await?;
    }
    Ok(SheetReport {
        stop: sheet.stop.clone(),
        language: sheet.to,
        translator,
        sentences: sentences.len(),
        approved,
        findings,
        remembered: remembered.added + remembered.replaced,
    })
}

/// A sheet that fits its source.
struct Taken<'a> {
    sheet: &'a Sheet,
    author: Author,
    title: String,
    /// In order, each with whether it is final.
    sentences: Vec<(String, bool)>,
    title_is_final: bool,
}

impl<'a> Taken<'a> {
    fn of(sheet: &'a Sheet, (head, sentences): &(Text, Vec<Sentence>), translator: &str) -> Result<Self, SheetError> {
        let place_of = |sentence: Option<SentenceId>| {
            place_of(sentences.iter().find(|one| Some(one.id) == sentence).map(|one| one.ordinal))
        };
        let mut units: HashMap<Option<SentenceId>, &SheetUnit> = HashMap::new();
        for unit in &sheet.units {
            if units.insert(unit.sentence, unit).is_some() {
                return Err(SheetError::Twice { stop: sheet.stop.clone(), place: place_of(unit.sentence) });
            }
        }
        let mut take = |sentence: Option<SentenceId>, now: &str| {
            let (stop, place) = (sheet.stop.clone(), place_of(sentence));
            let Some(unit) = units.remove(&sentence) else { return Err(SheetError::Missing { stop, place }) };
            if tidy(&unit.source) != tidy(now) {
                return Err(SheetError::Changed { stop, place, given: unit.source.clone(), now: now.to_owned() });
            }
            match unit.target.as_deref().map(tidy).filter(|target| !target.is_empty()) {
                Some(target) => Ok((target, unit.is_final)),
                None => Err(SheetError::Untranslated { stop, place }),
            }
        };
        let (title, title_is_final) = take(None, &head.title)?;
        let taken = sentences.iter().map(|sentence| take(Some(sentence.id), &sentence.content));
        let taken = taken.collect::<Result<Vec<_>, _>>()?;
        if let Some(stray) = units.into_values().min_by_key(|unit| unit.sentence) {
            return Err(SheetError::Gone { stop: sheet.stop.clone(), given: stray.source.clone() });
        }
        let author = Author::Person { name: translator.to_owned() };
        Ok(Self { sheet, author, title, sentences: taken, title_is_final })
    }

    /// A draft: it is approved once its sentences have been compared.
    fn text(&self, stop: &Stop, (head, sentences): &(Text, Vec<Sentence>)) -> NewText {
        let contents = sentences.iter().map(|sentence| (sentence.paragraph, sentence.content.as_str()));
        NewText {
            stop: stop.id,
            language: self.sheet.to,
            title: self.title.clone(),
            author: self.author.clone(),
            state: TextState::Draft,
            made_from: Some(text_hash(self.sheet.from, &head.title, contents)),
            sentences: sentences
                .iter()
                .zip(&self.sentences)
                .map(|(sentence, (target, _))| NewSentence { paragraph: sentence.paragraph, content: target.clone() })
                .collect(),
        }
    }

    fn segments(
        &self,
        (head, sentences): &(Text, Vec<Sentence>),
        open: &HashSet<Option<u32>>,
        file: &str,
    ) -> Vec<NewSegment> {
        let contents: Vec<&str> = sentences.iter().map(|sentence| sentence.content.as_str()).collect();
        let segment = |ordinal: Option<u32>, source: &str, target: &str, is_final: bool, context| NewSegment {
            from: self.sheet.from,
            to: self.sheet.to,
            source: source.to_owned(),
            target: target.to_owned(),
            context,
            author: self.author.clone(),
            state: if is_final && !open.contains(&ordinal) { TextState::Approved } else { TextState::Draft },
            approved_by: None,
            origin: Origin::File { name: file.to_owned() },
            made_at: None,
            changed_at: None,
        };
        let bodies =
            (0_u32..).zip(contents.iter().zip(&self.sentences)).map(|(ordinal, (source, (target, is_final)))| {
                segment(Some(ordinal), source, target, *is_final, Context::at(&contents, ordinal as usize))
            });
        let title = segment(None, &head.title, &self.title, self.title_is_final, Context::default());
        bodies.chain([title]).collect()
    }
}

fn tidy(sentence: &str) -> String {
    sentence.trim().nfc().collect()
}
