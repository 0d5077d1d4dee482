//! A manifest with its signature and the chain of keys that leads to it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CanonicalError, Endorsement, KeyError, Manifest, ManifestError, Secret, Trust, canonical};
use crate::domain::ContentHash;

/// Why a signed manifest is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum SignedError {
    #[error("this is no signed manifest")]
    Json(#[from] serde_json::Error),
    #[error("the manifest has no canonical form")]
    Canonical(#[from] CanonicalError),
    #[error("the manifest's signature is refused")]
    Key(#[from] KeyError),
    #[error("the manifest is signed, and cannot be used")]
    Manifest(#[from] ManifestError),
}

/// As it is sent and kept. The manifest stays a bare value, so that fields a newer server signs are covered too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedManifest {
    pub manifest: Value,
    /// The name of the key that signed.
    pub key: String,
    /// 128 hexadecimal digits over the manifest's canonical form.
    pub signature: String,
    /// From the first key to the one that signed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Endorsement>,
}

impl SignedManifest {
    /// # Errors
    /// Where the manifest has no canonical form.
    pub fn sign(manifest: &Manifest, secret: &Secret, chain: Vec<Endorsement>) -> Result<Self, SignedError> {
        let manifest = serde_json::to_value(manifest)?;
        let signature = secret.sign(canonical(&manifest)?.as_bytes());
        Ok(Self { manifest, key: secret.public().id(), signature, chain })
    }

    /// # Errors
    /// `Json`.
    pub fn parse(text: &[u8]) -> Result<Self, SignedError> {
        Ok(serde_json::from_slice(text)?)
    }

    /// Proves the signature, follows the keys, and reads the manifest. Also gives the trust that holds from then on.
    ///
    /// # Errors
    /// `Key` where the signature is not that of a trusted key, `Manifest` where it is and the manifest cannot be used.
    pub fn verify(&self, trust: &Trust) -> Result<(Manifest, Trust), SignedError> {
        let next = trust.follow(&self.chain, &self.key)?;
        next.0.verify(canonical(&self.manifest)?.as_bytes(), &self.signature)?;
        let manifest: Manifest = serde_json::from_value(self.manifest.clone())?;
        manifest.check()?;
        Ok((manifest, next))
    }

    /// What is sent, and what the entity tag is made of.
    ///
    /// # Errors
    /// Where it has no canonical form.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SignedError> {
        Ok(canonical(self)?.into_bytes())
    }

    /// The entity tag without its quotes: the hash of the bytes sent.
    ///
    /// # Errors
    /// Where it has no canonical form.
    pub fn tag(&self) -> Result<ContentHash, SignedError> {
        Ok(ContentHash::of(&self.to_bytes()?))
    }
}
