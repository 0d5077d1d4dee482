//! Roles: given and taken one place at a time.

use sqlx::{Sqlite, Transaction};

use super::audit::record;
use super::{login_of, site_of};
use crate::domain::{Actor, Deed, Grants, Login, PersonId, Role, Scope, Timestamp};
use crate::store::{Result, Store, StoreError};

const GIVING: &str = "giving a role";

impl Store {
    /// Gives a person a role at one place, or takes theirs there away.
    ///
    /// # Errors
    /// `Gone`, `Missing` for a site that is not there, `LastAdministrator`, and those of the database.
    pub async fn set_role(&self, actor: &Actor, person: PersonId, scope: Scope, role: Option<Role>) -> Result<()> {
        let mut tx = self.write(GIVING).await?;
        let login = login_of(&mut tx, person, GIVING).await?;
        let held: Option<String> =
            sqlx::query_scalar("DELETE FROM roles WHERE person = ? AND site IS ? RETURNING role")
                .bind(person.0)
                .bind(site_of(scope))
                .fetch_optional(&mut *tx)
                .await
                .map_err(StoreError::of(GIVING))?;
        let from = held.and_then(|word| word.parse().ok());
        if from == role {
            return Ok(());
        }
        if let Some(role) = role {
            give(&mut tx, self.now(), person, scope, role).await?;
        }
        if from == Some(Role::Administrator) {
            if scope == Scope::House {
                keep_an_administrator(&mut tx, &login).await?;
            }
            // Who administers no more has invited nobody either.
            sqlx::query("UPDATE invitations SET state = 'withdrawn' WHERE invited_by = ? AND state = 'open'")
                .bind(person.0)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::of(GIVING))?;
        }
        record(&mut tx, self.now(), actor, &Deed::RoleChanged { scope, from, to: role }, login.as_str(), scope).await?;
        tx.commit().await.map_err(StoreError::of(GIVING))
    }
}

pub(super) async fn place_roles(
    tx: &mut Transaction<'static, Sqlite>,
    now: Timestamp,
    person: PersonId,
    grants: &Grants,
) -> Result<()> {
    for grant in &grants.0 {
        give(tx, now, person, grant.scope, grant.role).await?;
    }
    Ok(())
}

async fn give(
    tx: &mut Transaction<'static, Sqlite>,
    now: Timestamp,
    person: PersonId,
    scope: Scope,
    role: Role,
) -> Result<()> {
    sqlx::query("INSERT INTO roles (person, site, role, given_at) VALUES (?, ?, ?, ?)")
        .bind(person.0)
        .bind(site_of(scope))
        .bind(role.word())
        .bind(now.0)
        .execute(&mut **tx)
        .await
        .map_err(|error| StoreError::missing_parent("site", site_of(scope).unwrap_or_default(), GIVING, error))?;
    Ok(())
}

/// Refuses what would leave the house without anybody who administers it; `login` is whom it was about to be taken from.
pub(super) async fn keep_an_administrator(tx: &mut Transaction<'static, Sqlite>, login: &Login) -> Result<()> {
    let left: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM roles JOIN people ON people.id = roles.person
                        WHERE roles.role = 'administrator' AND roles.site IS NULL AND people.disabled = 0)",
    )
    .fetch_one(&mut **tx)
    .await
    .map_err(StoreError::of(GIVING))?;
    if left { Ok(()) } else { Err(StoreError::LastAdministrator { login: login.clone() }) }
}
