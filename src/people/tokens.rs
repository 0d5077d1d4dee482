//! Random tokens and recovery codes: what goes out, and the hash that stays.

use std::fmt;

use super::{PeopleError, Result};
use crate::domain::{ContentHash, HashBuilder, PersonId};

/// 256 random bits in lower-case hexadecimal digits. It is shown once; only its hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn random() -> Result<Self> {
        Ok(Self(random::<32>()?.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// What the store holds of it. A guess needs no slow hash: there are 2^256.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        Self::hash_of(&self.0)
    }

    /// The hash of what somebody sent.
    #[must_use]
    pub fn hash_of(sent: &str) -> ContentHash {
        HashBuilder::new("token 1").with("token", sent).finish()
    }

    /// For the cookie or link it goes out in.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

pub(super) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(PeopleError::from)?;
    Ok(bytes)
}

/// How many recovery codes a person gets.
pub(super) const RECOVERY_CODES: usize = 10;

/// The digits of Crockford's base 32: none is taken for another when a code is copied from paper.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 80 random bits as `xxxx-xxxx-xxxx-xxxx`.
pub(super) fn recovery_code() -> Result<String> {
    let bytes = random::<16>()?;
    let digits: Vec<char> = bytes.iter().map(|byte| char::from(DIGITS[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// The hash of a recovery code as somebody typed it, in whatever case and grouping; `None` where it is none.
///
/// Ten codes of 80 bits against a few tries an hour need no slow hash.
pub(super) fn recovery_hash(person: PersonId, typed: &str) -> Option<ContentHash> {
    let plain: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect();
    let fits = plain.len() == 16 && plain.bytes().all(|byte| DIGITS.contains(&byte));
    let key = HashBuilder::new("recovery code 1").with("person", person.to_string()).with("code", &plain);
    fits.then(|| key.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_is_recognised_however_it_is_typed() {
        let code = recovery_code().unwrap();
        assert_eq!(code.len(), 19);
        let hash = recovery_hash(PersonId(1), &code);
        assert!(hash.is_some());
        assert_eq!(recovery_hash(PersonId(1), &code.to_uppercase().replace('-', " ")), hash);
        assert_eq!(recovery_hash(PersonId(1), &code.replace('0', "O").replace('1', "l")), hash);
        assert_ne!(recovery_hash(PersonId(2), &code), hash);
        for bad in ["", "123456", &code[..18], "uuuu-uuuu-uuuu-uuuu", "ộộộộ-0000-0000"] {
            assert_eq!(recovery_hash(PersonId(1), bad), None, "{bad}");
        }
    }

    #[test]
    fn tokens_differ_and_do_not_print_themselves() {
        let (one, other) = (Token::random().unwrap(), Token::random().unwrap());
        assert!(one != other && one.reveal().len() == 64);
        assert_eq!(one.hash(), Token::hash_of(one.reveal()));
        assert!(!format!("{one:?}").contains(one.reveal()));
    }
}
