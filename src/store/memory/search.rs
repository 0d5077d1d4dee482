//! Finding segments: what was said for this very sentence, and for sentences like it.
//!
//! A search looks up the rarest words of the sentence, only so many that every sentence which can reach the wanted score
//! holds one of them ([`Needed`]), among the sources of about its length. What comes out is scored exactly, so the
//! answer is that of a scan of the whole memory.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::super::cells::{Cells, to_json};
use super::super::{Result, Store, StoreError};
use super::rows::{segment_of, word_keys};
use super::{Context, Segment, tidy};
use crate::domain::{Language, TextState};
use crate::text::similarity::{EXACT, Needed, score, tokens};

/// A word in more sources than this counts as in all: where the line is drawn moves time, never results.
const COMMON: i64 = 5_000;

const DOING: &str = "searching the translation memory";

/// A segment and how well it fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemoryMatch {
    /// 101 for the same sentence in the same context, 100 for the same sentence, 99 down to 0 for likeness in percent.
    pub score: u8,
    pub segment: Segment,
}

impl MemoryMatch {
    fn of(segment: Segment, score: u8, context: &Context) -> Self {
        let in_context = score == EXACT && context.is_known() && segment.context == *context;
        Self { score: score + u8::from(in_context), segment }
    }

    /// The better first; of those that fit as well a person's, then an approved one, then the later edit.
    fn order(&self) -> impl Ord + use<> {
        let segment = &self.segment;
        let approved = segment.state == TextState::Approved;
        Reverse((self.score, segment.author.is_person(), approved, segment.changed_at, segment.id))
    }
}

impl Store {
    /// What people have said for this very sentence, the best first: in the same context (101), then in others (100).
    /// Only segments that a person wrote or approved; a person's own words go before a machine's approved ones whatever
    /// the context.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn said_by_people(
        &self,
        source: &str,
        from: Language,
        to: Language,
        context: &Context,
    ) -> Result<Option<MemoryMatch>> {
        let (source, context) = (tidy(source), context.tidy());
        let found = self.segments_of_source(&source, from, to).await?;
        let fits = found.into_iter().filter(Segment::has_person).map(|one| MemoryMatch::of(one, EXACT, &context));
        Ok(fits.min_by_key(|fit| (Reverse(fit.segment.author.is_person()), fit.order())))
    }

    /// Segments for sentences at least so much alike (1 to 101), the best first, at most `limit`. Of segments that say
    /// the same for the same sentence only the best is given.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn matches(
        &self,
        source: &str,
        (from, to): (Language, Language),
        context: &Context,
        at_least: u8,
        limit: usize,
    ) -> Result<Vec<MemoryMatch>> {
        let (source, context) = (tidy(source), context.tidy());
        let own = tokens(&source);
        let mut found = self.exact_and_like(&source, &own, from, to, &context, at_least).await?;
        found.retain(|fit| fit.score >= at_least);
        found.sort_by_cached_key(MemoryMatch::order);
        let mut seen = HashSet::new();
        found.retain(|fit| seen.insert((fit.segment.source.clone(), fit.segment.target.clone())));
        found.truncate(limit);
        Ok(found)
    }

    async fn exact_and_like(
        &self,
        source: &str,
        own: &[String],
        from: Language,
        to: Language,
        context: &Context,
        at_least: u8,
    ) -> Result<Vec<MemoryMatch>> {
        let exact = self.segments_of_source(source, from, to).await?;
        let mut found: Vec<MemoryMatch> =
            exact.into_iter().map(|segment| MemoryMatch::of(segment, EXACT, context)).collect();
        if at_least >= EXACT || own.is_empty() {
            return Ok(found);
        }
        let mut scores = HashMap::new();
        for (id, content) in self.candidates(own, from, at_least).await? {
            let score = score(source, own, &content, &tokens(&content));
            if score >= at_least && score < EXACT {
                scores.insert(id, score);
            }
        }
        let ids: Vec<i64> = scores.keys().copied().collect();
        for (id, segment) in self.segments_of_sources(&ids, to).await? {
            if let Some(score) = scores.get(&id) {
                found.push(MemoryMatch::of(segment, *score, context));
            }
        }
        Ok(found)
    }

    /// Every source that can reach the score, by its row, and others.
    async fn candidates(&self, own: &[String], from: Language, at_least: u8) -> Result<Vec<(i64, String)>> {
        let needed = Needed::of(own.len(), at_least);
        let mut rarest = self.counted(&word_keys(from, own), needed).await?;
        rarest.sort_unstable();
        rarest.truncate(needed.look_for);
        let words: Vec<i64> = rarest.into_iter().map(|(_, word)| word).collect();
        let rows = sqlx::query(
            "SELECT id, content FROM memory_sources WHERE id IN (
                 SELECT memory_words.source FROM json_each(?) AS wanted CROSS JOIN memory_words
                 ON memory_words.word = wanted.value AND memory_words.tokens BETWEEN ? AND ?)",
        )
        .bind(to_json("words", &words)?)
        .bind(needed.shortest as i64)
        .bind(needed.longest as i64)
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(DOING))?;
        rows.iter()
            .map(|row| {
                let cells = Cells::new("memory_sources", "id", row);
                Ok((cells.get("id")?, cells.get("content")?))
            })
            .collect()
    }

    /// In how many sources of a fitting length each word stands, up to `COMMON`.
    async fn counted(&self, words: &[i64], needed: Needed) -> Result<Vec<(i64, i64)>> {
        let rows = sqlx::query(
            "SELECT wanted.value AS word, (SELECT COUNT(*) FROM (SELECT 1 FROM memory_words
                 WHERE memory_words.word = wanted.value AND memory_words.tokens BETWEEN ? AND ? LIMIT ?)) AS sources
             FROM json_each(?) AS wanted",
        )
        .bind(needed.shortest as i64)
        .bind(needed.longest as i64)
        .bind(COMMON)
        .bind(to_json("words", &words)?)
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(DOING))?;
        rows.iter()
            .map(|row| {
                let cells = Cells::new("memory_words", "word", row);
                Ok((cells.get("sources")?, cells.get("word")?))
            })
            .collect()
    }

    /// The current segments for a sentence, which must be tidy.
    async fn segments_of_source(&self, source: &str, from: Language, to: Language) -> Result<Vec<Segment>> {
        let rows = sqlx::query(
            "SELECT segments.*, sources.language AS source_language, sources.content AS source_text
             FROM memory_sources AS sources JOIN memory_segments AS segments ON segments.source = sources.id
             WHERE sources.content = ? AND sources.language = ? AND segments.target_language = ?
             AND segments.superseded_by IS NULL",
        )
        .bind(source)
        .bind(from.tag())
        .bind(to.tag())
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(DOING))?;
        rows.iter().map(segment_of).collect()
    }

    /// The current segments for sources by their rows.
    async fn segments_of_sources(&self, sources: &[i64], to: Language) -> Result<Vec<(i64, Segment)>> {
        let rows = sqlx::query(
            "SELECT segments.*, sources.language AS source_language, sources.content AS source_text,
             sources.id AS source_id
             FROM json_each(?) AS wanted CROSS JOIN memory_segments AS segments ON segments.source = wanted.value
             JOIN memory_sources AS sources ON sources.id = segments.source
             WHERE segments.target_language = ? AND segments.superseded_by IS NULL",
        )
        .bind(to_json("sources", &sources)?)
        .bind(to.tag())
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(DOING))?;
        rows.iter()
            .map(|row| Ok((Cells::new("memory_segments", "id", row).get("source_id")?, segment_of(row)?)))
            .collect()
    }

    /// The current segments of a pair of languages, or of all, in the order they came in.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn segments(&self, from: Option<Language>, to: Option<Language>) -> Result<Vec<Segment>> {
        let rows = sqlx::query(
            "SELECT segments.*, sources.language AS source_language, sources.content AS source_text
             FROM memory_segments AS segments JOIN memory_sources AS sources ON sources.id = segments.source
             WHERE segments.superseded_by IS NULL AND (?1 IS NULL OR sources.language = ?1)
             AND (?2 IS NULL OR segments.target_language = ?2) ORDER BY segments.id",
        )
        .bind(from.map(Language::tag))
        .bind(to.map(Language::tag))
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of("reading the translation memory"))?;
        rows.iter().map(segment_of).collect()
    }

    /// Everything ever said for a sentence, also what is no longer current, the latest edit first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn history(&self, source: &str, from: Language, to: Language) -> Result<Vec<Segment>> {
        let rows = sqlx::query(
            "SELECT segments.*, sources.language AS source_language, sources.content AS source_text
             FROM memory_sources AS sources JOIN memory_segments AS segments ON segments.source = sources.id
             WHERE sources.content = ? AND sources.language = ? AND segments.target_language = ?
             ORDER BY segments.changed_at DESC, segments.id DESC",
        )
        .bind(tidy(source))
        .bind(from.tag())
        .bind(to.tag())
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of("reading the translation memory"))?;
        rows.iter().map(segment_of).collect()
    }
}
