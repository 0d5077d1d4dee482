//! Why the database gave no answer. Every message names the thing and the way out.

use std::fmt::Display;
use std::path::PathBuf;

use crate::domain::{FindingId, JobId, Language, Login, Slug, StopCode};

/// What goes wrong in the store. That something is not there is never an error, but `Ok(None)`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot open the database {}: check that the folder exists and may be written to", path.display())]
    Open {
        path: PathBuf,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// SQLite before 3.51.3 can corrupt a database in WAL mode when a checkpoint resets the log.
    #[error("SQLite {found} is linked in, and before 3.51.3 it can corrupt the database: build with the bundled one")]
    OldSqlite { found: String },
    #[error("the database {} was made by a newer thuyetminh (migration {version}): use that version or a backup", path.display())]
    NewerDatabase { path: PathBuf, version: i64 },
    #[error("the tables of {} could not be brought up to date; the database is as it was before", path.display())]
    Migrate {
        path: PathBuf,
        #[source]
        source: sqlx::migrate::MigrateError,
    },
    #[error("the disk is full while the database was {doing}; nothing was changed: make room and try again")]
    DiskFull { doing: &'static str },
    #[error("the database was busy for too long while {doing}; nothing was changed: try again")]
    Busy { doing: &'static str },
    #[error("the database failed while {doing}")]
    Database {
        doing: &'static str,
        #[source]
        source: sqlx::Error,
    },
    /// What is stored contradicts itself or this program.
    #[error(
        "the database is damaged: table `{table}`, column `{column}`, row {row}: {why}; restore a backup or mend the row"
    )]
    Corrupt { table: &'static str, column: &'static str, row: String, why: String },
    #[error("the code {code} stands on the label of stop `{holder}` already: give `{stop}` another one")]
    CodeTaken { code: StopCode, holder: Slug, stop: Slug },
    #[error("the device `{name}` is enrolled: `thuyetminh device revoke {name}` first, or choose another name")]
    DeviceTaken { name: String },
    #[error("there is a screen called `{name}` already: choose another name")]
    ScreenTaken { name: String },
    #[error("there is no {what} `{name}` in the database: import it first")]
    Missing { what: &'static str, name: String },
    #[error("the text of `{stop}` in {language} is refused: {why}")]
    BadText { stop: String, language: Language, why: &'static str },
    #[error("a segment of the translation memory is refused: {why}; its source is `{source_text}`")]
    BadSegment { source_text: String, why: &'static str },
    #[error(
        "the text of `{stop}` in {language} cannot be approved: {place}, finding {finding}: {message}{}; mend the sentence, \
         or `thuyetminh findings waive {finding} --by NAME --reason TEXT`", and_more(*more)
    )]
    OpenFindings { stop: Slug, language: Language, place: String, finding: FindingId, message: String, more: usize },
    #[error(
        "the text of `{stop}` in {language} cannot be approved: {place} was not compared with its source yet; \
         `thuyetminh make --stop {stop} --lang {language}` does that"
    )]
    Unchecked { stop: Slug, language: Language, place: String },
    #[error("finding {finding} is not waived: say who waives it and why")]
    BadWaiver { finding: FindingId },
    #[error("sentence {sentence} does not pass yet: say who heard it and why it may stay")]
    BadAcceptance { sentence: i64 },
    #[error("a comment says something, in at most {longest} characters")]
    BadComment { longest: usize },
    #[error("nobody is named: say who approves it")]
    Nameless,
    #[error("there is no {what} {name} any more: list them again")]
    Gone { what: &'static str, name: String },
    #[error("who narrates `{stop}` in {language} was decided anew meanwhile: make the guide again")]
    OtherVoice { stop: Slug, language: Language },
    #[error("`{login}` signs in here already: choose another name to sign in with")]
    LoginTaken { login: Login },
    /// A house that nobody administers can never be mended from its pages.
    #[error("{login} is the last open account that administers the whole house: make another administrator first")]
    LastAdministrator { login: Login },
    /// A value JSON cannot hold, such as a loudness that is not a number.
    #[error("{what} cannot be kept: {why}")]
    Unwritable { what: &'static str, why: String },
    #[error("`{grapheme}` is an entry of {found}, and the lexicon of {expected} was given")]
    StrayEntry { grapheme: String, found: Language, expected: Language },
    #[error("two entries for `{0}`: keep one")]
    Twice(String),
    /// Somebody else has the job, or it is done: what this worker made of it must not count.
    #[error("job {job} is no longer held under token {token}: its lease ran out and another worker took it")]
    LostLease { job: JobId, token: i64 },
}

impl StoreError {
    /// Sorts what sqlx reports; `doing` completes "while ...".
    pub(super) fn of(doing: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |source| match primary_code(&source) {
            Some(13) => Self::DiskFull { doing },
            Some(5 | 6) => Self::Busy { doing },
            _ if matches!(source, sqlx::Error::PoolTimedOut) => Self::Busy { doing },
            _ => Self::Database { doing, source },
        }
    }

    /// Sorts what an insertion reports whose foreign keys may point nowhere (SQLite's extended code 787).
    pub(super) fn missing_parent(
        what: &'static str,
        id: impl Display,
        doing: &'static str,
        source: sqlx::Error,
    ) -> Self {
        let foreign = source.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation);
        if foreign { Self::Missing { what, name: id.to_string() } } else { Self::of(doing)(source) }
    }
}

fn and_more(more: usize) -> String {
    if more == 0 { String::new() } else { format!(" (and {more} more)") }
}

/// SQLite's primary result code (the lowest 8 bits of the extended one): 5 busy, 6 locked, 13 full.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}
