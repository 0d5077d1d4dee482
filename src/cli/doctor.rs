//! `doctor`: what is wrong here, or will be missed, each with the way out.
//!
//! It looks and changes nothing.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde::Serialize;

use crate::app::App;
use crate::domain::Language;
use crate::models::State;
use crate::store::Store;
use crate::text::hearing::{Ability, ability, able_models};

/// Programs that the making of guides runs, a harmless argument of each, and what fails without it.
const PROGRAMS: [(&str, &str, &str); 6] = [
    ("espeak-ng", "--version", "no text becomes phonemes, and there is no voice of last resort"),
    ("lame", "--version", "no MP3 is made"),
    ("opusenc", "--version", "no Opus is made"),
    ("ffmpeg", "-version", "no recording is read"),
    ("prlimit", "--version", "no recording is read"),
    ("mecab", "--version", "nothing is spoken in Japanese"),
];

#[derive(Debug, clap::Args)]
pub struct Args {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Weight {
    /// Something does not work.
    Fault,
    /// It works, but a person should know.
    Note,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Complaint {
    weight: Weight,
    what: String,
    remedy: String,
}

impl Complaint {
    fn fault(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { weight: Weight::Fault, what: what.into(), remedy: remedy.into() }
    }

    fn note(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { weight: Weight::Note, what: what.into(), remedy: remedy.into() }
    }
}

/// # Errors
/// Where something does not work: it was named on standard output, with the way out.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let mut all = programs();
    all.extend(weights(app)?);
    all.extend(museum(app).await);
    let mut out = std::io::stdout().lock();
    for one in &all {
        if args.json {
            writeln!(out, "{}", serde_json::to_string(one)?)?;
        } else {
            let weight = if one.weight == Weight::Fault { "fault" } else { "note" };
            writeln!(out, "{weight}: {}\n    {}", one.what, one.remedy)?;
        }
    }
    let faults = all.iter().filter(|one| one.weight == Weight::Fault).count();
    if faults > 0 {
        anyhow::bail!("{faults} things do not work");
    }
    if !args.json {
        writeln!(out, "everything works")?;
    }
    Ok(())
}

fn programs() -> Vec<Complaint> {
    let is_missing = |(program, argument, _): &&(&str, &str, &str)| {
        let tried = Command::new(program).arg(argument).stdin(Stdio::null()).output();
        tried.is_err()
    };
    let complain = |(program, _, loss): &(&str, &str, &str)| {
        Complaint::fault(
            format!("the program {program} is missing: {loss}"),
            "run `./scripts/install`, or install its package",
        )
    };
    PROGRAMS.iter().filter(is_missing).map(complain).collect()
}

/// The models of the usual set and the one that listens.
fn weights(app: &App) -> anyhow::Result<Vec<Complaint>> {
    let (weights, listener) = (app.weights()?, app.settings.make.listener.as_str());
    let mut all = Vec::new();
    for manifest in weights.catalogue().all() {
        let needed = manifest.sets.iter().any(|set| set == "default") || manifest.name == listener;
        if needed && weights.state(manifest) != State::Ready {
            let remedy = format!("run `thuyetminh models pull {}`", manifest.name);
            all.push(Complaint::fault(format!("the model {} is not here, or not whole", manifest.name), remedy));
        }
    }
    if listener.is_empty() {
        let remedy = "set `make.listener` to a model, or `publish_unheard_speech` in the policy";
        all.push(Complaint::note("nobody hears clips back before they are published", remedy));
    } else if weights.catalogue().get(listener).is_err() {
        all.push(Complaint::fault(
            format!("no manifest names the listener `{listener}`"),
            "see `thuyetminh models list`",
        ));
    }
    Ok(all)
}

/// The database, and what waits in it.
async fn museum(app: &App) -> Vec<Complaint> {
    if !app.settings.database().exists() {
        let remedy = "run `thuyetminh content import DIR`";
        return vec![Complaint::note("there is no museum yet", remedy)];
    }
    match app.store().await {
        Ok(store) => {
            let all = in_the_store(app, &store).await;
            store.close().await;
            all.unwrap_or_else(|error| {
                vec![Complaint::fault(format!("{error:#}"), "restore a backup of the data folder")]
            })
        }
        Err(error) => vec![Complaint::fault(format!("{error:#}"), "see whether the folder of `data` can be written")],
    }
}

async fn in_the_store(app: &App, store: &Store) -> anyhow::Result<Vec<Complaint>> {
    let mut all = Vec::new();
    let listener = app.settings.make.listener.as_str();
    for language in store.collection().await?.map(|collection| collection.guide_languages).unwrap_or_default() {
        if !listener.is_empty() {
            all.extend(ear(listener, language));
        }
        if !app.settings.make.voices.contains_key(language.tag()) {
            let what = format!("no neural voice speaks `{language}`: the voice of last resort does");
            all.push(Complaint::note(what, "name one under `[make.voices]` once there is a model for it"));
        }
    }
    for job in store.dead_jobs().await? {
        let why = job.last_error.unwrap_or_default();
        let what = format!("`{}` was given up after {} attempts: {why}", job.kind.unique_key(), job.attempts);
        all.push(Complaint::fault(what, "mend the cause, then `thuyetminh make`"));
    }
    let held = store.guide_hearings(None, None).await?;
    let waiting =
        held.iter().filter(|clip| clip.accepted.is_none() && clip.hearing.verdict == crate::domain::Verdict::Hold);
    let waiting = waiting.count();
    if waiting > 0 {
        all.push(Complaint::note(
            format!("{waiting} clips wait for a person to hear them"),
            "see `thuyetminh clips list`",
        ));
    }
    Ok(all)
}

/// Whether the listener can judge a language, and which model can.
fn ear(listener: &str, language: Language) -> Option<Complaint> {
    let loss = match ability(listener, language) {
        Ability::Words => return None,
        Ability::Gross => "tells only whether a clip is silent, garbled or another text",
        Ability::None => "was not measured",
    };
    let remedy = match able_models(language)[..] {
        [] => "no model was measured that judges it: a person hears the clips (`thuyetminh clips list`), a larger one such \
               as whisper-medium may do once it is measured (`scripts/plant-faults`)"
            .to_owned(),
        ref models => format!("`thuyetminh models pull {}` and set `make.listener`", models.join("` or `")),
    };
    Some(Complaint::note(format!("in `{language}` {listener} {loss}"), remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_the_listener_cannot_judge_is_told_with_what_would_do() {
        assert_eq!(ear("whisper-base", Language::EN), None);
        let told = ear("whisper-base", Language::VI).unwrap();
        assert_eq!(told.weight, Weight::Note);
        assert!(told.what.contains("`vi` whisper-base tells only"), "{}", told.what);
        assert!(ear("whisper-tiny", Language::EN).unwrap().remedy.contains("whisper-base"));
    }
}
