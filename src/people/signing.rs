//! Signing in and out, and who somebody is by the token they hold.

use super::{People, PeopleError, Result, Token, Visitor, totp};
use crate::domain::{Actor, Login, Milliseconds, Permission, Person, PersonId, Refusal, Scope, SessionId, Timestamp};
use crate::store::{Credentials, Opened, Session, Turn};

/// How far a password led.
#[derive(Debug)]
pub enum SignIn {
    /// Signed in: the token of the session.
    Done(Token),
    /// The password was right; this token waits for the second factor.
    SecondFactor(Token),
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Signed {
    pub person: Person,
    pub session: SessionId,
    pub visitor: Visitor,
}

impl Signed {
    /// Who does it, for the record.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let address = self.visitor.address.clone();
        Actor { person: Some(self.person.id), name: self.person.name.clone(), address }
    }

    /// # Errors
    /// `Forbidden`, which says what role it takes.
    pub fn must(&self, permission: Permission, scope: Scope) -> Result<()> {
        if self.person.grants.may(permission, scope) { Ok(()) } else { Err(PeopleError::Forbidden(permission)) }
    }
}

impl People {
    /// Checks a name and a password. An account that is not there, is closed or has another password: all answer the
    /// same, after the same work.
    ///
    /// # Errors
    /// `WrongPassword`, `TooMany`, and those of the store.
    pub async fn sign_in(&self, visitor: &Visitor, login: &str, password: &str) -> Result<SignIn> {
        let stranger = Actor::stranger(&visitor.address);
        let shown: String = login.trim().to_lowercase().chars().take(100).collect();
        let try_ = self.begin(visitor, &shown).await?;
        // What no account can be called is judged like a name that nobody has.
        let credentials = match Login::typed(login) {
            Ok(login) => self.store.credentials(&login).await?,
            Err(_) => None,
        };
        let stored = credentials.as_ref().map(|found| found.password.clone());
        // Longer ones are never right, and are not worth the work.
        let fits = password.chars().count() <= super::password::LONGEST;
        let right = self.passwords.check(if fits { password } else { "" }, stored).await? && fits;
        let Some(found) = credentials.filter(|found| right && !found.disabled) else {
            let reason = if right { Refusal::Closed } else { Refusal::Password };
            self.store.record_refusal(&stranger, &shown, reason).await?;
            return Err(PeopleError::WrongPassword);
        };
        let Credentials { person, second_factor, .. } = found;
        if second_factor {
            // The try stays counted: only both factors together take it back.
            let token = Token::random()?;
            self.store.keep_challenge(token.hash(), person).await?;
            return Ok(SignIn::SecondFactor(token));
        }
        self.store.forget_tries(&try_, &subject(&shown)).await?;
        Ok(SignIn::Done(self.open(visitor, person, false).await?))
    }

    /// The second half of a sign-in: six digits from a device, or a recovery code.
    ///
    /// # Errors
    /// `ChallengeOver`, `WrongCode`, `TooMany`, and those of the store.
    pub async fn second_factor(&self, visitor: &Visitor, challenge: &str, typed: &str) -> Result<Token> {
        let over = PeopleError::ChallengeOver;
        let held = self.store.challenged(Token::hash_of(challenge), self.rules.challenge).await?;
        let person = self.store.person(held.ok_or(over)?).await?.ok_or(PeopleError::ChallengeOver)?;
        let stranger = Actor::stranger(&visitor.address);
        let try_ = self.begin(visitor, person.login.as_str()).await?;
        if !self.accept_code(&stranger, person.id, typed).await? {
            self.store.record_refusal(&stranger, person.login.as_str(), Refusal::Code).await?;
            return Err(PeopleError::WrongCode);
        }
        self.store.forget_tries(&try_, &subject(person.login.as_str())).await?;
        self.open(visitor, person.id, true).await
    }

    /// Counts a try, or refuses it. Gives the name it is counted under. What is refused here goes to the log only: a
    /// stranger must not be able to fill the record.
    pub(super) async fn begin(&self, visitor: &Visitor, login: &str) -> Result<String> {
        let name = Token::random()?.hash().to_string();
        let rules = &self.rules;
        let counted =
            [(subject(login), rules.tries_by_account), (format!("from:{}", visitor.network), rules.tries_by_address)];
        match self.store.count_try(&name, &counted, rules.window).await? {
            Turn::Free => Ok(name),
            Turn::Wait(until) => {
                tracing::warn!(target: "thuyetminh::people", "too many tries to sign in; the next one is judged at {until}");
                let left = until.0.saturating_sub(self.clock.now().0);
                Err(PeopleError::TooMany { seconds: u64::try_from(left).unwrap_or(0).div_ceil(1000).max(1) })
            }
        }
    }

    /// Uses up a code of six digits or a recovery code.
    pub(super) async fn accept_code(&self, actor: &Actor, person: PersonId, typed: &str) -> Result<bool> {
        let Some(secret) = self.store.second_factor(person).await?.and_then(|factor| factor.secret) else {
            return Ok(false);
        };
        if let Some(step) = totp::step_of(&secret, typed, self.clock.now()) {
            return Ok(self.store.use_step(person, step).await?);
        }
        match super::tokens::recovery_hash(person, typed) {
            Some(code) => Ok(self.store.use_recovery_code(actor, person, code).await?),
            None => Ok(false),
        }
    }

    pub(super) async fn open(&self, visitor: &Visitor, person: PersonId, second_factor: bool) -> Result<Token> {
        let token = Token::random()?;
        let name = self.store.person(person).await?.map(|person| person.name).unwrap_or_default();
        let actor = Actor { person: Some(person), name, address: visitor.address.clone() };
        let new = Opened { person, token: token.hash(), agent: &visitor.agent, second_factor };
        self.store.open_session(&actor, &new, self.ago(self.rules.absolute)).await?;
        Ok(token)
    }

    fn ago(&self, span: Milliseconds) -> Timestamp {
        self.clock.now().plus_millis(-i64::try_from(span.0).unwrap_or(i64::MAX))
    }

    /// Who holds this token, where its session has not ended.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn signed(&self, token: &str, visitor: &Visitor) -> Result<Option<Signed>> {
        let found = self.store.session(Token::hash_of(token), self.rules.idle, self.rules.absolute).await?;
        Ok(found.map(|(session, person)| Signed { person, session: session.id, visitor: visitor.clone() }))
    }

    /// Who somebody is now, where their session has not ended and their account is open. Looking is no use of the session:
    /// it ends as if nobody had looked.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn still(&self, signed: &Signed) -> Result<Option<Signed>> {
        let open = self.sessions(signed).await?.iter().any(|session| session.id == signed.session);
        let person = self.store.person(signed.person.id).await?.filter(|person| open && !person.disabled);
        Ok(person.map(|person| Signed { person, ..signed.clone() }))
    }

    /// Where this person is signed in, the session used last first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn sessions(&self, signed: &Signed) -> Result<Vec<Session>> {
        Ok(self.store.sessions_of(signed.person.id, self.rules.idle, self.rules.absolute).await?)
    }

    /// Ends one of a person's own sessions.
    ///
    /// # Errors
    /// `Unknown`, and those of the store.
    pub async fn end_session(&self, signed: &Signed, id: SessionId) -> Result<()> {
        let own = id == signed.session;
        let ended = self.store.end_session(&signed.actor(), signed.person.id, id, own).await?;
        if ended { Ok(()) } else { Err(PeopleError::Unknown("session")) }
    }

    /// Ends all of a person's sessions, this one too.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn sign_out_everywhere(&self, signed: &Signed) -> Result<()> {
        self.store.end_sessions(&signed.actor(), signed.person.id).await?;
        Ok(())
    }
}

fn subject(login: &str) -> String {
    format!("login:{login}")
}
