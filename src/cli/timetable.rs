//! `screen gtfs put|list|remove`: timetables of buses, from the shell.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::app::App;
use crate::domain::{Actor, Slug};
use crate::pipeline::gtfs::{LARGEST_ARCHIVE, Source, file_address, is_address, read};

#[derive(Debug, clap::Subcommand)]
pub enum What {
    /// Takes in a timetable in GTFS, a zip archive or a folder, over the one of this name
    Put {
        from: PathBuf,
        /// What it is called in plans: letters a-z, digits, hyphens
        #[arg(long, default_value = "buses")]
        name: Slug,
        /// Where vehicles tell where they are (GTFS Realtime): an address, or a file that something else keeps new
        #[arg(long)]
        positions: Option<String>,
    },
    /// Lists the timetables; with a name, its routes
    List { name: Option<Slug> },
    /// Takes a timetable away; its screens play on as any other
    Remove { name: Slug },
}

/// # Errors
/// Where the database or the feed cannot be read, or something in it is wrong.
pub async fn run(what: &What, app: &App) -> anyhow::Result<()> {
    let store = app.store().await?;
    match what {
        What::Put { from, name, positions } => {
            let table = if from.is_dir() {
                read(&mut Source::Folder(from))?
            } else {
                let size = std::fs::metadata(from).with_context(|| format!("cannot read {}", from.display()))?.len();
                if size > LARGEST_ARCHIVE {
                    bail!("{} is larger than {} MB", from.display(), LARGEST_ARCHIVE >> 20);
                }
                let bytes = std::fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
                read(&mut Source::zip(&bytes)?)?
            };
            let positions = match positions.as_deref() {
                Some(address) if is_address(address) => Some(address.to_owned()),
                Some(path) => {
                    let whole = std::path::absolute(path).with_context(|| format!("`{path}` is no path"))?;
                    Some(file_address(&whole))
                }
                None => None,
            };
            store.put_timetable(&Actor::shell(), name, &table, positions.as_deref()).await?;
            println!("{name}: {} routes, {} trips", table.routes.len(), table.trips.len());
        }
        What::List { name: None } => {
            for head in store.timetable_heads().await? {
                let positions = head.positions.as_deref().unwrap_or("no positions");
                println!(
                    "{:16} {} routes, {} stops, {} trips until {}; {positions}",
                    head.name, head.routes, head.stops, head.trips, head.ends
                );
            }
        }
        What::List { name: Some(name) } => {
            let Some((_, table)) = store.timetable(name).await? else { bail!("there is no timetable `{name}`") };
            for route in &table.routes {
                println!("{:16} {}", route.id, route.name());
            }
        }
        What::Remove { name } => {
            if !store.remove_timetable(&Actor::shell(), name).await? {
                bail!("there is no timetable `{name}`: `thuyetminh screen gtfs list` names them");
            }
        }
    }
    store.close().await;
    Ok(())
}
