//! The rows of the memory: sources with their words, and the segments at a place.

use std::collections::HashMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::super::cells::{Cells, to_json};
use super::super::{Result, StoreError};
use super::{Context, NewSegment, Segment, word_key};
use crate::domain::{Author, Language, TextState, Timestamp};
use crate::text::similarity::tokens;

const DOING: &str = "adding to the translation memory";

/// The segment that stands at a place.
pub(super) struct Current {
    pub id: i64,
    pub target: String,
    pub author: Author,
    pub state: TextState,
    pub changed_at: Timestamp,
}

/// The keys of the words of a sentence, one for each token.
pub(super) fn word_keys(language: Language, tokens: &[String]) -> Vec<i64> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    tokens
        .iter()
        .map(|token| {
            let nth = seen.entry(token).or_default();
            *nth += 1;
            word_key(language, token, *nth - 1)
        })
        .collect()
}

/// The row of a source sentence, made with its words where it is not there.
pub(super) async fn source_row(
    tx: &mut Transaction<'static, Sqlite>,
    language: Language,
    content: &str,
) -> Result<i64> {
    let known: Option<i64> = sqlx::query_scalar("SELECT id FROM memory_sources WHERE content = ? AND language = ?")
        .bind(content)
        .bind(language.tag())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(DOING))?;
    if let Some(id) = known {
        return Ok(id);
    }
    let tokens = tokens(content);
    let id: i64 =
        sqlx::query_scalar("INSERT INTO memory_sources (language, content, tokens) VALUES (?, ?, ?) RETURNING id")
            .bind(language.tag())
            .bind(content)
            .bind(tokens.len() as i64)
            .fetch_one(&mut **tx)
            .await
            .map_err(StoreError::of(DOING))?;
    sqlx::query("INSERT OR IGNORE INTO memory_words (word, tokens, source) SELECT value, ?, ? FROM json_each(?)")
        .bind(tokens.len() as i64)
        .bind(id)
        .bind(to_json("the words of a sentence", &word_keys(language, &tokens))?)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of(DOING))?;
    Ok(id)
}

/// The current segment at the place of `new`.
pub(super) async fn current_at(
    tx: &mut Transaction<'static, Sqlite>,
    source: i64,
    new: &NewSegment,
) -> Result<Option<Current>> {
    let row = sqlx::query(
        "SELECT * FROM memory_segments
         WHERE source = ? AND target_language = ? AND context = ? AND superseded_by IS NULL",
    )
    .bind(source)
    .bind(new.to.tag())
    .bind(new.context.hash())
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::of(DOING))?;
    let Some(row) = row else { return Ok(None) };
    let cells = Cells::new("memory_segments", "id", &row);
    Ok(Some(Current {
        id: cells.get("id")?,
        target: cells.get("target")?,
        author: cells.json("author")?,
        state: cells.state("state")?,
        changed_at: Timestamp(cells.get("changed_at")?),
    }))
}

/// Writes a segment: as the current one of its place, or as history of the one given. History that is there already is
/// not written again.
pub(super) async fn insert(
    tx: &mut Transaction<'static, Sqlite>,
    source: i64,
    new: &NewSegment,
    superseded_by: Option<i64>,
    now: Timestamp,
) -> Result<i64> {
    let author = to_json("an author", &new.author)?;
    if superseded_by.is_some() {
        let known: Option<i64> = sqlx::query_scalar(
            "SELECT id FROM memory_segments WHERE source = ? AND target_language = ? AND context = ? AND target = ?
             AND author = ? AND state = ?",
        )
        .bind(source)
        .bind(new.to.tag())
        .bind(new.context.hash())
        .bind(&new.target)
        .bind(&author)
        .bind(new.state.name())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(DOING))?;
        if let Some(id) = known {
            return Ok(id);
        }
    }
    sqlx::query_scalar(
        "INSERT INTO memory_segments (source, target_language, target, previous, next, context, author, by_person,
         state, approved_by, origin, made_at, changed_at, superseded_by)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(source)
    .bind(new.to.tag())
    .bind(&new.target)
    .bind(&new.context.previous)
    .bind(&new.context.next)
    .bind(new.context.hash())
    .bind(author)
    .bind(new.author.is_person())
    .bind(new.state.name())
    .bind(&new.approved_by)
    .bind(to_json("an origin", &new.origin)?)
    .bind(new.made_at.or(new.changed_at).unwrap_or(now).0)
    .bind(new.changed_at.unwrap_or(now).0)
    .bind(superseded_by)
    .fetch_one(&mut **tx)
    .await
    .map_err(StoreError::of(DOING))
}

/// Puts `new` in the place of the segment `old`, which becomes its history.
pub(super) async fn supersede(
    tx: &mut Transaction<'static, Sqlite>,
    old: i64,
    source: i64,
    new: &NewSegment,
    now: Timestamp,
) -> Result<()> {
    // Of itself for a moment: one place never has two current segments.
    point(tx, old, old).await?;
    let id = insert(tx, source, new, None, now).await?;
    point(tx, old, id).await
}

async fn point(tx: &mut Transaction<'static, Sqlite>, old: i64, to: i64) -> Result<()> {
    sqlx::query("UPDATE memory_segments SET superseded_by = ? WHERE id = ?")
        .bind(to)
        .bind(old)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of(DOING))?;
    Ok(())
}

/// Writes `new` over a machine's segment nobody has read.
pub(super) async fn overwrite(
    tx: &mut Transaction<'static, Sqlite>,
    old: i64,
    new: &NewSegment,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE memory_segments SET target = ?, author = ?, state = ?, approved_by = ?, origin = ?, changed_at = ?
         WHERE id = ?",
    )
    .bind(&new.target)
    .bind(to_json("an author", &new.author)?)
    .bind(new.state.name())
    .bind(&new.approved_by)
    .bind(to_json("an origin", &new.origin)?)
    .bind(new.changed_at.unwrap_or(now).0)
    .bind(old)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::of(DOING))?;
    Ok(())
}

/// A segment from a row of `SEGMENTS`.
pub(super) fn segment_of(row: &SqliteRow) -> Result<Segment> {
    let cells = Cells::new("memory_segments", "id", row);
    Ok(Segment {
        id: cells.get("id")?,
        from: cells.parsed("source_language")?,
        to: cells.parsed("target_language")?,
        source: cells.get("source_text")?,
        target: cells.get("target")?,
        context: Context { previous: cells.get("previous")?, next: cells.get("next")? },
        author: cells.json("author")?,
        state: cells.state("state")?,
        approved_by: cells.get("approved_by")?,
        origin: cells.json("origin")?,
        made_at: Timestamp(cells.get("made_at")?),
        changed_at: Timestamp(cells.get("changed_at")?),
        current: cells.get::<Option<i64>>("superseded_by")?.is_none(),
    })
}
