//! A person stands behind a translation: the one place where a text a machine wrote becomes approved.
//!
//! Invariant: approval and what the memory learns from it are one transaction; a translation with a finding nobody
//! waived, or with a sentence nobody compared with its source, is never approved.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::Cells;
use super::findings::refuse_unsettled;
use super::marks::approve_marks;
use super::memory::{remember_in, tidy};
use super::{Context, NewSegment, Origin, Remembered, Result, Store, StoreError};
use crate::domain::{Author, Language, Slug, StopId, TextId, TextState, Timestamp};

const DOING: &str = "approving a text";

/// The head of the text that is approved.
struct Head {
    id: TextId,
    stop: Slug,
    author: Author,
    state: TextState,
    is_translation: bool,
}

/// A sentence of it beside its source.
struct Pair {
    ordinal: Option<u32>,
    from: Language,
    source: String,
    target: String,
}

impl Store {
    /// Approves the text of a stop in a language, in the name of `by`, and gives its sentences to the memory as approved
    /// ones. `None` where there is no such text. Approving twice changes nothing the second time.
    ///
    /// # Errors
    /// `OpenFindings` and `Unchecked` name what stands in the way; `Nameless` without a name; `Corrupt`; those of the
    /// database.
    pub async fn approve(&self, stop: StopId, language: Language, by: &str) -> Result<Option<Remembered>> {
        let mut tx = self.write(DOING).await?;
        let counts = approve_in(&mut tx, stop, language, by, self.now()).await?;
        tx.commit().await.map_err(StoreError::of(DOING))?;
        Ok(counts)
    }

    /// Who approved the text of a stop in a language, where somebody other than its author did.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn approver(&self, text: TextId) -> Result<Option<String>> {
        let name: Option<Option<String>> = sqlx::query_scalar("SELECT approved_by FROM texts WHERE id = ?")
            .bind(text.0)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading who approved a text"))?;
        Ok(name.flatten())
    }
}

/// `approve` within a transaction that has more to do.
pub(super) async fn approve_in(
    tx: &mut Transaction<'static, Sqlite>,
    stop: StopId,
    language: Language,
    by: &str,
    now: Timestamp,
) -> Result<Option<Remembered>> {
    let by = by.trim();
    if by.is_empty() {
        return Err(StoreError::Nameless);
    }
    let Some(head) = head_of(tx, stop, language).await? else { return Ok(None) };
    if head.is_translation {
        refuse_unsettled(tx, head.id).await?;
    }
    if head.state != TextState::Approved {
        sqlx::query("UPDATE texts SET state = 'approved', approved_by = ?, changed_at = ? WHERE id = ?")
            .bind(by)
            .bind(now.0)
            .bind(head.id.0)
            .execute(&mut **tx)
            .await
            .map_err(StoreError::of(DOING))?;
    }
    approve_marks(tx, head.id, None, by, now).await?;
    let segments = segments_of(tx, &head, language, by).await?;
    remember_in(tx, &segments, now).await.map(Some)
}

async fn head_of(tx: &mut Transaction<'static, Sqlite>, stop: StopId, language: Language) -> Result<Option<Head>> {
    let row = sqlx::query(
        "SELECT texts.*, stops.slug FROM texts JOIN stops ON stops.id = texts.stop
         WHERE texts.stop = ? AND texts.language = ?",
    )
    .bind(stop.0)
    .bind(language.tag())
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::of(DOING))?;
    let Some(row) = row else { return Ok(None) };
    let cells = Cells::new("texts", "id", &row);
    Ok(Some(Head {
        id: TextId(cells.get("id")?),
        stop: cells.parsed("slug")?,
        author: cells.json("author")?,
        state: cells.state("state")?,
        is_translation: cells.get::<Option<String>>("made_from")?.is_some(),
    }))
}

/// What the memory learns: every sentence beside the source it was compared with.
async fn segments_of(
    tx: &mut Transaction<'static, Sqlite>,
    head: &Head,
    to: Language,
    by: &str,
) -> Result<Vec<NewSegment>> {
    let rows = sqlx::query(
        "SELECT checks.*, sentences.ordinal FROM checks LEFT JOIN sentences ON sentences.id = checks.sentence
         WHERE checks.text = ? ORDER BY sentences.ordinal",
    )
    .bind(head.id.0)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::of(DOING))?;
    let pairs = rows.iter().map(pair_of).collect::<Result<Vec<_>>>()?;
    let sources: Vec<&str> =
        pairs.iter().filter(|pair| pair.ordinal.is_some()).map(|pair| pair.source.as_str()).collect();
    let mut segments = Vec::with_capacity(pairs.len());
    for pair in &pairs {
        let context = pair.ordinal.map_or_else(Context::default, |at| Context::at(&sources, at as usize));
        let writer = match &head.author {
            Author::Person { .. } => None,
            Author::Machine { .. } => writer_of(tx, pair, to).await?,
        };
        segments.push(NewSegment {
            from: pair.from,
            to,
            source: pair.source.clone(),
            target: pair.target.clone(),
            context,
            author: writer.unwrap_or_else(|| head.author.clone()),
            state: TextState::Approved,
            approved_by: Some(by.to_owned()),
            origin: Origin::Stop { stop: head.stop.clone(), ordinal: pair.ordinal },
            made_at: None,
            changed_at: None,
        });
    }
    Ok(segments)
}

/// A machine's text may hold sentences that people wrote for the same source elsewhere: they stay theirs.
async fn writer_of(tx: &mut Transaction<'static, Sqlite>, pair: &Pair, to: Language) -> Result<Option<Author>> {
    let row = sqlx::query(
        "SELECT segments.id, segments.author
         FROM memory_sources AS sources JOIN memory_segments AS segments ON segments.source = sources.id
         WHERE sources.content = ? AND sources.language = ? AND segments.target_language = ? AND segments.target = ?
         AND segments.by_person = 1 AND segments.superseded_by IS NULL ORDER BY segments.changed_at DESC LIMIT 1",
    )
    .bind(tidy(&pair.source))
    .bind(pair.from.tag())
    .bind(to.tag())
    .bind(tidy(&pair.target))
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::of(DOING))?;
    row.as_ref().map(|row| Cells::new("memory_segments", "id", row).json("author")).transpose()
}

fn pair_of(row: &SqliteRow) -> Result<Pair> {
    let cells = Cells::new("checks", "id", row);
    let ordinal = cells.get::<Option<i64>>("ordinal")?;
    Ok(Pair {
        ordinal: ordinal.map(u32::try_from).transpose().map_err(|error| cells.corrupt("ordinal", error))?,
        from: cells.parsed("source_language")?,
        source: cells.get("source")?,
        target: cells.get("target")?,
    })
}
