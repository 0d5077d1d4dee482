//! One-time links: made by those who administer, used by those who are to work here.

use super::accounts::tidy_name;
use super::password::judge;
use super::{People, PeopleError, Result, Signed, Token, Visitor};
use crate::domain::{Grants, InvitationId, Language, Login, Permission, Role, Scope};
use crate::store::{Invitation, NewInvitation, NewPerson};

/// What somebody fills in who accepts an invitation.
#[derive(Clone, Copy)]
pub struct Acceptance<'a> {
    /// What the link holds.
    pub token: &'a str,
    pub login: &'a str,
    pub name: &'a str,
    pub language: Language,
    pub password: &'a str,
}

impl People {
    /// Invites somebody to a role at a place. The token goes into a link that is shown once.
    ///
    /// # Errors
    /// `Forbidden`, `Name`, and those of the store.
    pub async fn invite(&self, signed: &Signed, name: &str, scope: Scope, role: Role) -> Result<Token> {
        signed.must(Permission::Manage, scope)?;
        let token = Token::random()?;
        let life = i64::try_from(self.rules.invitation.0).unwrap_or(i64::MAX);
        let expires_at = self.clock.now().plus_millis(life);
        let new = NewInvitation { name: &tidy_name(name)?, scope, role, token: token.hash(), expires_at };
        self.store.invite(&signed.actor(), &new).await?;
        Ok(token)
    }

    /// The link of the first administrator, in place of earlier ones; `None` where there is an account already.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn first_link(&self) -> Result<Option<Token>> {
        if self.store.has_people().await? {
            return Ok(None);
        }
        let token = Token::random()?;
        let life = i64::try_from(self.rules.first_link.0).unwrap_or(i64::MAX);
        let made = self.store.invite_first(token.hash(), self.clock.now().plus_millis(life)).await?;
        Ok(made.then_some(token))
    }

    /// The invitations that can still be used, to places where this person administers.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn invitations(&self, signed: &Signed) -> Result<Vec<Invitation>> {
        let own = &signed.person.grants;
        let open = self.store.invitations().await?;
        Ok(open.into_iter().filter(|invitation| own.may(Permission::Manage, invitation.scope)).collect())
    }

    /// # Errors
    /// `Unknown` where it was used or withdrawn, or leads to a place they do not administer; and those of the store.
    pub async fn withdraw(&self, signed: &Signed, id: InvitationId) -> Result<()> {
        let open = self.invitations(signed).await?;
        let invitation = open.iter().find(|invitation| invitation.id == id);
        let unknown = PeopleError::Unknown("invitation");
        let Some(invitation) = invitation else { return Err(unknown) };
        let withdrawn = self.store.withdraw_invitation(&signed.actor(), invitation).await?;
        if withdrawn { Ok(()) } else { Err(unknown) }
    }

    /// The invitation of a link.
    ///
    /// # Errors
    /// `NoInvitation`, and those of the store.
    pub async fn invited(&self, token: &str) -> Result<Invitation> {
        self.store.invitation(Token::hash_of(token)).await?.ok_or(PeopleError::NoInvitation)
    }

    /// Makes the account of an invitation and signs its owner in.
    ///
    /// # Errors
    /// `NoInvitation`, `Login`, `Name`, `Weak`, `TooMany`, and those of the store, `LoginTaken` among them.
    pub async fn accept(&self, visitor: &Visitor, given: &Acceptance<'_>) -> Result<Token> {
        // Guesses at links are counted by where they come from; who holds a link is not held up by others.
        let token = Token::hash_of(given.token);
        let try_ = self.begin(visitor, &format!("invitation {token}")).await?;
        self.invited(given.token).await?;
        let login = Login::typed(given.login)?;
        judge(given.password, login.as_str())?;
        let new = NewPerson {
            login,
            name: tidy_name(given.name)?,
            language: given.language,
            password: self.passwords.hash(given.password).await?,
            grants: Grants::default(),
        };
        let person = self.store.accept_invitation(&visitor.address, token, &new).await?;
        let person = person.ok_or(PeopleError::NoInvitation)?;
        self.store.forget_tries(&try_, "").await?;
        self.open(visitor, person, false).await
    }
}
