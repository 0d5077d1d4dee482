//! Every text at once, for those who look for a word of it.

use std::collections::HashMap;

use super::cells::Cells;
use super::texts::text_of;
use super::{Result, Store, StoreError};
use crate::domain::{Text, TextId, Timestamp};

const READING: &str = "reading the texts to search them";

impl Store {
    /// When each text was changed last.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn text_heads(&self) -> Result<HashMap<TextId, Timestamp>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as("SELECT id, changed_at FROM texts")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        Ok(rows.into_iter().map(|(id, at)| (TextId(id), Timestamp(at))).collect())
    }

    /// The texts that were changed then or later, each with its sentences in their order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn texts_since(&self, since: Timestamp) -> Result<Vec<(Text, Vec<String>)>> {
        let rows = sqlx::query("SELECT * FROM texts WHERE changed_at >= ?")
            .bind(since.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let sentences = sqlx::query(
            "SELECT sentences.text, sentences.content FROM sentences JOIN texts ON texts.id = sentences.text
             WHERE texts.changed_at >= ? ORDER BY sentences.text, sentences.ordinal",
        )
        .bind(since.0)
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let mut by_text: HashMap<TextId, Vec<String>> = HashMap::new();
        for row in &sentences {
            let cells = Cells::new("sentences", "text", row);
            by_text.entry(TextId(cells.get("text")?)).or_default().push(cells.get("content")?);
        }
        rows.iter()
            .map(|row| {
                let text = text_of(row)?;
                let sentences = by_text.remove(&text.id).unwrap_or_default();
                Ok((text, sentences))
            })
            .collect()
    }
}
