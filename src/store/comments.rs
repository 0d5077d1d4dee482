//! What people say to each other about the sentences of a translation.
//!
//! Invariants: a comment keeps the words it was said about, and follows its sentence when that is mended; it is resolved
//! once; saying and resolving stand in the record.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::Cells;
use super::people::record;
use super::texts::text_in;
use super::{Result, Store, StoreError};
use crate::domain::{Actor, Deed, PersonId, Scope, SentenceId, Stop, Text, TextId, Timestamp};

const READING: &str = "reading comments";
const WRITING: &str = "keeping a comment";

/// Characters of a comment at most.
pub const LONGEST_COMMENT: usize = 2_000;

/// One comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: i64,
    /// `None` for the title, and where the sentence is gone.
    pub sentence: Option<SentenceId>,
    /// The place of the sentence when it was said, from 0; `None` for the title.
    pub ordinal: Option<u32>,
    /// What the sentence said then.
    pub words: String,
    pub body: String,
    pub person: Option<PersonId>,
    pub by: String,
    pub at: Timestamp,
    pub resolved: Option<(String, Timestamp)>,
}

impl Store {
    /// The comments on a text, the first said first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn comments_of(&self, text: TextId) -> Result<Vec<Comment>> {
        let rows = sqlx::query("SELECT * FROM comments WHERE text = ? ORDER BY id")
            .bind(text.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        rows.iter().map(comment_of).collect()
    }

    /// Keeps what somebody says about a sentence, or the title, of a text. `None` where there is no such sentence.
    ///
    /// # Errors
    /// `BadComment` for an empty or endless one, `Corrupt`, and those of the database.
    pub async fn comment(
        &self,
        actor: &Actor,
        stop: &Stop,
        text: &Text,
        ordinal: Option<u32>,
        body: &str,
    ) -> Result<Option<i64>> {
        let body = body.trim();
        if body.is_empty() || body.chars().count() > LONGEST_COMMENT {
            return Err(StoreError::BadComment { longest: LONGEST_COMMENT });
        }
        let mut tx = self.write(WRITING).await?;
        let Some((now, sentences)) = text_in(&mut tx, stop.id, text.language).await? else { return Ok(None) };
        let there = match ordinal {
            None => Some((None, now.title.as_str())),
            Some(at) => sentences.get(at as usize).map(|one| (Some(one.id.0), one.content.as_str())),
        };
        let Some((sentence, words)) = there else { return Ok(None) };
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO comments (text, sentence, ordinal, words, body, person, written_by, written_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(now.id.0)
        .bind(sentence)
        .bind(ordinal.map_or(-1, i64::from))
        .bind(words)
        .bind(body)
        .bind(actor.person.map(|person| person.0))
        .bind(&actor.name)
        .bind(self.now().0)
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::of(WRITING))?;
        let deed = Deed::CommentWritten { language: text.language, ordinal };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(WRITING))?;
        Ok(Some(id))
    }

    /// Notes that nothing more is to be done about a comment on a text. `false` where it was resolved before.
    ///
    /// # Errors
    /// `Gone` where the text has no such comment, and those of the database.
    pub async fn resolve_comment(&self, actor: &Actor, stop: &Stop, text: &Text, id: i64) -> Result<bool> {
        let doing = "resolving a comment";
        let mut tx = self.write(doing).await?;
        let row = sqlx::query("SELECT * FROM comments WHERE id = ? AND text = ?")
            .bind(id)
            .bind(text.id.0)
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        let gone = || StoreError::Gone { what: "comment", name: id.to_string() };
        let comment = comment_of(&row.ok_or_else(gone)?)?;
        if comment.resolved.is_some() {
            return Ok(false);
        }
        sqlx::query("UPDATE comments SET resolved_by = ?, resolved_at = ? WHERE id = ?")
            .bind(&actor.name)
            .bind(self.now().0)
            .bind(id)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        let deed = Deed::CommentResolved { language: text.language, ordinal: comment.ordinal };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }
}

/// What was said about a sentence is said about the words that take its place.
pub(super) async fn carry_comments(
    tx: &mut Transaction<'static, Sqlite>,
    from: SentenceId,
    to: SentenceId,
) -> Result<()> {
    sqlx::query("UPDATE comments SET sentence = ? WHERE sentence = ?")
        .bind(to.0)
        .bind(from.0)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of(WRITING))?;
    Ok(())
}

fn comment_of(row: &SqliteRow) -> Result<Comment> {
    let cells = Cells::new("comments", "id", row);
    let resolved_by: Option<String> = cells.get("resolved_by")?;
    Ok(Comment {
        id: cells.get("id")?,
        sentence: cells.get::<Option<i64>>("sentence")?.map(SentenceId),
        ordinal: match cells.get::<i64>("ordinal")? {
            -1 => None,
            at => Some(u32::try_from(at).map_err(|error| cells.corrupt("ordinal", error))?),
        },
        words: cells.get("words")?,
        body: cells.get("body")?,
        person: cells.get::<Option<i64>>("person")?.map(PersonId),
        by: cells.get("written_by")?,
        at: Timestamp(cells.get("written_at")?),
        resolved: resolved_by.zip(cells.get::<Option<i64>>("resolved_at")?.map(Timestamp)),
    })
}
