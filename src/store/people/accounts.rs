//! Accounts: who there is, how they prove who they are, and whether they may.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::audit::record;
use super::roles::{keep_an_administrator, place_roles};
use super::{login_of, scope_of};
use crate::domain::{Actor, Deed, Grant, Grants, Language, Login, Person, PersonId, Scope, Timestamp};
use crate::store::cells::Cells;
use crate::store::{Result, Store, StoreError};

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub login: Login,
    pub name: String,
    pub language: Language,
    /// Argon2id in PHC form.
    pub password: String,
    pub grants: Grants,
}

/// What a person is checked against who wants to sign in.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub person: PersonId,
    /// Argon2id in PHC form.
    pub password: String,
    pub disabled: bool,
    pub second_factor: bool,
}

const READING: &str = "reading accounts";
const CHANGING: &str = "changing an account";

impl Store {
    /// Makes an account.
    ///
    /// # Errors
    /// `LoginTaken`, `Missing` for a site that is not there, and those of the database.
    pub async fn add_person(&self, actor: &Actor, new: &NewPerson) -> Result<PersonId> {
        let mut tx = self.write(CHANGING).await?;
        let person = insert(&mut tx, self.now(), new).await?;
        let deed = Deed::PersonAdded { grants: new.grants.clone() };
        record(&mut tx, self.now(), actor, &deed, new.login.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(CHANGING))?;
        Ok(person)
    }

    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>> {
        let row = sqlx::query("SELECT * FROM people WHERE id = ?")
            .bind(id.0)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let Some(row) = row else { return Ok(None) };
        let mut person = read(&row)?;
        let roles = sqlx::query("SELECT person, site, role FROM roles WHERE person = ? ORDER BY site")
            .bind(id.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        person.grants = Grants(roles.iter().map(grant).collect::<Result<_>>()?);
        Ok(Some(person))
    }

    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn person_by_login(&self, login: &Login) -> Result<Option<Person>> {
        match self.credentials(login).await? {
            Some(credentials) => self.person(credentials.person).await,
            None => Ok(None),
        }
    }

    /// Everybody, by name.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn people(&self) -> Result<Vec<Person>> {
        let rows = sqlx::query("SELECT * FROM people ORDER BY disabled, name, id")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let roles = sqlx::query("SELECT person, site, role FROM roles ORDER BY person, site")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let mut by_person: BTreeMap<i64, Vec<Grant>> = BTreeMap::new();
        for row in &roles {
            by_person.entry(Cells::new("roles", "person", row).get("person")?).or_default().push(grant(row)?);
        }
        let with_roles = |row| {
            let person = read(row)?;
            Ok(Person { grants: Grants(by_person.remove(&person.id.0).unwrap_or_default()), ..person })
        };
        rows.iter().map(with_roles).collect()
    }

    /// Whether there is any account.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn has_people(&self) -> Result<bool> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM people)")
            .fetch_one(&self.readers)
            .await
            .map_err(StoreError::of(READING))
    }

    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn credentials(&self, login: &Login) -> Result<Option<Credentials>> {
        let row = sqlx::query(
            "SELECT id, password, disabled, totp_secret IS NOT NULL AS second_factor FROM people WHERE login = ?",
        )
        .bind(login.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let Some(row) = row else { return Ok(None) };
        let cells = Cells::new("people", "id", &row);
        Ok(Some(Credentials {
            person: PersonId(cells.get("id")?),
            password: cells.get("password")?,
            disabled: cells.get("disabled")?,
            second_factor: cells.get("second_factor")?,
        }))
    }

    /// Gives a person another password (PHC form), and ends every session of theirs but the one named.
    ///
    /// # Errors
    /// `Gone`, and those of the database.
    pub async fn set_password(
        &self,
        actor: &Actor,
        person: PersonId,
        password: &str,
        keep: Option<crate::domain::SessionId>,
    ) -> Result<()> {
        let mut tx = self.write(CHANGING).await?;
        let login = login_of(&mut tx, person, CHANGING).await?;
        sqlx::query("UPDATE people SET password = ?, changed_at = ? WHERE id = ?")
            .bind(password)
            .bind(self.now().0)
            .bind(person.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(CHANGING))?;
        super::sessions::end_all(&mut tx, person, keep).await?;
        record(&mut tx, self.now(), actor, &Deed::PasswordChanged, login.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(CHANGING))
    }

    /// # Errors
    /// `Gone`, and those of the database.
    pub async fn set_profile(&self, actor: &Actor, person: PersonId, name: &str, language: Language) -> Result<()> {
        let mut tx = self.write(CHANGING).await?;
        let login = login_of(&mut tx, person, CHANGING).await?;
        sqlx::query("UPDATE people SET name = ?, language = ?, changed_at = ? WHERE id = ?")
            .bind(name)
            .bind(language.tag())
            .bind(self.now().0)
            .bind(person.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(CHANGING))?;
        record(&mut tx, self.now(), actor, &Deed::ProfileChanged, login.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(CHANGING))
    }

    /// Closes or opens an account. Closing ends its sessions and withdraws the invitations it made.
    ///
    /// # Errors
    /// `Gone`, `LastAdministrator`, and those of the database.
    pub async fn set_disabled(&self, actor: &Actor, person: PersonId, disabled: bool) -> Result<()> {
        let mut tx = self.write(CHANGING).await?;
        let login = login_of(&mut tx, person, CHANGING).await?;
        let changed = sqlx::query("UPDATE people SET disabled = ?1, changed_at = ?2 WHERE id = ?3 AND disabled <> ?1")
            .bind(disabled)
            .bind(self.now().0)
            .bind(person.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(CHANGING))?;
        if changed.rows_affected() == 0 {
            return Ok(());
        }
        if disabled {
            keep_an_administrator(&mut tx, &login).await?;
            super::sessions::end_all(&mut tx, person, None).await?;
            sqlx::query("UPDATE invitations SET state = 'withdrawn' WHERE invited_by = ? AND state = 'open'")
                .bind(person.0)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::of(CHANGING))?;
        }
        let deed = if disabled { Deed::AccountClosed } else { Deed::AccountOpened };
        record(&mut tx, self.now(), actor, &deed, login.as_str(), Scope::House).await?;
        tx.commit().await.map_err(StoreError::of(CHANGING))
    }
}

/// The row of a new account, with its roles.
pub(super) async fn insert(tx: &mut Transaction<'static, Sqlite>, now: Timestamp, new: &NewPerson) -> Result<PersonId> {
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO people (login, name, language, password, created_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
         ON CONFLICT (login) DO NOTHING RETURNING id",
    )
    .bind(new.login.as_str())
    .bind(&new.name)
    .bind(new.language.tag())
    .bind(&new.password)
    .bind(now.0)
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::of(CHANGING))?;
    let person = PersonId(id.ok_or_else(|| StoreError::LoginTaken { login: new.login.clone() })?);
    place_roles(tx, now, person, &new.grants).await?;
    Ok(person)
}

pub(super) fn read(row: &SqliteRow) -> Result<Person> {
    let cells = Cells::new("people", "id", row);
    Ok(Person {
        id: PersonId(cells.get("id")?),
        login: cells.parsed("login")?,
        name: cells.get("name")?,
        language: cells.parsed("language")?,
        grants: Grants::default(),
        disabled: cells.get("disabled")?,
        second_factor: cells.get::<Option<Vec<u8>>>("totp_secret")?.is_some(),
        created_at: Timestamp(cells.get("created_at")?),
        signed_in_at: cells.get::<Option<i64>>("signed_in_at")?.map(Timestamp),
    })
}

fn grant(row: &SqliteRow) -> Result<Grant> {
    let cells = Cells::new("roles", "person", row);
    Ok(Grant { scope: scope_of(cells.get("site")?), role: cells.parsed("role")? })
}
