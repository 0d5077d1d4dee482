//! `thuyetminh translate`: lines in, their translations out, line for line.
//!
//! Lines are read a few thousand at a time and written as soon as these are done, so memory does not grow with the
//! input. A line of several sentences is translated sentence by sentence; an empty line stays empty.

use std::io::{self, BufRead, Write};

use anyhow::{Context, bail};

use crate::app::App;
use crate::domain::{Language, Script};
use crate::ports::{Cancel, Translator};
use crate::text::split_sentences;

/// Lines that are translated together: enough to fill every thread's batches.
const LINES: usize = 2048;
/// Bytes after which lines are translated even if there are fewer.
const BYTES: usize = 1 << 20;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Language of the lines.
    #[arg(long)]
    from: Language,
    /// Language to translate to.
    #[arg(long)]
    to: Language,
    /// A model by its name (`models list`) or kind (`bergamot`); without it, the preferred one of the pair.
    #[arg(long)]
    engine: Option<String>,
    /// Threads that translate side by side.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: u16,
}

/// # Errors
/// Missing or damaged weights; input that is no UTF-8, by its line; output that cannot be written.
pub fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let engines = app.engines(Some(args.threads.into()))?;
    let translator = engines.translator_of(args.from, args.to, args.engine.as_deref())?;
    translate_lines(&*translator, &mut io::stdin().lock(), &mut io::BufWriter::new(io::stdout().lock()))
}

fn translate_lines(engine: &dyn Translator, input: &mut dyn BufRead, output: &mut dyn Write) -> anyhow::Result<()> {
    let mut before = 0;
    loop {
        let lines = read_lines(input, before)?;
        if lines.is_empty() {
            return Ok(());
        }
        for line in translate_chunk(engine, &lines)? {
            writeln!(output, "{line}").context("the translations cannot be written")?;
        }
        output.flush().context("the translations cannot be written")?;
        before += lines.len();
    }
}

/// The next lines without their ends; none at the end of the input. `before` lines were read already.
fn read_lines(input: &mut dyn BufRead, before: usize) -> anyhow::Result<Vec<String>> {
    let (mut lines, mut bytes) = (Vec::new(), 0);
    while lines.len() < LINES && bytes < BYTES {
        let number = before + lines.len() + 1;
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line).with_context(|| format!("line {number} cannot be read"))? == 0 {
            break;
        }
        bytes += line.len();
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        match String::from_utf8(line) {
            Ok(line) => lines.push(line),
            Err(error) => {
                let at = error.utf8_error().valid_up_to() + 1;
                bail!("line {number} is not UTF-8, from its byte {at} on; convert the text to UTF-8 first");
            }
        }
    }
    Ok(lines)
}

fn translate_chunk(engine: &dyn Translator, lines: &[String]) -> anyhow::Result<Vec<String>> {
    let (mut sentences, mut counts) = (Vec::new(), Vec::with_capacity(lines.len()));
    for line in lines {
        let before = sentences.len();
        sentences.extend(split_sentences(line, engine.source()));
        counts.push(sentences.len() - before);
    }
    let mut translations = engine.translate(&sentences, &Cancel::new())?.into_iter();
    let between = match engine.target().script() {
        Script::Alphabetic => " ",
        Script::Ideographic => "",
    };
    let joined = counts.iter().map(|count| translations.by_ref().take(*count).collect::<Vec<_>>().join(between));
    Ok(joined.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ContentHash;
    use crate::ports::{EngineError, EngineIdentity};

    /// Gives each sentence back between brackets.
    struct Brackets(EngineIdentity);

    impl Translator for Brackets {
        fn identity(&self) -> &EngineIdentity {
            &self.0
        }
        fn source(&self) -> Language {
            Language::EN
        }
        fn target(&self) -> Language {
            Language::PT
        }
        fn translate(&self, sentences: &[String], _: &Cancel) -> Result<Vec<String>, EngineError> {
            Ok(sentences.iter().map(|sentence| format!("[{sentence}]")).collect())
        }
    }

    fn translated(mut input: &[u8]) -> anyhow::Result<String> {
        let identity =
            EngineIdentity { engine: "test".into(), model: "test".into(), fingerprint: ContentHash::of(b"test") };
        let mut output = Vec::new();
        translate_lines(&Brackets(identity), &mut input, &mut output)?;
        Ok(String::from_utf8(output)?)
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(
            translated(b"One.\n\n  \nTwo here. Three.\r\nFour").unwrap(),
            "[One.]\n\n\n[Two here.] [Three.]\n[Four]\n"
        );
        assert_eq!(translated(b"").unwrap(), "");
        assert_eq!(translated(b"\n").unwrap(), "\n");
    }

    #[test]
    fn many_lines_come_out_in_order() {
        let input: String = (0..2 * LINES + 3).map(|n| format!("{n}\n")).collect();
        let expected: String = (0..2 * LINES + 3).map(|n| format!("[{n}]\n")).collect();
        assert_eq!(translated(input.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn a_line_that_is_not_utf8_is_named() {
        let mut input = b"a\n".repeat(LINES + 1);
        input.extend(b"ab\xff\n");
        let error = translated(&input).unwrap_err().to_string();
        assert!(error.contains(&format!("line {}", LINES + 2)) && error.contains("byte 3"), "{error}");
    }
}
