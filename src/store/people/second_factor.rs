//! The second factor: the shared secret, the codes used up, the recovery codes, and passwords that wait for it.

use super::audit::record;
use super::login_of;
use crate::domain::{Actor, ContentHash, Deed, Milliseconds, PersonId, Scope};
use crate::store::cells::Cells;
use crate::store::{Result, Store, StoreError};

const READING: &str = "reading a second factor";
const CHANGING: &str = "changing a second factor";
const USING: &str = "using a second factor";

/// What the codes of a person's device are checked against.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The shared secret that is in use.
    pub secret: Option<Vec<u8>>,
    /// One that was shown and waits to be confirmed.
    pub offered: Option<Vec<u8>>,
    /// Recovery codes that are left.
    pub recovery_codes: u64,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor").finish_non_exhaustive()
    }
}

impl Store {
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn second_factor(&self, person: PersonId) -> Result<Option<SecondFactor>> {
        let row = sqlx::query(
            "SELECT id, totp_secret, totp_offered,
                    (SELECT COUNT(*) FROM recovery_codes WHERE person = people.id) AS codes
             FROM people WHERE id = ?",
        )
        .bind(person.0)
        .fetch_optional(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let Some(row) = row else { return Ok(None) };
        let cells = Cells::new("people", "id", &row);
        Ok(Some(SecondFactor {
            secret: cells.get("totp_secret")?,
            offered: cells.get("totp_offered")?,
            recovery_codes: cells.number("codes")?,
        }))
    }

    /// Keeps a secret that is shown to its person; it counts for nothing until it is confirmed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn offer_second_factor(&self, person: PersonId, secret: &[u8]) -> Result<()> {
        let mut tx = self.write(CHANGING).await?;
        sqlx::query("UPDATE people SET totp_offered = ? WHERE id = ?")
            .bind(secret)
            .bind(person.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(CHANGING))?;
        tx.commit().await.map_err(StoreError::of(CHANGING))
    }

    /// Takes the offered secret into use, with new recovery codes (hashed). `step` is the time step of the code that
    /// confirmed it. `false` where another secret was offered since.
    ///
    /// # Errors
    /// `Gone`, and those of the database.
    pub async fn confirm_second_factor(
        &self,
        actor: &Actor,
        person: PersonId,
        offered: &[u8],
        step: i64,
        codes: &[ContentHash],
    ) -> Result<bool> {
        let mut tx = self.write(CHANGING).await?;
        let login = login_of(&mut tx, person, CHANGING).await?;
        let taken = sqlx::query(
            "UPDATE people SET totp_secret = totp_offered, totp_offered = NULL, totp_step = ?, changed_at = ?
             WHERE id = ? AND totp_offered = ?",
        )
        .bind(step)
        .bind(self.now().0)
        .bind(person.0)
        .bind(offered)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(CHANGING))?;
        if taken.rows_affected() == 0 {
            return Ok(false);
        }
        replace_codes(&mut tx, person, codes).await?;
        record(&mut tx, self.now(), actor, &Deed::SecondFactorSet, login.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(CHANGING))?;
        Ok(true)
    }

    /// # Errors
    /// `Gone`, and those of the database.
    pub async fn remove_second_factor(&self, actor: &Actor, person: PersonId) -> Result<()> {
        let mut tx = self.write(CHANGING).await?;
        let login = login_of(&mut tx, person, CHANGING).await?;
        sqlx::query("UPDATE people SET totp_secret = NULL, totp_offered = NULL, changed_at = ? WHERE id = ?")
            .bind(self.now().0)
            .bind(person.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(CHANGING))?;
        replace_codes(&mut tx, person, &[]).await?;
        record(&mut tx, self.now(), actor, &Deed::SecondFactorRemoved, login.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(CHANGING))
    }

    /// Replaces the recovery codes (hashed): the old ones count no more.
    ///
    /// # Errors
    /// `Gone`, and those of the database.
    pub async fn replace_recovery_codes(&self, actor: &Actor, person: PersonId, codes: &[ContentHash]) -> Result<()> {
        let mut tx = self.write(CHANGING).await?;
        let login = login_of(&mut tx, person, CHANGING).await?;
        replace_codes(&mut tx, person, codes).await?;
        record(&mut tx, self.now(), actor, &Deed::RecoveryCodesMade, login.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(CHANGING))
    }

    /// Uses up a time step: `false` where its code, or a later one, was accepted already.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn use_step(&self, person: PersonId, step: i64) -> Result<bool> {
        let mut tx = self.write(USING).await?;
        let used = sqlx::query("UPDATE people SET totp_step = ?1 WHERE id = ?2 AND totp_step < ?1")
            .bind(step)
            .bind(person.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(USING))?;
        tx.commit().await.map_err(StoreError::of(USING))?;
        Ok(used.rows_affected() == 1)
    }

    /// Uses up a recovery code: `false` where there is no such code, or no longer.
    ///
    /// # Errors
    /// `Gone`, and those of the database.
    pub async fn use_recovery_code(&self, actor: &Actor, person: PersonId, code: ContentHash) -> Result<bool> {
        let mut tx = self.write(USING).await?;
        let used = sqlx::query("DELETE FROM recovery_codes WHERE person = ? AND code = ?")
            .bind(person.0)
            .bind(code.to_string())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(USING))?;
        if used.rows_affected() == 0 {
            return Ok(false);
        }
        let login = login_of(&mut tx, person, USING).await?;
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM recovery_codes WHERE person = ?")
            .bind(person.0)
            .fetch_one(&mut *tx)
            .await
            .map_err(StoreError::of(USING))?;
        let deed = Deed::RecoveryCodeUsed { left: u64::try_from(left).unwrap_or(0) };
        record(&mut tx, self.now(), actor, &deed, login.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(USING))?;
        Ok(true)
    }

    /// Remembers that a password was right, under the hash of a token that its person gets.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn keep_challenge(&self, token: ContentHash, person: PersonId) -> Result<()> {
        let mut tx = self.write(USING).await?;
        sqlx::query("INSERT INTO challenges (token, person, made_at) VALUES (?, ?, ?)")
            .bind(token.to_string())
            .bind(person.0)
            .bind(self.now().0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(USING))?;
        tx.commit().await.map_err(StoreError::of(USING))
    }

    /// Whose password was right, where that is not longer ago than `life` and the account is open.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn challenged(&self, token: ContentHash, life: Milliseconds) -> Result<Option<PersonId>> {
        let earliest = self.now().0.saturating_sub(i64::try_from(life.0).unwrap_or(i64::MAX));
        let id: Option<i64> = sqlx::query_scalar(
            "SELECT people.id FROM challenges JOIN people ON people.id = challenges.person
             WHERE challenges.token = ? AND challenges.made_at > ? AND people.disabled = 0",
        )
        .bind(token.to_string())
        .bind(earliest)
        .fetch_optional(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        Ok(id.map(PersonId))
    }
}

async fn replace_codes(
    tx: &mut sqlx::Transaction<'static, sqlx::Sqlite>,
    person: PersonId,
    codes: &[ContentHash],
) -> Result<()> {
    sqlx::query("DELETE FROM recovery_codes WHERE person = ?")
        .bind(person.0)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of(CHANGING))?;
    for code in codes {
        sqlx::query("INSERT INTO recovery_codes (person, code) VALUES (?, ?)")
            .bind(person.0)
            .bind(code.to_string())
            .execute(&mut **tx)
            .await
            .map_err(StoreError::of(CHANGING))?;
    }
    Ok(())
}
