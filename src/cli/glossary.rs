//! `glossary export F` and `glossary import F`: protected names and their renderings as a file by itself.
//!
//! An import makes the file the whole glossary; a file with a line that does not fit changes nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::app::App;
use crate::domain::GlossaryEntry;
use crate::text::exchange::{Told, tbx, tsv};

/// Protected names and their renderings.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Writes the glossary to a table (`.tsv`) or for a term bank (`.tbx`)
    Export { file: PathBuf },
    /// Makes what a file (`.tsv`, `.tbx`) holds the glossary; only sentences that hold a changed entry are made again
    Import { file: PathBuf },
}

/// # Errors
/// Where the file or the database cannot be used, and for a file with a line that does not fit.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    match &args.what {
        What::Export { file } => {
            let store = app.store().await?;
            let entries = store.glossary().await?;
            store.close().await;
            let written = written(file, &entries)?;
            std::fs::write(file, written).with_context(|| format!("cannot write {}", file.display()))?;
            println!("{} entries written", entries.len());
        }
        What::Import { file } => {
            let entries = from_file(file)?;
            let store = app.store().await?;
            let change = store.replace_glossary(&entries).await?;
            store.close().await;
            println!(
                "{} entries unchanged, {} added, {} changed, {} removed",
                change.unchanged, change.added, change.changed, change.removed
            );
        }
    }
    Ok(())
}

/// The entries of a table or a term bank, by the file's ending.
///
/// # Errors
/// Where it cannot be read, and for a line that does not fit: a list without some of its entries would take those
/// names' protection away.
pub(super) fn from_file(file: &Path) -> anyhow::Result<Vec<GlossaryEntry>> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    read(file, &bytes)
}

fn written(file: &Path, entries: &[GlossaryEntry]) -> anyhow::Result<String> {
    match ending(file) {
        "tsv" => Ok(tsv::write(entries)?),
        "tbx" => Ok(tbx::write(entries)?),
        _ => bail!("{} has no known ending: use .tsv or .tbx", file.display()),
    }
}

fn read(file: &Path, bytes: &[u8]) -> anyhow::Result<Vec<GlossaryEntry>> {
    match ending(file) {
        "tsv" => {
            let text = std::str::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", file.display()))?;
            tsv::read(text).map_err(|told| refused(file, &told))
        }
        "tbx" => {
            let (entries, report) = tbx::read(bytes).with_context(|| format!("{} cannot be read", file.display()))?;
            if report.refused.is_empty() { Ok(entries) } else { Err(refused(file, &report.refused)) }
        }
        _ => bail!("{} has no known ending: use .tsv or .tbx", file.display()),
    }
}

fn refused(file: &Path, told: &[Told]) -> anyhow::Error {
    let lines: Vec<String> =
        told.iter().map(|told| format!("{}:{}: {}", file.display(), told.line, told.what)).collect();
    anyhow::anyhow!("nothing was changed:\n{}", lines.join("\n"))
}

fn ending(file: &Path) -> &str {
    file.extension().and_then(|ending| ending.to_str()).unwrap_or_default()
}
