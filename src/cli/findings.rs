//! `findings list` and `findings waive`: what checks found in translations, and who lets it pass.

use std::io::Write as _;

use crate::app::{self, App};
use crate::domain::{FindingId, Slug};
use crate::store::StoredFinding;

/// What checks found in translations, and who lets it pass.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Findings by stop, language and sentence
    List {
        /// Only those of this stop.
        #[arg(long)]
        stop: Option<Slug>,
        /// Waived ones too.
        #[arg(long)]
        all: bool,
        /// One JSON object a finding.
        #[arg(long)]
        json: bool,
    },
    /// Lets one finding pass, in somebody's name and for a reason
    Waive {
        /// As `findings list` numbers it.
        id: i64,
        /// Who lets it pass.
        #[arg(long)]
        by: String,
        /// Why the translation may stay as it is.
        #[arg(long)]
        reason: String,
    },
}

/// # Errors
/// Where the database cannot be used; for `waive`, where there is no such finding, or no name or reason is given.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let store = app.store().await?;
    match &args.what {
        What::List { stop, all, json } => {
            let mut found = store.findings(stop.as_ref()).await?;
            found.retain(|finding| *all || finding.waiver.is_none());
            let mut out = std::io::stdout().lock();
            for finding in &found {
                let line = if *json { serde_json::to_string(finding)? } else { lines(finding) };
                writeln!(out, "{line}")?;
            }
            out.flush()?;
        }
        What::Waive { id, by, reason } => {
            let id = FindingId(*id);
            let of = store.findings(None).await?.into_iter().find(|found| found.id == id);
            store.waive(id, by, reason).await?;
            // What the finding held back may go out now.
            if let Some(of) = of {
                app::enqueue_guide(&store, &of.stop, of.language).await?;
            }
        }
    }
    store.close().await;
    Ok(())
}

fn lines(found: &StoredFinding) -> String {
    let StoredFinding { id, stop, language, source, target, finding, .. } = found;
    let waiver = found
        .waiver
        .as_ref()
        .map(|waiver| format!("\n    waived by {} on {}: {}", waiver.by, waiver.at.rfc3339(), waiver.reason));
    let place = found.place();
    format!(
        "{id}: {stop} {language}, {place}: {}\n    {source}\n    {target}{}",
        finding.message,
        waiver.unwrap_or_default()
    )
}
