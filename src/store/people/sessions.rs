//! Who is signed in where.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::audit::record;
use super::login_of;
use crate::domain::{Actor, ContentHash, Deed, Milliseconds, Person, PersonId, Scope, SessionId, Timestamp};
use crate::store::cells::Cells;
use crate::store::{Result, Store, StoreError};

const OPENING: &str = "signing somebody in";
const READING: &str = "looking who is signed in";
const ENDING: &str = "signing somebody out";

/// That a session was used is written down when the last such note is older.
const NOTE_EVERY: Milliseconds = Milliseconds(60_000);

/// A session as its person sees it in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub person: PersonId,
    pub made_at: Timestamp,
    pub seen_at: Timestamp,
    /// What the browser called itself.
    pub agent: String,
    pub address: String,
}

/// Who signs in, from what.
#[derive(Clone, Debug)]
pub struct Opened<'a> {
    pub person: PersonId,
    /// SHA-256 of what the cookie holds.
    pub token: ContentHash,
    pub agent: &'a str,
    pub second_factor: bool,
}

impl Store {
    /// Opens a session, and ends those of all people that nobody could use any more (`before`).
    ///
    /// # Errors
    /// `Gone`, and those of the database.
    pub async fn open_session(&self, actor: &Actor, new: &Opened<'_>, before: Timestamp) -> Result<SessionId> {
        let mut tx = self.write(OPENING).await?;
        let now = self.now();
        let login = login_of(&mut tx, new.person, OPENING).await?;
        for (sql, bound) in [
            ("DELETE FROM sessions WHERE made_at <= ?", before.0),
            ("DELETE FROM challenges WHERE person = ?", new.person.0),
        ] {
            sqlx::query(sql).bind(bound).execute(&mut *tx).await.map_err(StoreError::of(OPENING))?;
        }
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO sessions (token, person, made_at, seen_at, agent, address) VALUES (?1, ?2, ?3, ?3, ?4, ?5)
             RETURNING id",
        )
        .bind(new.token.to_string())
        .bind(new.person.0)
        .bind(now.0)
        .bind(new.agent)
        .bind(&actor.address)
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::of(OPENING))?;
        sqlx::query("UPDATE people SET signed_in_at = ? WHERE id = ?")
            .bind(now.0)
            .bind(new.person.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(OPENING))?;
        let deed = Deed::SignedIn { second_factor: new.second_factor };
        record(&mut tx, now, actor, &deed, login.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(OPENING))?;
        Ok(SessionId(id))
    }

    /// The session of a token, with its person, where it was used within `idle`, is not older than `absolute`, and the
    /// account is open.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn session(
        &self,
        token: ContentHash,
        idle: Milliseconds,
        absolute: Milliseconds,
    ) -> Result<Option<(Session, Person)>> {
        let row = sqlx::query("SELECT * FROM sessions WHERE token = ?")
            .bind(token.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let Some(session) = row.as_ref().map(read).transpose()? else { return Ok(None) };
        let now = self.now();
        let over = |since: Timestamp, span: Milliseconds| now.0.saturating_sub(since.0) >= span_of(span);
        if over(session.seen_at, idle) || over(session.made_at, absolute) {
            return Ok(None);
        }
        let Some(person) = self.person(session.person).await?.filter(|person| !person.disabled) else {
            return Ok(None);
        };
        if over(session.seen_at, NOTE_EVERY) {
            self.note_use(session.id, now).await?;
        }
        Ok(Some((session, person)))
    }

    async fn note_use(&self, id: SessionId, now: Timestamp) -> Result<()> {
        let mut tx = self.write(READING).await?;
        sqlx::query("UPDATE sessions SET seen_at = MAX(seen_at, ?) WHERE id = ?")
            .bind(now.0)
            .bind(id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(READING))?;
        tx.commit().await.map_err(StoreError::of(READING))
    }

    /// A person's sessions that can still be used, the one used last first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn sessions_of(
        &self,
        person: PersonId,
        idle: Milliseconds,
        absolute: Milliseconds,
    ) -> Result<Vec<Session>> {
        let now = self.now().0;
        let rows = sqlx::query(
            "SELECT * FROM sessions WHERE person = ? AND seen_at > ? AND made_at > ? ORDER BY seen_at DESC, id DESC",
        )
        .bind(person.0)
        .bind(now.saturating_sub(span_of(idle)))
        .bind(now.saturating_sub(span_of(absolute)))
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        rows.iter().map(read).collect()
    }

    /// Ends one session of a person; `own` says that it is the one they are using. Whether there was one.
    ///
    /// # Errors
    /// `Gone`, and those of the database.
    pub async fn end_session(&self, actor: &Actor, person: PersonId, id: SessionId, own: bool) -> Result<bool> {
        let mut tx = self.write(ENDING).await?;
        let login = login_of(&mut tx, person, ENDING).await?;
        let ended = sqlx::query("DELETE FROM sessions WHERE id = ? AND person = ?")
            .bind(id.0)
            .bind(person.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(ENDING))?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        let deed = if own { Deed::SignedOut } else { Deed::SessionEnded };
        record(&mut tx, self.now(), actor, &deed, login.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(ENDING))?;
        Ok(true)
    }

    /// Ends every session of a person. How many there were.
    ///
    /// # Errors
    /// `Gone`, and those of the database.
    pub async fn end_sessions(&self, actor: &Actor, person: PersonId) -> Result<u64> {
        let mut tx = self.write(ENDING).await?;
        let login = login_of(&mut tx, person, ENDING).await?;
        let sessions = end_all(&mut tx, person, None).await?;
        let deed = Deed::SignedOutEverywhere { sessions };
        record(&mut tx, self.now(), actor, &deed, login.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(ENDING))?;
        Ok(sessions)
    }
}

pub(super) async fn end_all(
    tx: &mut Transaction<'static, Sqlite>,
    person: PersonId,
    keep: Option<SessionId>,
) -> Result<u64> {
    sqlx::query("DELETE FROM challenges WHERE person = ?")
        .bind(person.0)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of(ENDING))?;
    let ended = sqlx::query("DELETE FROM sessions WHERE person = ? AND id IS NOT ?")
        .bind(person.0)
        .bind(keep.map(|id| id.0))
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of(ENDING))?;
    Ok(ended.rows_affected())
}

fn span_of(span: Milliseconds) -> i64 {
    i64::try_from(span.0).unwrap_or(i64::MAX)
}

fn read(row: &SqliteRow) -> Result<Session> {
    let cells = Cells::new("sessions", "id", row);
    Ok(Session {
        id: SessionId(cells.get("id")?),
        person: PersonId(cells.get("person")?),
        made_at: Timestamp(cells.get("made_at")?),
        seen_at: Timestamp(cells.get("seen_at")?),
        agent: cells.get("agent")?,
        address: cells.get("address")?,
    })
}
