//! The rules of who gets in and who may do what, floor 4: passwords, second factors, sessions, invitations, roles. The
//! pages and the shell both come through here.
//!
//! Invariants:
//! - an account that is not there is answered as one whose password was wrong, after the same work;
//! - every try is counted before it is judged, by account and by where it comes from;
//! - secrets that go out (session, link, recovery code) are 128 bits or more from the system's generator, except the six
//!   digits of RFC 6238, which are good once and only while tries are few;
//! - nobody gives a role, or takes one, where they do not administer.

mod accounts;
mod error;
mod invitations;
pub mod password;
mod second_factor;
mod signing;
mod tokens;
pub mod totp;

#[cfg(test)]
mod tests;

pub use error::PeopleError;
pub use invitations::Acceptance;
pub use second_factor::Offered;
pub use signing::{SignIn, Signed};
pub use tokens::Token;

use std::sync::Arc;

use crate::domain::{Clock, Milliseconds};
use crate::store::Store;

use password::Passwords;

/// What the calls of this module give.
pub type Result<T> = std::result::Result<T, PeopleError>;

/// How long things hold, and how many tries there are.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// A session that was not used for so long has ended.
    pub idle: Milliseconds,
    /// A session ends then in any case.
    pub absolute: Milliseconds,
    /// How long a right password waits for the second factor.
    pub challenge: Milliseconds,
    pub invitation: Milliseconds,
    /// The link that makes the first administrator.
    pub first_link: Milliseconds,
    /// Tries are counted over so long.
    pub window: Milliseconds,
    /// Tries an account has within `window`.
    pub tries_by_account: u32,
    /// Tries that may come from one address (one /64 of IPv6) within `window`.
    pub tries_by_address: u32,
}

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

impl Default for Rules {
    fn default() -> Self {
        Self {
            idle: Milliseconds(2 * HOUR),
            absolute: Milliseconds(12 * HOUR),
            challenge: Milliseconds(5 * MINUTE),
            invitation: Milliseconds(7 * 24 * HOUR),
            first_link: Milliseconds(24 * HOUR),
            window: Milliseconds(15 * MINUTE),
            tries_by_account: 10,
            tries_by_address: 50,
        }
    }
}

/// Where somebody comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// As the record shows it.
    pub address: String,
    /// What tries are counted by: the address, or its /64.
    pub network: String,
    /// What the browser calls itself.
    pub agent: String,
}

/// The service; cheap to clone.
#[derive(Clone)]
pub struct People {
    pub(crate) store: Store,
    clock: Arc<dyn Clock>,
    passwords: Arc<Passwords>,
    pub rules: Rules,
}

impl People {
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Result<Self> {
        Ok(Self { store, clock, passwords: Arc::new(Passwords::new()?), rules: Rules::default() })
    }
}
