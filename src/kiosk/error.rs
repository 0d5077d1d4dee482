//! What keeps a device from doing as it was asked. None of it takes away the bundle it plays.

use std::io;
use std::path::PathBuf;

use crate::domain::bundle::SignedError;
use crate::domain::{ContentHash, Timestamp};

/// What the calls of this module give.
pub type Result<T> = std::result::Result<T, KioskError>;

#[derive(Debug, thiserror::Error)]
pub enum KioskError {
    #[error("{doing} {} failed", path.display())]
    Disk {
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{} is damaged: {why}; enrol the device again with a new code", path.display())]
    Damaged { path: PathBuf, why: String },
    #[error("this folder belongs to no device yet: `thuyetminh kiosk enrol --server URL --dir DIR --code CODE`")]
    NotEnrolled,
    #[error("this folder belongs to a device already, or another program changes it right now")]
    Taken,
    #[error("the server does not answer: {0}")]
    Network(String),
    #[error(
        "the server refuses the code: it is wrong, was used, or is too old; `thuyetminh device add` gives a new one"
    )]
    Code,
    #[error("the server knows this device no more: enrol it again with a new code")]
    Revoked,
    #[error("the server answers {status}: {detail}")]
    Refused { status: u16, detail: String },
    #[error("the server's answer cannot be read: {0}")]
    Answer(String),
    #[error("the manifest is refused")]
    Manifest(#[from] SignedError),
    #[error("the manifest is that of another scope ({found}); this device's is {expected}")]
    Scope { found: ContentHash, expected: ContentHash },
    #[error(
        "the server offers version {offered}, and version {held} was here already: an old manifest is played again"
    )]
    Rollback { offered: u64, held: u64 },
    #[error("version {0} was here with other contents: two manifests of one version")]
    TwoOfOne(u64),
    #[error("the manifest was valid until {until}, and it is {now} at least")]
    Expired { until: Timestamp, now: Timestamp },
    #[error("the file {hash} came wrong {times} times: something on the way changes bytes")]
    Wrong { hash: ContentHash, times: u32 },
    #[error("there is no bundle here yet: `thuyetminh kiosk sync` brings it")]
    NoBundle,
    #[error("the file {0} is damaged on this disk: the next sync brings it again")]
    Rotten(ContentHash),
    #[error("it is outside the hours of the schedule")]
    OutOfHours,
}

impl KioskError {
    pub(super) fn disk(doing: &'static str, path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Disk { doing, path, source }
    }

    /// Whether trying again may help.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Network(_) | Self::Answer(_) | Self::Wrong { .. } => true,
            Self::Refused { status, .. } => *status >= 500 || *status == 429,
            _ => false,
        }
    }

    /// One word for a fault's kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Disk { .. } | Self::Damaged { .. } => "disk",
            Self::Rotten(_) | Self::Wrong { .. } => "file",
            Self::Manifest(_) | Self::Scope { .. } | Self::Rollback { .. } | Self::TwoOfOne(_) => "manifest",
            Self::Expired { .. } => "clock",
            _ => "network",
        }
    }

    /// With all its causes, for a report.
    #[must_use]
    pub fn in_full(&self) -> String {
        let mut text = self.to_string();
        let mut next = std::error::Error::source(self);
        while let Some(source) = next {
            text = format!("{text}: {source}");
            next = source.source();
        }
        text
    }
}
