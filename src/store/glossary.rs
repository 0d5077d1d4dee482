//! Protected names and pronunciations. A list is kept as a whole, in the order it was given.

use std::collections::BTreeMap;

use super::cells::{Cells, to_json};
use super::{Result, Store, StoreError};
use crate::domain::{GlossaryEntry, Language, LexiconEntry, Pronunciation};

/// How a list changed, in entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListChange {
    pub unchanged: usize,
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
}

impl ListChange {
    /// True where the list says what it said before.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.added + self.changed + self.removed == 0
    }

    fn between<T: PartialEq>(before: &BTreeMap<&str, &T>, after: &BTreeMap<&str, &T>) -> Self {
        let mut change = Self::default();
        for (name, entry) in after {
            match before.get(name) {
                Some(old) if old == entry => change.unchanged += 1,
                Some(_) => change.changed += 1,
                None => change.added += 1,
            }
        }
        change.removed = before.keys().filter(|name| !after.contains_key(*name)).count();
        change
    }
}

/// Entries by their name, or the name that stands there twice.
fn by_name<T>(entries: &[T], name: impl Fn(&T) -> &str) -> Result<BTreeMap<&str, &T>> {
    let mut map = BTreeMap::new();
    for entry in entries {
        if map.insert(name(entry), entry).is_some() {
            return Err(StoreError::Twice(name(entry).to_owned()));
        }
    }
    Ok(map)
}

impl Store {
    /// The glossary in its order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn glossary(&self) -> Result<Vec<GlossaryEntry>> {
        let mut connection = self.readers.acquire().await.map_err(StoreError::of("reading the glossary"))?;
        glossary_in(&mut connection).await
    }

    /// Makes this the glossary.
    ///
    /// # Errors
    /// `Twice` for a term that stands there twice, `Corrupt`, and those of the database.
    pub async fn replace_glossary(&self, entries: &[GlossaryEntry]) -> Result<ListChange> {
        let doing = "keeping the glossary";
        let mut tx = self.write(doing).await?;
        let before = glossary_in(&mut tx).await?;
        let change = ListChange::between(&by_name(&before, |e| &e.term)?, &by_name(entries, |e| &e.term)?);
        if before == entries {
            return Ok(change);
        }
        sqlx::query("DELETE FROM glossary").execute(&mut *tx).await.map_err(StoreError::of(doing))?;
        for (entry, place) in entries.iter().zip(0_i64..) {
            sqlx::query("INSERT INTO glossary (term, place, forms, renderings, note) VALUES (?, ?, ?, ?, ?)")
                .bind(&entry.term)
                .bind(place)
                .bind(to_json("forms", &entry.forms)?)
                .bind(to_json("renderings", &entry.renderings)?)
                .bind(&entry.note)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::of(doing))?;
        }
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(change)
    }

    /// The lexicon of a language in its order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn lexicon(&self, language: Language) -> Result<Vec<LexiconEntry>> {
        let mut connection = self.readers.acquire().await.map_err(StoreError::of("reading the lexicon"))?;
        lexicon_in(&mut connection, language).await
    }

    /// The languages that have a lexicon, in the order of the picker.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn lexicon_languages(&self) -> Result<Vec<Language>> {
        let rows = sqlx::query("SELECT DISTINCT language FROM lexicon")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading the languages of the lexicon"))?;
        let mut languages: Vec<Language> =
            rows.iter().map(|row| Cells::new("lexicon", "language", row).parsed("language")).collect::<Result<_>>()?;
        languages.sort_unstable();
        Ok(languages)
    }

    /// Makes this the lexicon of a language; entries of other languages among them are refused.
    ///
    /// # Errors
    /// `Twice` for a grapheme that stands there twice, `StrayEntry` for one of another language, `Corrupt`, and
    /// those of the database.
    pub async fn replace_lexicon(&self, language: Language, entries: &[LexiconEntry]) -> Result<ListChange> {
        let doing = "keeping the lexicon";
        if let Some(stray) = entries.iter().find(|entry| entry.language != language) {
            let (grapheme, found) = (stray.grapheme.clone(), stray.language);
            return Err(StoreError::StrayEntry { grapheme, found, expected: language });
        }
        let mut tx = self.write(doing).await?;
        let before = lexicon_in(&mut tx, language).await?;
        let change = ListChange::between(&by_name(&before, |e| &e.grapheme)?, &by_name(entries, |e| &e.grapheme)?);
        if before == entries {
            return Ok(change);
        }
        sqlx::query("DELETE FROM lexicon WHERE language = ?")
            .bind(language.tag())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        for (entry, place) in entries.iter().zip(0_i64..) {
            let (kind, said) = match &entry.pronunciation {
                Pronunciation::Alias(words) => ("alias", words),
                Pronunciation::Ipa(phonemes) => ("ipa", phonemes),
            };
            sqlx::query("INSERT INTO lexicon (language, grapheme, place, kind, said) VALUES (?, ?, ?, ?, ?)")
                .bind(language.tag())
                .bind(&entry.grapheme)
                .bind(place)
                .bind(kind)
                .bind(said)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::of(doing))?;
        }
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(change)
    }
}

async fn glossary_in(connection: &mut sqlx::SqliteConnection) -> Result<Vec<GlossaryEntry>> {
    let rows = sqlx::query("SELECT * FROM glossary ORDER BY place, term")
        .fetch_all(connection)
        .await
        .map_err(StoreError::of("reading the glossary"))?;
    rows.iter()
        .map(|row| {
            let cells = Cells::new("glossary", "term", row);
            Ok(GlossaryEntry {
                term: cells.get("term")?,
                forms: cells.json("forms")?,
                renderings: cells.json("renderings")?,
                note: cells.get("note")?,
            })
        })
        .collect()
}

pub(super) async fn lexicon_in(
    connection: &mut sqlx::SqliteConnection,
    language: Language,
) -> Result<Vec<LexiconEntry>> {
    let rows = sqlx::query("SELECT * FROM lexicon WHERE language = ? ORDER BY place, grapheme")
        .bind(language.tag())
        .fetch_all(connection)
        .await
        .map_err(StoreError::of("reading the lexicon"))?;
    rows.iter()
        .map(|row| {
            let cells = Cells::new("lexicon", "grapheme", row);
            let said = cells.get("said")?;
            let pronunciation = match cells.get::<String>("kind")?.as_str() {
                "alias" => Pronunciation::Alias(said),
                "ipa" => Pronunciation::Ipa(said),
                other => return Err(cells.corrupt("kind", format!("`{other}` is neither alias nor ipa"))),
            };
            Ok(LexiconEntry { language: cells.parsed("language")?, grapheme: cells.get("grapheme")?, pronunciation })
        })
        .collect()
}
