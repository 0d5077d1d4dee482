//! The keys that sign manifests: Ed25519 (RFC 8032), with an old key endorsing the one that follows it.
//!
//! A device pins the key it was given at enrolment. From then on it follows endorsements only: a chain of statements,
//! each signed by the key before, leads it to the newest key, and it forgets the keys it left behind, so that an old key
//! that was stolen signs nothing any more.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::canonical;
use crate::domain::ContentHash;

/// Longer chains are refused: at one rotation a year this is a museum's lifetime.
const LONGEST_CHAIN: usize = 64;

/// Why a key or what it signed is not accepted.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    #[error("`{0}` is not an Ed25519 key: 64 hexadecimal digits are expected")]
    Key(String),
    #[error("`{0}` is not a signature: 128 hexadecimal digits are expected")]
    Signature(String),
    #[error("the signature of key {0} does not fit what was signed")]
    Forged(String),
    #[error(
        "key {0} is not trusted here, and no key that is endorses it: enrol the device again if the server was made anew"
    )]
    Untrusted(String),
    #[error("the chain of keys is longer than {LONGEST_CHAIN}")]
    Chain,
}

/// The public half, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// What the key is called: the first 16 digits of the SHA-256 of its 32 bytes.
    #[must_use]
    pub fn id(&self) -> String {
        ContentHash::of(self.0.as_bytes()).to_string()[..16].to_owned()
    }

    /// # Errors
    /// `Signature` where it cannot be read, `Forged` where it does not fit.
    pub fn verify(&self, message: &[u8], signature: &str) -> Result<(), KeyError> {
        let bytes: [u8; 64] = unhex(signature).ok_or_else(|| KeyError::Signature(shortened(signature)))?;
        let forged = |_| KeyError::Forged(self.id());
        self.0.verify_strict(message, &Signature::from_bytes(&bytes)).map_err(forged)
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bad = || KeyError::Key(shortened(text));
        let bytes: [u8; 32] = unhex(text).ok_or_else(bad)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| bad())?;
        // A key of small order accepts signatures that nobody made.
        if key.is_weak() { Err(bad()) } else { Ok(Self(key)) }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(self.0.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The secret half. It is wiped from memory when it goes.
pub struct Secret(SigningKey);

impl Secret {
    /// The key of these 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// From the 64 hexadecimal digits of its seed, as a key file holds them. `None` for anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        unhex(text).map(|seed| Self::from_seed(&seed))
    }

    /// The seed for a key file.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(self.0.as_bytes())
    }

    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// 128 hexadecimal digits. The same message gives the same signature every time (RFC 8032).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> String {
        hex(&self.0.sign(message).to_bytes())
    }

    /// States that `next` follows this key.
    #[must_use]
    pub fn endorse(&self, next: PublicKey) -> Endorsement {
        let by = self.public();
        Endorsement { key: next, by, signature: self.sign(&statement(&by, &next)) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret of {}", self.public().id())
    }
}

/// A key's statement about the one that follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endorsement {
    pub key: PublicKey,
    pub by: PublicKey,
    /// Of `by`, over the canonical form of `{"by":…,"key":…,"purpose":"thuyetminh kiosk key 1"}`.
    pub signature: String,
}

fn statement(by: &PublicKey, key: &PublicKey) -> Vec<u8> {
    let statement = serde_json::json!({"purpose": "thuyetminh kiosk key 1", "by": by, "key": key});
    // Three short texts always have a canonical form.
    canonical(&statement).unwrap_or_default().into_bytes()
}

/// The one key a device trusts at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Trust(pub PublicKey);

impl Trust {
    /// Follows the endorsements from the trusted key to the one called `id`, and gives the trust that holds from then on.
    ///
    /// # Errors
    /// `Untrusted` where no chain leads there, `Forged` or `Signature` for a statement nobody made, `Chain`.
    pub fn follow(&self, chain: &[Endorsement], id: &str) -> Result<Self, KeyError> {
        if chain.len() > LONGEST_CHAIN {
            return Err(KeyError::Chain);
        }
        let mut here = self.0;
        for _ in 0..=chain.len() {
            if here.id() == id {
                return Ok(Self(here));
            }
            let Some(step) = chain.iter().find(|step| step.by == here) else { break };
            here.verify(&statement(&step.by, &step.key), &step.signature)?;
            here = step.key;
        }
        Err(KeyError::Untrusted(shortened(id)))
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N || !digits.iter().all(|d| matches!(d, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
