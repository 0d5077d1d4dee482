//! Versions of manifests, and what is known of the files they list.
//!
//! Invariants: versions of a scope count up from 1 without gaps, and one version always means the same contents and
//! times, so that a server that starts again signs the very same bytes.

use sqlx::sqlite::SqliteRow;

use super::cells::{Cells, to_json};
use super::{Result, Store, StoreError};
use crate::domain::{ContentHash, EditionId, Milliseconds, Timestamp};

/// One version of a scope's manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundleVersion {
    pub version: u64,
    pub issued_at: Timestamp,
    pub valid_until: Timestamp,
}

/// How a file is cut for devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutFile {
    /// Bytes.
    pub size: u64,
    /// Empty where it is one block.
    pub blocks: Vec<ContentHash>,
}

impl Store {
    /// The version under which these contents go out: the newest one where it lists the same and is valid for more than
    /// `renew_below` yet, else a new one, valid for `valid_for` from now.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn bundle_version(
        &self,
        scope: ContentHash,
        contents: ContentHash,
        valid_for: Milliseconds,
        renew_below: Milliseconds,
    ) -> Result<BundleVersion> {
        let doing = "numbering a bundle";
        let now = self.now();
        let millis = |length: Milliseconds| i64::try_from(length.0).unwrap_or(i64::MAX);
        let mut tx = self.write(doing).await?;
        let row = sqlx::query("SELECT * FROM bundles WHERE scope = ? ORDER BY version DESC LIMIT 1")
            .bind(scope.to_string())
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        let mut next = 1;
        if let Some(row) = &row {
            let (newest, listed) = bundle(row)?;
            if listed == contents && newest.valid_until > now.plus_millis(millis(renew_below)) {
                return Ok(newest);
            }
            next = newest.version + 1;
        }
        let made = BundleVersion { version: next, issued_at: now, valid_until: now.plus_millis(millis(valid_for)) };
        let number = i64::try_from(next)
            .map_err(|error| StoreError::Unwritable { what: "a version", why: error.to_string() })?;
        sqlx::query("INSERT INTO bundles (scope, version, contents, issued_at, valid_until) VALUES (?, ?, ?, ?, ?)")
            .bind(scope.to_string())
            .bind(number)
            .bind(contents.to_string())
            .bind(made.issued_at.0)
            .bind(made.valid_until.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(made)
    }

    /// What is known of a file that bundles hold.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn cut_file(&self, hash: ContentHash) -> Result<Option<CutFile>> {
        let row = sqlx::query("SELECT * FROM bundle_files WHERE hash = ?")
            .bind(hash.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading how a file is cut"))?;
        let Some(row) = row else { return Ok(None) };
        let cells = Cells::new("bundle_files", "hash", &row);
        Ok(Some(CutFile { size: cells.number("size")?, blocks: cells.json("blocks")? }))
    }

    /// Remembers how files are cut.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_cut_files(&self, files: &[(ContentHash, CutFile)]) -> Result<()> {
        let doing = "keeping how files are cut";
        let mut tx = self.write(doing).await?;
        for (hash, cut) in files {
            let size = i64::try_from(cut.size)
                .map_err(|error| StoreError::Unwritable { what: "the size of a file", why: error.to_string() })?;
            sqlx::query("INSERT INTO bundle_files (hash, size, blocks) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(hash.to_string())
                .bind(size)
                .bind(to_json("blocks", &cut.blocks)?)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::of(doing))?;
        }
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// The frozen JSON of an edition, proved against its hash.
    ///
    /// # Errors
    /// `Corrupt` also where the JSON does not match its hash; those of the database.
    pub async fn frozen_edition(&self, id: EditionId) -> Result<Option<(ContentHash, String)>> {
        let row = sqlx::query("SELECT id, hash, frozen FROM editions WHERE id = ? AND withdrawn_at IS NULL")
            .bind(id.0)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading an edition"))?;
        let Some(row) = row else { return Ok(None) };
        let cells = Cells::new("editions", "id", &row);
        let (hash, frozen): (ContentHash, String) = (cells.parsed("hash")?, cells.get("frozen")?);
        let found = ContentHash::of(frozen.as_bytes());
        if found == hash {
            Ok(Some((hash, frozen)))
        } else {
            Err(cells.corrupt("frozen", format!("its hash is {found}")))
        }
    }

    /// A number that is a greater one after anything changed that pages and manifests are made of, whichever process
    /// changed it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn public_changes(&self) -> Result<i64> {
        sqlx::query_scalar("SELECT count FROM public_changes")
            .fetch_one(&self.readers)
            .await
            .map_err(StoreError::of("looking for changes"))
    }
}

fn bundle(row: &SqliteRow) -> Result<(BundleVersion, ContentHash)> {
    let cells = Cells::new("bundles", "scope", row);
    let version = BundleVersion {
        version: cells.number("version")?,
        issued_at: Timestamp(cells.get("issued_at")?),
        valid_until: Timestamp(cells.get("valid_until")?),
    };
    Ok((version, cells.parsed("contents")?))
}
