//! Sound, floor 1: samples, loudness, pauses, captions, and the mark of synthetic speech. No engine.

mod sound;

pub use sound::Sound;
