//! `thuyetminh facts`: a source and its translation a line, a tab between; one JSON object a line says what differs.
//!
//! Lines are read one by one and answered at once, so memory does not grow with their number. An empty line, or one
//! whose sides are both empty, is answered with the finding `empty`: an answer stands on the line of its question.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use serde::Serialize;

use super::glossary;
use crate::app::App;
use crate::domain::{Finding, FindingKind, GlossaryEntry, Language, Span};
use crate::text::checks::check;
use crate::text::facts::compare;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Language of the sources
    #[arg(long)]
    from: Language,
    /// Language of the translations
    #[arg(long)]
    to: Language,
    /// Protected names (`.tsv` as a collection's `glossary.tsv`, or `.tbx`) instead of those of the museum's database
    #[arg(long, value_name = "FILE")]
    glossary: Option<PathBuf>,
}

/// # Errors
/// A glossary that cannot be read; a line that is no UTF-8 or has no tab, by its number; output that cannot be written.
/// The lines before it are answered.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let glossary = match &args.glossary {
        Some(file) => glossary::from_file(file)?,
        None => museums_own(app).await?,
    };
    let pairs = Pairs { from: args.from, to: args.to, glossary };
    pairs.answer(&mut io::stdin().lock(), &mut io::BufWriter::new(io::stdout().lock()))
}

/// The glossary of the database. Where there is none yet, none is made for a comparison, and names go unlooked for.
async fn museums_own(app: &App) -> anyhow::Result<Vec<GlossaryEntry>> {
    let database = app.settings.database();
    if !database.exists() {
        eprintln!("facts: there is no {}, so no names are looked for; --glossary FILE gives some", database.display());
        return Ok(Vec::new());
    }
    let store = app.store().await?;
    let entries = store.glossary().await?;
    store.close().await;
    Ok(entries)
}

struct Pairs {
    from: Language,
    to: Language,
    glossary: Vec<GlossaryEntry>,
}

#[derive(Serialize)]
struct Answer<'a> {
    ok: bool,
    findings: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    kind: FindingKind,
    source: Option<&'a str>,
    target: Option<&'a str>,
    message: &'a str,
    source_span: Option<[usize; 2]>,
    target_span: Option<[usize; 2]>,
}

impl<'a> Told<'a> {
    fn of(finding: &'a Finding) -> Self {
        let text = |span: &'a Option<Span>| span.as_ref().map(|span| span.text.as_str());
        let place = |span: &Option<Span>| span.as_ref().map(|span| [span.start, span.end]);
        Self {
            kind: finding.kind,
            source: text(&finding.source),
            target: text(&finding.target),
            message: &finding.message,
            source_span: place(&finding.source),
            target_span: place(&finding.target),
        }
    }
}

impl Pairs {
    fn answer(&self, input: &mut dyn BufRead, output: &mut dyn Write) -> anyhow::Result<()> {
        let mut number = 0_usize;
        let mut line = Vec::new();
        loop {
            number += 1;
            line.clear();
            let read = input.read_until(b'\n', &mut line).with_context(|| format!("line {number} cannot be read"))?;
            let answered = if read == 0 { None } else { Some(self.line(&line, number)) };
            match answered {
                Some(Ok(json)) => writeln!(output, "{json}").context("the answers cannot be written")?,
                other => {
                    output.flush().context("the answers cannot be written")?;
                    return other.map_or(Ok(()), |answer| answer.map(|_| ()));
                }
            }
        }
    }

    fn line(&self, line: &[u8], number: usize) -> anyhow::Result<String> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = match std::str::from_utf8(line) {
            Ok(text) => text,
            Err(error) => {
                let at = error.valid_up_to() + 1;
                bail!("line {number} is not UTF-8, from its byte {at} on; convert the text to UTF-8 first");
            }
        };
        let Some((source, target)) = text.split_once('\t').or_else(|| text.trim().is_empty().then_some(("", "")))
        else {
            bail!("line {number} has no tab: write the source, a tab and the translation");
        };
        let mut findings = check(source, self.from, target, self.to);
        if !findings.iter().any(|finding| finding.kind == FindingKind::Empty) {
            findings.extend(compare(source, self.from, target, self.to, &self.glossary));
        }
        let answer = Answer { ok: findings.is_empty(), findings: findings.iter().map(Told::of).collect() };
        serde_json::to_string(&answer).context("the answer cannot be written as JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(input: &[u8]) -> (String, anyhow::Result<()>) {
        let pairs = Pairs { from: Language::VI, to: Language::EN, glossary: Vec::new() };
        let mut output = Vec::new();
        let result = pairs.answer(&mut &*input, &mut output);
        (String::from_utf8(output).unwrap(), result)
    }

    #[test]
    fn a_pair_a_line() {
        let (output, result) = answers("Ba tòa tháp.\tThree towers.\r\nBa tòa tháp.\tTwo towers.\n".as_bytes());
        result.unwrap();
        let lines: Vec<serde_json::Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0], serde_json::json!({ "ok": true, "findings": [] }));
        assert_eq!(lines[1]["ok"], false);
        let finding = &lines[1]["findings"][0];
        assert_eq!(
            (&finding["kind"], &finding["source"], &finding["target"]),
            (&"number".into(), &"Ba".into(), &"Two".into())
        );
        assert_eq!(finding["source_span"], serde_json::json!([0, 2]));
    }

    #[test]
    fn an_empty_line_is_answered() {
        let (output, result) = answers(b"\n\t\n");
        result.unwrap();
        assert_eq!(output.lines().count(), 2);
        assert!(
            output.lines().all(|line| line.contains(r#""ok":false"#) && line.contains(r#""kind":"empty""#)),
            "{output}"
        );
    }

    #[test]
    fn a_bad_line_is_named_and_those_before_it_are_answered() {
        let (output, result) = answers(b"a\tb\nno tab\n");
        assert_eq!(output.lines().count(), 1);
        assert!(result.unwrap_err().to_string().contains("line 2 has no tab"));
        let (output, result) = answers(b"a\tb\n\n\nab\xff\tc\n");
        assert_eq!(output.lines().count(), 3);
        let error = result.unwrap_err().to_string();
        assert!(error.contains("line 4") && error.contains("byte 3"), "{error}");
    }
}
