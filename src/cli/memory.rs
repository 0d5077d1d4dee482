//! `memory search`, `memory export F.tmx`, `memory import F.tmx`: what was said for which sentence, by whom and when.
//!
//! TMX has one field for a context and none for machines. A segment's context goes there as JSON; a machine is named
//! `machine: ENGINE; en > pt`. Whoever is not so named is a person, and where a file names nobody, its own name stands.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::app::App;
use crate::domain::{Author, Language, TextState};
use crate::store::{Context, MemoryMatch, NewSegment, Origin, Remembered, Segment, Store};
use crate::text::exchange::tmx::{self, MemoryUnit};

/// Segments that are taken in at once: each such lot is one transaction.
const LOT: usize = 5_000;
const MACHINE: &str = "machine: ";

/// The translation memory.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Sentences like the one given, with their translations, the best first
    Search(Search),
    /// Writes what is current to a file in TMX 1.4b
    Export {
        file: PathBuf,
        /// Only what was translated from this language.
        #[arg(long)]
        from: Option<Language>,
        /// Only what was translated to this language.
        #[arg(long)]
        to: Option<Language>,
    },
    /// Takes the segments of a TMX file in; later edits by people stay
    Import { file: PathBuf },
}

#[derive(Debug, clap::Args)]
struct Search {
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
}

/// # Errors
/// Where the file or the database cannot be used, and where units of an imported file were refused: the others are in.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let store = app.store().await?;
    match &args.what {
        What::Search(wanted) => search(wanted, &store).await?,
        What::Export { file, from, to } => {
            let units: Vec<MemoryUnit> =
                store.segments(*from, *to).await?.iter().map(unit_of).collect::<Result<_, _>>()?;
            std::fs::write(file, tmx::write(&units)?).with_context(|| format!("cannot write {}", file.display()))?;
            println!("{} segments written", units.len());
        }
        What::Import { file } => import(file, &store).await?,
    }
    store.close().await;
    Ok(())
}

async fn search(wanted: &Search, store: &Store) -> anyhow::Result<()> {
    let context = Context { previous: wanted.previous.clone(), next: wanted.next.clone() };
    let pair = (wanted.from, wanted.to);
    let found = store.matches(&wanted.sentence, pair, &context, wanted.at_least, wanted.limit).await?;
    let mut out = std::io::stdout().lock();
    for one in &found {
        let line = if wanted.json { serde_json::to_string(one)? } else { lines(one) };
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}

async fn import(file: &Path, store: &Store) -> anyhow::Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut segments = Vec::new();
    let report = tmx::read(&bytes, |unit| segments.push(segment_of(unit, &name)))
        .with_context(|| format!("{} cannot be taken in", file.display()))?;
    let mut counts = Remembered::default();
    for lot in segments.chunks(LOT) {
        let more = store.remember(lot).await?;
        counts.unchanged += more.unchanged;
        counts.added += more.added;
        counts.replaced += more.replaced;
        counts.outranked += more.outranked;
    }
    let Remembered { unchanged, added, replaced, outranked } = counts;
    println!(
        "{added} segments added, {replaced} replaced, {unchanged} unchanged, {outranked} outranked by what is there"
    );
    for told in report.flattened.iter().chain(&report.refused) {
        eprintln!("{}:{}: {}", file.display(), told.line, told.what);
    }
    match report.refused.len() {
        0 => Ok(()),
        refused => bail!("{refused} units named above are not in; everything else is"),
    }
}

fn unit_of(segment: &Segment) -> anyhow::Result<MemoryUnit> {
    let (author, changed_by) = match &segment.author {
        Author::Person { name } => (name.clone(), segment.approved_by.clone()),
        Author::Machine { engine, route } => {
            let route: Vec<&str> = route.iter().map(|language| language.tag()).collect();
            (format!("{MACHINE}{engine}; {}", route.join(" > ")), segment.approved_by.clone())
        }
    };
    let context = segment.context.is_known().then(|| serde_json::to_string(&segment.context)).transpose()?;
    let mut unit = MemoryUnit::new(segment.from, &segment.source, segment.to, &segment.target);
    unit.author = Some(author);
    unit.changed_by = changed_by;
    unit.created = Some(segment.made_at);
    unit.changed = Some(segment.changed_at);
    unit.state = Some(segment.state.name().to_owned());
    unit.context = context;
    Ok(unit)
}

fn segment_of(unit: MemoryUnit, file: &str) -> NewSegment {
    let machine = unit.author.as_deref().and_then(|name| name.strip_prefix(MACHINE));
    let machine = machine.map(|name| {
        let (engine, route) = name.rsplit_once("; ").unwrap_or((name, ""));
        let route: Option<Vec<Language>> = route.split(" > ").map(|tag| tag.parse().ok()).collect();
        (engine.to_owned(), route.unwrap_or_else(|| vec![unit.from, unit.to]))
    });
    let (author, approved_by) = match machine {
        Some((engine, route)) => (Author::Machine { engine, route }, unit.changed_by.clone()),
        None => {
            let name = unit.author.clone().or_else(|| unit.changed_by.clone()).unwrap_or_else(|| file.to_owned());
            (Author::Person { name }, unit.changed_by.clone())
        }
    };
    // Words of other tools for the same: XLIFF's last state, and OmegaT's and memoQ's.
    let approved = matches!(unit.state.as_deref(), Some("approved" | "final" | "Confirmed" | "Proofread"));
    NewSegment {
        from: unit.from,
        to: unit.to,
        source: unit.source,
        target: unit.target,
        context: unit.context.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default(),
        author,
        state: if approved { TextState::Approved } else { TextState::Draft },
        approved_by,
        origin: Origin::File { name: file.to_owned() },
        made_at: unit.created,
        changed_at: unit.changed.or(unit.created),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    #[test]
    fn what_is_exported_comes_back_as_it_was() {
        let person = Author::Person { name: "An; Bình".into() };
        let machine = Author::Machine {
            engine: "bergamot vi-en; v2".into(),
            route: vec![Language::VI, Language::EN, Language::PT],
        };
        for (author, state) in [(person, TextState::Approved), (machine, TextState::Draft)] {
            let segment = Segment {
                id: 1,
                from: Language::VI,
                to: Language::PT,
                source: "Tháp <cao> & đẹp.".into(),
                target: "A torre é alta.".into(),
                context: Context { previous: None, next: Some("Nó cổ.".into()) },
                author,
                state,
                approved_by: Some("Chi".into()),
                origin: Origin::File { name: "a.tmx".into() },
                made_at: Timestamp(1_700_000_000_000),
                changed_at: Timestamp(1_700_000_100_000),
                current: true,
            };
            let written = tmx::write(&[unit_of(&segment).unwrap()]).unwrap();
            let mut read = Vec::new();
            let report = tmx::read(written.as_bytes(), |unit| read.push(segment_of(unit, "a.tmx"))).unwrap();
            assert_eq!((report.refused.len(), read.len()), (0, 1));
            let one = read.remove(0);
            assert_eq!((&one.source, &one.target, &one.context), (&segment.source, &segment.target, &segment.context));
            assert_eq!((&one.author, one.state, &one.approved_by), (&segment.author, state, &segment.approved_by));
            assert_eq!((one.made_at, one.changed_at), (Some(segment.made_at), Some(segment.changed_at)));
        }
    }

    #[test]
    fn a_unit_that_names_nobody_is_the_files() {
        let unit = MemoryUnit::new(Language::VI, "a", Language::EN, "b");
        let segment = segment_of(unit, "old.tmx");
        assert_eq!(segment.author, Author::Person { name: "old.tmx".into() });
        assert_eq!((segment.state, segment.context), (TextState::Draft, Context::default()));
    }
}
