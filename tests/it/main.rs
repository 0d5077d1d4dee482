//! Journeys through the whole program, one test binary.

mod audio_finish;
