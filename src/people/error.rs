//! Why somebody is not let in, or may not do a thing.

use crate::domain::{IdError, Permission};
use crate::people::password::Weakness;
use crate::store::StoreError;

/// What goes wrong here. None of these tells whether an account exists to somebody who is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error("the name or the password is wrong")]
    WrongPassword,
    #[error("the code is wrong, or was used already")]
    WrongCode,
    #[error("the second factor is asked for: send a code")]
    CodeNeeded,
    #[error("this sign-in has run out: begin again")]
    ChallengeOver,
    #[error("too many tries: wait {seconds} s")]
    TooMany { seconds: u64 },
    #[error("the password is refused: {0}")]
    Weak(#[from] Weakness),
    #[error("a name of 1 to 100 characters is needed")]
    Name,
    #[error(transparent)]
    Login(#[from] IdError),
    #[error("the invitation was used, was withdrawn or has run out: ask for another one")]
    NoInvitation,
    #[error("no second factor is waiting to be confirmed: begin again")]
    NothingOffered,
    #[error("this needs the role {} {}", .0.least(), if .0.house_wide() { "for the whole house" } else { "at this place" })]
    Forbidden(Permission),
    #[error("there is no {0} of this number")]
    Unknown(&'static str),
    #[error("the system gives no random numbers")]
    Random(#[from] getrandom::Error),
    /// A stored hash that is none, or a computation that the system stopped.
    #[error("a password could not be hashed: {0}")]
    Hashing(String),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for PeopleError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Gone { what, .. } => Self::Unknown(what),
            error => Self::Store(error),
        }
    }
}
