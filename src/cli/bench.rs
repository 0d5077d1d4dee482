//! `bench`: speaks lines of phonemes and says how long each took; `scripts/bench-tts` talks to it line by line, so
//! that its runs and a peer's alternate on one machine. Not shown in the help: nobody else needs it.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::time::Instant;

use crate::neural::kokoro::{Kokoro, Options};
use crate::ports::Cancel;

/// Speaks each line of phonemes on standard input and prints one JSON object for it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of the converted Kokoro weights.
    #[arg(long)]
    weights: PathBuf,
    #[arg(long, default_value = "af_heart")]
    voice: String,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    #[arg(long, default_value_t = 1.0)]
    speed: f32,
    /// Also writes the last line's sound, as a WAV file of 32-bit floats.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// # Errors
/// Weights or a voice that are missing, phonemes that are none, standard input or output that break.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let started = Instant::now();
    let model = Kokoro::load(&args.weights, Options { threads: args.threads })?;
    let voice = model.voice(&args.voice)?;
    eprintln!("loaded in {:.2} s", started.elapsed().as_secs_f64());
    let mut answers = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let started = Instant::now();
        let spoken = model.utter(&line?, &voice, args.speed, &Cancel::new())?;
        let seconds = started.elapsed().as_secs_f64();
        let audio = spoken.sound.samples.len() as f64 / f64::from(spoken.sound.rate.0);
        let answer = serde_json::json!({ "seconds": seconds, "audio": audio, "durations": spoken.durations });
        writeln!(answers, "{answer}")?;
        answers.flush()?;
        if let Some(path) = &args.out {
            let spec = hound::WavSpec {
                channels: 1,
                sample_rate: spoken.sound.rate.0,
                bits_per_sample: 32,
                sample_format: hound::SampleFormat::Float,
            };
            let mut file = hound::WavWriter::create(path, spec)?;
            spoken.sound.samples.iter().try_for_each(|sample| file.write_sample(*sample))?;
            file.finalize()?;
        }
    }
    Ok(())
}
