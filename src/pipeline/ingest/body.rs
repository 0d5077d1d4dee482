//! The text under the front matter: plain paragraphs that can be read aloud, and their sentences.

use std::path::Path;

use super::Refusal;
use crate::domain::Language;
use crate::text::narration::{Markup, markup_in, paragraphs_of};
use crate::text::split_paragraphs;

/// Paragraphs of sentences of a body that begins on `first_line` of its file.
pub(super) fn sentences(
    file: &Path,
    body: &str,
    first_line: usize,
    language: Language,
) -> Result<Vec<Vec<String>>, Refusal> {
    refuse_markup(file, body, first_line)?;
    let paragraphs = paragraphs_of(body, language);
    if paragraphs.is_empty() {
        return Err(Refusal::line(file, first_line, "has no text under its front matter"));
    }
    Ok(paragraphs)
}

/// The paragraphs of a description that is shown and not spoken.
pub(super) fn description(file: &Path, body: &str, first_line: usize) -> Result<String, Refusal> {
    refuse_markup(file, body, first_line)?;
    let text = split_paragraphs(body).join("\n\n");
    if text.is_empty() { Err(Refusal::line(file, first_line, "has no text under its front matter")) } else { Ok(text) }
}

/// Markup has no sound: a voice would read its signs or swallow them.
fn refuse_markup(file: &Path, body: &str, first_line: usize) -> Result<(), Refusal> {
    let Some((line, markup)) = markup_in(body) else { return Ok(()) };
    let found = match markup {
        Markup::Heading => "a heading",
        Markup::List => "a list",
        Markup::Table => "a table, a quotation mark of Markdown or code",
        Markup::Link => "a link",
        Markup::Sign => "a sign of markup (* ` < > \\ __)",
    };
    Err(Refusal::line(file, first_line + line, format!("holds {found}: write plain sentences that can be spoken")))
}
