//! Why nothing came of a recording.

use crate::audio::{AudioError, DecodeError};
use crate::blobs::BlobError;
use crate::domain::{ContentHash, Language, RecordingId, Slug};
use crate::ports::EngineError;
use crate::store::StoreError;

/// What keeps a recording from being taken, heard or used.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Audio(#[from] AudioError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blobs(#[from] BlobError),
    #[error("a temporary file for a recording: {0}")]
    TemporaryFile(std::io::Error),
    #[error("the file of recording {recording} is gone (blob {original}): put it back from a backup")]
    Lost { recording: RecordingId, original: ContentHash },
    #[error("no word was heard in recording {recording}: is it in `{language}`?")]
    NothingHeard { recording: RecordingId, language: Language },
    #[error(
        "{unread} sentences of recording {recording} were read by nobody yet: `thuyetminh recording text {recording}` \
         prints them, `thuyetminh recording correct {recording} --by NAME` takes them back"
    )]
    Unread { recording: RecordingId, unread: usize },
    #[error("nothing is said in that part of recording {recording}: choose another passage")]
    NothingSaid { recording: RecordingId },
    #[error("recording {recording} has no passage {passage}: `thuyetminh recording passages {recording}` lists them")]
    NoPassage { recording: RecordingId, passage: u32 },
    #[error(
        "`{stop}` has a text in `{language}` that a person wrote ({title}): say `--replace` to put the recording's words \
         in its place"
    )]
    TextStands { stop: Slug, language: Language, title: String },
    #[error("`{stop}` was changed meanwhile: look at it again")]
    Overtaken { stop: Slug },
    #[error("the file of a recorded sentence is gone (blob {original}): put it back from a backup")]
    LostSentence { original: ContentHash },
    #[error("a thread ended unexpectedly: {0}")]
    Thread(#[from] tokio::task::JoinError),
}
