//! Single entries of a lexicon, as people change them at the workplace, and the guides that say their word.
//!
//! Invariant: an entry is changed only while it still says what the person saw; the change and its row in the record are
//! one transaction.

use std::collections::BTreeMap;

use sqlx::{Sqlite, Transaction};

use super::cells::Cells;
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::{Actor, Deed, Language, LexiconEntry, Pronunciation, Scope, Slug};

const CHANGING: &str = "changing a lexicon";

/// What became of a change of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryChange {
    Done,
    /// It is so already.
    Unchanged,
    /// Somebody else changed it meanwhile: nothing was written.
    Overtaken,
}

impl Store {
    /// How a word is said; `None` where the lexicon of the language does not tell.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn pronunciation(&self, language: Language, word: &str) -> Result<Option<Pronunciation>> {
        let entries = self.lexicon(language).await?;
        Ok(entries.into_iter().find(|entry| entry.grapheme == word).map(|entry| entry.pronunciation))
    }

    /// Has a word said so, or as usual again, if it is still said as `base` (`None`: as usual).
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn change_pronunciation(
        &self,
        actor: &Actor,
        (language, word): (Language, &str),
        said: Option<&Pronunciation>,
        base: Option<&Pronunciation>,
    ) -> Result<EntryChange> {
        let mut tx = self.write(CHANGING).await?;
        let before = super::glossary::lexicon_in(&mut tx, language).await?;
        let before = before.into_iter().find(|entry| entry.grapheme == word).map(|entry| entry.pronunciation);
        if before.as_ref() != base {
            return Ok(EntryChange::Overtaken);
        }
        if said == base {
            return Ok(EntryChange::Unchanged);
        }
        match said {
            Some(said) => {
                let entry = LexiconEntry { language, grapheme: word.to_owned(), pronunciation: said.clone() };
                put_in(&mut tx, &entry).await?;
            }
            None => {
                sqlx::query("DELETE FROM lexicon WHERE language = ? AND grapheme = ?")
                    .bind(language.tag())
                    .bind(word)
                    .execute(&mut *tx)
                    .await
                    .map_err(StoreError::of(CHANGING))?;
            }
        }
        let deed = Deed::LexiconChanged { language, said: said.cloned() };
        record(&mut tx, self.now(), actor, &deed, word, Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(CHANGING))?;
        Ok(EntryChange::Done)
    }

    /// What every stop says in a language, sentence by sentence.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn sentences_in(&self, language: Language) -> Result<BTreeMap<Slug, Vec<String>>> {
        let rows = sqlx::query(
            "SELECT stops.slug, sentences.content FROM sentences JOIN texts ON texts.id = sentences.text
             JOIN stops ON stops.id = texts.stop WHERE texts.language = ? ORDER BY texts.id, sentences.ordinal",
        )
        .bind(language.tag())
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of("reading what is said in a language"))?;
        let mut by_stop: BTreeMap<Slug, Vec<String>> = BTreeMap::new();
        for row in &rows {
            let cells = Cells::new("sentences", "slug", row);
            by_stop.entry(cells.parsed("slug")?).or_default().push(cells.get("content")?);
        }
        Ok(by_stop)
    }
}

/// A new entry comes last.
async fn put_in(tx: &mut Transaction<'static, Sqlite>, entry: &LexiconEntry) -> Result<()> {
    let (kind, said) = match &entry.pronunciation {
        Pronunciation::Alias(words) => ("alias", words),
        Pronunciation::Ipa(phonemes) => ("ipa", phonemes),
    };
    sqlx::query(
        "INSERT INTO lexicon (language, grapheme, place, kind, said)
         VALUES (?1, ?2, (SELECT COALESCE(MAX(place), -1) + 1 FROM lexicon WHERE language = ?1), ?3, ?4)
         ON CONFLICT (language, grapheme) DO UPDATE SET kind = excluded.kind, said = excluded.said",
    )
    .bind(entry.language.tag())
    .bind(&entry.grapheme)
    .bind(kind)
    .bind(said)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::of(CHANGING))?;
    Ok(())
}
