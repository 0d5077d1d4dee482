//! Blobs too large for memory: kept from a file, verified and copied out piece by piece.
//!
//! Invariant, as everywhere here: a copy is handed over only when its bytes were hashed against the name.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use bytes::Bytes;
use futures_util::StreamExt as _;
use object_store::{ObjectStoreExt, WriteMultipart};

use super::{BlobError, Blobs, Result, Seen};
use crate::domain::{ContentHash, ContentHasher};

/// Read and written at once: S3 takes no smaller parts than 5 MiB.
const PART: usize = 8 << 20;

impl Blobs {
    /// Keeps the bytes of a file and gives their name. What is there already is verified and not written again.
    ///
    /// # Errors
    /// `File` where it cannot be read or changes meanwhile; `DiskFull` (nothing is left), `Link`, `Failed`.
    pub async fn put_file(&self, path: &Path) -> Result<ContentHash> {
        let unreadable = |source| BlobError::File { path: path.to_owned(), source };
        let hash = hash_of(path).await.map_err(unreadable)?;
        match self.size(hash).await {
            Ok(Some(_)) => return Ok(hash),
            Ok(None) => {}
            Err(BlobError::Corrupt { found, .. }) => {
                tracing::warn!(%hash, %found, "a damaged file was replaced by the right bytes");
            }
            Err(error) => return Err(error),
        }
        let place = self.place(hash)?;
        let failed = |source| BlobError::of("writing", hash, &self.root, source);
        let upload = self.files.put_multipart(&place).await.map_err(failed)?;
        let mut writing = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut file = File::open(path).map_err(unreadable)?;
        let mut hasher = ContentHasher::default();
        loop {
            let (back, piece) = read_part(file).await.map_err(unreadable)?;
            file = back;
            if piece.is_empty() {
                break;
            }
            hasher.add(&piece);
            writing.wait_for_capacity(1).await.map_err(failed)?;
            writing.put(piece);
        }
        if hasher.finish() != hash {
            writing.abort().await.map_err(failed)?;
            return Err(unreadable(std::io::Error::other("it changed while it was read")));
        }
        writing.finish().await.map_err(failed)?;
        Ok(hash)
    }

    /// Writes a blob's bytes to `out`. `false` where there is no such blob. After an error what was written is worth
    /// nothing.
    ///
    /// # Errors
    /// `Corrupt` where they are others, `File` where `out` takes no more, `Link`, `Failed`.
    pub async fn copy_to(&self, hash: ContentHash, out: &mut (dyn Write + Send)) -> Result<bool> {
        Ok(self.pass(hash, &mut |piece| out.write_all(piece)).await?.is_some())
    }

    /// Reads the file from beginning to end, hashes it, and remembers it as verified.
    pub(super) async fn pass(
        &self,
        hash: ContentHash,
        take: &mut (dyn FnMut(&[u8]) -> std::io::Result<()> + Send),
    ) -> Result<Option<Seen>> {
        let place = self.place(hash)?;
        let failed = |source| BlobError::of("reading", hash, &self.root, source);
        let answer = match self.files.get(&place).await {
            Ok(answer) => answer,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(source) => return Err(failed(source)),
        };
        let seen = Seen::of(&answer.meta);
        let mut hasher = ContentHasher::default();
        let mut pieces = answer.into_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(failed)?;
            hasher.add(&piece);
            let path = || self.root.join(place.as_ref());
            take(&piece).map_err(|source| BlobError::File { path: path(), source })?;
        }
        self.judge(hash, hasher.finish(), seen, &place).map(Some)
    }
}

async fn read_part(mut file: File) -> std::io::Result<(File, Bytes)> {
    let reading = tokio::task::spawn_blocking(move || {
        let mut piece = Vec::with_capacity(PART);
        (&mut file).take(PART as u64).read_to_end(&mut piece)?;
        Ok((file, Bytes::from(piece)))
    });
    reading.await.map_err(std::io::Error::other)?
}

async fn hash_of(path: &Path) -> std::io::Result<ContentHash> {
    let mut file = File::open(path)?;
    let mut hasher = ContentHasher::default();
    loop {
        let (back, piece) = read_part(file).await?;
        file = back;
        if piece.is_empty() {
            return Ok(hasher.finish());
        }
        hasher.add(&piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_of_several_parts_is_kept_copied_out_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&folder.path().join("blobs")).unwrap();
        let bytes: Vec<u8> = (0..PART + 70_000).map(|i| (i * 7 % 251) as u8).collect();
        let path = folder.path().join("large");
        std::fs::write(&path, &bytes).unwrap();
        let hash = blobs.put_file(&path).await.unwrap();
        assert_eq!(hash, ContentHash::of(&bytes));
        assert_eq!(blobs.put_file(&path).await.unwrap(), hash);
        assert_eq!(blobs.size(hash).await.unwrap(), Some(bytes.len() as u64));
        let mut out = Vec::new();
        assert!(blobs.copy_to(hash, &mut out).await.unwrap());
        assert_eq!(out, bytes);
        assert!(!blobs.copy_to(ContentHash::of(b"other"), &mut out).await.unwrap());

        let name = hash.to_string();
        let kept = folder.path().join("blobs").join(&name[..2]).join(&name[2..4]).join(&name);
        std::fs::write(&kept, b"other bytes").unwrap();
        let fresh = Blobs::open(&folder.path().join("blobs")).unwrap();
        assert!(matches!(fresh.copy_to(hash, &mut Vec::new()).await, Err(BlobError::Corrupt { .. })));
        assert!(matches!(fresh.size(hash).await, Err(BlobError::Corrupt { .. })));
        assert_eq!(fresh.put_file(&path).await.unwrap(), hash);
        assert_eq!(std::fs::read(&kept).unwrap(), bytes);
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&folder.path().join("blobs")).unwrap();
        let error = blobs.put_file(&folder.path().join("none")).await.unwrap_err().to_string();
        assert!(error.contains("none"), "{error}");
    }
}
