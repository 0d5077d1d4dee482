//! `memory search`: what the translation memory offers for a sentence.

use std::io::Write as _;

use crate::app::App;
use crate::domain::{Author, Language};
use crate::store::{Context, MemoryMatch};

/// The translation memory: what was said for which sentence, by whom and when.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Sentences like the one given, with their translations, the best first
    Search {
        /// Language of the sentence.
        #[arg(long)]
        from: Language,
        /// Language it is wanted in.
        #[arg(long)]
        to: Language,
        sentence: String,
        /// The sentence before it, where there is one.
        #[arg(long)]
        previous: Option<String>,
        /// The sentence after it, where there is one.
        #[arg(long)]
        next: Option<String>,
        /// Percent: 101 is the same sentence in the same context, 100 the same sentence.
        #[arg(long, default_value_t = 75, value_parser = clap::value_parser!(u8).range(1..=101))]
        at_least: u8,
        /// At most so many.
        #[arg(long, default_value_t = 10)]
        limit: usize,
        /// One JSON object a match.
        #[arg(long)]
        json: bool,
    },
}

/// # Errors
/// Where the database cannot be used.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let What::Search { from, to, sentence, previous, next, at_least, limit, json } = &args.what;
    let store = app.store().await?;
    let context = Context { previous: previous.clone(), next: next.clone() };
    let found = store.matches(sentence, (*from, *to), &context, *at_least, *limit).await?;
    store.close().await;
    let mut out = std::io::stdout().lock();
    for one in &found {
        let line = if *json { serde_json::to_string(one)? } else { lines(one) };
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}

fn lines(found: &MemoryMatch) -> String {
    let segment = &found.segment;
    let author = match &segment.author {
        Author::Person { name } => name.clone(),
        Author::Machine { engine, .. } => engine.clone(),
    };
    let approved = segment.approved_by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    format!(
        "{} %: {}\n    {}\n    {author}, {}{approved}, {}",
        found.score,
        segment.source,
        segment.target,
        segment.state.name(),
        segment.changed_at.rfc3339()
    )
}
