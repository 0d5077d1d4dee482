//! Tries to sign in, counted by whom they are for and where they come from.
//!
//! Invariant: a try is counted before it is judged, in the transaction that counts the others, so that a thousand tries
//! at once are a thousand tries.

use super::audit::record;
use crate::domain::{Actor, Deed, Milliseconds, Refusal, Scope, Timestamp};
use crate::store::{Result, Store, StoreError};

const COUNTING: &str = "counting tries to sign in";

/// Whether one more try may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Free,
    /// Too many were made; one may be made again then.
    Wait(Timestamp),
}

impl Store {
    /// Counts a try, named by `name`, for every subject with the number of tries it has within `window`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_try(&self, name: &str, subjects: &[(String, u32)], window: Milliseconds) -> Result<Turn> {
        let mut tx = self.write(COUNTING).await?;
        let now = self.now();
        let span = i64::try_from(window.0).unwrap_or(i64::MAX);
        sqlx::query("DELETE FROM attempts WHERE at <= ?")
            .bind(now.0.saturating_sub(span))
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(COUNTING))?;
        let mut free_at: Option<i64> = None;
        for (subject, most) in subjects {
            // The try whose end makes room for one more.
            let blocking: Option<i64> = sqlx::query_scalar(
                "SELECT at FROM attempts WHERE subject = ? ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?",
            )
            .bind(subject)
            .bind(most.saturating_sub(1))
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::of(COUNTING))?;
            free_at = free_at.max(blocking.map(|at| at.saturating_add(span)));
        }
        if free_at.is_none() {
            for (subject, _) in subjects {
                sqlx::query("INSERT INTO attempts (try, subject, at) VALUES (?, ?, ?)")
                    .bind(name)
                    .bind(subject)
                    .bind(now.0)
                    .execute(&mut *tx)
                    .await
                    .map_err(StoreError::of(COUNTING))?;
            }
        }
        tx.commit().await.map_err(StoreError::of(COUNTING))?;
        Ok(free_at.map_or(Turn::Free, |at| Turn::Wait(Timestamp(at))))
    }

    /// Takes a try back that was right, and with it everything counted for `subject`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_tries(&self, name: &str, subject: &str) -> Result<()> {
        let mut tx = self.write(COUNTING).await?;
        sqlx::query("DELETE FROM attempts WHERE try = ? OR subject = ?")
            .bind(name)
            .bind(subject)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(COUNTING))?;
        tx.commit().await.map_err(StoreError::of(COUNTING))
    }

    /// Records that somebody was not let in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn record_refusal(&self, actor: &Actor, login: &str, reason: Refusal) -> Result<()> {
        let mut tx = self.write(COUNTING).await?;
        record(&mut tx, self.now(), actor, &Deed::SignInRefused { reason }, login, Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(COUNTING))
    }
}
