//! Journeys through the whole program, one test binary.

#![expect(clippy::unwrap_used, reason = "a test says best what went wrong by failing there")]

mod audio_finish;
mod content_import;
mod kokoro_golden;
mod listen_speech;
mod make_guides;
mod models_convert;
mod models_pull;
mod models_tiny;
mod translate_bergamot;
mod web_house;
mod words_phonemes;
mod worker_jobs;
mod workshop;
