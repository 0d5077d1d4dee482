//! `make`: brings every guide up to date, and says what it made, reused and held back, and why.

use std::sync::Arc;

use anyhow::{Context, bail};
use serde_json::json;

use super::progress::Bar;
use crate::app::App;
use crate::domain::{JobKind, Language, Slug};
use crate::pipeline::{self, GuideReport, Outcome, Selection};
use crate::ports::Cancel;
use crate::worker::Watcher;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only the stops of this site.
    #[arg(long)]
    site: Option<Slug>,
    /// Only the stops about this relic.
    #[arg(long)]
    relic: Option<Slug>,
    /// Only this stop.
    #[arg(long)]
    stop: Option<Slug>,
    /// Only these languages: `vi,en`. Without it, those of the collection.
    #[arg(long = "lang", value_delimiter = ',')]
    languages: Vec<Language>,
    /// Only the collection's first stop.
    #[arg(long)]
    first: bool,
    /// One JSON object a guide on standard output, a summary at the end.
    #[arg(long)]
    json: bool,
}

/// # Errors
/// Where any guide failed: the others are made all the same.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let workshop = app.workshop().await?;
    let selection = Selection {
        site: args.site.clone(),
        relic: args.relic.clone(),
        stop: args.stop.clone(),
        languages: args.languages.clone(),
        first_only: args.first,
    };
    let plan = pipeline::plan(&workshop.store, &selection).await?;
    if plan.is_empty() {
        bail!("there is nothing to make: no stop fits; `thuyetminh content import DIR` brings a collection in");
    }
    let cancel = Cancel::new();
    cancel_on_interrupt(cancel.clone());
    let bar = Arc::new(Bar::over(&plan));
    let (mut reports, mut failed) = (Vec::new(), 0);
    for guide in &plan {
        if cancel.is_cancelled() {
            break;
        }
        bar.begins(&guide.stop.slug, guide.language);
        match pipeline::make_guide(&workshop, &guide.stop, guide.language, &cancel, &*bar).await {
            Ok(report) => {
                bar.made(&report);
                if args.json {
                    println!("{}", serde_json::to_string(&report)?);
                }
                reports.push(report);
            }
            Err(_) if cancel.is_cancelled() => break,
            Err(error) => {
                failed += 1;
                let job = JobKind::MakeGuide { stop: guide.stop.slug.clone(), language: guide.language };
                bar.failed(&job, &format!("{:#}", anyhow::Error::from(error)));
            }
        }
    }
    bar.finish();
    summarize(args, &reports, failed)?;
    if cancel.is_cancelled() {
        bail!("stopped as asked; what is made is kept, and the next `make` goes on from here");
    }
    if failed > 0 {
        bail!("{failed} of {} guides failed; the lines above say why", plan.len());
    }
    Ok(())
}

fn summarize(args: &Args, reports: &[GuideReport], failed: usize) -> anyhow::Result<()> {
    let count = |wanted: fn(&Outcome) -> bool| reports.iter().filter(|report| wanted(&report.outcome)).count();
    let published = count(|outcome| matches!(outcome, Outcome::Published { .. }));
    let up_to_date = count(|outcome| matches!(outcome, Outcome::UpToDate { .. }));
    let held_back = count(|outcome| matches!(outcome, Outcome::HeldBack { .. }));
    let translated: usize = reports.iter().map(|report| report.translated).sum();
    let synthesized: usize = reports.iter().map(|report| report.synthesized).sum();
    if args.json {
        let summary = json!({
            "published": published, "up_to_date": up_to_date, "held_back": held_back, "failed": failed,
            "translated": translated, "synthesized": synthesized,
        });
        println!("{}", serde_json::to_string(&summary).context("writing the summary")?);
    } else {
        println!(
            "{published} guides published, {up_to_date} up to date, {held_back} held back, {failed} failed; \
             {translated} sentences translated, {synthesized} spoken"
        );
    }
    Ok(())
}

/// The first Ctrl-C stops at the next sentence; a second one ends the program at once.
fn cancel_on_interrupt(cancel: Cancel) {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            eprintln!("stopping at the next sentence ...");
            cancel.cancel();
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
}
