//! Journeys through the whole program, one test binary.

#![expect(clippy::unwrap_used, reason = "a test says best what went wrong by failing there")]

mod audio_finish;
mod make_guides;
mod workshop;
