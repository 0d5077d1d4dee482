//! `screen put|list|notice|end-notice|retire|clip|gtfs`: screens in buses and halls, from the shell.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::app::App;
use crate::domain::screen::{Plan, ScreenCode};
use crate::domain::{Actor, Language, Names, Slug};

/// A notice is read from across a hall.
const LONGEST_NOTICE: usize = 300;

/// Screens in buses and halls.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Keeps the plan in this file under the name it gives; prints the address for the screen's browser
    Put { file: PathBuf },
    /// Lists the screens, and what they say they showed
    List,
    /// Shows a notice in place of everything else, until its hours are over
    Notice {
        /// The words, each with its language: `vi=Bão số 9: tháp đóng cửa`
        #[arg(required = true, value_parser = words)]
        text: Vec<(Language, String)>,
        /// The code of one screen; without it, all
        #[arg(long)]
        screen: Option<ScreenCode>,
        #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=720))]
        hours: u16,
        /// Who gives it
        #[arg(long)]
        by: String,
    },
    /// Ends the notice of this number; without one, all
    EndNotice { number: Option<i64> },
    /// One slide as an MP4, for closed systems: with its sound where the screen sounds, else silent
    Clip {
        code: ScreenCode,
        /// The stop's slug
        stop: Slug,
        language: Language,
        #[arg(long)]
        out: PathBuf,
    },
    /// Timetables of buses, for screens that ride on them
    Gtfs {
        #[command(subcommand)]
        what: super::timetable::What,
    },
    /// From now on this screen is given nothing; it plays what it has until it is switched off
    Retire { code: ScreenCode },
}

fn words(text: &str) -> Result<(Language, String), String> {
    let (language, words) = text.split_once('=').ok_or("write the language before the words: vi=...")?;
    let language = language.parse().map_err(|error: crate::domain::LanguageError| error.to_string())?;
    let words = words.trim();
    if words.is_empty() || words.chars().count() > LONGEST_NOTICE || words.chars().any(char::is_control) {
        return Err(format!("a notice has 1 to {LONGEST_NOTICE} letters in one line"));
    }
    Ok((language, words.to_owned()))
}

/// # Errors
/// Where the database cannot be used, a plan cannot be followed, or there is no such screen.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    if let What::Gtfs { what } = &args.what {
        return super::timetable::run(what, app).await;
    }
    let store = app.store().await?;
    match &args.what {
        What::Put { file } => {
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            let plan: Plan = toml::from_str(&text).with_context(|| format!("{} is not a plan", file.display()))?;
            plan.check().with_context(|| format!("{} cannot be followed", file.display()))?;
            check_names(&store, &plan).await?;
            let mut random = [0; 10];
            getrandom::fill(&mut random).context("the system gives no random numbers")?;
            let code = store.put_screen(&Actor::shell(), &ScreenCode::from_random(random), &plan).await?;
            println!("{}", address(app, &code));
        }
        What::List => {
            for screen in store.screens().await? {
                let shown = store.shown_by(&screen.code).await?;
                let heard = shown.heard_at.map_or("never heard of".to_owned(), |at| format!("last heard of {at}"));
                let state = if screen.retired_at.is_some() { "retired" } else { "plays" };
                let hours = shown.millis / 3_600_000;
                println!(
                    "{:8} {} {:24} {} slides shown in {hours} h; {heard}",
                    state, screen.code, screen.plan.name, shown.times
                );
            }
        }
        What::Notice { text, screen, hours, by } => {
            let until = app.clock.now().plus_millis(i64::from(*hours) * 3_600_000);
            let text = Names(text.iter().cloned().collect());
            let number =
                store.give_notice(&Actor::shell(), screen.as_ref(), &text, (app.clock.now(), until), by).await?;
            println!("{number}");
            eprintln!("until {until}, on every screen that reaches the house within seconds; end it with:");
            eprintln!("  thuyetminh screen end-notice {number}");
        }
        What::Gtfs { .. } => {}
        What::Clip { code, stop, language, out } => {
            let screen = store.screen(code).await?.with_context(|| format!("there is no screen {code}"))?;
            let state = app.web_state(&store, &app.blobs()?).await?;
            let film = crate::web::film(&state, &screen, stop, *language, &house(app)).await?;
            std::fs::write(out, film).with_context(|| format!("cannot write {}", out.display()))?;
        }
        What::EndNotice { number } => {
            if store.end_notices(&Actor::shell(), *number).await? == 0 {
                bail!("no such notice is shown");
            }
        }
        What::Retire { code } => {
            if !store.retire_screen(&Actor::shell(), code).await? {
                bail!("no screen {code} is there to be retired: `thuyetminh screen list` names them");
            }
        }
    }
    store.close().await;
    Ok(())
}

/// A plan that names what is not there would show less than its keeper thinks.
async fn check_names(store: &crate::store::Store, plan: &Plan) -> anyhow::Result<()> {
    if let Some(bus) = &plan.bus {
        let Some((_, table)) = store.timetable(&bus.timetable).await? else {
            bail!("there is no timetable `{}`: put it in by `thuyetminh screen gtfs put`", bus.timetable);
        };
        let Some(route) = table.route(&bus.route) else {
            bail!(
                "the timetable has no route `{}`: `thuyetminh screen gtfs list {}` names them",
                bus.route,
                bus.timetable
            );
        };
        if table.trips_of(route, bus.trip.as_deref()).is_empty() {
            bail!("the route makes no such trip");
        }
    }
    let (sites, stops) = (store.sites().await?, store.stops().await?);
    for show in &plan.shows {
        for slug in &show.sites {
            if !sites.iter().any(|site| site.slug == *slug) {
                bail!("there is no site `{slug}`");
            }
        }
        for slug in &show.stops {
            if !stops.iter().any(|stop| stop.slug == *slug) {
                bail!("there is no stop `{slug}`");
            }
        }
    }
    Ok(())
}

fn address(app: &App, code: &ScreenCode) -> String {
    format!("{}/screens/{code}", house(app))
}

/// The address visitors know.
fn house(app: &App) -> String {
    let house =
        app.settings.serve.public_url.clone().unwrap_or_else(|| format!("http://{}", app.settings.serve.listen));
    house.trim_end_matches('/').to_owned()
}
