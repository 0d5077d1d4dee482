//! `audit verify`: goes through the record of who did what, and tells whether it hangs together.

use anyhow::bail;

use crate::app::App;
use crate::domain::ContentHash;

/// The record of who did what.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Goes through all of it, and prints the hash of its last row: note that elsewhere
    Verify {
        /// A hash noted earlier, which must be that of one of the rows: it shows that the end was not cut off and nothing
        /// before it was written anew
        #[arg(long)]
        noted: Option<ContentHash>,
    },
}

/// # Errors
/// Where the record does not hang together, or the noted hash is not in it.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let What::Verify { noted } = &args.what;
    let store = app.store().await?;
    let state = store.verify_audit(*noted).await?;
    store.close().await;
    if let Some(fault) = state.fault {
        bail!(
            "the record was touched at row {}: {}; the {} rows before it hang together",
            fault.row,
            fault.why,
            state.rows
        );
    }
    if let Some(noted) = noted
        && !state.seen
    {
        bail!(
            "the {} rows hang together, and none of them has the hash {noted}: the record was cut short or written anew",
            state.rows
        );
    }
    match state.head {
        Some(head) => println!("{} rows hang together; the last one's hash is {head}", state.rows),
        None => println!("nothing is recorded yet"),
    }
    Ok(())
}
