//! Journeys through the whole program, one test binary.

#![expect(clippy::unwrap_used, reason = "a test says best what went wrong by failing there")]

use std::path::{Path, PathBuf};

mod audio_finish;
mod content_import;
mod hear_clips;
mod house_detector;
mod house_engines;
mod house_translation;
mod journey;
mod kiosk;
mod kokoro_golden;
mod large_house;
mod listen_long;
mod listen_speech;
mod make_guides;
mod memory_commands;
mod models_convert;
mod models_hub;
mod models_pull;
mod models_stage;
mod models_tiny;
mod recordings;
mod recordings_heard;
mod translate_bergamot;
mod translate_names;
mod translations;
mod voice_silero;
mod web_house;
mod words_phonemes;
mod worker_jobs;
mod working_house;
mod workplace_storms;
mod workshop;

/// The weights that `thuyetminh models pull default` fetches: tests with the real models fail without them.
pub fn weights() -> PathBuf {
    let given = std::env::var_os("THUYETMINH_WEIGHTS").map_or_else(|| PathBuf::from("models/weights"), PathBuf::from);
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join(given);
    assert!(weights.is_dir(), "{} is missing: run `thuyetminh models pull default`", weights.display());
    weights
}
