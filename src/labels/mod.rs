//! Labels for walls, floor 1: what a visitor scans or types, drawn as a PDF.
//!
//! Invariants: codes are drawn as vectors, never as pixels, black on white with a quiet zone of four modules (ISO/IEC
//! 18004, 6.3.8); a module is a 250th of the reading distance, so that a code of 25 modules is a tenth of it, and longer
//! addresses make a larger code and never a finer one; every font is embedded, and a letter that no font has is an error,
//! never an empty box.

mod draw;
mod fonts;
mod layout;
mod size;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use crate::domain::{Language, StopCode};

pub use draw::sheet;
pub use fonts::Typefaces;
pub use size::Distance;

/// One label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What the code says: the address of the stop.
    pub address: String,
    pub code: StopCode,
    /// The stop's place in its site, from 1.
    pub number: u32,
    /// The stop's names in the order they stand; the first is the largest.
    pub names: Vec<(Language, String)>,
}

/// How much of a code may be lost (ISO/IEC 18004, 6.5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// About a quarter of its codewords.
    Q,
    /// About three in ten.
    H,
}

/// What is printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// As many labels as fit on pages of 210 mm by 297 mm.
    A4,
    /// A page for each label, of its size.
    Single,
}

/// A word of an order that is none of those it may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {what}: use {use_}")]
pub struct OrderError {
    what: &'static str,
    given: String,
    use_: &'static str,
}

impl OrderError {
    fn new(what: &'static str, given: &str, use_: &'static str) -> Self {
        Self { what, given: given.chars().take(40).collect(), use_ }
    }
}

impl Level {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Q => "Q",
            Self::H => "H",
        }
    }
}

impl FromStr for Level {
    type Err = OrderError;
    fn from_str(text: &str) -> Result<Self, OrderError> {
        let all = [Self::Q, Self::H].into_iter().find(|level| level.word() == text);
        all.ok_or_else(|| OrderError::new("level of error correction", text, "Q or H"))
    }
}

impl Paper {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::Single => "single",
        }
    }
}

impl FromStr for Paper {
    type Err = OrderError;
    fn from_str(text: &str) -> Result<Self, OrderError> {
        let all = [Self::A4, Self::Single].into_iter().find(|paper| paper.word() == text);
        all.ok_or_else(|| OrderError::new("paper", text, "a4 or single"))
    }
}

/// How labels are to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The name of the house, at the head of each label beside its mark.
    pub house: String,
    /// The language that is in.
    pub language: Language,
    pub paper: Paper,
    pub distance: Distance,
    pub level: Level,
    /// Marks outside the corners, to cut along.
    pub crop_marks: bool,
}

/// Why labels cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    #[error("no stop was chosen: choose one at least")]
    Nothing,
    #[error(
        "a label to be read from {distance} cm is {width} mm by {height} mm, larger than A4 paper: print single labels, or choose a shorter distance"
    )]
    TooLarge { distance: u16, width: u32, height: u32 },
    #[error("the address `{address}` is too long for a QR code")]
    TooLong { address: String },
    #[error("no font of the system is called `{family}`: install the package {package}")]
    NoFont { family: &'static str, package: &'static str },
    #[error("the font file {} cannot be read: install the package {package} again", path.display())]
    BadFont { path: std::path::PathBuf, package: &'static str },
    #[error("no font has the letter `{letter}` of `{text}`: install the package {package}, or leave the letter out")]
    Letter { letter: char, text: String, package: &'static str },
    #[error("the PDF cannot be written: {0}")]
    Pdf(String),
}
