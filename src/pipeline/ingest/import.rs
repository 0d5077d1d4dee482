//! What a folder describes, brought into the store: each item in a transaction of its own, so that an import that is
//! cut off has lost nothing and is simply run again.

use std::collections::BTreeSet;
use std::path::Path;

use super::folder::Folder;
use super::stops::GoodText;
use super::{Change, IngestError, ItemKind, Refusal, Report};
use crate::blobs::Blobs;
use crate::domain::{Author, ContentHash, HashBuilder, Language, Slug, StopId, TextState};
use crate::store::{ListChange, NewText, Store, StoreError, TextChange, Upsert, text_hash};

/// What the caller wishes of an import.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportOptions {
    /// The folder wins where staff changed the same thing since the last import.
    pub overwrite: bool,
}

/// Brings a folder into the store and says what changed and what was refused.
///
/// # Errors
/// `OtherCollection` where the database holds another one, and failures of the store or the blobs. What concerns one
/// file only stands in the report.
pub async fn import(
    store: &Store,
    blobs: &Blobs,
    folder: Folder,
    options: ImportOptions,
) -> Result<Report, IngestError> {
    if let Some(held) = store.collection().await?
        && held.slug != folder.collection.slug
    {
        let given = folder.collection.slug.to_string();
        return Err(IngestError::OtherCollection { held: held.slug.to_string(), given });
    }
    let report = Report { refused: folder.refused, ..Report::default() };
    let mut importer = Importer { store, blobs, options, report };
    let change = change_of(store.put_collection(&folder.collection).await?);
    importer.report.note(ItemKind::Collection, folder.collection.slug.to_string(), change);
    if let Some(entries) = &folder.glossary {
        importer.glossary(entries).await?;
    }
    for (language, entries) in &folder.lexicons {
        importer.lexicon(*language, entries).await?;
    }
    let mut described = BTreeSet::new();
    for site in &folder.sites {
        importer.site(site).await?;
        described.extend(site.stops.iter().map(|stop| stop.slug.clone()));
    }
    importer.words(&folder.words).await?;
    if let Some(text) = &folder.ground {
        importer.ground(text).await?;
    }
    for tour in &folder.tours {
        importer.tour(tour).await?;
    }
    for stop in store.stops().await? {
        if !described.contains(&stop.slug) {
            importer.report.only_in_database.push(stop.slug.to_string());
        }
    }
    importer.report.refused.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    Ok(importer.report)
}

/// What to do with an item that both the folder and staff may have changed since the last import.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Both say the same.
    Same,
    /// Only the folder changed.
    Write,
    /// Only staff changed it.
    Keep,
    /// Both did.
    Conflict,
}

fn decide(
    file: ContentHash,
    stored: Option<ContentHash>,
    last: Option<ContentHash>,
    options: ImportOptions,
) -> Decision {
    match stored {
        None => Decision::Write,
        Some(stored) if stored == file => Decision::Same,
        Some(_) if options.overwrite => Decision::Write,
        Some(stored) if last == Some(stored) => Decision::Write,
        Some(_) if last == Some(file) => Decision::Keep,
        Some(_) => Decision::Conflict,
    }
}

/// The setting that names the ground of the maps by its hash.
pub(super) const GROUND_SETTING: &str = "ground";

pub(super) const CONFLICT: &str = "was changed here and in the database since the last import: export into a new folder, bring both \
                        together, and import with --overwrite";

pub(super) struct Importer<'a> {
    pub(super) store: &'a Store,
    pub(super) blobs: &'a Blobs,
    options: ImportOptions,
    pub(super) report: Report,
}

impl Importer<'_> {
    pub(super) async fn decide(
        &self,
        item: &str,
        file: ContentHash,
        stored: Option<ContentHash>,
    ) -> Result<Decision, StoreError> {
        Ok(decide(file, stored, self.store.imported(item).await?, self.options))
    }

    async fn glossary(&mut self, entries: &[crate::domain::GlossaryEntry]) -> Result<(), IngestError> {
        let held = self.store.glossary().await?;
        let (file, stored) = (list_hash(entries)?, list_hash(&held)?);
        let change = match self.decide("glossary", file, (!held.is_empty()).then_some(stored)).await? {
            Decision::Conflict => {
                self.report.refused.push(Refusal::file(Path::new("glossary.tsv"), CONFLICT));
                return Ok(());
            }
            Decision::Keep => Change::Kept,
            Decision::Same => Change::Unchanged,
            Decision::Write => change_of_list(held.is_empty(), self.store.replace_glossary(entries).await?),
        };
        if change != Change::Kept {
            self.store.set_imported("glossary", file).await?;
        }
        self.report.note(ItemKind::Glossary, "glossary", change);
        Ok(())
    }

    async fn lexicon(
        &mut self,
        language: Language,
        entries: &[crate::domain::LexiconEntry],
    ) -> Result<(), IngestError> {
        let held = self.store.lexicon(language).await?;
        let (file, stored) = (list_hash(entries)?, list_hash(&held)?);
        let item = format!("lexicon/{language}");
        let change = match self.decide(&item, file, (!held.is_empty()).then_some(stored)).await? {
            Decision::Conflict => {
                let file = format!("lexicon.{language}.pls");
                self.report.refused.push(Refusal::file(Path::new(&file), CONFLICT));
                return Ok(());
            }
            Decision::Keep => Change::Kept,
            Decision::Same => Change::Unchanged,
            Decision::Write => change_of_list(held.is_empty(), self.store.replace_lexicon(language, entries).await?),
        };
        if change != Change::Kept {
            self.store.set_imported(&item, file).await?;
        }
        self.report.note(ItemKind::Lexicon, language.tag(), change);
        Ok(())
    }

    /// What lies beneath the maps; nothing but a folder changes it.
    async fn ground(&mut self, text: &str) -> Result<(), IngestError> {
        let hash = self.blobs.put(text.as_bytes().to_vec()).await?.to_string();
        let before = self.store.setting(GROUND_SETTING).await?;
        let change = match before {
            Some(before) if before == hash => Change::Unchanged,
            before => {
                self.store.put_setting(GROUND_SETTING, &hash).await?;
                if before.is_some() { Change::Changed { detail: None } } else { Change::Created }
            }
        };
        self.report.note(ItemKind::Map, "map", change);
        Ok(())
    }

    pub(super) async fn text(
        &mut self,
        stop: StopId,
        slug: &Slug,
        language: Language,
        given: &GoodText,
    ) -> Result<(), IngestError> {
        let name = format!("{slug}/{language}");
        let item = format!("text/{name}");
        let new = NewText {
            stop,
            language,
            title: given.title.clone(),
            author: Author::Person { name: given.author.clone() },
            state: given.state,
            made_from: None,
            sentences: NewText::sentences_of(given.paragraphs.clone()),
        };
        let said = text_hash(language, &new.title, new.sentences.iter().map(|s| (s.paragraph, s.content.as_str())));
        let file = by_whom(said, &given.author, given.state);
        let stored = self.store.text(stop, language).await?.and_then(|(text, sentences)| {
            let said = text_hash(language, &text.title, sentences.iter().map(|s| (s.paragraph, s.content.as_str())));
            match &text.author {
                Author::Person { name } => Some(by_whom(said, name, text.state)),
                Author::Machine { .. } => None,
            }
        });
        let change = match self.decide(&item, file, stored).await? {
            Decision::Conflict => {
                self.report.refused.push(Refusal::file(&given.file, CONFLICT));
                return Ok(());
            }
            Decision::Keep => Change::Kept,
            Decision::Same => Change::Unchanged,
            Decision::Write => change_of_text(self.store.put_text(&new).await?),
        };
        if change != Change::Kept && self.store.imported(&item).await? != Some(file) {
            self.store.set_imported(&item, file).await?;
        }
        self.report.note(ItemKind::Text, name, change);
        Ok(())
    }
}

fn by_whom(said: ContentHash, author: &str, state: TextState) -> ContentHash {
    let approved = match state {
        TextState::Draft => "draft",
        TextState::Approved => "approved",
    };
    let hash = HashBuilder::new("imported text 1").with("text", said.to_string());
    hash.with("author", author).with("state", approved).finish()
}

pub(super) fn list_hash<T: serde::Serialize>(entries: &[T]) -> Result<ContentHash, IngestError> {
    let json = serde_json::to_vec(entries)
        .map_err(|error| IngestError::Unwritable { what: "a list".to_owned(), why: error.to_string() })?;
    Ok(HashBuilder::new("imported list 1").with("entries", json).finish())
}

pub(super) fn change_of<Id>(upsert: Upsert<Id>) -> Change {
    match upsert {
        Upsert::Unchanged(_) => Change::Unchanged,
        Upsert::Created(_) => Change::Created,
        Upsert::Changed(_) => Change::Changed { detail: None },
    }
}

fn change_of_list(is_new: bool, change: ListChange) -> Change {
    if is_new {
        return Change::Created;
    }
    let ListChange { added, changed, removed, .. } = change;
    Change::Changed { detail: Some(format!("{added} entries added, {changed} changed, {removed} removed")) }
}

fn change_of_text(change: TextChange) -> Change {
    match change {
        TextChange::Created => Change::Created,
        TextChange::Changed { kept, added, removed } => {
            Change::Changed { detail: Some(format!("{kept} sentences kept, {added} added, {removed} removed")) }
        }
        TextChange::Unchanged => Change::Unchanged,
        TextChange::KeptPersons => Change::Kept,
    }
}
