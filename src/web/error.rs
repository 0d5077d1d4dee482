//! What keeps a request from being answered. What a visitor may know of it is said in `problem`; the rest is logged.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::audio::{AudioError, DecodeError};
use crate::blobs::BlobError;
use crate::domain::{Language, SiteId, Slug, StopId};
use crate::labels::LabelError;
use crate::people::PeopleError;
use crate::pipeline::MakeError;
use crate::pipeline::bundles::{BundleError, KeyringError};
use crate::pipeline::publishing::PublishError;
use crate::pipeline::recordings::RecordingError;
use crate::ports::EngineError;
use crate::store::StoreError;
use crate::web::pictures::PictureError;
use crate::web::problem::{Kind, Offer, Problem};

/// What the handlers of the web give.
pub type Result<T> = std::result::Result<T, WebError>;

#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error("there is nothing at this address")]
    NoAddress,
    #[error("there is no published file of this name")]
    NoFile,
    #[error("there is no stop with the code `{0}`")]
    UnknownCode(String),
    #[error("`{0}` is not one of the languages spoken here")]
    UnknownLanguage(String),
    #[error("there is no site `{0}`")]
    UnknownSite(String),
    #[error("there is no stop `{0}`")]
    UnknownStop(String),
    #[error("there is no tour `{0}` here")]
    UnknownTour(String),
    #[error("the guide to `{stop}` is not published in `{language}`")]
    NoGuide { stop: Slug, language: Language, published: Vec<Language> },
    #[error("the precondition of the request does not hold: the file is another one")]
    Precondition,
    #[error("no device has this token: enrol the device with a new code")]
    UnknownDevice,
    #[error("no device waits for this code: it is wrong, was used, or is too old")]
    CodeRefused,
    #[error("too many wrong codes were tried: wait a minute")]
    TooManyCodes,
    #[error("the report is refused: {0}")]
    BadReport(String),
    #[error("a bundle could not be made")]
    Bundle(#[from] BundleError),
    #[error("the keys of the house cannot be used")]
    Keys(#[from] KeyringError),
    #[error("sign in first")]
    SignInNeeded,
    #[error(
        "this change was asked for by a page of another site; programs send `Origin` with the address of this house"
    )]
    CrossOrigin,
    #[error("the workplace is reached over HTTPS only, or from the machine itself")]
    PlainHttp,
    #[error("somebody else changed it since it was read: read it again and bring both together")]
    Overtaken,
    #[error("a change needs `If-Match` with the `ETag` of what it was made on")]
    Unconditional,
    /// What is asked for cannot be done as things stand.
    #[error("{0}")]
    NotNow(&'static str),
    /// What is asked for cannot be done before something else is.
    #[error("{0}")]
    AsItStands(String),
    #[error("somebody gave the sentence other words since it was read: `{now}`")]
    Reworded { now: String },
    /// A body that is not what the address takes.
    #[error("{why}")]
    Unreadable { status: axum::http::StatusCode, why: String },
    /// A field of a request that names nothing.
    #[error("{0}")]
    Unfit(String),
    #[error("the code `{code}` is used no more")]
    RetiredCode { code: String, site: SiteId, stop: Option<StopId> },
    #[error("no public address is configured: set `serve.public_url`, and then print labels")]
    NoPublicUrl,
    #[error(transparent)]
    Labels(#[from] LabelError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error("another film is being made: ask again in a minute")]
    TooManyFilms,
    #[error("a film could not be made: {0}")]
    Film(#[from] AudioError),
    #[error("too much is told from there: later")]
    TooManyListens,
    #[error("others are waiting for sentences to be spoken: try again in a moment")]
    StudioFull,
    #[error("nothing is spoken by this server: its engines are elsewhere")]
    NoStudio,
    #[error(transparent)]
    People(#[from] PeopleError),
    #[error("a recording cannot be taken or used so")]
    Recording(#[from] RecordingError),
    #[error("the work on a sentence failed")]
    Make(#[from] MakeError),
    #[error("the store did not answer")]
    Store(#[from] StoreError),
    #[error("a stored file could not be read")]
    Blob(#[from] BlobError),
    #[error("a picture could not be made")]
    Picture(#[from] PictureError),
    #[error("a page could not be written")]
    Page(#[from] askama::Error),
    #[error("an answer could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// Stored data that does not hang together.
    #[error("{0}")]
    Contradiction(String),
}

impl From<WebError> for Problem {
    fn from(error: WebError) -> Self {
        let detail = error.to_string();
        match error {
            WebError::NoAddress | WebError::NoFile => Problem::new(Kind::NotFound, detail),
            WebError::UnknownCode(code) => Problem::new(Kind::UnknownCode, detail).offering(Offer::Stops { code }),
            WebError::UnknownLanguage(_) => {
                Problem::new(Kind::UnknownLanguage, detail).offering(Offer::Languages(None))
            }
            WebError::UnknownSite(_) => Problem::new(Kind::UnknownSite, detail),
            WebError::UnknownStop(_) => Problem::new(Kind::UnknownStop, detail),
            WebError::UnknownTour(_) => Problem::new(Kind::UnknownTour, detail),
            WebError::NoGuide { published, .. } => {
                Problem::new(Kind::NoGuide, detail).offering(Offer::Languages(Some(published)))
            }
            WebError::UnknownDevice => Problem::new(Kind::UnknownDevice, detail),
            WebError::CodeRefused => Problem::new(Kind::CodeRefused, detail),
            WebError::TooManyCodes => Problem::new(Kind::TooManyCodes, detail),
            WebError::BadReport(_) => Problem::new(Kind::BadReport, detail),
            WebError::Overtaken | WebError::Reworded { .. } => Problem::new(Kind::Precondition, detail),
            WebError::Unconditional => Problem::new(Kind::Refused(StatusCode::PRECONDITION_REQUIRED), detail),
            WebError::Precondition => Problem::new(Kind::Precondition, detail),
            WebError::SignInNeeded => Problem::new(Kind::SignInNeeded, detail),
            WebError::CrossOrigin => Problem::new(Kind::CrossOrigin, detail),
            WebError::PlainHttp => Problem::new(Kind::PlainHttp, detail),
            WebError::Unreadable { status, .. } => Problem::new(Kind::Refused(status), detail),
            WebError::Unfit(_) => Problem::new(Kind::Unfit, detail),
            WebError::People(error) => of_people(&error),
            WebError::RetiredCode { site, stop, .. } => {
                Problem::new(Kind::RetiredCode, detail).offering(Offer::Site { site, stop })
            }
            WebError::NoPublicUrl | WebError::NotNow(_) | WebError::AsItStands(_) => {
                Problem::new(Kind::Conflict, detail)
            }
            WebError::Labels(LabelError::Pdf(_)) => Problem::internal(&error),
            WebError::Labels(LabelError::NoFont { .. } | LabelError::BadFont { .. }) => {
                Problem::new(Kind::Conflict, detail)
            }
            WebError::Labels(_) => Problem::new(Kind::Unfit, detail),
            WebError::StudioFull => Problem::new(Kind::TooMany, detail).offering(Offer::Later(30)),
            WebError::NoStudio => Problem::new(Kind::Conflict, detail),
            WebError::Make(error) => of_make(&error),
            WebError::TooManyFilms => Problem::new(Kind::TooMany, detail).offering(Offer::Later(60)),
            WebError::Film(AudioError::ProgramMissing { .. }) => Problem::new(Kind::Conflict, detail),
            WebError::Recording(error) => of_recording(&error),
            WebError::TooManyListens => Problem::new(Kind::TooMany, detail).offering(Offer::Later(60)),
            WebError::Publish(PublishError::LostFile { .. }) => Problem::new(Kind::Conflict, detail),
            WebError::Publish(PublishError::Store(error)) | WebError::Store(error) => of_store(&error),
            internal => Problem::internal(&internal),
        }
    }
}

/// A file that is refused, or words that cannot be used yet, are told to whoever handed them in.
fn of_recording(error: &RecordingError) -> Problem {
    let kind = match error {
        RecordingError::Decode(DecodeError::TooLarge { .. }) => Kind::Refused(StatusCode::PAYLOAD_TOO_LARGE),
        RecordingError::Decode(
            DecodeError::Unreadable { .. } | DecodeError::ProgramMissing { .. } | DecodeError::ProgramFailed { .. },
        ) => return Problem::internal(error),
        RecordingError::Decode(_) => Kind::Unfit,
        RecordingError::Unread { .. }
        | RecordingError::NothingSaid { .. }
        | RecordingError::TextStands { .. }
        | RecordingError::Overtaken { .. } => Kind::Conflict,
        RecordingError::NoPassage { .. } => Kind::NotFound,
        RecordingError::Store(error) => return of_store(error),
        error => return Problem::internal(error),
    };
    Problem::new(kind, error.to_string())
}

/// What was asked of an engine that it cannot do, or cannot do here, is told to whoever asked.
fn of_make(error: &MakeError) -> Problem {
    match error {
        MakeError::Engine(EngineError::BadInput { .. }) => Problem::new(Kind::Unfit, error.to_string()),
        MakeError::Engine(EngineError::Unavailable { .. }) => Problem::new(Kind::Conflict, error.to_string()),
        MakeError::Vanished { .. } => Problem::new(Kind::NotFound, error.to_string()),
        MakeError::Store(error) => of_store(error),
        error => Problem::internal(error),
    }
}

/// What is not there any more, or was decided otherwise meanwhile, is no failure of the house.
fn of_store(error: &StoreError) -> Problem {
    match error {
        StoreError::Gone { .. } | StoreError::Missing { .. } => Problem::new(Kind::NotFound, error.to_string()),
        StoreError::OtherVoice { .. } => Problem::new(Kind::Conflict, error.to_string()),
        _ => Problem::internal(error),
    }
}

fn of_people(error: &PeopleError) -> Problem {
    let kind = match error {
        PeopleError::WrongPassword => Kind::WrongPassword,
        PeopleError::WrongCode => Kind::WrongCode,
        PeopleError::CodeNeeded => Kind::CodeNeeded,
        PeopleError::ChallengeOver => Kind::SignInNeeded,
        PeopleError::TooMany { .. } => Kind::TooMany,
        PeopleError::Weak(_) | PeopleError::Name | PeopleError::Login(_) => Kind::Unfit,
        PeopleError::NoInvitation | PeopleError::Unknown(_) => Kind::NotFound,
        PeopleError::Forbidden(_) => Kind::Forbidden,
        PeopleError::NothingOffered => Kind::Conflict,
        PeopleError::Store(StoreError::LoginTaken { .. } | StoreError::LastAdministrator { .. }) => Kind::Conflict,
        PeopleError::Store(StoreError::Missing { .. }) => Kind::NotFound,
        PeopleError::Random(_) | PeopleError::Hashing(_) | PeopleError::Store(_) => return Problem::internal(error),
    };
    let offer = match error {
        PeopleError::TooMany { seconds } => Offer::Later(*seconds),
        PeopleError::Forbidden(permission) => Offer::Role(*permission),
        _ => Offer::Nothing,
    };
    Problem::new(kind, error.to_string()).offering(offer)
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
