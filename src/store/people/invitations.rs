//! One-time links that make accounts.

use sqlx::sqlite::SqliteRow;

use super::accounts::{NewPerson, insert};
use super::audit::record;
use super::{scope_of, site_of};
use crate::domain::{Actor, ContentHash, Deed, InvitationId, PersonId, Role, Scope, Timestamp};
use crate::store::cells::Cells;
use crate::store::{Result, Store, StoreError};

const INVITING: &str = "inviting somebody";
const READING: &str = "reading invitations";
const ACCEPTING: &str = "accepting an invitation";

/// An invitation to be made.
#[derive(Clone, Debug)]
pub struct NewInvitation<'a> {
    /// Whom it is for, as the inviter calls them.
    pub name: &'a str,
    pub scope: Scope,
    pub role: Role,
    /// SHA-256 of what the link holds.
    pub token: ContentHash,
    pub expires_at: Timestamp,
}

/// An invitation that was not used yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub name: String,
    pub scope: Scope,
    pub role: Role,
    /// `None` for the link that makes the first administrator.
    pub invited_by: Option<PersonId>,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Store {
    /// # Errors
    /// `Missing` for a site that is not there, and those of the database.
    pub async fn invite(&self, actor: &Actor, new: &NewInvitation<'_>) -> Result<InvitationId> {
        let mut tx = self.write(INVITING).await?;
        let id = put(&mut tx, actor, self.now(), new).await?;
        let deed = Deed::Invited { scope: new.scope, role: new.role };
        record(&mut tx, self.now(), actor, &deed, new.name, new.scope).await?;
        tx.commit().await.map_err(StoreError::of(INVITING))?;
        Ok(id)
    }

    /// Makes the link of the first administrator, in place of earlier ones. `false`, and nothing is made, where there is
    /// an account already.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn invite_first(&self, token: ContentHash, expires_at: Timestamp) -> Result<bool> {
        let mut tx = self.write(INVITING).await?;
        let anybody: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM people)")
            .fetch_one(&mut *tx)
            .await
            .map_err(StoreError::of(INVITING))?;
        if anybody {
            return Ok(false);
        }
        sqlx::query("UPDATE invitations SET state = 'withdrawn' WHERE invited_by IS NULL AND state = 'open'")
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(INVITING))?;
        let new = NewInvitation { name: "", scope: Scope::House, role: Role::Administrator, token, expires_at };
        let shell = Actor::shell();
        put(&mut tx, &shell, self.now(), &new).await?;
        record(&mut tx, self.now(), &shell, &Deed::FirstLinkMade, "", Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(INVITING))?;
        Ok(true)
    }

    /// The invitation of a token, where it can still be used.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn invitation(&self, token: ContentHash) -> Result<Option<Invitation>> {
        let row = sqlx::query("SELECT * FROM invitations WHERE token = ? AND state = 'open' AND expires_at > ?")
            .bind(token.to_string())
            .bind(self.now().0)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        row.as_ref().map(read).transpose()
    }

    /// Every invitation that can still be used, the newest first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn invitations(&self) -> Result<Vec<Invitation>> {
        let rows = sqlx::query("SELECT * FROM invitations WHERE state = 'open' AND expires_at > ? ORDER BY id DESC")
            .bind(self.now().0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        rows.iter().map(read).collect()
    }

    /// `false` where it was used or withdrawn before.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn withdraw_invitation(&self, actor: &Actor, invitation: &Invitation) -> Result<bool> {
        let mut tx = self.write(INVITING).await?;
        let withdrawn = sqlx::query("UPDATE invitations SET state = 'withdrawn' WHERE id = ? AND state = 'open'")
            .bind(invitation.id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(INVITING))?;
        if withdrawn.rows_affected() == 0 {
            return Ok(false);
        }
        record(&mut tx, self.now(), actor, &Deed::InvitationWithdrawn, &invitation.name, invitation.scope).await?;
        tx.commit().await.map_err(StoreError::of(INVITING))?;
        Ok(true)
    }

    /// Makes the account an invitation is for; its roles are the invitation's, whatever `new` says. `None` where the
    /// invitation was used, withdrawn or has run out, and for the first administrator's where somebody came before.
    ///
    /// # Errors
    /// `LoginTaken`, and those of the database.
    pub async fn accept_invitation(
        &self,
        address: &str,
        token: ContentHash,
        new: &NewPerson,
    ) -> Result<Option<PersonId>> {
        let mut tx = self.write(ACCEPTING).await?;
        let now = self.now();
        let row = sqlx::query(
            "UPDATE invitations SET state = 'used'
             WHERE token = ? AND state = 'open' AND expires_at > ?
             AND (invited_by IS NOT NULL OR NOT EXISTS (SELECT 1 FROM people)) RETURNING *",
        )
        .bind(token.to_string())
        .bind(now.0)
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::of(ACCEPTING))?;
        let Some(invitation) = row.as_ref().map(read).transpose()? else { return Ok(None) };
        let (scope, role) = (invitation.scope, invitation.role);
        let grants = crate::domain::Grants(vec![crate::domain::Grant { scope, role }]);
        let person = insert(&mut tx, now, &NewPerson { grants, ..new.clone() }).await?;
        sqlx::query("UPDATE invitations SET used_by = ? WHERE id = ?")
            .bind(person.0)
            .bind(invitation.id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(ACCEPTING))?;
        let actor = Actor { person: Some(person), name: new.name.clone(), address: address.to_owned() };
        let deed = Deed::InvitationAccepted { scope, role };
        record(&mut tx, now, &actor, &deed, new.login.as_str(), scope).await?;
        tx.commit().await.map_err(StoreError::of(ACCEPTING))?;
        Ok(Some(person))
    }
}

async fn put(
    tx: &mut sqlx::Transaction<'static, sqlx::Sqlite>,
    actor: &Actor,
    now: Timestamp,
    new: &NewInvitation<'_>,
) -> Result<InvitationId> {
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO invitations (token, name, site, role, invited_by, made_at, expires_at, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'open') RETURNING id",
    )
    .bind(new.token.to_string())
    .bind(new.name)
    .bind(site_of(new.scope))
    .bind(new.role.word())
    .bind(actor.person.map(|person| person.0))
    .bind(now.0)
    .bind(new.expires_at.0)
    .fetch_one(&mut **tx)
    .await
    .map_err(|error| StoreError::missing_parent("site", site_of(new.scope).unwrap_or_default(), INVITING, error))?;
    Ok(InvitationId(id))
}

fn read(row: &SqliteRow) -> Result<Invitation> {
    let cells = Cells::new("invitations", "id", row);
    Ok(Invitation {
        id: InvitationId(cells.get("id")?),
        name: cells.get("name")?,
        scope: scope_of(cells.get("site")?),
        role: cells.parsed("role")?,
        invited_by: cells.get::<Option<i64>>("invited_by")?.map(PersonId),
        made_at: Timestamp(cells.get("made_at")?),
        expires_at: Timestamp(cells.get("expires_at")?),
    })
}
