//! What is exchanged with translators and their tools: translation memory in TMX 1.4b, texts in XLIFF 2.1, glossaries in
//! TBX and as tables. Plain data in, text out, and back.
//!
//! Invariants:
//! - what is written reads back as it was, whatever characters it holds; a character that XML cannot hold is refused by
//!   the unit's name, never dropped;
//! - of a file from elsewhere, a unit that cannot be used is told by its line and the others come in;
//! - no file makes the reader work or grow beyond its size: there are no entities but XML's own, and a unit is bounded.

mod scan;
pub mod tbx;
pub mod tmx;
pub mod tsv;
pub mod xliff;
mod xml;

/// Why a file cannot be read or written as a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    #[error("line {line}: {what}")]
    Unreadable { line: usize, what: String },
    #[error("{unit} holds U+{code:04X}, a character that XML cannot hold: delete it there first")]
    Unwritable { unit: String, code: u32 },
    #[error("{unit} cannot be written: {why}")]
    Unfit { unit: String, why: String },
}

/// Something to tell of one place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// From 1.
    pub line: usize,
    pub what: String,
}

/// What was not taken as it stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadReport {
    /// Units, or languages of units, that did not come in, and why.
    pub refused: Vec<Told>,
    /// Units that came in without their codes for formatting.
    pub flattened: Vec<Told>,
    /// How many more there were of either than are listed.
    pub left_off: usize,
}

/// No file makes the report longer.
const MOST_TOLD: usize = 1000;

impl ReadReport {
    fn refuse(&mut self, line: usize, what: impl Into<String>) {
        self.tell(line, what.into(), |report| &mut report.refused);
    }

    fn flatten(&mut self, line: usize, what: impl Into<String>) {
        self.tell(line, what.into(), |report| &mut report.flattened);
    }

    fn tell(&mut self, line: usize, what: String, list: impl Fn(&mut Self) -> &mut Vec<Told>) {
        if list(self).len() < MOST_TOLD {
            list(self).push(Told { line, what });
        } else {
            self.left_off += 1;
        }
    }
}

#[cfg(test)]
mod tests;
