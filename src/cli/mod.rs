//! The command line, floor 7: one file per command.
//!
//! A command exits 0 only when it has done what it was asked; every error goes to standard error with its causes.

mod listen;
mod models;

use clap::{Parser, Subcommand};

/// Multilingual audio guides for heritage sites.
#[derive(Debug, Parser)]
#[command(name = "thuyetminh", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Weights: list, pull, check
    Models(models::Args),
    /// What Whisper hears in a recording
    Listen(listen::Args),
}

/// Reads the command line and does what it says.
///
/// # Errors
/// Whatever the command reports; the binary prints it and exits 1.
pub fn run() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Models(args) => models::run(&args),
        Command::Listen(args) => listen::run(&args),
    }
}
