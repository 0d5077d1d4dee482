//! A Markdown file with TOML front matter between two lines `+++`, and the lines things stand on.

use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::Refusal;
use crate::text::narration::is_unseen;

/// The line that opens and closes the front matter.
pub(super) const FENCE: &str = "+++";

/// A file in its two parts.
#[derive(Debug)]
pub(super) struct Document<'t> {
    file: &'t Path,
    /// TOML; its first line is the file's second.
    head: &'t str,
    pub body: &'t str,
    /// The line of the file the body begins on, from 1.
    pub body_line: usize,
}

impl<'t> Document<'t> {
    /// Parts a text that must begin with front matter.
    pub fn split(file: &'t Path, text: &'t str) -> Result<Self, Refusal> {
        let mut rest = text;
        let Some(first) = next_line(&mut rest) else { return Err(Refusal::file(file, "is empty")) };
        if first.trim_end() != FENCE {
            return Err(Refusal::line(file, 1, format!("must begin with a line `{FENCE}` and the front matter")));
        }
        let head_start = text.len() - rest.len();
        let mut number = 1;
        loop {
            let line_start = text.len() - rest.len();
            let Some(line) = next_line(&mut rest) else {
                return Err(Refusal::line(
                    file,
                    number,
                    format!("ends before a second line `{FENCE}` closes the front matter"),
                ));
            };
            number += 1;
            if line.trim_end() == FENCE {
                return Ok(Self { file, head: &text[head_start..line_start], body: rest, body_line: number + 1 });
            }
        }
    }

    /// The front matter as a type.
    pub fn head<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        refuse_unseen(self.file, self.head, 1)?;
        toml::from_str(self.head).map_err(|error| self.refuse_toml(&error))
    }

    fn refuse_toml(&self, error: &toml::de::Error) -> Refusal {
        let line = error.span().map_or(1, |span| self.line_of(&span));
        Refusal::line(self.file, line, one_line(error.message()))
    }

    /// The line of the file a span of the front matter begins on.
    pub fn line_of(&self, span: &Range<usize>) -> usize {
        1 + line_at(self.head, span.start)
    }
}

/// Reads a file that is TOML as a whole.
pub(super) fn whole_file<T: DeserializeOwned>(file: &Path, text: &str) -> Result<T, Refusal> {
    refuse_unseen(file, text, 0)?;
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(text, span.start));
        Refusal::line(file, line, one_line(error.message()))
    })
}

/// TOML can spell any character by its number (`\u202e`): what must not stand in a file must not be spelt either.
fn refuse_unseen(file: &Path, toml: &str, lines_before: usize) -> Result<(), Refusal> {
    for (line, number) in toml.lines().zip(1..) {
        let spelt = line.match_indices(['u', 'U']).filter(|(at, _)| line[..*at].ends_with('\\'));
        for (at, letter) in spelt {
            let digits = line[at + 1..].get(..if letter == "u" { 4 } else { 8 }).unwrap_or_default();
            let spelt = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
            if let Some(bad) = spelt.filter(|c| is_unseen(*c)) {
                let why = format!("spells U+{:04X}, a character nobody can see: delete it", u32::from(bad));
                return Err(Refusal::line(file, lines_before + number, why));
            }
        }
    }
    Ok(())
}

/// The line, from 1, that the byte at `offset` stands on.
fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn next_line<'t>(rest: &mut &'t str) -> Option<&'t str> {
    if rest.is_empty() {
        return None;
    }
    let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
    *rest = after;
    Some(line)
}
