//! GTFS: the timetables that bus operators publish (GTFS Schedule), and where their buses are (GTFS Realtime).
//!
//! A feed is put in by staff as a zip archive or a folder and read once, whole or not at all: what is wrong is named with
//! file and line. Invariants: nothing is read past its limit, whatever an archive says of itself; every index of the
//! timetable that comes out points at something, and every trip has at least two calls in order.

mod archive;
mod build;
mod fetch;
mod positions;
mod rows;
#[cfg(test)]
mod tests;

pub use archive::{LARGEST_ARCHIVE, Source};
pub use build::read;
pub use fetch::{fetch, file_address, is_address};
#[cfg(test)]
pub(crate) use positions::message;
pub use positions::{LARGEST_POSITIONS, PositionsError, Sighting, sightings};

/// The most of each thing that a timetable holds; the buses of a province are a tenth of it.
pub(super) const MOST_STOPS: usize = 20_000;
pub(super) const MOST_ROUTES: usize = 2_000;
pub(super) const MOST_TRIPS: usize = 50_000;
pub(super) const MOST_CALLS: usize = 500_000;

/// Why a feed was not taken.
#[derive(Debug, thiserror::Error)]
pub enum GtfsError {
    #[error("this is no zip archive that can be read: {0}")]
    Archive(String),
    #[error("the archive is larger than {} MB", LARGEST_ARCHIVE >> 20)]
    ArchiveSize,
    #[error("{file} cannot be read: {why}")]
    File { file: String, why: String },
    #[error("{file} is larger than {megabytes} MB")]
    FileSize { file: String, megabytes: u64 },
    #[error("{0} is not in the feed: a timetable needs stops.txt, routes.txt, trips.txt and stop_times.txt")]
    Lacks(&'static str),
    #[error("the feed has neither calendar.txt nor calendar_dates.txt: no day is known on which a bus runs")]
    NoCalendar,
    #[error("{file} has no column `{column}`")]
    Column { file: &'static str, column: &'static str },
    #[error("{file}, line {line}: {why}")]
    Line { file: &'static str, line: u64, why: String },
    #[error("{file} has more than {most} lines, the most that is taken")]
    Many { file: &'static str, most: usize },
    #[error("no trip of the feed makes two calls")]
    Empty,
}

type Result<T> = std::result::Result<T, GtfsError>;
