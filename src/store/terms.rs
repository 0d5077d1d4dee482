//! The collection's own words for themes, kinds and ages, and the sites, relics and stops that bear them.
//!
//! Invariant: merging a word into another changes every thing that bears it and the list in one transaction, so that no
//! half-merged word is ever seen.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::people::record;
use super::{KeptEntry, Result, Store, StoreError, Upsert};
use crate::domain::{Actor, Deed, Scope, Term, TermList};

const KEEPING: &str = "keeping a word of the collection";
const READING: &str = "reading the collection's words";
const MERGING: &str = "merging words of the collection";

impl Store {
    /// Every word that has names, list by list in its order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn terms(&self) -> Result<Vec<Term>> {
        let rows = sqlx::query("SELECT * FROM terms ORDER BY list, position, word")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        rows.iter().map(term_of).collect()
    }

    /// How many sites, relics and stops bear each word of a list; ages are borne by nothing.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn words_in_use(&self, list: TermList) -> Result<BTreeMap<String, u32>> {
        let query = match list {
            TermList::Theme => {
                "SELECT value AS word, count(*) AS n FROM
                 (SELECT value FROM sites, json_each(sites.themes)
                  UNION ALL SELECT value FROM stops, json_each(stops.themes)) GROUP BY value"
            }
            TermList::Kind => {
                "SELECT kind AS word, count(*) AS n FROM
                 (SELECT kind FROM sites UNION ALL SELECT kind FROM relics UNION ALL SELECT kind FROM stops)
                 WHERE kind <> '' GROUP BY kind"
            }
            TermList::Age => return Ok(BTreeMap::new()),
        };
        let rows = sqlx::query(query).fetch_all(&self.readers).await.map_err(StoreError::of(READING))?;
        let read = |row: &SqliteRow| -> std::result::Result<(String, u32), sqlx::Error> {
            Ok((row.try_get("word")?, row.try_get("n")?))
        };
        rows.iter().map(read).collect::<std::result::Result<_, _>>().map_err(StoreError::of(READING))
    }

    /// Keeps a word under its list.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn upsert_term(&self, term: &Term) -> Result<Upsert<()>> {
        let mut tx = self.write(KEEPING).await?;
        let before = term_in(&mut tx, term.list, &term.word).await?;
        let kept = self.upsert_term_in(&mut tx, term, before.as_ref()).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(kept)
    }

    /// Keeps what a person makes of a word, if it is still as `base` (`None`: it had no names).
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn keep_term(&self, actor: &Actor, term: &Term, base: Option<&Term>) -> Result<KeptEntry<()>> {
        let mut tx = self.write(KEEPING).await?;
        let before = term_in(&mut tx, term.list, &term.word).await?;
        if before.as_ref() != base {
            return Ok(KeptEntry::Overtaken);
        }
        let kept = self.upsert_term_in(&mut tx, term, base).await?;
        if !matches!(kept, Upsert::Unchanged(())) {
            let deed = Deed::TermKept { list: term.list };
            record(&mut tx, self.now(), actor, &deed, &term.word, Scope::House).await?;
        }
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(KeptEntry::Done(kept))
    }

    /// Writes `into` wherever `word` stands, and takes `word` from the list. How many things bore it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn merge_terms(&self, actor: &Actor, list: TermList, word: &str, into: &str) -> Result<u64> {
        let mut tx = self.write(MERGING).await?;
        let now = self.now();
        let mut changed = 0;
        for query in replacing(list).iter().copied() {
            let done = sqlx::query(query)
                .bind(word)
                .bind(into)
                .bind(now.0)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::of(MERGING))?;
            changed += done.rows_affected();
        }
        sqlx::query("DELETE FROM terms WHERE list = ? AND word = ?")
            .bind(list.word())
            .bind(word)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(MERGING))?;
        let deed = Deed::TermMerged { list, into: into.to_owned() };
        record(&mut tx, now, actor, &deed, word, Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(MERGING))?;
        Ok(changed)
    }

    async fn upsert_term_in(
        &self,
        tx: &mut Transaction<'static, Sqlite>,
        term: &Term,
        before: Option<&Term>,
    ) -> Result<Upsert<()>> {
        if before == Some(term) {
            return Ok(Upsert::Unchanged(()));
        }
        sqlx::query(
            "INSERT INTO terms (list, word, names, years, position, changed_at) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (list, word) DO UPDATE SET names = excluded.names, years = excluded.years,
             position = excluded.position, changed_at = excluded.changed_at",
        )
        .bind(term.list.word())
        .bind(&term.word)
        .bind(to_json("names", &term.names)?)
        .bind(term.years.map(|years| to_json("years", &years)).transpose()?)
        .bind(term.position)
        .bind(self.now().0)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of(KEEPING))?;
        Ok(if before.is_some() { Upsert::Changed(()) } else { Upsert::Created(()) })
    }
}

/// Each writes ?2 in place of ?1, where it stands, once: a thing that bore both bears one.
fn replacing(list: TermList) -> &'static [&'static str] {
    match list {
        TermList::Theme => &[
            "UPDATE sites SET changed_at = ?3, themes = (SELECT json_group_array(word) FROM
             (SELECT iif(value = ?1, ?2, value) AS word, min(key) AS at FROM json_each(themes) GROUP BY 1 ORDER BY at))
             WHERE EXISTS (SELECT 1 FROM json_each(themes) WHERE value = ?1)",
            "UPDATE stops SET changed_at = ?3, themes = (SELECT json_group_array(word) FROM
             (SELECT iif(value = ?1, ?2, value) AS word, min(key) AS at FROM json_each(themes) GROUP BY 1 ORDER BY at))
             WHERE EXISTS (SELECT 1 FROM json_each(themes) WHERE value = ?1)",
        ],
        TermList::Kind => &[
            "UPDATE sites SET kind = ?2, changed_at = ?3 WHERE kind = ?1",
            "UPDATE relics SET kind = ?2, changed_at = ?3 WHERE kind = ?1",
            "UPDATE stops SET kind = ?2, changed_at = ?3 WHERE kind = ?1",
        ],
        TermList::Age => &[],
    }
}

async fn term_in(tx: &mut Transaction<'static, Sqlite>, list: TermList, word: &str) -> Result<Option<Term>> {
    let row = sqlx::query("SELECT * FROM terms WHERE list = ? AND word = ?")
        .bind(list.word())
        .bind(word)
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(KEEPING))?;
    row.as_ref().map(term_of).transpose()
}

fn term_of(row: &SqliteRow) -> Result<Term> {
    let cells = Cells::new("terms", "word", row);
    Ok(Term {
        list: cells.parsed("list")?,
        word: cells.get("word")?,
        names: cells.json("names")?,
        years: cells.maybe_json("years")?,
        position: cells.get("position")?,
    })
}
