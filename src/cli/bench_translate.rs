//! `bench-translate`: translates the lines of standard input again and again and says how long each round took;
//! `scripts/bench-opus` talks to it, so that its rounds and a peer's alternate on one machine. Not shown in the help.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::time::Instant;

use crate::domain::Language;
use crate::neural::seq2seq::{Family, Options, Seq2Seq};
use crate::ports::{Cancel, Translator};

/// For each line `BATCH` of standard input translates that many lines of a file and prints one JSON object.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The model's folder.
    #[arg(long)]
    weights: PathBuf,
    /// What is translated.
    #[arg(long)]
    lines: PathBuf,
    #[arg(long, default_value_t = 1)]
    threads: usize,
    #[arg(long, default_value_t = 1)]
    beams: usize,
}

/// # Errors
/// Weights or lines that are missing or damaged, numbers that are none, standard input or output that break.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let started = Instant::now();
    let options = Options { threads: args.threads, beams: Some(args.beams), ..Options::default() };
    let model = Seq2Seq::load(&args.weights, Family::Marian, Language::VI, Language::EN, options)?;
    let lines: Vec<String> = std::fs::read_to_string(&args.lines)?.lines().map(String::from).collect();
    eprintln!("loaded in {:.2} s", started.elapsed().as_secs_f64());
    let mut answers = io::stdout().lock();
    for count in io::stdin().lock().lines() {
        let count: usize = count?.trim().parse()?;
        let started = Instant::now();
        let made = model.translate(&lines[..count.min(lines.len())], &Cancel::new())?;
        let seconds = started.elapsed().as_secs_f64();
        let words: usize = made.iter().map(|line| line.split_whitespace().count()).sum();
        writeln!(answers, "{}", serde_json::json!({ "seconds": seconds, "sentences": made.len(), "words": words }))?;
        answers.flush()?;
    }
    Ok(())
}
