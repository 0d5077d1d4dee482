//! What people recorded, from the file to a text or a narration: kept as it came, heard, cut at sentences, corrected by
//! a person, and then the words of a stop, its human narration, or passages of memories that texts stand on.
//!
//! Invariants: a file that is refused leaves nothing behind, and one that is taken is kept as it came; nothing a machine
//! heard becomes a text or a caption before a person has read it.

mod describe;
mod error;
mod lines;
mod narrate;
mod passages;
mod sentences;
mod spoken;
mod take;
mod transcribe;
mod work;

pub use describe::{Description, describe};
pub use error::RecordingError;
pub use lines::{LineError, clock, read_clock, read_lines, write_lines};
pub(super) use narrate::bring_up_to_date;
pub use passages::{Silences, cut_passages};
pub(super) use spoken::spoken_at;
pub use spoken::{LARGEST_SENTENCE, LONGEST_SENTENCE, Said, take_sentence};
pub use take::{HandedIn, Taken, take_recording};
pub use transcribe::transcribe;
pub use work::{cut_recording, hear_recording};

use std::fs::File;

use crate::audio::{DecodeError, Decoded, Decoder};
use crate::blobs::Blobs;
use crate::domain::{Hertz, Recording};

/// A copy of the original in a file without a name, which is gone when it is let go of.
async fn original(blobs: &Blobs, recording: &Recording) -> Result<File, RecordingError> {
    let mut file = tempfile::tempfile().map_err(RecordingError::TemporaryFile)?;
    if !blobs.copy_to(recording.original, &mut file).await? {
        return Err(RecordingError::Lost { recording: recording.id, original: recording.original });
    }
    Ok(file)
}

/// Decodes an original on the thread it is called on.
fn decode<E: From<DecodeError>>(
    decoder: &Decoder,
    original: File,
    recording: &Recording,
    rate: Hertz,
    sink: impl FnMut(&[f32]) -> Result<(), E>,
) -> Result<Decoded, E> {
    decoder.decode_file(original, &recording.name, rate, sink)
}
