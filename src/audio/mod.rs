//! Sound, floor 1: samples, loudness, pauses, captions, and the mark of synthetic speech. No engine.
//!
//! [`finish`] does the whole way from spoken sentences to a guide's files; the rest are its parts. Nothing here
//! touches a file or a program but [`Encoders`], whose codecs are child processes.

mod breaks_off;
mod caption_lines;
mod captions;
mod child;
pub mod decode;
mod encode;
mod error;
mod film;
mod finish;
mod join;
mod limiter;
mod loudness;
pub mod mark;
mod master;
mod sound;
mod tape;
mod trim;
pub mod wav;

pub use breaks_off::breaks_off;
pub use captions::{Captions, Cue};
pub use decode::{DecodeError, Decoded, Decoder, Limits};
pub use encode::Encoders;
pub use error::AudioError;
pub use film::FilmMaker;
pub use finish::{ClipOfSentence, Finished, Settings, finish};
pub use join::{Joinable, Joined, Pauses, join};
pub use loudness::{Loudness, Target, measure, normalize};
pub use mark::{SyntheticMark, Tags};
pub use master::{Mastered, master};
pub use sound::Sound;
pub use tape::Tape;
pub use trim::{Trim, trim};
