//! `translation approve`: a person stands behind a stop's translation.

use anyhow::bail;

use crate::app::App;
use crate::domain::{Language, Slug};

/// A stop's translation.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Approves a translation, in somebody's name, once nothing that checks found in it is open
    Approve {
        #[arg(long)]
        stop: Slug,
        #[arg(long)]
        lang: Language,
        /// Who has read it and stands behind it.
        #[arg(long)]
        by: String,
    },
}

/// # Errors
/// Where the database cannot be used, where there is no such text, and where something stands in the way, named.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let What::Approve { stop, lang, by } = &args.what;
    let store = app.store().await?;
    let Some(place) = store.stop(stop).await? else { bail!("there is no stop `{stop}`") };
    let Some(learnt) = store.approve(place.id, *lang, by).await? else {
        bail!("`{stop}` has no text in {lang}: `thuyetminh make --stop {stop} --lang {lang}` makes one");
    };
    store.close().await;
    println!("approved; {} sentences are new in the memory", learnt.added + learnt.replaced);
    Ok(())
}
