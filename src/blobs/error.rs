//! Why the files gave no answer. Every message names the blob or the path and the way out.

use std::error::Error;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::domain::ContentHash;

type Cause = Box<dyn Error + Send + Sync>;

/// What goes wrong with blobs. That a blob is not there is never an error, but `Ok(None)`.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("cannot open {}: check that it exists and may be read and written", path.display())]
    Open {
        path: PathBuf,
        #[source]
        source: Cause,
    },
    #[error("the disk under {} is full: blob {hash} was not kept; make room and try again", root.display())]
    DiskFull { hash: ContentHash, root: PathBuf },
    /// The disk has altered the file, or somebody has.
    #[error(
        "blob {hash} is damaged: the bytes of {} hash to {found}; put it back from a backup or delete it and make it again",
        path.display()
    )]
    Corrupt { hash: ContentHash, found: ContentHash, path: PathBuf },
    #[error("{} is a symbolic link, and none is followed here: put the file or folder itself in its place", path.display())]
    Link { path: PathBuf },
    #[error("the file {} cannot be read or written", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("bytes {start} to {end} were asked of blob {hash}, which has {size}")]
    Range { hash: ContentHash, start: u64, end: u64, size: u64 },
    #[error("{doing} blob {hash} failed")]
    Failed {
        doing: &'static str,
        hash: ContentHash,
        #[source]
        source: Cause,
    },
}

impl BlobError {
    /// Sorts what `object_store` reports: a full disk lies somewhere down its chain of causes.
    pub(super) fn of(doing: &'static str, hash: ContentHash, root: &Path, source: object_store::Error) -> Self {
        let mut cause: Option<&dyn Error> = Some(&source);
        while let Some(error) = cause {
            let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
            if matches!(kind, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded)) {
                return Self::DiskFull { hash, root: root.to_owned() };
            }
            cause = error.source();
        }
        Self::Failed { doing, hash, source: source.into() }
    }
}
