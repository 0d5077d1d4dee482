//! `content import DIR` and `content export DIR`: the collection as a folder of plain files.
//!
//! An import that refused a file takes the others in, names the refused ones on standard error, and exits 1.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::app::App;
use crate::pipeline::ingest::{self, Change, ExportReport, Folder, ImportOptions, Report};

/// Takes a collection in from a folder, or writes it out as one.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
    /// Answers in JSON on standard output.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Brings a folder into the database. Doing it twice changes nothing the second time.
    Import {
        dir: PathBuf,
        /// The folder wins where staff changed the same thing since the last import.
        #[arg(long)]
        overwrite: bool,
    },
    /// Writes the database's collection into a new folder that can be imported again.
    Export { dir: PathBuf },
}

/// # Errors
/// Where the folder or the database cannot be used, and where an import refused a file.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    match &args.what {
        What::Import { dir, overwrite } => import(args, app, dir, ImportOptions { overwrite: *overwrite }).await,
        What::Export { dir } => export(args, app, dir).await,
    }
}

async fn import(args: &Args, app: &App, dir: &Path, options: ImportOptions) -> anyhow::Result<()> {
    let folder = Folder::read(dir)?;
    let (store, blobs) = (app.store().await?, app.blobs()?);
    let report = ingest::import(&store, &blobs, folder, options).await?;
    store.close().await;
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
    } else {
        write!(out, "{}", lines(&report))?;
    }
    out.flush()?;
    for refusal in &report.refused {
        eprintln!("{}", dir.join(refusal.to_string()).display());
    }
    match report.refused.len() {
        0 => Ok(()),
        count => bail!("{count} faults in the files named above; everything else is in: mend them and import again"),
    }
}

async fn export(args: &Args, app: &App, dir: &Path) -> anyhow::Result<()> {
    let (store, blobs) = (app.store().await?, app.blobs()?);
    let report = ingest::export(&store, &blobs, dir).await?;
    store.close().await;
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
    } else {
        let ExportReport { sites, stops, texts, tours, pictures, machine_texts_left_out } = report;
        writeln!(out, "written: {sites} sites, {stops} stops, {texts} texts, {tours} tours, {pictures} pictures")?;
        if machine_texts_left_out > 0 {
            writeln!(out, "left out: {machine_texts_left_out} texts by machines, which this format does not hold")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// What changed, a line each, and the counts.
fn lines(report: &Report) -> String {
    let mut text = String::new();
    for item in &report.items {
        let change = match &item.change {
            Change::Unchanged => continue,
            Change::Created => "created".to_owned(),
            Change::Changed { detail: None } => "changed".to_owned(),
            Change::Changed { detail: Some(detail) } => format!("changed: {detail}"),
            Change::Kept => "kept as staff wrote it; the file has not changed since".to_owned(),
        };
        let kind = format!("{:?}", item.kind).to_lowercase();
        text.push_str(&format!("{kind} {} {change}\n", item.name));
    }
    for stop in &report.only_in_database {
        text.push_str(&format!("stop {stop} is in the database only\n"));
    }
    let count = |change| report.count(&change);
    text.push_str(&format!(
        "{} created, {} changed, {} unchanged, {} kept, {} faults\n",
        count(Change::Created),
        count(Change::Changed { detail: None }),
        count(Change::Unchanged),
        count(Change::Kept),
        report.refused.len()
    ));
    text
}
