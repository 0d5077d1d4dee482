//! `translation export`, `translation import` and `translation approve`: a stop's text to a translator in XLIFF 2.1 and
//! back, and a person who stands behind it.
//!
//! The title travels as sentence 0 of the file, a number that no sentence of the database has.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::app::{self, App};
use crate::domain::{Author, Language, SentenceId, Slug};
use crate::pipeline::{Sheet, SheetUnit, export_sheet, import_sheet};
use crate::store::MemoryMatch;
use crate::text::exchange::xliff::{self, Segment, SegmentNote, SegmentState, StopFile, Xliff};

const TITLE: SentenceId = SentenceId(0);

/// A stop's translation.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Writes a stop's text to a file for a translator, with what the memory offers
    Export {
        #[arg(long)]
        stop: Slug,
        /// Language to translate to.
        #[arg(long)]
        lang: Language,
        /// Language to translate from; without it, the collection's.
        #[arg(long)]
        from: Option<Language>,
        file: PathBuf,
    },
    /// Takes a translator's file back; what it calls final stands approved, if nothing that checks find is open
    Import {
        file: PathBuf,
        /// Who translated.
        #[arg(long)]
        by: String,
    },
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
/// Where the file or the database cannot be used, where a text does not fit the file, and where something stands in the
/// way of an approval, named.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    match &args.what {
        What::Export { stop, lang, from, file } => export(app, stop, *from, *lang, file).await,
        What::Import { file, by } => import(app, file, by).await,
        What::Approve { stop, lang, by } => approve(app, stop, *lang, by).await,
    }
}

async fn export(app: &App, stop: &Slug, from: Option<Language>, to: Language, file: &Path) -> anyhow::Result<()> {
    let store = app.store().await?;
    let sheet = export_sheet(&store, stop, from, to).await?;
    store.close().await;
    let document = Xliff { from: sheet.from, to, files: vec![file_of(&sheet)] };
    std::fs::write(file, xliff::write(&document)?).with_context(|| format!("cannot write {}", file.display()))?;
    println!("{} sentences written, {} to translate", sheet.units.len() - 1, untranslated(&sheet));
    Ok(())
}

async fn import(app: &App, file: &Path, by: &str) -> anyhow::Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let document = xliff::read(&bytes).with_context(|| format!("{} cannot be taken in", file.display()))?;
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let store = app.store().await?;
    for part in &document.files {
        let sheet = sheet_of(&document, part)?;
        let report = import_sheet(&store, &app::checkers(), &sheet, Some(by), &name).await?;
        let state = if report.approved { "approved" } else { "a draft" };
        println!("{} {}: {} sentences by {by}, {state}", report.stop, report.language, report.sentences);
        app::enqueue_guide(&store, &report.stop, report.language).await?;
        for finding in &report.findings {
            println!("  finding {}, {}: {}", finding.id, finding.place(), finding.finding.message);
        }
    }
    store.close().await;
    Ok(())
}

async fn approve(app: &App, stop: &Slug, lang: Language, by: &str) -> anyhow::Result<()> {
    let store = app.store().await?;
    let Some(place) = store.stop(stop).await? else { bail!("there is no stop `{stop}`") };
    let Some(learnt) = store.approve(place.id, lang, by).await? else {
        bail!("`{stop}` has no text in {lang}: `thuyetminh make --stop {stop} --lang {lang}` makes one");
    };
    app::enqueue_guide(&store, stop, lang).await?;
    store.close().await;
    println!("approved; {} sentences are new in the memory", learnt.added + learnt.replaced);
    Ok(())
}

fn untranslated(sheet: &Sheet) -> usize {
    sheet.units.iter().filter(|unit| unit.target.is_none()).count()
}

fn file_of(sheet: &Sheet) -> StopFile {
    let title = sheet.units.iter().find(|unit| unit.sentence.is_none());
    StopFile {
        id: sheet.stop.to_string(),
        original: title.map_or_else(|| sheet.stop.to_string(), |title| title.source.clone()),
        segments: sheet.units.iter().map(segment_of).collect(),
    }
}

fn segment_of(unit: &SheetUnit) -> Segment {
    let note = |category: &str, text: String| SegmentNote { category: category.to_owned(), text };
    let found = unit.notes.iter().map(|text| note("finding", text.clone()));
    let offers = unit.offers.iter().map(|offer| note("memory", offer_in_words(offer)));
    Segment {
        sentence: unit.sentence.unwrap_or(TITLE),
        // The title is a paragraph of its own before the others.
        paragraph: unit.sentence.map_or(0, |_| unit.paragraph + 1),
        source: unit.source.clone(),
        target: unit.target.clone(),
        state: match (&unit.target, unit.is_final) {
            (None, _) => SegmentState::Initial,
            (Some(_), false) => SegmentState::Translated,
            (Some(_), true) => SegmentState::Final,
        },
        notes: found.chain(offers).collect(),
    }
}

fn offer_in_words(offer: &MemoryMatch) -> String {
    let by = match &offer.segment.author {
        Author::Person { name } => name,
        Author::Machine { engine, .. } => engine,
    };
    let segment = &offer.segment;
    format!("{} %: {} = {} ({by}, {})", offer.score, segment.source, segment.target, segment.changed_at.rfc3339())
}

fn sheet_of(document: &Xliff, file: &StopFile) -> anyhow::Result<Sheet> {
    let unit = |segment: &Segment| SheetUnit {
        sentence: (segment.sentence != TITLE).then_some(segment.sentence),
        paragraph: segment.paragraph.saturating_sub(1),
        source: segment.source.clone(),
        target: segment.target.clone(),
        is_final: segment.state == SegmentState::Final,
        offers: Vec::new(),
        notes: Vec::new(),
    };
    Ok(Sheet {
        stop: file.id.parse().with_context(|| format!("the file `{}` of the document is no stop's", file.id))?,
        from: document.from,
        to: document.to,
        translator: None,
        units: file.segments.iter().map(unit).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_goes_through_a_file_and_back() {
        let unit = |sentence: Option<i64>, paragraph, target: Option<&str>, is_final| SheetUnit {
            sentence: sentence.map(SentenceId),
            paragraph,
            source: format!("Câu {paragraph} & <{sentence:?}>"),
            target: target.map(str::to_owned),
            is_final,
            offers: Vec::new(),
            notes: Vec::new(),
        };
        let sheet = Sheet {
            stop: "hai-thap".parse().unwrap(),
            from: Language::VI,
            to: Language::PT,
            translator: None,
            units: vec![
                unit(None, 0, Some("Torres"), true),
                unit(Some(7), 0, None, false),
                unit(Some(9), 1, Some("São duas."), false),
            ],
        };
        let document = Xliff { from: sheet.from, to: sheet.to, files: vec![file_of(&sheet)] };
        let read = xliff::read(xliff::write(&document).unwrap().as_bytes()).unwrap();
        assert_eq!(sheet_of(&read, &read.files[0]).unwrap(), sheet);
    }
}
