//! Passwords: which are good enough, and how they are kept.
//!
//! They are kept under Argon2id (RFC 9106) with 19 MiB, two passes and one lane, the smallest choice of the OWASP
//! password storage cheat sheet; one takes some 30 ms of a core. What is good enough follows NIST SP 800-63B and OWASP
//! ASVS 5.0 section 6.2: length above all, no rules about kinds of characters, no passwords that everybody tries.

use std::collections::BTreeSet;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use super::tokens::random;
use super::{PeopleError, Result};

/// Characters a password has at least and at most.
pub const SHORTEST: usize = 12;
pub const LONGEST: usize = 200;
const FEWEST_DIFFERENT: usize = 5;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Passwords hashed at once: a crowd of strangers takes no more memory and no more cores than this.
const AT_ONCE: usize = 2;

/// What many people choose; long ones only, since short ones are refused for that.
const COMMON: &str = include_str!("common.txt");

/// Why a password is not good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    #[error("use {SHORTEST} characters or more, for instance four words that do not belong together")]
    Short,
    #[error("use {LONGEST} characters or fewer")]
    Long,
    #[error("it is one that everybody tries, or a row of keys: choose another one")]
    Common,
    #[error("it holds the name of the account: choose another one")]
    Name,
}

/// Tells whether a password is good enough for the account of this name.
///
/// # Errors
/// Why it is not.
pub fn judge(password: &str, login: &str) -> std::result::Result<(), Weakness> {
    let password = normal(password);
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Weakness::Short);
    }
    if length > LONGEST {
        return Err(Weakness::Long);
    }
    let folded = password.to_lowercase();
    let different: BTreeSet<char> = folded.chars().collect();
    if different.len() < FEWEST_DIFFERENT || is_row(&folded) || COMMON.lines().any(|common| common == folded) {
        return Err(Weakness::Common);
    }
    // The part before the @ is what an attacker knows, and what a lazy password repeats.
    let name = login.split('@').next().unwrap_or(login);
    if name.len() >= 4 && folded.contains(name) && length - name.chars().count() < SHORTEST - 4 {
        return Err(Weakness::Name);
    }
    Ok(())
}

/// Letters or digits that follow each other, or the same few over and over.
fn is_row(text: &str) -> bool {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    // On a keyboard 0 follows 9.
    let round = |pair: &[u32], by: i64| matches!((pair[0], pair[1], by), (0x39, 0x30, 1) | (0x30, 0x39, -1));
    let next = |pair: &[u32], by: i64| i64::from(pair[1]) - i64::from(pair[0]) == by || round(pair, by);
    let steps = |by: i64| codes.windows(2).all(|pair| next(pair, by));
    let repeats = |of: usize| codes.iter().zip(codes.iter().skip(of)).all(|(a, b)| a == b);
    steps(1) || steps(-1) || (1..=4).any(repeats)
}

/// One form however a keyboard composes the marks (NIST SP 800-63B section 5.1.1.2).
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

/// Hashes and checks, a few at once, away from the threads that answer.
#[derive(Debug)]
pub struct Passwords {
    turns: Semaphore,
    /// Of a password that nobody has: checked where there is no account.
    nobody: String,
}

impl Passwords {
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn new() -> Result<Self> {
        let unknown: String = random::<32>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { turns: Semaphore::new(AT_ONCE), nobody: hash(&unknown)? })
    }

    /// The PHC form of a password.
    ///
    /// # Errors
    /// Where the system gives no random numbers or no memory.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = normal(password);
        self.work(move || hash(&password)).await
    }

    /// Whether this is the password of a hash; `None` takes as long, and is never right.
    ///
    /// # Errors
    /// Where the stored hash is none.
    pub async fn check(&self, password: &str, stored: Option<String>) -> Result<bool> {
        let password = normal(password);
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let right = self.work(move || verify(&password, &stored)).await?;
        Ok(known && right)
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let failed = |error: &dyn std::fmt::Display| PeopleError::Hashing(error.to_string());
        let _turn = self.turns.acquire().await.map_err(|error| failed(&error))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| failed(&error))?
    }
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| PeopleError::Hashing(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String> {
    let salt = random::<16>()?;
    let hash = hasher()?.hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| PeopleError::Hashing(error.to_string()))
}

fn verify(password: &str, stored: &str) -> Result<bool> {
    let parsed = PasswordHash::new(stored).map_err(|error| PeopleError::Hashing(error.to_string()))?;
    match hasher()?.verify_password(password.as_bytes(), &parsed) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(PeopleError::Hashing(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_told_apart() {
        for (password, login, expected) in [
            ("ngọn tháp bên sông", "lan@museum.vn", Ok(())),
            ("correct horse battery", "lan@museum.vn", Ok(())),
            ("", "lan", Err(Weakness::Short)),
            ("mười ký tự", "lan", Err(Weakness::Short)),
            (&"đá ong ".repeat(40), "lan", Err(Weakness::Long)),
            ("aaaaaaaaaaaaaaaa", "lan", Err(Weakness::Common)),
            ("abcdefghijklmnop", "lan", Err(Weakness::Common)),
            ("1234567890123456", "lan", Err(Weakness::Common)),
            ("passwordpassword", "lan", Err(Weakness::Common)),
            ("Qwertyuiop[]", "lan", Err(Weakness::Common)),
            ("tháptháptháptháp", "lan", Err(Weakness::Common)),
            ("hoanglan2026!", "hoanglan@museum.vn", Err(Weakness::Name)),
            ("hoanglan thích đi bộ buổi sớm", "hoanglan@museum.vn", Ok(())),
        ] {
            assert_eq!(judge(password, login), expected, "{password}");
        }
        for common in COMMON.lines() {
            assert_eq!(common.to_lowercase(), common);
            assert!(common.chars().count() >= SHORTEST, "{common} is refused for its length");
        }
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let passwords = Passwords::new().unwrap();
        let stored = passwords.hash("Tháp Đôi 1200 năm").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, passwords.hash("Tháp Đôi 1200 năm").await.unwrap(), "every hash has a salt of its own");
        assert!(passwords.check("Tháp Đôi 1200 năm", Some(stored.clone())).await.unwrap());
        // The same letters from a keyboard that sends marks apart.
        let apart: String = "Tháp Đôi 1200 năm".nfd().collect();
        assert!(passwords.check(&apart, Some(stored.clone())).await.unwrap());
        assert!(!passwords.check("tháp đôi 1200 năm", Some(stored)).await.unwrap());
        assert!(!passwords.check("bất kỳ", None).await.unwrap());
        assert!(passwords.check("x", Some("not a hash".to_owned())).await.is_err());
    }
}
