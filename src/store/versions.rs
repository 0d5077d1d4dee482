//! What people's texts said before, each version with who wrote it and when.
//!
//! Invariants: the versions of a text are numbered from 1 without gaps and never changed; where a person's text stands, it
//! is the last of them. A machine's text has no versions: it is made anew from its source.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::people::record;
use super::texts::{NewSentence, NewText, TextChange, text_hash, text_in};
use super::{Result, Store, StoreError};
use crate::domain::{
    Actor, Author, ContentHash, Deed, Language, Scope, Sentence, Stop, StopId, Text, TextState, Timestamp,
};

const KEEPING: &str = "keeping a version of a text";
const READING: &str = "reading the versions of a text";

/// What a text was at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextVersion {
    pub number: u32,
    pub title: String,
    pub sentences: Vec<NewSentence>,
    pub author: Author,
    pub state: TextState,
    pub at: Timestamp,
}

/// What became of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revised {
    Kept(TextChange),
    /// Somebody else wrote meanwhile; nothing was changed.
    Overtaken,
}

/// The hash that a revision names as what it is based on.
#[must_use]
pub fn hash_of(text: &Text, sentences: &[Sentence]) -> ContentHash {
    text_hash(text.language, &text.title, sentences.iter().map(|s| (s.paragraph, s.content.as_str())))
}

impl Store {
    /// Keeps what a person wrote, if the text is still the one of the hash `base` (`None`: there was none).
    ///
    /// # Errors
    /// As `put_text`.
    pub async fn revise_text(
        &self,
        actor: &Actor,
        stop: &Stop,
        new: &NewText,
        base: Option<ContentHash>,
    ) -> Result<Revised> {
        let mut tx = self.write(KEEPING).await?;
        let before = text_in(&mut tx, stop.id, new.language).await?;
        if before.as_ref().map(|(text, sentences)| hash_of(text, sentences)) != base {
            return Ok(Revised::Overtaken);
        }
        let change = self.put_text_in(&mut tx, new).await?;
        if change != TextChange::Unchanged {
            let deed = Deed::TextWritten { language: new.language, state: new.state };
            record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        }
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(Revised::Kept(change))
    }

    /// The versions of a text, the newest first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn text_versions(&self, stop: StopId, language: Language) -> Result<Vec<TextVersion>> {
        let rows = sqlx::query("SELECT * FROM text_versions WHERE stop = ? AND language = ? ORDER BY number DESC")
            .bind(stop.0)
            .bind(language.tag())
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        rows.iter().map(version_of).collect()
    }
}

/// Puts down what a person writes; also what stood before, where that is older than the keeping of versions.
pub(super) async fn note_version(
    tx: &mut Transaction<'static, Sqlite>,
    now: Timestamp,
    before: Option<(&Text, &[Sentence])>,
    new: &NewText,
) -> Result<()> {
    if !new.author.is_person() {
        return Ok(());
    }
    let last: i64 =
        sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM text_versions WHERE stop = ? AND language = ?")
            .bind(new.stop.0)
            .bind(new.language.tag())
            .fetch_one(&mut **tx)
            .await
            .map_err(StoreError::of(KEEPING))?;
    let mut number = last;
    if let Some((text, sentences)) = before.filter(|(text, _)| last == 0 && text.author.is_person()) {
        let sentences = sentences.iter().map(|s| NewSentence { paragraph: s.paragraph, content: s.content.clone() });
        let old = NewText {
            stop: text.stop,
            language: text.language,
            title: text.title.clone(),
            author: text.author.clone(),
            state: text.state,
            made_from: text.made_from,
            sentences: sentences.collect(),
        };
        number += 1;
        insert(tx, number, text.changed_at, &old).await?;
    }
    insert(tx, number + 1, now, new).await
}

async fn insert(tx: &mut Transaction<'static, Sqlite>, number: i64, at: Timestamp, text: &NewText) -> Result<()> {
    sqlx::query(
        "INSERT INTO text_versions (stop, language, number, title, sentences, author, state, at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(text.stop.0)
    .bind(text.language.tag())
    .bind(number)
    .bind(&text.title)
    .bind(to_json("sentences", &text.sentences)?)
    .bind(to_json("an author", &text.author)?)
    .bind(text.state.name())
    .bind(at.0)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::of(KEEPING))?;
    Ok(())
}

fn version_of(row: &SqliteRow) -> Result<TextVersion> {
    let cells = Cells::new("text_versions", "number", row);
    Ok(TextVersion {
        number: cells.number("number")?,
        title: cells.get("title")?,
        sentences: cells.json("sentences")?,
        author: cells.json("author")?,
        state: cells.state("state")?,
        at: Timestamp(cells.get("at")?),
    })
}
