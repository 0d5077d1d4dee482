//! The command line, floor 7: one file per command.
//!
//! A command exits 0 only when it has done what it was asked; every error goes to standard error with its causes.

mod audit;
mod bench;
mod bench_listen;
mod bench_translate;
mod check;
mod clips;
mod content;
mod device;
mod doctor;
mod facts;
mod findings;
mod glossary;
mod kiosk;
mod listen;
mod make;
mod memory;
mod models;
mod progress;
mod recording;
mod screen;
mod serve;
mod sound_file;
mod speak;
mod staff;
mod timetable;
mod translate;
mod translation;

use std::io::IsTerminal;

use anyhow::Context;
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::app::App;

/// Multilingual audio guides for heritage sites.
#[derive(Debug, Parser)]
#[command(name = "thuyetminh", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Takes a collection in from a folder, or writes it out as one
    Content(content::Args),
    /// Protected names and their renderings, to a file and back
    Glossary(glossary::Args),
    /// The translation memory: what was said for which sentence, by whom and when
    Memory(memory::Args),
    /// A stop's translation: to a translator and back, and approved
    Translation(translation::Args),
    /// What checks found in translations, and who lets it pass
    Findings(findings::Args),
    /// Compares sentences with their translations: numbers, dates, names, and form
    Facts(facts::Args),
    /// What people recorded: kept, heard, corrected, and then a text or the narration of a stop
    Recording(recording::Args),
    /// Weights: list, pull, check
    Models(models::Args),
    /// Brings every guide up to date: translate, speak, encode, publish where policy allows
    Make(make::Args),
    /// Speaks one text into a WAV file
    Speak(speak::Args),
    /// What Whisper hears in a recording
    Listen(listen::Args),
    /// What came of hearing the guides' clips back, and who lets one pass
    Clips(clips::Args),
    /// What is wrong here, or will be missed, each with the way out
    Doctor(doctor::Args),
    /// Whether a recording says its text, by what Whisper hears in it
    Check(check::Args),
    /// Devices that play guides: add, list, revoke
    Device(device::Args),
    /// Screens in buses and halls: what they show, and notices
    Screen(screen::Args),
    /// Runs on a device: enrol, sync, play
    Kiosk(kiosk::Args),
    /// Who works here: add, change a password, list, close and open accounts
    Staff(staff::Args),
    /// The record of who did what: verify that nobody touched it
    Audit(audit::Args),
    /// Answers visitors over HTTP, and makes what is missing behind that
    Serve(serve::Args),
    #[command(hide = true)]
    Bench(bench::Args),
    #[command(hide = true)]
    BenchTranslate(bench_translate::Args),
    #[command(hide = true)]
    BenchListen(bench_listen::Args),
    /// Translates standard input to standard output, line for line
    Translate(translate::Args),
}

/// Reads the command line and does what it says.
///
/// # Errors
/// Whatever the command reports; the binary prints it and exits 1.
pub fn run() -> anyhow::Result<()> {
    let command = Cli::parse().command;
    start_log();
    let app = App::load()?;
    match command {
        Command::Content(args) => runtime()?.block_on(content::run(&args, &app)),
        Command::Glossary(args) => runtime()?.block_on(glossary::run(&args, &app)),
        Command::Memory(args) => runtime()?.block_on(memory::run(&args, &app)),
        Command::Translation(args) => runtime()?.block_on(translation::run(&args, &app)),
        Command::Findings(args) => runtime()?.block_on(findings::run(&args, &app)),
        Command::Facts(args) => runtime()?.block_on(facts::run(&args, &app)),
        Command::Recording(args) => runtime()?.block_on(recording::run(&args, &app)),
        Command::Models(args) => models::run(&args, &app),
        Command::Make(args) => runtime()?.block_on(make::run(&args, &app)),
        Command::Speak(args) => speak::run(&args, &app),
        Command::Listen(args) => listen::run(&args, &app),
        Command::Doctor(args) => runtime()?.block_on(doctor::run(&args, &app)),
        Command::Check(args) => runtime()?.block_on(check::run(&args, &app)),
        Command::Clips(args) => runtime()?.block_on(clips::run(&args, &app)),
        Command::Device(args) => runtime()?.block_on(device::run(&args, &app)),
        Command::Screen(args) => runtime()?.block_on(screen::run(&args, &app)),
        Command::Kiosk(args) => kiosk::run(&args, &app),
        Command::Staff(args) => runtime()?.block_on(staff::run(&args, &app)),
        Command::Audit(args) => runtime()?.block_on(audit::run(&args, &app)),
        Command::Serve(args) => runtime()?.block_on(serve::run(&args, app)),
        Command::Bench(args) => bench::run(&args),
        Command::BenchTranslate(args) => bench_translate::run(&args),
        Command::BenchListen(args) => bench_listen::run(&args),
        Command::Translate(args) => translate::run(&args, &app),
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the system gives no threads")
}

/// Warnings and what `serve` reports go to standard error; `RUST_LOG` asks for more or less.
fn start_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,thuyetminh=info"));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
}
