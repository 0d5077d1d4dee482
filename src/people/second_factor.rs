//! Setting up a second factor, taking it away, and recovery codes.

use super::tokens::{RECOVERY_CODES, random, recovery_code, recovery_hash};
use super::{People, PeopleError, Result, Signed, totp};
use crate::domain::{ContentHash, PersonId};

/// A secret on its way to a person's device.
#[derive(Clone)]
pub struct Offered {
    /// For a QR code.
    pub uri: String,
    /// For those who type: groups of four.
    pub secret: String,
}

impl People {
    /// Makes a secret, to be confirmed by a code; asks for the password, since who finds a signed-in screen could shut
    /// its owner out.
    ///
    /// # Errors
    /// `WrongPassword`, `TooMany`, and those of the store.
    pub async fn offer_second_factor(&self, signed: &Signed, house: &str, password: &str) -> Result<Offered> {
        self.confirm_person(signed, password).await?;
        let secret = random::<{ totp::SECRET_BYTES }>()?;
        self.store.offer_second_factor(signed.person.id, &secret).await?;
        Ok(offered(&secret, house, signed))
    }

    /// What was offered and waits to be confirmed.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn offered(&self, signed: &Signed, house: &str) -> Result<Option<Offered>> {
        let factor = self.store.second_factor(signed.person.id).await?;
        Ok(factor.and_then(|factor| factor.offered).map(|secret| offered(&secret, house, signed)))
    }

    /// Takes the offered secret into use. Gives the recovery codes, which are shown this once.
    ///
    /// # Errors
    /// `NothingOffered`, `WrongCode`, `TooMany`, and those of the store.
    pub async fn confirm_second_factor(&self, signed: &Signed, typed: &str) -> Result<Vec<String>> {
        let factor = self.store.second_factor(signed.person.id).await?;
        let secret = factor.and_then(|factor| factor.offered).ok_or(PeopleError::NothingOffered)?;
        let login = signed.person.login.as_str();
        let try_ = self.begin(&signed.visitor, login).await?;
        let step = totp::step_of(&secret, typed, self.clock.now()).ok_or(PeopleError::WrongCode)?;
        let (codes, hashes) = codes(signed.person.id)?;
        let taken = self.store.confirm_second_factor(&signed.actor(), signed.person.id, &secret, step, &hashes).await?;
        self.store.forget_tries(&try_, &format!("login:{login}")).await?;
        if taken { Ok(codes) } else { Err(PeopleError::NothingOffered) }
    }

    /// # Errors
    /// `WrongPassword`, `TooMany`, and those of the store.
    pub async fn remove_second_factor(&self, signed: &Signed, password: &str) -> Result<()> {
        self.confirm_person(signed, password).await?;
        Ok(self.store.remove_second_factor(&signed.actor(), signed.person.id).await?)
    }

    /// Makes new recovery codes; the old ones count no more.
    ///
    /// # Errors
    /// `NothingOffered` where there is no second factor, `WrongPassword`, `TooMany`, and those of the store.
    pub async fn new_recovery_codes(&self, signed: &Signed, password: &str) -> Result<Vec<String>> {
        if !signed.person.second_factor {
            return Err(PeopleError::NothingOffered);
        }
        self.confirm_person(signed, password).await?;
        let (codes, hashes) = codes(signed.person.id)?;
        self.store.replace_recovery_codes(&signed.actor(), signed.person.id, &hashes).await?;
        Ok(codes)
    }

    /// Recovery codes that are left.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn recovery_codes_left(&self, signed: &Signed) -> Result<u64> {
        Ok(self.store.second_factor(signed.person.id).await?.map_or(0, |factor| factor.recovery_codes))
    }
}

fn offered(secret: &[u8], house: &str, signed: &Signed) -> Offered {
    let digits: Vec<char> = totp::base32(secret).chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    Offered { uri: totp::uri(secret, house, signed.person.login.as_str()), secret: groups.join(" ") }
}

fn codes(person: PersonId) -> Result<(Vec<String>, Vec<ContentHash>)> {
    let codes = (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Result<Vec<_>>>()?;
    let hashes = codes.iter().filter_map(|code| recovery_hash(person, code)).collect();
    Ok((codes, hashes))
}
