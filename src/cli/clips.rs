//! `clips list`, `clips save` and `clips accept`: sentences that were heard back, their sound, and who lets one pass.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::app::{self, App};
use crate::domain::{HearingFinding, Language, Slug, Verdict};
use crate::store::{GuideHearing, Store};

/// What came of hearing the guides' clips back.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Clips that wait for a person, by stop, language and sentence
    List {
        /// Only those of this stop.
        #[arg(long)]
        stop: Option<Slug>,
        /// Only those of this language.
        #[arg(long)]
        lang: Option<Language>,
        /// Those that passed, too.
        #[arg(long)]
        all: bool,
        /// One JSON object a clip.
        #[arg(long)]
        json: bool,
    },
    /// Writes a clip's sound to a WAV file, to be heard
    Save {
        /// As `clips list` numbers it.
        id: i64,
        file: PathBuf,
    },
    /// Lets a clip pass that a person has heard, in that person's name
    Accept {
        /// As `clips list` numbers it.
        id: i64,
        /// Who heard it.
        #[arg(long)]
        by: String,
        /// Why it may stay as it is.
        #[arg(long)]
        reason: String,
    },
}

/// # Errors
/// Where the database, the sounds or the file cannot be used; where there is no such clip, or no name or reason.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let store = app.store().await?;
    match &args.what {
        What::List { stop, lang, all, json } => {
            let mut clips = store.guide_hearings(stop.as_ref(), *lang).await?;
            clips.retain(|clip| *all || waits(clip));
            let mut out = std::io::stdout().lock();
            for clip in &clips {
                let line = if *json { serde_json::to_string(clip)? } else { lines(clip) };
                writeln!(out, "{line}")?;
            }
            out.flush()?;
        }
        What::Save { id, file } => {
            let clip = clip(&store, *id).await?;
            let sound = app.blobs()?.get(clip.blob).await?;
            let sound =
                sound.with_context(|| format!("the sound of clip {id} is gone: `thuyetminh make` makes it again"))?;
            std::fs::write(file, sound).with_context(|| format!("cannot write {}", file.display()))?;
        }
        What::Accept { id, by, reason } => {
            let clip = clip(&store, *id).await?;
            store.accept_clip(*id, by, reason).await?;
            // What the clip held back may go out now.
            app::enqueue_guide(&store, &clip.stop, clip.language).await?;
        }
    }
    store.close().await;
    Ok(())
}

async fn clip(store: &Store, id: i64) -> anyhow::Result<GuideHearing> {
    let all = store.guide_hearings(None, None).await?;
    all.into_iter()
        .find(|clip| clip.id == id)
        .with_context(|| format!("there is no clip {id}: `thuyetminh clips list`"))
}

fn waits(clip: &GuideHearing) -> bool {
    clip.hearing.verdict != Verdict::Pass && clip.accepted.is_none()
}

fn lines(clip: &GuideHearing) -> String {
    let verdict = match (&clip.accepted, clip.hearing.verdict) {
        (Some(accepted), _) => format!("accepted by {} on {}: {}", accepted.by, accepted.at.rfc3339(), accepted.reason),
        (None, Verdict::Pass) => "passed".to_owned(),
        (None, Verdict::Hold) => "held".to_owned(),
        (None, Verdict::NotJudged) => format!("{} is too weak for the language", clip.hearing.listener.model),
    };
    let finding = |finding: &HearingFinding| {
        let at = finding.at.map(|[from, to]| format!("{:.1} to {:.1} s: ", from.seconds(), to.seconds()));
        format!("\n    - {}{}", at.unwrap_or_default(), finding.message)
    };
    format!(
        "{}: {} {}, sentence {}: {verdict}\n    {}\n    heard: {}{}",
        clip.id,
        clip.stop,
        clip.language,
        clip.ordinal + 1,
        clip.sentence,
        clip.hearing.heard,
        clip.hearing.findings.iter().map(finding).collect::<String>()
    )
}
