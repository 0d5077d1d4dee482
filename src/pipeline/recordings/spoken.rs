//! One sentence that a person says in place of a voice: from the file to a clip of the guide.
//!
//! Invariants: the file is kept as it came; a clip of a person is marked as a person's, and brought to the house's
//! loudness, so that a guide sounds alike whoever speaks.

use std::path::Path;

use super::RecordingError;
use crate::audio::{AudioError, Decoder, Limits, Sound, Target, Trim, normalize, trim, wav};
use crate::blobs::Blobs;
use crate::domain::{Actor, ContentHash, HashBuilder, Hertz, Language, Milliseconds, Stop, Timestamp, VoiceMark};
use crate::store::{Clip, Store};

/// Longer is no sentence.
pub const LONGEST_SENTENCE: Milliseconds = Milliseconds(90_000);
/// Of the file.
pub const LARGEST_SENTENCE: u64 = 32 << 20;

/// The house rate: that of the neural voices.
const RATE: Hertz = Hertz(24_000);

/// Which sentence is said, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    pub stop: &'a Stop,
    pub language: Language,
    pub ordinal: u32,
    pub sentence: &'a str,
    pub speaker: &'a str,
    /// The file's name as its owner knows it.
    pub name: &'a str,
}

/// Takes a file in which a person says one sentence, and lets it say that sentence in the guide.
///
/// # Errors
/// Every `DecodeError`, of which nothing is kept; `Audio(Silent)` where nobody speaks in it; those of the blobs and the
/// database.
pub async fn take_sentence(
    store: &Store,
    blobs: &Blobs,
    actor: &Actor,
    path: &Path,
    said: Said<'_>,
) -> Result<Clip, RecordingError> {
    let (file, name) = (path.to_owned(), said.name.to_owned());
    let sound = tokio::task::spawn_blocking(move || {
        let open = std::fs::File::open(&file)
            .map_err(|source| crate::audio::DecodeError::Unreadable { file: name.clone(), source })?;
        sound_of(open, &name, RATE)
    })
    .await??;
    let original = blobs.put_file(path).await?;
    let key = HashBuilder::new("spoken sentence 1")
        .with("original", original.to_string())
        .with("speaker", said.speaker)
        .finish();
    let clip = Clip {
        key,
        blob: blobs.put(wav::write(&sound)?).await?,
        rate: sound.rate,
        samples: sound.samples.len() as u64,
        mark: mark(said.speaker),
        take: 0,
        made_at: Timestamp(0),
    };
    store.put_clip(&clip).await?;
    let place = (said.ordinal, said.sentence);
    store.put_spoken_sentence(actor, said.stop, said.language, place, (&clip, original)).await?;
    Ok(clip)
}

fn mark(speaker: &str) -> VoiceMark {
    VoiceMark {
        engine: "person".to_owned(),
        model: "recording".to_owned(),
        voice: speaker.trim().to_owned(),
        synthetic: false,
        last_resort: false,
    }
}

/// The sentence in a file: without the silence around it, at the house's loudness.
fn sound_of(file: std::fs::File, name: &str, rate: Hertz) -> Result<Sound, RecordingError> {
    let limits = Limits { duration: LONGEST_SENTENCE, bytes: LARGEST_SENTENCE, ..Limits::default() };
    let decoder = Decoder { limits, ..Decoder::default() };
    let mut samples = Vec::new();
    decoder.decode_file(file, name, rate, |piece| {
        samples.extend_from_slice(piece);
        Ok::<_, RecordingError>(())
    })?;
    let sound = trim(&Sound::new(rate, samples), &Trim::default()).ok_or(AudioError::Silent { sentence: 0 })?;
    // Too short to be measured, or all peaks: it stays as loud as it was spoken.
    match normalize(&sound, &Target::default()) {
        Ok((sound, _)) => Ok(sound),
        Err(AudioError::NoLoudness | AudioError::OffTarget { .. }) => Ok(sound),
        Err(error) => Err(error.into()),
    }
}

/// The sentence once more from its file, at the rate of the voice that says the rest of the guide.
///
/// # Errors
/// `Unreadable` where the file is gone; those of decoding.
pub(in crate::pipeline) async fn spoken_at(
    blobs: &Blobs,
    original: ContentHash,
    rate: Hertz,
) -> Result<Sound, RecordingError> {
    let mut file = tempfile::tempfile().map_err(RecordingError::TemporaryFile)?;
    if !blobs.copy_to(original, &mut file).await? {
        return Err(RecordingError::LostSentence { original });
    }
    let name = format!("blob {original}");
    tokio::task::spawn_blocking(move || sound_of(file, &name, rate)).await?
}
