//! Audio, captions and images by their hash, floor 3, over `object_store`.
//!
//! A blob's name is the SHA-256 of its bytes, its place `aa/bb/aabb...` under the root.
//!
//! Invariants:
//! - bytes only ever leave here after they were hashed against their name: whole reads every time, ranges once per
//!   process and file, remembered by inode, size and time of change, so that a file that was touched is hashed again;
//! - a file is whole or not there: it is written beside its place, flushed to the disk, and renamed;
//! - no symbolic link below the root is followed: `object_store` would follow one out of the root.

mod error;
mod large;

pub use error::BlobError;

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload};

use crate::domain::ContentHash;

/// What the calls of this module give.
pub type Result<T> = std::result::Result<T, BlobError>;

/// A handle on the files; cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    files: Arc<dyn ObjectStore>,
    root: Arc<PathBuf>,
    /// What each blob's file looked like when it was last hashed and found right.
    verified: Arc<Mutex<HashMap<ContentHash, Seen>>>,
}

/// A file as it was: `object_store`'s entity tag holds inode, time of change and size.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    tag: Option<String>,
    size: u64,
}

impl Seen {
    fn of(meta: &ObjectMeta) -> Self {
        Self { tag: meta.e_tag.clone(), size: meta.size }
    }
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blobs").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Blobs {
    /// Opens the folder, making it where it does not exist.
    ///
    /// # Errors
    /// `Open` where it cannot be made or read.
    pub fn open(root: &Path) -> Result<Self> {
        let cannot = |source: std::io::Error| BlobError::Open { path: root.to_owned(), source: source.into() };
        std::fs::create_dir_all(root).map_err(cannot)?;
        let root = root.canonicalize().map_err(cannot)?;
        let files = LocalFileSystem::new_with_prefix(&root)
            .map_err(|source| BlobError::Open { path: root.clone(), source: source.into() })?
            .with_fsync(true);
        Ok(Self::over(Arc::new(files), root))
    }

    fn over(files: Arc<dyn ObjectStore>, root: PathBuf) -> Self {
        Self { files, root: Arc::new(root), verified: Arc::default() }
    }

    /// Keeps bytes and gives their name. What is there already is verified and not written again; a damaged file is
    /// replaced by these bytes, which are the right ones.
    ///
    /// # Errors
    /// `DiskFull` (nothing is left of the file), `Link`, `Failed`.
    pub async fn put(&self, bytes: impl Into<Bytes>) -> Result<ContentHash> {
        let bytes: Bytes = bytes.into();
        let hash = ContentHash::of(&bytes);
        match self.size(hash).await {
            Ok(Some(_)) => return Ok(hash),
            Ok(None) => {}
            Err(BlobError::Corrupt { found, .. }) => {
                tracing::warn!(%hash, %found, "a damaged file was replaced by the right bytes");
            }
            Err(error) => return Err(error),
        }
        let place = self.place(hash)?;
        self.files
            .put(&place, PutPayload::from_bytes(bytes))
            .await
            .map_err(|source| BlobError::of("writing", hash, &self.root, source))?;
        Ok(hash)
    }

    /// The bytes of a blob, hashed against its name.
    ///
    /// # Errors
    /// `Corrupt` where they are others, `Link`, `Failed`.
    pub async fn get(&self, hash: ContentHash) -> Result<Option<Bytes>> {
        Ok(self.read_whole(hash).await?.map(|(bytes, _)| bytes))
    }

    /// The length of a blob in bytes, after its file was verified once.
    ///
    /// # Errors
    /// `Corrupt`, `Link`, `Failed`.
    pub async fn size(&self, hash: ContentHash) -> Result<Option<u64>> {
        let place = self.place(hash)?;
        match self.files.head(&place).await {
            Ok(meta) if self.is_verified(hash, &Seen::of(&meta)) => Ok(Some(meta.size)),
            Ok(_) => Ok(self.pass(hash, &mut |_| Ok(())).await?.map(|seen| seen.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(BlobError::of("looking at", hash, &self.root, source)),
        }
    }

    /// Some bytes of a blob whose file was verified, and has not been touched since. `range` counts from 0 and must
    /// lie within the blob.
    ///
    /// # Errors
    /// `Range` where it does not; `Corrupt`, `Link`, `Failed`.
    pub async fn get_range(&self, hash: ContentHash, range: Range<u64>) -> Result<Option<Bytes>> {
        let Some(size) = self.size(hash).await? else { return Ok(None) };
        if range.start > range.end || range.end > size {
            return Err(BlobError::Range { hash, start: range.start, end: range.end, size });
        }
        if range.is_empty() {
            return Ok(Some(Bytes::new()));
        }
        let place = self.place(hash)?;
        let options = GetOptions::new().with_range(Some(range.clone()));
        let answer = match self.files.get_opts(&place, options).await {
            Ok(answer) => answer,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(source) => return Err(BlobError::of("reading", hash, &self.root, source)),
        };
        if self.is_verified(hash, &Seen::of(&answer.meta)) {
            let bytes = answer.bytes().await.map_err(|source| BlobError::of("reading", hash, &self.root, source))?;
            return Ok(Some(bytes));
        }
        // Between the check and the reading another file took this one's place: read it whole and hash it.
        let Some((bytes, _)) = self.read_whole(hash).await? else { return Ok(None) };
        let within = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        Ok(Some(bytes.slice(within(range.start)..within(range.end))))
    }

    /// Reads the file from beginning to end, hashes it, and remembers it as verified.
    async fn read_whole(&self, hash: ContentHash) -> Result<Option<(Bytes, Seen)>> {
        let place = self.place(hash)?;
        let failed = |source| BlobError::of("reading", hash, &self.root, source);
        let answer = match self.files.get(&place).await {
            Ok(answer) => answer,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(source) => return Err(failed(source)),
        };
        let seen = Seen::of(&answer.meta);
        let bytes = answer.bytes().await.map_err(failed)?;
        let seen = self.judge(hash, ContentHash::of(&bytes), seen, &place)?;
        Ok(Some((bytes, seen)))
    }

    /// Remembers a file as verified whose hash was `found`, or as damaged.
    fn judge(&self, hash: ContentHash, found: ContentHash, seen: Seen, place: &ObjectPath) -> Result<Seen> {
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if found != hash {
            verified.remove(&hash);
            return Err(BlobError::Corrupt { hash, found, path: self.root.join(place.as_ref()) });
        }
        verified.insert(hash, seen.clone());
        Ok(seen)
    }

    fn is_verified(&self, hash: ContentHash, seen: &Seen) -> bool {
        let verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        seen.tag.is_some() && verified.get(&hash) == Some(seen)
    }

    /// The blob's place, after a look that no link lies on the way to it.
    fn place(&self, hash: ContentHash) -> Result<ObjectPath> {
        let name = hash.to_string();
        let parts = [&name[..2], &name[2..4], &name];
        let mut path = self.root.to_path_buf();
        for part in parts {
            path.push(part);
            match std::fs::symlink_metadata(&path) {
                Ok(meta) if meta.file_type().is_symlink() => return Err(BlobError::Link { path }),
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => break,
                Err(source) => return Err(BlobError::Open { path, source: source.into() }),
            }
        }
        Ok(ObjectPath::from_iter(parts))
    }
}

#[cfg(test)]
mod tests;
