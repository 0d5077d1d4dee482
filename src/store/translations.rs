//! What engines made of sentences: no sentence is translated twice. The key covers everything that made the target, so an
//! entry never grows stale; it is only ever added. What people said stands in `memory`.

use super::cells::{Cells, to_json};
use super::{Result, Store, StoreError};
use crate::domain::{ContentHash, Finding, Language, Timestamp};
use crate::ports::EngineIdentity;

/// A sentence and what an engine made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// Over the source, the pair of languages, the engine's identity and whatever else shaped the target.
    pub key: ContentHash,
    pub from: Language,
    pub to: Language,
    pub source: String,
    pub target: String,
    pub engine: EngineIdentity,
    /// What was noticed while it was made, such as a protected name that did not come back.
    pub findings: Vec<Finding>,
}

impl Store {
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn translation(&self, key: ContentHash) -> Result<Option<Translation>> {
        let row = sqlx::query("SELECT * FROM translations WHERE key = ?")
            .bind(key.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading the translation memory"))?;
        let Some(row) = row else { return Ok(None) };
        let cells = Cells::new("translations", "key", &row);
        Ok(Some(Translation {
            key: cells.parsed("key")?,
            from: cells.parsed("source_language")?,
            to: cells.parsed("target_language")?,
            source: cells.get("source")?,
            target: cells.get("target")?,
            engine: cells.json("engine")?,
            findings: cells.json("findings")?,
        }))
    }

    /// Keeps translations, all of them or none. One whose key is there already stays as it is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_translations(&self, translations: &[Translation]) -> Result<()> {
        let doing = "keeping translations";
        let Timestamp(now) = self.now();
        let mut tx = self.write(doing).await?;
        for translation in translations {
            sqlx::query(
                "INSERT INTO translations (key, source_language, target_language, source, target, engine, findings,
                 made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            )
            .bind(translation.key.to_string())
            .bind(translation.from.tag())
            .bind(translation.to.tag())
            .bind(&translation.source)
            .bind(&translation.target)
            .bind(to_json("an engine's identity", &translation.engine)?)
            .bind(to_json("findings", &translation.findings)?)
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        }
        tx.commit().await.map_err(StoreError::of(doing))
    }
}
