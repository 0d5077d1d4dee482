//! A file that somebody hands in becomes a recording: read from beginning to end under limits, kept as it came, and
//! only then made known.

use std::path::Path;

use super::RecordingError;
use crate::audio::{DecodeError, Decoded, Decoder};
use crate::blobs::Blobs;
use crate::domain::{Actor, Hertz, Language, Recording, StopId};
use crate::store::{NewRecording, Store};

/// What is said about a file by whoever hands it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedIn {
    /// The file's name as its owner knows it.
    pub name: String,
    pub language: Language,
    /// Who speaks.
    pub speaker: String,
    /// Licence and consent.
    pub note: Option<String>,
    /// The stop it is for, where one is meant.
    pub stop: Option<StopId>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Taken {
    pub recording: Recording,
    /// False where the same file was handed in before: what was said about it then stands.
    pub new: bool,
    /// Worth telling, no reason to refuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// Enough to tell that all of it can be read.
const RATE: Hertz = Hertz(8000);

/// Takes a file in.
///
/// # Errors
/// Every `DecodeError` for a file that cannot be read from beginning to end, of which nothing is kept; those of the
/// blobs and the database.
pub async fn take_recording(
    actor: &Actor,
    store: &Store,
    blobs: &Blobs,
    decoder: &Decoder,
    path: &Path,
    about: &HandedIn,
) -> Result<Taken, RecordingError> {
    let (decoder, file, name) = (decoder.clone(), path.to_owned(), about.name.clone());
    let unreadable = |source| DecodeError::Unreadable { file: about.name.clone(), source };
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    if !meta.is_file() {
        return Err(DecodeError::NoFile { file: about.name.clone() }.into());
    }
    let reading = tokio::task::spawn_blocking(move || {
        let open =
            std::fs::File::open(&file).map_err(|source| DecodeError::Unreadable { file: name.clone(), source })?;
        decoder.decode_file(open, &name, RATE, |_| Ok::<_, DecodeError>(()))
    });
    let Decoded { form, duration, mislabelled } = reading.await??;
    let original = blobs.put_file(path).await?;
    let bytes = meta.len();
    if blobs.size(original).await? != Some(bytes) {
        return Err(unreadable(std::io::Error::other("it grew while it was read: wait until it is copied")).into());
    }
    let new = NewRecording {
        original,
        media_type: form.media_type().to_owned(),
        name: about.name.clone(),
        bytes,
        duration,
        language: about.language,
        speaker: about.speaker.clone(),
        note: about.note.clone(),
        stop: about.stop,
    };
    let (recording, new) = store.add_recording(actor, &new).await?;
    let warning = mislabelled
        .then(|| format!("{}: its name promises another form, it was read as the {} it is", about.name, form.name()));
    Ok(Taken { recording, new, warning })
}
