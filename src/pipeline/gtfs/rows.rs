//! The rows of one file of a feed: columns by name, values trimmed, every complaint with its line.

use csv::StringRecord;

use super::{GtfsError, Result};

/// Of one value; a name of a stop is a tenth of it.
const LONGEST: usize = 300;

/// A file of a feed, with its head read.
pub(super) struct Rows<'a> {
    file: &'static str,
    reader: csv::Reader<&'a [u8]>,
    head: Vec<String>,
}

/// One row.
pub(super) struct Row<'a> {
    file: &'static str,
    head: &'a [String],
    record: &'a StringRecord,
    line: u64,
}

impl<'a> Rows<'a> {
    pub(super) fn new(file: &'static str, bytes: &'a [u8]) -> Result<Self> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
        let head = reader.headers().map_err(|error| bad(file, 1, &error))?.iter().map(str::to_owned).collect();
        Ok(Self { file, reader, head })
    }

    /// Gives every row to `each`; at most so many.
    pub(super) fn each(&mut self, most: usize, mut each: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let mut record = StringRecord::new();
        let mut count = 0;
        loop {
            let line = self.reader.position().line();
            if !self.reader.read_record(&mut record).map_err(|error| bad(self.file, line, &error))? {
                return Ok(());
            }
            count += 1;
            if count > most {
                return Err(GtfsError::Many { file: self.file, most });
            }
            let line = record.position().map_or(line, csv::Position::line);
            each(&Row { file: self.file, head: &self.head, record: &record, line })?;
        }
    }
}

fn bad(file: &'static str, line: u64, error: &csv::Error) -> GtfsError {
    let why = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "this is not UTF-8".to_owned(),
        other => format!("this cannot be read: {other:?}"),
    };
    GtfsError::Line { file, line: error.position().map_or(line, csv::Position::line), why }
}

impl<'a> Row<'a> {
    /// The value of a column; empty where the row or the file has none.
    pub(super) fn maybe(&self, column: &str) -> &'a str {
        let at = self.head.iter().position(|name| name == column);
        at.and_then(|at| self.record.get(at)).unwrap_or("")
    }

    /// A value that has to be there.
    pub(super) fn text(&self, column: &'static str) -> Result<&'a str> {
        if !self.head.iter().any(|name| name == column) {
            return Err(GtfsError::Column { file: self.file, column });
        }
        let value = self.maybe(column);
        if value.is_empty() {
            return Err(self.wrong(format!("`{column}` is empty")));
        }
        if value.chars().count() > LONGEST {
            return Err(self.wrong(format!("`{column}` is longer than {LONGEST} letters")));
        }
        Ok(value)
    }

    /// A name to be shown: as it stands, without controls.
    pub(super) fn words(&self, column: &str) -> String {
        self.maybe(column).chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
    }

    pub(super) fn parsed<T: std::str::FromStr>(&self, column: &'static str) -> Result<T> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.wrong(format!("`{}` cannot be `{column}`", shown(text))))
    }

    /// `8:05:00`, `25:10:00` after midnight; `None` where it is left out.
    pub(super) fn clock(&self, column: &'static str) -> Result<Option<u32>> {
        let text = self.maybe(column);
        if text.is_empty() {
            return Ok(None);
        }
        let read = || {
            let mut parts = text.split(':').map(|part| {
                let digits = (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
                digits.then(|| part.parse::<u32>().ok()).flatten()
            });
            let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
            let fits = parts.next().is_none() && hours < 100 && minutes < 60 && seconds < 60;
            fits.then_some(hours * 3600 + minutes * 60 + seconds)
        };
        let wrong = || self.wrong(format!("`{}` in `{column}` is no time: write it as 08:05:00", shown(text)));
        read().map(Some).ok_or_else(wrong)
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn wrong(&self, why: String) -> GtfsError {
        GtfsError::Line { file: self.file, line: self.line, why }
    }

    pub(super) fn unknown(&self, what: &str, id: &str) -> GtfsError {
        self.wrong(format!("there is no {what} `{}` in the feed", shown(id)))
    }

    pub(super) fn twice(&self, what: &str, id: &str) -> GtfsError {
        self.wrong(format!("the {what} `{}` is there twice", shown(id)))
    }
}

/// As much of a wrong value as a message needs.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
