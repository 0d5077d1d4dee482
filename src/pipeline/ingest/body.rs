//! The text under the front matter: plain paragraphs that can be read aloud, and their sentences.

use std::path::Path;

use super::Refusal;
use crate::domain::{Language, Script};
use crate::text::{split_paragraphs, split_sentences};

/// Paragraphs of sentences of a body that begins on `first_line` of its file.
pub(super) fn sentences(
    file: &Path,
    body: &str,
    first_line: usize,
    language: Language,
) -> Result<Vec<Vec<String>>, Refusal> {
    refuse_markup(file, body, first_line)?;
    let paragraphs: Vec<Vec<String>> = split_paragraphs(body)
        .iter()
        .map(|paragraph| split_sentences(paragraph, language))
        .filter(|sentences| !sentences.is_empty())
        .collect();
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
    for (line, number) in body.lines().zip(first_line..) {
        let start = line.trim_start();
        let found = if start.starts_with('#') {
            "a heading"
        } else if ["- ", "* ", "+ ", "• "].iter().any(|mark| start.starts_with(mark)) {
            "a list"
        } else if start.starts_with('|') || start.starts_with("```") || start.starts_with('>') {
            "a table, a quotation mark of Markdown or code"
        } else if line.contains("](") || line.contains("://") {
            "a link"
        } else if line.contains(['*', '`', '<', '>', '\\']) || line.contains("__") {
            "a sign of markup (* ` < > \\ __)"
        } else {
            continue;
        };
        return Err(Refusal::line(file, number, format!("holds {found}: write plain sentences that can be spoken")));
    }
    Ok(())
}

/// Sentences back as paragraphs of a body; reading it gives the same sentences.
pub(super) fn body_of<'a>(sentences: impl IntoIterator<Item = (u32, &'a str)>, language: Language) -> String {
    let mut body = String::new();
    let mut before = None;
    for (paragraph, sentence) in sentences {
        match before {
            Some(last) if last != paragraph => body.push_str("\n\n"),
            Some(_) if language.script() == Script::Alphabetic || body.ends_with(|c: char| c.is_ascii()) => {
                body.push(' ')
            }
            _ => {}
        }
        body.push_str(sentence);
        before = Some(paragraph);
    }
    body.push('\n');
    body
}
