//! Who works in the house: accounts, roles, sessions, invitations, tries to sign in, and the record of it all.
//!
//! Invariants:
//! - every change is recorded in the transaction that makes it, so neither is ever there without the other;
//! - tokens and recovery codes are held and looked up as SHA-256; whoever reads the file cannot sign in with what it holds;
//! - what may be used once (an invitation, a recovery code, a code's time step) is used up by one conditional write;
//! - while there are accounts, one that is open administers the whole house.

mod accounts;
mod attempts;
mod audit;
mod invitations;
mod roles;
mod second_factor;
mod sessions;

pub use accounts::{Credentials, NewPerson};
pub use attempts::Turn;
pub(super) use audit::record;
pub use audit::{AuditFault, AuditState};
pub use invitations::{Invitation, NewInvitation};
pub use second_factor::SecondFactor;
pub use sessions::{Opened, Session};

use sqlx::{Sqlite, Transaction};

use super::{Result, StoreError};
use crate::domain::{Login, PersonId, Scope, SiteId};

pub(super) fn scope_of(site: Option<i64>) -> Scope {
    site.map_or(Scope::House, |id| Scope::Site(SiteId(id)))
}

pub(super) fn site_of(scope: Scope) -> Option<i64> {
    match scope {
        Scope::House => None,
        Scope::Site(site) => Some(site.0),
    }
}

/// The name a person signs in with; `Gone` where there is no such person.
async fn login_of(tx: &mut Transaction<'static, Sqlite>, person: PersonId, doing: &'static str) -> Result<Login> {
    let row = sqlx::query("SELECT id, login FROM people WHERE id = ?")
        .bind(person.0)
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(doing))?;
    let row = row.ok_or_else(|| StoreError::Gone { what: "person", name: person.to_string() })?;
    super::cells::Cells::new("people", "id", &row).parsed("login")
}
