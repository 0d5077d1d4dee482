//! `models`: what weights there are, pulling them, and checking what lies on disk.

use std::path::PathBuf;

use anyhow::bail;
use clap::Subcommand;
use serde::Serialize;

use crate::app::App;
use crate::models::{Clients, Manifest, Puller, State, Weights};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
    /// Print JSON for programs
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every model: licence, languages, whether it is there
    List,
    /// Fetch, verify and convert models or sets (`default`); what is there already is left as it is
    Pull {
        #[arg(required = true, value_name = "SET_OR_NAME")]
        names: Vec<String>,
        /// A folder in which files are looked for before anything is fetched
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
        /// Accept a licence that is not everybody's, by the word that the refusal names
        #[arg(long, value_name = "WORD")]
        accept_licence: Vec<String>,
    },
    /// Hash what is on disk and compare it with the receipts; without names, everything that was pulled
    Check {
        #[arg(value_name = "SET_OR_NAME")]
        names: Vec<String>,
    },
}

/// # Errors
/// An unknown name, a model that could not be pulled, or files that are broken.
pub fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let weights = app.weights()?;
    match &args.action {
        Action::List => list(&weights, args.json),
        Action::Pull { names, from, accept_licence } => {
            let settings = &app.settings.models;
            let accepted = [accept_licence.as_slice(), &settings.accepted_licences].concat();
            let mut say = |line: &str| eprintln!("{line}");
            let clients = Clients::default().with_mirror(settings.mirror.clone());
            let puller = Puller::new(&weights, clients, &mut say).accepting(accepted).from_folder(from.clone());
            pull(puller, names, args.json)
        }
        Action::Check { names } => check(&weights, names, args.json),
    }
}

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    state: State,
    sets: &'a [String],
    what: &'a str,
    engine: &'a str,
    languages: &'a [String],
    licence: &'a crate::models::Licence,
    /// Whether every file has a hash that was known before it was fetched.
    pinned: bool,
    download_bytes: u64,
}

fn list(weights: &Weights, json: bool) -> anyhow::Result<()> {
    let listed = |manifest: &'_ Manifest| weights.state(manifest);
    if json {
        let rows: Vec<Listed<'_>> = weights
            .catalogue()
            .all()
            .map(|manifest| Listed {
                name: &manifest.name,
                state: listed(manifest),
                sets: &manifest.sets,
                what: &manifest.what,
                engine: &manifest.engine,
                languages: &manifest.languages,
                licence: &manifest.licence,
                pinned: manifest.is_pinned(),
                download_bytes: manifest.download_size(),
            })
            .collect();
        return print_json(&rows);
    }
    println!("{:<20} {:<8} {:<9} {:<12} {:>7}  LANGUAGES", "NAME", "STATE", "SETS", "LICENCE", "FETCH");
    for manifest in weights.catalogue().all() {
        println!(
            "{:<20} {:<8} {:<9} {:<12} {:>4.0} MB  {}\n  {}; licence: {}{}",
            manifest.name,
            name_of(listed(manifest)),
            manifest.sets.join(","),
            manifest.licence.spdx,
            manifest.download_size() as f64 / 1e6,
            manifest.languages.join(" "),
            manifest.what,
            manifest.licence.text,
            if manifest.is_pinned() { "" } else { "; not pinned: the first pull's hashes count" },
        );
    }
    Ok(())
}

fn name_of(state: State) -> &'static str {
    match state {
        State::Ready => "ready",
        State::Broken => "broken",
        State::Missing => "missing",
    }
}

#[derive(Serialize)]
struct PulledRow {
    name: String,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn pull(mut puller: Puller<'_>, names: &[String], json: bool) -> anyhow::Result<()> {
    use crate::models::Pulled;
    let results = puller.pull(names)?;
    let rows: Vec<PulledRow> = results
        .into_iter()
        .map(|(name, result)| match result {
            Ok(Pulled::Made) => PulledRow { name, result: "made", error: None },
            Ok(Pulled::AlreadyThere) => PulledRow { name, result: "already-there", error: None },
            Err(error) => PulledRow { name, result: "failed", error: Some(error.to_string()) },
        })
        .collect();
    if json {
        print_json(&rows)?;
    }
    let failed: Vec<String> =
        rows.iter().filter_map(|row| Some(format!("{}: {}", row.name, row.error.as_ref()?))).collect();
    if !failed.is_empty() {
        bail!("{} of {} models were not pulled:\n{}", failed.len(), rows.len(), failed.join("\n"));
    }
    Ok(())
}

fn check(weights: &Weights, names: &[String], json: bool) -> anyhow::Result<()> {
    let catalogue = weights.catalogue();
    let manifests = if names.is_empty() { catalogue.all().collect() } else { catalogue.resolve(names)? };
    let broken = weights.check(&manifests, !names.is_empty())?;
    if json {
        print_json(&broken)?;
    } else {
        for file in &broken {
            println!("{}: {} {}", file.model, file.path.display(), file.what);
        }
        for manifest in manifests.iter().filter(|manifest| weights.state(manifest) == State::Missing) {
            println!("{}: not pulled", manifest.name);
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    let mut models: Vec<&str> = broken.iter().map(|file| file.model.as_str()).collect();
    models.dedup();
    bail!("{} broken in {}; run `thuyetminh models pull {}`", broken.len(), models.join(", "), models.join(" "))
}

pub(super) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}
