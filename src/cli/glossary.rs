//! `glossary export F` and `glossary import F`: protected names and their renderings as a file by itself.
//!
//! An import makes the file the whole glossary; a file with a line that does not fit changes nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::app::App;
use crate::domain::GlossaryEntry;
use crate::pipeline::ingest;

/// Protected names and their renderings.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Writes the glossary to a table (`.tsv`)
    Export { file: PathBuf },
    /// Makes the table in a file (`.tsv`) the glossary; only sentences that hold a changed entry are made again
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
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            let entries = read(file, &text)?;
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

fn written(file: &Path, entries: &[GlossaryEntry]) -> anyhow::Result<String> {
    match ending(file) {
        "tsv" => Ok(ingest::glossary_table(entries)?),
        _ => bail!("{} has no known ending: use .tsv", file.display()),
    }
}

fn read(file: &Path, text: &str) -> anyhow::Result<Vec<GlossaryEntry>> {
    match ending(file) {
        "tsv" => ingest::parse_glossary(file, text).map_err(|refusals| {
            let lines: Vec<String> = refusals.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("nothing was changed:\n{}", lines.join("\n"))
        }),
        _ => bail!("{} has no known ending: use .tsv", file.display()),
    }
}

fn ending(file: &Path) -> &str {
    file.extension().and_then(|ending| ending.to_str()).unwrap_or_default()
}
