//! What the stops say: one text for each stop and language, its sentences in rows of their own.
//!
//! Invariants: a machine's text never replaces a person's; a sentence that stays keeps its row, wherever it moves to;
//! ordinals run from 0 without gaps and paragraphs never fall.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::findings::refuse_unsettled;
use super::versions::note_version;
use super::{Result, Store, StoreError};
use crate::domain::{
    Author, ContentHash, HashBuilder, Language, Sentence, SentenceId, StopId, Text, TextId, TextState, Timestamp,
};

/// A sentence as it is given; its place is its place in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSentence {
    pub paragraph: u32,
    pub content: String,
}

/// A text as it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewText {
    pub stop: StopId,
    pub language: Language,
    pub title: String,
    pub author: Author,
    pub state: TextState,
    /// For a translation: `text_hash` of the source text.
    pub made_from: Option<ContentHash>,
    pub sentences: Vec<NewSentence>,
}

impl NewText {
    /// Lays paragraphs of sentences out as the list the store keeps.
    #[must_use]
    pub fn sentences_of(paragraphs: Vec<Vec<String>>) -> Vec<NewSentence> {
        paragraphs
            .into_iter()
            .filter(|sentences| !sentences.is_empty())
            .zip(0..)
            .flat_map(|(sentences, paragraph)| {
                sentences.into_iter().map(move |content| NewSentence { paragraph, content })
            })
            .collect()
    }
}

/// What keeping a text came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextChange {
    Unchanged,
    Created,
    /// Counts of sentences. All rows may be kept where only the title, the author, the state or the order changed.
    Changed {
        kept: usize,
        added: usize,
        removed: usize,
    },
    /// A person's text stands there, and the one given is a machine's: nothing was written.
    KeptPersons,
}

/// The hash of what a text says: language, title, sentences and paragraphs. Not who says it.
#[must_use]
pub fn text_hash<'a>(
    language: Language,
    title: &str,
    sentences: impl IntoIterator<Item = (u32, &'a str)>,
) -> ContentHash {
    let start = HashBuilder::new("text 1").with("language", language.tag()).with("title", title);
    sentences
        .into_iter()
        .fold(start, |hash, (paragraph, content)| {
            hash.with("paragraph", paragraph.to_le_bytes()).with("sentence", content)
        })
        .finish()
}

impl Store {
    /// Keeps a text as the one of its stop and language, in one transaction.
    ///
    /// # Errors
    /// `BadText` for a text without title or sentences, or with falling paragraphs; `Missing` where there is no such
    /// stop; `OpenFindings` and `Unchecked` for a translation that is to stand approved and may not; `Corrupt`; those of
    /// the database.
    pub async fn put_text(&self, new: &NewText) -> Result<TextChange> {
        let doing = "keeping a text";
        let mut tx = self.write(doing).await?;
        let change = self.put_text_in(&mut tx, new).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(change)
    }

    /// What `put_text` does, within a transaction that does more.
    pub(super) async fn put_text_in(&self, tx: &mut Transaction<'static, Sqlite>, new: &NewText) -> Result<TextChange> {
        check(new)?;
        let Some((before, old)) = text_in(tx, new.stop, new.language).await? else {
            let text = self.insert_text(tx, new).await?;
            insert_sentences(tx, text, new.sentences.iter().zip(0..)).await?;
            settle_checks(tx, text, new).await?;
            note_version(tx, self.now(), None, new).await?;
            return Ok(TextChange::Created);
        };
        if before.author.is_person() && !new.author.is_person() {
            return Ok(TextChange::KeptPersons);
        }
        let same_sentences = old.len() == new.sentences.len()
            && old.iter().zip(&new.sentences).all(|(a, b)| a.paragraph == b.paragraph && a.content == b.content);
        if same_sentences && stands(&before, new) {
            return Ok(TextChange::Unchanged);
        }
        self.update_head(tx, before.id, new).await?;
        let change = if same_sentences {
            TextChange::Changed { kept: old.len(), added: 0, removed: 0 }
        } else {
            replace_sentences(tx, before.id, &old, &new.sentences).await?
        };
        settle_checks(tx, before.id, new).await?;
        note_version(tx, self.now(), Some((&before, &old)), new).await?;
        Ok(change)
    }

    async fn update_head(&self, tx: &mut Transaction<'static, Sqlite>, text: TextId, new: &NewText) -> Result<()> {
        sqlx::query(
            "UPDATE texts SET title = ?, author = ?, state = ?, made_from = ?, approved_by = NULL, changed_at = ?
             WHERE id = ?",
        )
        .bind(&new.title)
        .bind(to_json("an author", &new.author)?)
        .bind(new.state.name())
        .bind(new.made_from.map(|hash| hash.to_string()))
        .bind(self.now().0)
        .bind(text.0)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of("keeping a text"))?;
        Ok(())
    }

    async fn insert_text(&self, tx: &mut Transaction<'static, Sqlite>, new: &NewText) -> Result<TextId> {
        sqlx::query_scalar(
            "INSERT INTO texts (stop, language, title, author, state, made_from, changed_at)
             VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(new.stop.0)
        .bind(new.language.tag())
        .bind(&new.title)
        .bind(to_json("an author", &new.author)?)
        .bind(new.state.name())
        .bind(new.made_from.map(|hash| hash.to_string()))
        .bind(self.now().0)
        .fetch_one(&mut **tx)
        .await
        .map(TextId)
        .map_err(|error| StoreError::missing_parent("stop", new.stop, "keeping a text", error))
    }

    /// The text of a stop in a language, with its sentences in order. Both are of the same moment.
    ///
    /// # Errors
    /// `Corrupt` also for ordinals with gaps or paragraphs that fall; those of the database.
    pub async fn text(&self, stop: StopId, language: Language) -> Result<Option<(Text, Vec<Sentence>)>> {
        let mut tx = self.readers.begin().await.map_err(StoreError::of("reading a text"))?;
        text_in(&mut tx, stop, language).await
    }

    /// How far the texts of all stops in a language have come.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn text_states(&self, language: Language) -> Result<HashMap<StopId, TextState>> {
        let rows = sqlx::query("SELECT id, stop, state FROM texts WHERE language = ?")
            .bind(language.tag())
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading the states of texts"))?;
        let state = |row| {
            let cells = Cells::new("texts", "id", row);
            Ok((StopId(cells.get("stop")?), cells.state("state")?))
        };
        rows.iter().map(state).collect()
    }

    /// The languages a stop has a text in, in the order of the picker.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn languages_of(&self, stop: StopId) -> Result<Vec<Language>> {
        let rows = sqlx::query("SELECT id, language FROM texts WHERE stop = ?")
            .bind(stop.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading the languages of a stop"))?;
        let mut languages: Vec<Language> =
            rows.iter().map(|row| Cells::new("texts", "id", row).parsed("language")).collect::<Result<_>>()?;
        languages.sort_unstable();
        Ok(languages)
    }
}

/// Whether the head of a text needs no change: it is the same, or what a person approved and a machine came to again, the
/// very same words from the same source.
fn stands(before: &Text, new: &NewText) -> bool {
    let same = before.title == new.title
        && before.author == new.author
        && before.state == new.state
        && before.made_from == new.made_from;
    let machine_again = !before.author.is_person()
        && before.state == TextState::Approved
        && new.state == TextState::Draft
        && (&before.title, before.made_from) == (&new.title, new.made_from);
    same || machine_again
}

/// The text of a stop in a language, of the moment of the transaction.
pub(super) async fn text_in(
    connection: &mut sqlx::SqliteConnection,
    stop: StopId,
    language: Language,
) -> Result<Option<(Text, Vec<Sentence>)>> {
    let row = sqlx::query("SELECT * FROM texts WHERE stop = ? AND language = ?")
        .bind(stop.0)
        .bind(language.tag())
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::of("reading a text"))?;
    let Some(text) = row.as_ref().map(text_of).transpose()? else { return Ok(None) };
    let sentences = sentences_in(connection, text.id).await?;
    Ok(Some((text, sentences)))
}

/// The checks of sentences that went, went with their rows; the title has none. A text that is no translation has
/// nothing to be compared with.
async fn settle_checks(tx: &mut Transaction<'static, Sqlite>, text: TextId, new: &NewText) -> Result<()> {
    sqlx::query("DELETE FROM checks WHERE text = ?1 AND (?2 OR (sentence IS NULL AND target <> ?3))")
        .bind(text.0)
        .bind(new.made_from.is_none())
        .bind(&new.title)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of("keeping a text"))?;
    if new.state == TextState::Approved && new.made_from.is_some() {
        refuse_unsettled(tx, text).await?;
    }
    Ok(())
}

fn check(new: &NewText) -> Result<()> {
    let refuse = |why| Err(StoreError::BadText { stop: new.stop.to_string(), language: new.language, why });
    if new.title.trim().is_empty() {
        return refuse("it has no title");
    }
    if new.sentences.is_empty() {
        return refuse("it has no sentence");
    }
    if new.sentences.iter().any(|sentence| sentence.content.trim().is_empty()) {
        return refuse("a sentence is empty");
    }
    if !new.sentences.is_sorted_by_key(|sentence| sentence.paragraph) {
        return refuse("its paragraphs are not in order");
    }
    Ok(())
}

/// Sentences are matched by what they say, the first with the first, so one that moves keeps its row too.
async fn replace_sentences(
    tx: &mut Transaction<'static, Sqlite>,
    text: TextId,
    old: &[Sentence],
    new: &[NewSentence],
) -> Result<TextChange> {
    let failed = StoreError::of("keeping the sentences of a text");
    let mut rows: HashMap<&str, VecDeque<SentenceId>> = HashMap::new();
    for sentence in old {
        rows.entry(&sentence.content).or_default().push_back(sentence.id);
    }
    // Out of the way of the ordinals to come: the pair of text and ordinal is unique at every moment.
    sqlx::query("UPDATE sentences SET ordinal = -1 - ordinal WHERE text = ?")
        .bind(text.0)
        .execute(&mut **tx)
        .await
        .map_err(&failed)?;
    let mut added = Vec::new();
    for (sentence, ordinal) in new.iter().zip(0_u32..) {
        match rows.get_mut(sentence.content.as_str()).and_then(VecDeque::pop_front) {
            Some(id) => {
                sqlx::query("UPDATE sentences SET ordinal = ?, paragraph = ? WHERE id = ?")
                    .bind(ordinal)
                    .bind(sentence.paragraph)
                    .bind(id.0)
                    .execute(&mut **tx)
                    .await
                    .map_err(&failed)?;
            }
            None => added.push((sentence, ordinal)),
        }
    }
    let removed = sqlx::query("DELETE FROM sentences WHERE text = ? AND ordinal < 0")
        .bind(text.0)
        .execute(&mut **tx)
        .await
        .map_err(&failed)?
        .rows_affected() as usize;
    let counts = TextChange::Changed { kept: new.len() - added.len(), added: added.len(), removed };
    insert_sentences(tx, text, added).await?;
    Ok(counts)
}

async fn insert_sentences(
    tx: &mut Transaction<'static, Sqlite>,
    text: TextId,
    sentences: impl IntoIterator<Item = (&NewSentence, u32)>,
) -> Result<()> {
    for (sentence, ordinal) in sentences {
        sqlx::query("INSERT INTO sentences (text, ordinal, paragraph, content) VALUES (?, ?, ?, ?)")
            .bind(text.0)
            .bind(ordinal)
            .bind(sentence.paragraph)
            .bind(&sentence.content)
            .execute(&mut **tx)
            .await
            .map_err(StoreError::of("keeping the sentences of a text"))?;
    }
    Ok(())
}

pub(super) async fn sentences_in(connection: &mut sqlx::SqliteConnection, text: TextId) -> Result<Vec<Sentence>> {
    let rows = sqlx::query("SELECT * FROM sentences WHERE text = ? ORDER BY ordinal")
        .bind(text.0)
        .fetch_all(connection)
        .await
        .map_err(StoreError::of("reading the sentences of a text"))?;
    let mut sentences: Vec<Sentence> = Vec::with_capacity(rows.len());
    for row in &rows {
        let cells = Cells::new("sentences", "id", row);
        let sentence = Sentence {
            id: SentenceId(cells.get("id")?),
            text: TextId(cells.get("text")?),
            ordinal: cells.number("ordinal")?,
            paragraph: cells.number("paragraph")?,
            content: cells.get("content")?,
        };
        if sentence.ordinal as usize != sentences.len() {
            return Err(
                cells.corrupt("ordinal", format!("{} stands where {} belongs", sentence.ordinal, sentences.len()))
            );
        }
        if sentences.last().is_some_and(|before| before.paragraph > sentence.paragraph) {
            return Err(cells.corrupt("paragraph", "it is smaller than the one before"));
        }
        sentences.push(sentence);
    }
    Ok(sentences)
}

pub(super) fn text_of(row: &SqliteRow) -> Result<Text> {
    let cells = Cells::new("texts", "id", row);
    Ok(Text {
        id: TextId(cells.get("id")?),
        stop: StopId(cells.get("stop")?),
        language: cells.parsed("language")?,
        title: cells.get("title")?,
        author: cells.json("author")?,
        state: cells.state("state")?,
        made_from: cells.maybe_parsed("made_from")?,
        changed_at: Timestamp(cells.get("changed_at")?),
    })
}
