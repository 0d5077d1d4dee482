//! The collection this database holds, its policy, single settings, and what the last import read.

use serde::{Deserialize, Serialize};

use super::cells::{Cells, to_json};
use super::{Result, Store, StoreError, Upsert};
use crate::domain::{ContentHash, Language, Names, ReviewRule, Slug};

/// What the museum allows without a person having looked at it, in so many words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Machine translations may be published unread; the page then says so.
    pub publish_machine_translation: bool,
    /// Guides spoken by the voice of last resort may be published; the page then says so.
    pub publish_last_resort_voice: bool,
    /// Clips that nobody heard may be published where the recogniser is too weak for their language; the page then says
    /// so. A clip that was heard to be wrong never is.
    pub publish_unheard_speech: bool,
}

/// A museum's or province's collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    pub slug: Slug,
    pub names: Names,
    /// The language the narrations are written in first.
    pub source_language: Language,
    /// Languages a guide is made in where a text exists or can be translated.
    pub guide_languages: Vec<Language>,
    pub policy: Policy,
}

impl Policy {
    /// What must be read of a translation where its site sets no rule of its own.
    #[must_use]
    pub fn review_rule(&self) -> ReviewRule {
        if self.publish_machine_translation { ReviewRule::Machine } else { ReviewRule::Every }
    }
}

impl Store {
    /// Keeps the collection under its slug.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_collection(&self, collection: &Collection) -> Result<Upsert<()>> {
        let doing = "keeping the collection";
        let mut tx = self.write(doing).await?;
        let row = sqlx::query("SELECT * FROM collections WHERE slug = ?")
            .bind(collection.slug.as_str())
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        let before = row.as_ref().map(collection_of).transpose()?;
        if before.as_ref() == Some(collection) {
            return Ok(Upsert::Unchanged(()));
        }
        sqlx::query(
            "INSERT INTO collections (slug, names, source_language, guide_languages, policy, changed_at)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (slug) DO UPDATE SET names = excluded.names, source_language = excluded.source_language,
             guide_languages = excluded.guide_languages, policy = excluded.policy, changed_at = excluded.changed_at",
        )
        .bind(collection.slug.as_str())
        .bind(to_json("names", &collection.names)?)
        .bind(collection.source_language.tag())
        .bind(to_json("languages", &collection.guide_languages)?)
        .bind(to_json("policy", &collection.policy)?)
        .bind(self.now().0)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(if before.is_some() { Upsert::Changed(()) } else { Upsert::Created(()) })
    }

    /// The collection of this database; the first by slug where there are several.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn collection(&self) -> Result<Option<Collection>> {
        let row = sqlx::query("SELECT * FROM collections ORDER BY slug LIMIT 1")
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading the collection"))?;
        row.as_ref().map(collection_of).transpose()
    }

    /// A single setting kept in the database.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn setting(&self, key: &str) -> Result<Option<String>> {
        sqlx::query_scalar("SELECT value FROM settings WHERE key = ?")
            .bind(key)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a setting"))
    }

    /// # Errors
    /// Those of the database.
    pub async fn put_setting(&self, key: &str, value: &str) -> Result<()> {
        let doing = "keeping a setting";
        let mut tx = self.write(doing).await?;
        sqlx::query(
            "INSERT INTO settings (key, value, changed_at) VALUES (?, ?, ?)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
        )
        .bind(key)
        .bind(value)
        .bind(self.now().0)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// The hash of an item as the last import read it.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn imported(&self, item: &str) -> Result<Option<ContentHash>> {
        let row = sqlx::query("SELECT * FROM imports WHERE item = ?")
            .bind(item)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading what was imported"))?;
        row.as_ref().map(|row| Cells::new("imports", "item", row).parsed("hash")).transpose()
    }

    /// Whether somebody changed the thing of this slug in the workplace, as the record tells.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn changed_by_staff(&self, slug: &str) -> Result<bool> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM audit WHERE subject = ? AND action IN
             ('site-added', 'site-changed', 'relic-added', 'relic-changed', 'stop-added', 'stop-changed',
              'cover-changed', 'picture-added', 'picture-changed', 'picture-removed', 'pictures-ordered'))",
        )
        .bind(slug)
        .fetch_one(&self.readers)
        .await
        .map_err(StoreError::of("reading who changed a thing"))
    }

    /// Remembers an item as an import read it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_imported(&self, item: &str, hash: ContentHash) -> Result<()> {
        let doing = "remembering what was imported";
        let mut tx = self.write(doing).await?;
        sqlx::query(
            "INSERT INTO imports (item, hash, imported_at) VALUES (?, ?, ?)
             ON CONFLICT (item) DO UPDATE SET hash = excluded.hash, imported_at = excluded.imported_at",
        )
        .bind(item)
        .bind(hash.to_string())
        .bind(self.now().0)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))
    }
}

fn collection_of(row: &sqlx::sqlite::SqliteRow) -> Result<Collection> {
    let cells = Cells::new("collections", "slug", row);
    Ok(Collection {
        slug: cells.parsed("slug")?,
        names: cells.json("names")?,
        source_language: cells.parsed("source_language")?,
        guide_languages: cells.json("guide_languages")?,
        policy: cells.json("policy")?,
    })
}
