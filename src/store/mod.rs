//! The database, floor 3: SQLite through sqlx, one file per family of tables.
//!
//! Invariants:
//! - what a call has acknowledged is on the disk (WAL, `synchronous = FULL`), and a call either happens whole or not at
//!   all: every write is one transaction, begun with `BEGIN IMMEDIATE` so that it never fails halfway for a lock;
//! - not found is `Ok(None)`; stored data that contradicts itself is `StoreError::Corrupt` with table, column and row;
//! - all times come from the clock that is passed in.
//!
//! Within a process writers stand in line for one connection; between processes SQLite's own lock decides, with a
//! patient timeout. Readers have connections of their own that cannot write, and never wait for a writer.

mod approval;
mod bundles;
mod cells;
mod clips;
mod collection;
mod comments;
mod desk;
mod devices;
mod editions;
mod error;
mod findings;
mod glossary;
mod guide_clips;
mod hearings;
mod jobs;
mod labels;
mod lexicon_entries;
mod listens;
mod manners;
mod marks;
mod memory;
mod narrations;
mod ordering;
mod passages;
mod people;
mod pictures;
mod plans;
mod pointer;
mod publishing;
mod recordings;
mod review;
mod reviews;
mod screen_plays;
mod screens;
mod searching;
mod sites;
mod spoken_sentences;
mod stops;
mod terms;
mod texts;
mod timetables;
mod tours;
mod translations;
mod versions;
mod waiting;
mod work;

pub use bundles::{BundleVersion, CutFile};
pub use clips::Clip;
pub use collection::{Collection, Policy};
pub use comments::{Comment, LONGEST_COMMENT};
pub use desk::{OpenComment, PlannedPublication};
pub use devices::{Enrolment, Kept};
pub use editions::{EditionSummary, FileKind, Publication, Published};
pub use error::StoreError;
pub use findings::{NewCheck, StoredCheck, StoredFinding, Waiver};
pub use glossary::ListChange;
pub use guide_clips::{Decision, GuideClip};
pub use hearings::{AcceptedClip, GuideHearing, StoredHearing};
pub use jobs::JobCounts;
pub use labels::{PrintedCode, PrintedLabel, RetiredCode};
pub use lexicon_entries::EntryChange;
pub use listens::Heard;
pub use manners::Manners;
pub use marks::SentenceMark;
pub use memory::{Context, MemoryMatch, NewSegment, Origin, Remembered, Segment};
pub use narrations::Narration;
pub use people::{
    AuditFault, AuditState, Credentials, Invitation, NewInvitation, NewPerson, Opened, SecondFactor, Session, Turn,
};
pub use publishing::{
    DuePublication, EditionRow, GuideState, Hold, HoldReason, JobStanding, Planned, Ready, TextStanding,
};
pub use recordings::{Correction, NewRecording};
pub use review::{Mending, Reviewed};
pub use reviews::{ReviewFilter, ReviewRow};
pub use screen_plays::{LastShown, Shown, ShownOnDay};
pub use screens::{GivenNotice, Screen};
pub use sites::{Kept as KeptEntry, NewRelic, NewSite, Upsert};
pub use spoken_sentences::SpokenSentence;
pub use stops::{KeptStop, NewStop};
pub use texts::{NewSentence, NewText, TextChange, text_hash};
pub use timetables::TimetableHead;
pub use translations::Translation;
pub use versions::{Revised, TextVersion, hash_of};
pub use work::{Backlog, Pace, WorkCounts, WorkMark, WorkRow};

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool, Transaction};

use crate::domain::{Clock, Timestamp};

/// What the calls of this module give.
pub type Result<T> = std::result::Result<T, StoreError>;

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// How long a writer waits for another process's transaction.
const PATIENCE: Duration = Duration::from_secs(30);
const READERS: u32 = 6;
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    readers: SqlitePool,
    writer: SqlitePool,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database file, making it and its folder where they do not exist, and brings its tables up to date.
    ///
    /// # Errors
    /// `Open`, `OldSqlite`, `NewerDatabase`, `Migrate`.
    pub async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        let cannot_open =
            |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Open { path: path.to_owned(), source };
        let lock = lock_for_opening(path).await.map_err(|error| cannot_open(error.into()))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE * 2)
            .connect_with(options.clone())
            .await
            .map_err(|error| cannot_open(error.into()))?;
        refuse_old_sqlite(&writer).await?;
        MIGRATIONS.run(&writer).await.map_err(|source| match source {
            MigrateError::VersionMissing(version) => StoreError::NewerDatabase { path: path.to_owned(), version },
            source => StoreError::Migrate { path: path.to_owned(), source },
        })?;
        drop(lock);
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(PATIENCE)
            .connect_with(options.create_if_missing(false).pragma("query_only", "ON"))
            .await
            .map_err(|error| cannot_open(error.into()))?;
        let store = Self { readers, writer, clock };
        store.draw_missing_lots().await?;
        Ok(store)
    }

    /// Ends all connections; the write-ahead log goes into the database file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Answers a trivial question: `Ok` where the database can be read.
    ///
    /// # Errors
    /// Whatever keeps it from answering.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1 FROM sites LIMIT 1")
            .fetch_optional(&self.readers)
            .await
            .map(|_| ())
            .map_err(StoreError::of("answering whether it is there"))
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Begins a transaction that holds the right to write from its first statement on. Dropped without `commit`, it
    /// leaves nothing.
    async fn write(&self, doing: &'static str) -> Result<Transaction<'static, Sqlite>> {
        self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(StoreError::of(doing))
    }
}

/// Two processes that open a new database at once would both make its tables: the second one waits here.
async fn lock_for_opening(path: &Path) -> std::io::Result<std::fs::File> {
    let path = path.to_owned();
    let locked = tokio::task::spawn_blocking(move || {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut name = path.into_os_string();
        name.push(".opening");
        let file = std::fs::File::options().create(true).append(true).open(name)?;
        file.lock()?;
        Ok(file)
    });
    locked.await.map_err(std::io::Error::other)?
}

async fn refuse_old_sqlite(pool: &SqlitePool) -> Result<()> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(pool)
        .await
        .map_err(StoreError::of("telling its version"))?;
    let mut parts = found.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < OLDEST_SQLITE { Err(StoreError::OldSqlite { found }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
