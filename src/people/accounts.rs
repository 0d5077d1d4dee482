//! Accounts: made from the shell, changed by their owners, given roles and closed by those who administer.

use super::password::judge;
use super::{People, PeopleError, Result, Signed};
use crate::domain::{Actor, Grants, Language, Login, Permission, Person, PersonId, Role, Scope};
use crate::store::NewPerson;

/// Characters of a name at most.
const LONGEST_NAME: usize = 100;

/// A name as it is kept: without spaces around it, on one line.
pub(super) fn tidy_name(typed: &str) -> Result<String> {
    let name: String = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    if fits { Ok(name) } else { Err(PeopleError::Name) }
}

impl People {
    /// Makes an account from the shell.
    ///
    /// # Errors
    /// `Login`, `Name`, `Weak`, and those of the store.
    pub async fn add(
        &self,
        login: &str,
        name: &str,
        language: Language,
        password: &str,
        grants: Grants,
    ) -> Result<PersonId> {
        let login = Login::typed(login)?;
        judge(password, login.as_str())?;
        let new = NewPerson {
            login,
            name: tidy_name(name)?,
            language,
            password: self.passwords.hash(password).await?,
            grants,
        };
        Ok(self.store.add_person(&Actor::shell(), &new).await?)
    }

    /// Gives an account another password from the shell, which ends all its sessions; takes its second factor away where
    /// its owner has lost it.
    ///
    /// # Errors
    /// `Weak`, and those of the store.
    pub async fn reset(&self, person: &Person, password: &str, without_second_factor: bool) -> Result<()> {
        judge(password, person.login.as_str())?;
        let hash = self.passwords.hash(password).await?;
        self.store.set_password(&Actor::shell(), person.id, &hash, None).await?;
        if without_second_factor {
            self.store.remove_second_factor(&Actor::shell(), person.id).await?;
        }
        Ok(())
    }

    /// Changes one's own password; other sessions end.
    ///
    /// # Errors
    /// `WrongPassword`, `Weak`, `TooMany`, and those of the store.
    pub async fn change_password(&self, signed: &Signed, current: &str, new: &str) -> Result<()> {
        self.confirm_person(signed, current).await?;
        judge(new, signed.person.login.as_str())?;
        let hash = self.passwords.hash(new).await?;
        Ok(self.store.set_password(&signed.actor(), signed.person.id, &hash, Some(signed.session)).await?)
    }

    /// # Errors
    /// `Name`, and those of the store.
    pub async fn change_profile(&self, signed: &Signed, name: &str, language: Language) -> Result<()> {
        Ok(self.store.set_profile(&signed.actor(), signed.person.id, &tidy_name(name)?, language).await?)
    }

    /// Asks somebody who is signed in for their password again.
    pub(super) async fn confirm_person(&self, signed: &Signed, password: &str) -> Result<()> {
        let login = &signed.person.login;
        let try_ = self.begin(&signed.visitor, login.as_str()).await?;
        let stored = self.store.credentials(login).await?.map(|found| found.password);
        if !self.passwords.check(password, stored).await? {
            return Err(PeopleError::WrongPassword);
        }
        Ok(self.store.forget_tries(&try_, &format!("login:{login}")).await?)
    }

    /// Everybody this person may see among those who work here: all of them for the administrators of the whole house,
    /// else those who hold a role where they administer, with just those roles.
    ///
    /// # Errors
    /// `Forbidden`, and those of the store.
    pub async fn list(&self, signed: &Signed) -> Result<Vec<Person>> {
        let own = &signed.person.grants;
        if !own.may_somewhere(Permission::Manage) {
            return Err(PeopleError::Forbidden(Permission::Manage));
        }
        let everybody = self.store.people().await?;
        Ok(everybody.into_iter().filter_map(|person| seen_by(own, person)).collect())
    }

    /// One person, as `list` shows them.
    ///
    /// # Errors
    /// `Forbidden`, `Unknown`, and those of the store.
    pub async fn look_at(&self, signed: &Signed, id: PersonId) -> Result<Person> {
        let found = self.list(signed).await?.into_iter().find(|person| person.id == id);
        found.ok_or(PeopleError::Unknown("person"))
    }

    /// Gives a role at one place, or takes it away.
    ///
    /// # Errors
    /// `Forbidden`, `Unknown`, and those of the store.
    pub async fn set_role(&self, signed: &Signed, person: PersonId, scope: Scope, role: Option<Role>) -> Result<()> {
        signed.must(Permission::Manage, scope)?;
        Ok(self.store.set_role(&signed.actor(), person, scope, role).await?)
    }

    /// Closes an account or opens it again.
    ///
    /// # Errors
    /// `Forbidden`, `Unknown`, and those of the store.
    pub async fn set_disabled(&self, signed: &Signed, person: PersonId, disabled: bool) -> Result<()> {
        signed.must(Permission::Accounts, Scope::House)?;
        Ok(self.store.set_disabled(&signed.actor(), person, disabled).await?)
    }
}

fn seen_by(own: &Grants, person: Person) -> Option<Person> {
    if own.may(Permission::Manage, Scope::House) {
        return Some(person);
    }
    let theirs = person.grants.0.iter().copied();
    let grants = Grants(theirs.filter(|grant| own.may(Permission::Manage, grant.scope)).collect());
    (!grants.0.is_empty()).then_some(Person { grants, ..person })
}
